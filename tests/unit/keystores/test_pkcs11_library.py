"""The one thread that talks to a module, and how long anybody waits for it."""

import threading
from pathlib import Path

import pkcs11
import pytest

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_library import Library, library_at

SOON_S = 0.02
LATE_S = 10.0


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """Return one whose module is nothing at all."""
    monkeypatch.setattr(pkcs11, "lib", lambda path: path)
    return Library("no-module.so")


def test_all_work_is_done_by_one_thread(library: Library) -> None:
    threads = {library.run(lambda _: threading.get_ident(), patience_s=LATE_S) for _ in range(3)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_what_work_raises_is_raised_to_who_asked(library: Library) -> None:
    def fails(_: object) -> None:
        raise pkcs11.DeviceRemoved

    with pytest.raises(pkcs11.DeviceRemoved):
        library.run(fails, patience_s=LATE_S)
    assert library.run(lambda _: "goes on", patience_s=LATE_S) == "goes on"


def test_a_module_that_hangs_is_told_and_nobody_waits_behind_it(library: Library) -> None:
    hangs, done = threading.Event(), []
    with pytest.raises(ModuleError, match=r"0\.02 seconds") as caught:
        library.run(lambda _: hangs.wait(LATE_S), patience_s=SOON_S)
    assert caught.value.fault == ModuleFault.NOT_ANSWERING
    with pytest.raises(ModuleError) as caught:
        library.run(lambda _: done.append(1), patience_s=LATE_S)
    assert caught.value.fault == ModuleFault.NOT_ANSWERING
    hangs.set()
    assert done == []


def test_a_module_that_answers_after_all_is_used_again(library: Library) -> None:
    hangs, ended = threading.Event(), threading.Event()

    def work(_: object) -> None:
        hangs.wait(LATE_S)
        ended.set()

    with pytest.raises(ModuleError):
        library.run(work, patience_s=SOON_S)
    hangs.set()
    assert ended.wait(LATE_S)
    while not library._hanging_is_over():
        pass
    assert library.run(lambda _: "answers", patience_s=LATE_S) == "answers"


def test_work_that_nobody_waits_for_any_more_is_not_done(library: Library) -> None:
    hangs, begun, done = threading.Event(), threading.Event(), []

    def work(_: object) -> None:
        begun.set()
        hangs.wait(LATE_S)

    first = threading.Thread(target=lambda: library.run(work, patience_s=LATE_S))
    first.start()
    assert begun.wait(LATE_S)
    with pytest.raises(ModuleError):
        library.run(lambda _: done.append(1), patience_s=SOON_S)
    hangs.set()
    first.join(LATE_S)
    assert library.run(lambda _: list(done), patience_s=LATE_S) == []


def test_a_file_that_is_no_module_is_told(tmp_path: Path) -> None:
    file = tmp_path / "module.so"
    file.write_text("x")
    for path in (file, tmp_path / "none.so"):
        with pytest.raises(ModuleError, match=r"cannot be loaded.*path") as caught:
            library_at(path).run(lambda _: None, patience_s=LATE_S)
        assert caught.value.fault == ModuleFault.LIBRARY


def test_one_file_is_one_module_however_it_is_named(tmp_path: Path) -> None:
    file, link = tmp_path / "module.so", tmp_path / "link.so"
    file.write_text("x")
    link.symlink_to(file)
    assert library_at(file) is library_at(link)
    assert library_at(file) is not library_at(tmp_path / "other.so")
