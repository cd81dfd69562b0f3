from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.papers.values import CardFace, PaperPerson
from cardservice.personalization.printing import FaceJob, LaneStopError
from cardservice.personalization.station import MadeCard
from cardservice.printing.faces import marks_of, print_face
from cardservice.printing.pdf_files import PdfFilePrinter
from tests.unit.papers.examples import FONTS, INSURER, photo
from tests.unit.papers.examples import MADE as PRINTED_AT
from tests.unit.papers.pdf_reading import opened, text_of
from tests.unit.personalization.made_cards import CHIP, SECRETS, a_made_card

MADE = a_made_card()
HOLDER = MADE.order.holder
PERSON = PaperPerson(
    surname=HOLDER.surname,
    given_name=HOLDER.given_name,
    patronymic=HOLDER.patronymic,
    sex=HOLDER.sex,
    birth_date=HOLDER.birth_date,
    enp=HOLDER.enp,
)
FACE = CardFace(
    person=PERSON, insurer=INSURER, card_number=str(MADE.order.card_number), can=SECRETS.can
)


class Jobs:
    """Remembers jobs."""

    def __init__(self) -> None:
        self.jobs: list[FaceJob] = []

    def print_face(self, job: FaceJob) -> str:
        self.jobs.append(job)
        return job.name


def _printed(face: CardFace, made: MadeCard = MADE) -> FaceJob:
    printer = Jobs()
    assert print_face(made, face, printer, fonts=FONTS, at=PRINTED_AT) == "0102030405060708"
    (job,) = printer.jobs
    return job


def test_the_printed_file_says_number_can_and_name_of_the_chip() -> None:
    job = _printed(FACE)
    with opened(job.document) as pdf:
        said = text_of(pdf).splitlines()
    assert SECRETS.can in said
    assert str(MADE.order.card_number) in said
    assert HOLDER.enp in {line.replace(" ", "") for line in said}
    assert any(HOLDER.surname in line for line in said)
    assert job.chip_serial == CHIP


def test_a_card_number_in_groups_is_the_same_number() -> None:
    digits = f"{MADE.order.card_number:015d}"
    grouped = " ".join((digits[:3], digits[3:9], digits[9:]))
    assert marks_of(replace(FACE, card_number=grouped)) == marks_of(FACE)


def _refused(face: CardFace, made: MadeCard = MADE) -> str | None:
    printer = Jobs()
    with pytest.raises(LaneStopError) as caught:
        print_face(made, face, printer, fonts=FONTS, at=PRINTED_AT)
    assert caught.value.code == "face-of-another-chip"
    assert printer.jobs == []
    return caught.value.field


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("can", {"can": "000000"}),
        ("card_number", {"card_number": str(MADE.order.card_number + 1)}),
        ("card_number", {"card_number": "12-345"}),
        ("card_number", {"card_number": "٣"}),
        ("card_number", {"card_number": ""}),
        ("enp", {"person": replace(PERSON, enp=None)}),
        ("surname", {"person": replace(PERSON, surname="Другой")}),
        ("given_name", {"person": replace(PERSON, given_name="Иной")}),
        ("patronymic", {"person": replace(PERSON, patronymic="Иной")}),
        ("birth_date", {"person": replace(PERSON, birth_date=date(1901, 1, 1))}),
        ("photo", {"photo": photo()}),
        ("valid_until", {"valid_until": date(2030, 12, 31)}),
    ],
)
def test_a_face_of_another_card_is_never_handed_to_the_printer(
    field: str, changed: dict[str, Any]
) -> None:
    assert _refused(replace(FACE, **changed)) == field


def test_the_photo_of_the_order_may_be_on_the_face_and_no_other() -> None:
    made = a_made_card(photo=photo())
    assert _printed(replace(FACE, photo=photo()), made).chip_serial == CHIP
    assert _refused(replace(FACE, photo=photo(60, 80)), made) == "photo"


def test_a_face_that_cannot_be_drawn_is_refused_and_does_not_stop_the_lane() -> None:
    hidden = replace(FACE, insurer=replace(INSURER, name="Стра\u202eховщик"))
    printer = Jobs()
    with pytest.raises(Refusal) as caught:
        print_face(MADE, hidden, printer, fonts=FONTS, at=PRINTED_AT)
    assert not isinstance(caught.value, LaneStopError)
    assert printer.jobs == []


def test_a_folder_takes_a_file_a_chip_that_only_its_owner_reads(tmp_path: Path) -> None:
    printer = PdfFilePrinter(tmp_path / "faces")
    name = print_face(MADE, FACE, printer, fonts=FONTS, at=PRINTED_AT)
    path = tmp_path / "faces" / name
    assert name == "0102030405060708.pdf"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with opened(path.read_bytes()) as pdf:
        assert len(pdf.pages) == 2


def test_a_second_face_for_one_chip_stops_the_lane_and_leaves_the_first(tmp_path: Path) -> None:
    printer = PdfFilePrinter(tmp_path / "faces")
    printer.print_face(FaceJob(chip_serial=CHIP, document=b"first"))
    with pytest.raises(LaneStopError) as caught:
        printer.print_face(FaceJob(chip_serial=CHIP, document=b"second"))
    assert caught.value.code == "face-already-printed"
    assert (tmp_path / "faces" / "0102030405060708.pdf").read_bytes() == b"first"


def test_a_full_disk_stops_the_lane_and_leaves_no_part_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    printer = PdfFilePrinter(tmp_path / "faces")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(LaneStopError) as caught:
        printer.print_face(FaceJob(chip_serial=CHIP, document=b"face"))
    assert caught.value.code == "print-failed"
    assert list((tmp_path / "faces").iterdir()) == []


def test_a_folder_that_others_may_enter_or_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with pytest.raises(UsageError, match="chmod 700"):
        PdfFilePrinter(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="another folder"):
        PdfFilePrinter(tmp_path / "file")
