"""Where the PIN of a token comes from."""

import os
from pathlib import Path

import pytest

from cardservice.keystores.pkcs11_pin import LONGEST_PIN, pin_from_file, pin_from_prompt, wipe
from cardservice.pki.keys import KeyStoreError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pin"
    path.write_bytes(b"271828\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_file_has_the_pin_and_an_editors_line_end(file: Path, end: bytes) -> None:
    file.write_bytes(b"271828" + end)
    assert pin_from_file(file)() == b"271828"


def test_a_file_is_read_again_at_each_log_in(file: Path) -> None:
    source = pin_from_file(file)
    wipe(source())
    assert source() == b"271828"
    file.write_bytes(b"new")
    assert source() == b"new"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        pin_from_file(file)()


@pytest.mark.parametrize(
    "octets", [b"", b"\n", b"27\n18", b"27\x0018", b"\xff\xfe", b"1" * (LONGEST_PIN + 1)]
)
def test_a_file_without_one_line_of_text_is_refused_and_not_quoted(
    file: Path, octets: bytes
) -> None:
    file.write_bytes(octets)
    with pytest.raises(KeyStoreError, match="no line of text") as caught:
        pin_from_file(file)()
    assert "18" not in str(caught.value).replace(str(file), "")


def test_a_missing_file_a_link_and_a_pipe_are_refused_without_waiting(file: Path) -> None:
    link, pipe = file.with_name("link"), file.with_name("pipe")
    link.symlink_to(file)
    os.mkfifo(pipe, 0o600)
    for path in (file.with_name("none"), link, pipe, file.parent):
        with pytest.raises(KeyStoreError):
            pin_from_file(path)()


def test_a_person_is_asked_at_each_log_in() -> None:
    answers = iter(["271828", ""])
    source = pin_from_prompt(lambda _: next(answers))
    assert source() == b"271828"
    with pytest.raises(KeyStoreError, match="the PIN is no line"):
        source()


def test_wiping_overwrites_in_place() -> None:
    octets = bytearray(b"271828")
    same = octets
    wipe(octets)
    assert same == bytes(6)
