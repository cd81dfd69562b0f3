import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.printing.cups import CupsQueue
from cardservice.printing.letter_printers import (
    CupsLetterPrinter,
    DeviceLetterPrinter,
    lies_in_memory,
)
from tests.unit.printing.fake_cups import JOB, FakeCups, Time, printer_of

LETTER = b"%PDF-1.7 a letter"
ROOT = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
SPOOL = "40 21 0:35 / {0} rw,nosuid - tmpfs tmpfs rw,size=64m\n"


@pytest.fixture
def device() -> Iterator[tuple[int, Path]]:
    """What the printer hears, and the device that leads to it."""
    heard, spoken = os.openpty()
    tty.setraw(spoken)
    yield heard, Path(os.ttyname(spoken))
    os.close(heard)
    os.close(spoken)


def _printer(path: Path) -> DeviceLetterPrinter:
    return DeviceLetterPrinter(path, clock=Time().clock)


def test_a_letter_is_written_to_the_device(device: tuple[int, Path]) -> None:
    heard, path = device
    printer = _printer(path)
    printer.require_ready()
    printer.print_letter(bytearray(LETTER))
    assert os.read(heard, 100) == LETTER


def test_a_letter_can_be_wiped_after_it_was_written(device: tuple[int, Path]) -> None:
    document = bytearray(LETTER)
    _printer(device[1]).print_letter(document)
    document.clear()
    assert document == b""


def test_a_device_that_stops_taking_the_letter_interrupts_it(device: tuple[int, Path]) -> None:
    time = iter([0.0, 0.0, 59.99, *[61.0] * 1000])
    printer = DeviceLetterPrinter(device[1], clock=lambda: next(time))
    with pytest.raises(Refusal) as caught:
        printer.print_letter(bytearray(1_000_000))
    assert caught.value.code == "letter-interrupted"


def test_a_file_is_no_device_and_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letters"
    path.write_bytes(b"")
    with pytest.raises(UsageError):
        _printer(path).print_letter(bytearray(LETTER))
    assert path.read_bytes() == b""


def test_a_link_to_a_device_is_not_followed(tmp_path: Path, device: tuple[int, Path]) -> None:
    link = tmp_path / "printer"
    link.symlink_to(device[1])
    with pytest.raises(Refusal) as caught:
        _printer(link).require_ready()
    assert caught.value.code == "printer-not-ready"


def test_a_device_that_is_not_there_is_not_ready(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        _printer(tmp_path / "none").require_ready()
    assert caught.value.code == "printer-not-ready"


def _mounts(folder: Path, text: str) -> Path:
    path = folder / "mountinfo"
    path.write_text(text)
    return path


def test_cups_prints_letters_from_memory_and_throws_them_away(
    cups: FakeCups, tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    mounts = _mounts(tmp_path, ROOT + SPOOL.format(spool))
    printer = CupsLetterPrinter(printer_of(cups), spool=spool, mounts=mounts)
    printer.require_ready()
    printer.print_letter(bytearray(LETTER))
    assert cups.document == LETTER
    assert " -t letter " in cups.calls("lp")[0]
    assert cups.calls("cancel") == [f"cancel -h localhost -x {JOB}"]


def test_a_letter_that_cups_keeps_is_refused(cups: FakeCups, tmp_path: Path) -> None:
    mounts = _mounts(tmp_path, ROOT + SPOOL.format(tmp_path))
    cups.answers("cancel", None)
    with pytest.raises(Refusal):
        CupsLetterPrinter(printer_of(cups), spool=tmp_path, mounts=mounts).print_letter(
            bytearray(LETTER)
        )


def test_cups_with_a_spool_on_a_disk_prints_no_letters(cups: FakeCups, tmp_path: Path) -> None:
    mounts = _mounts(tmp_path, ROOT + SPOOL.format(tmp_path / "elsewhere"))
    with pytest.raises(UsageError, match="tmpfs"):
        CupsLetterPrinter(printer_of(cups), spool=tmp_path, mounts=mounts)


def test_cups_of_another_machine_prints_no_letters(cups: FakeCups, tmp_path: Path) -> None:
    mounts = _mounts(tmp_path, ROOT + SPOOL.format(tmp_path))
    far = printer_of(cups, CupsQueue(name="cards", server="print.example.org"))
    with pytest.raises(UsageError, match="other machine"):
        CupsLetterPrinter(far, spool=tmp_path, mounts=mounts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ROOT, False),
        ("", False),
        ("nonsense\n\n - tmpfs\n", False),
        (ROOT + SPOOL.format("/srv/spool"), True),
        (ROOT + SPOOL.format("/srv"), True),
        (ROOT + SPOOL.format("/srv/spo"), False),
        (SPOOL.format("/srv") + ROOT.replace(" / / ", " / /srv/spool "), False),
        (SPOOL.format("/srv") + ROOT.replace(" / / ", " / /srv "), False),
        (SPOOL.format("/srv").replace("tmpfs tmpfs", "ramfs none"), True),
    ],
)
def test_the_innermost_and_last_mount_says_whether_a_folder_lies_in_memory(
    text: str, *, found: bool
) -> None:
    assert lies_in_memory(Path("/srv/spool"), text) is found


def test_a_blank_in_a_mount_point_is_understood() -> None:
    assert lies_in_memory(Path("/srv/a b"), ROOT + SPOOL.format(r"/srv/a\040b"))
