"""What a lane prints: faces and letters of one card, by what its chip has."""

from dataclasses import replace
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home.station_printing import FacePrinting, LanePrinters, Paper
from cardservice.papers.values import PaperInsurer
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.personalization.printing import FaceJob
from cardservice.printing.letter_claims import ClaimFiles
from cardservice.printing.letter_printing import LetterPrinting
from tests.chain import an_order
from tests.unit.papers.examples import FONTS, INSURER
from tests.unit.papers.pdf_reading import opened, text_of
from tests.unit.personalization.made_cards import CHIP, SECRETS, KeepingPrinter, a_made_card

MADE = a_made_card()
NUMBER = MADE.order.card_number


class Faces:
    """Remembers faces; is not ready when it is told so."""

    def __init__(self) -> None:
        self.jobs: list[FaceJob] = []
        self.ready = True

    def require_ready(self) -> None:
        if not self.ready:
            raise Refusal("printer-not-ready", "No ribbon.")

    def print_face(self, job: FaceJob) -> str:
        self.jobs.append(job)
        return job.name


class Office:
    """Printers that remember, and the lane's printers over them."""

    def __init__(self, folder: Path, insurer: PaperInsurer | None = None) -> None:
        self.faces, self.letters = Faces(), KeepingPrinter()
        self.printers = LanePrinters(
            Paper(fonts=FONTS, language=PaperLanguage.RU, insurer=insurer),
            faces=FacePrinting(self.faces, self.faces.require_ready),
            letters=LetterPrinting(self.letters, ClaimFiles(folder), folder),
        )


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "letters")


def said(document: bytes) -> str:
    with opened(document) as pdf:
        return text_of(pdf)


def test_face_and_letter_of_a_card_say_what_its_chip_has(office: Office) -> None:
    office.printers.require_ready(MADE.order)
    office.printers.print_made(MADE)
    (face,), (letter,) = office.faces.jobs, office.letters.letters
    assert f"{NUMBER:015d}" in said(face.document)
    assert SECRETS.can in said(face.document)
    assert SECRETS.pin in said(letter).replace(" ", "")
    assert SECRETS.puk in said(letter).replace(" ", "")
    assert MADE.order.holder.surname in said(letter)
    assert f"{NUMBER:015d}" in said(letter)
    assert SECRETS.pin not in said(face.document)


def test_each_letter_of_a_chip_has_a_name_of_its_own(office: Office, tmp_path: Path) -> None:
    for _ in range(3):
        office.printers.print_secrets(CHIP, SECRETS, number=NUMBER)
    names = sorted(file.name for file in (tmp_path / "letters").iterdir())
    assert names == [f"0102030405060708-{edition}.printed" for edition in (1, 2, 3)]


CAN_ALONE = replace(SECRETS, pin="", puk="")


def test_a_can_that_comes_alone_gets_a_letter_of_the_next_edition(
    office: Office, tmp_path: Path
) -> None:
    office.printers.print_secrets(CHIP, SECRETS, number=NUMBER)
    office.printers.print_secrets(CHIP, CAN_ALONE, number=NUMBER)
    told = said(office.letters.letters[1])
    assert told.splitlines().count(SECRETS.can) == 1
    assert f"{NUMBER:015d}" in told
    assert not any(secret in told for secret in (SECRETS.pin, SECRETS.puk))
    assert len(list((tmp_path / "letters").iterdir())) == 2
    assert [set(one) for one in office.letters.handed] == [{0}, {0}]


def test_the_letter_of_a_can_that_failed_says_what_to_order(office: Office) -> None:
    office.letters.broken = True
    with pytest.raises(LaneFaultError) as fault:
        office.printers.print_secrets(CHIP, CAN_ALONE, number=NUMBER)
    assert (fault.value.code, fault.value.chip) == ("letter-interrupted", CHIP)
    assert "order a new CAN" in fault.value.sentence
    assert SECRETS.can not in fault.value.sentence
    assert set(office.letters.handed[0]) == {0}


def test_a_letter_without_a_holder_is_named_by_the_card(office: Office) -> None:
    office.printers.print_secrets(CHIP, SECRETS, number=NUMBER)
    assert f"{NUMBER:015d}" in said(office.letters.letters[0])


def test_the_own_insurer_is_named_in_full_and_another_by_its_number(tmp_path: Path) -> None:
    ogrn = MADE.order.insurance.ogrn
    own = PaperInsurer(name="Страховщик «Пример»", ogrn=ogrn, okato=INSURER.okato)
    for insurer, named in ((own, "Пример"), (INSURER, ogrn)):
        office = Office(tmp_path / named, insurer)
        office.printers.print_made(MADE)
        assert named in said(office.letters.letters[0])


@pytest.mark.parametrize("which", ["faces", "letters"])
def test_no_card_is_begun_while_a_printer_is_not_ready(office: Office, which: str) -> None:
    getattr(office, which).ready = False
    with pytest.raises(Refusal) as refusal:
        office.printers.require_ready(MADE.order)
    assert refusal.value.code == "printer-not-ready"


def test_a_printer_that_is_none_is_not_the_order_s_fault(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise UsageError("it is no device")

    monkeypatch.setattr(office.letters, "require_ready", refuse)
    with pytest.raises(Refusal) as refusal:
        office.printers.require_ready(None)
    assert refusal.value.code == "printer-not-ready"


def test_an_order_whose_face_cannot_be_drawn_is_refused_before_its_card(
    office: Office,
) -> None:
    order = an_order()
    order = replace(order, holder=replace(order.holder, surname="Ж" * 400))
    with pytest.raises(Refusal) as refusal:
        office.printers.require_ready(order)
    assert refusal.value.code == "order-unfit"
    assert "Ж" not in refusal.value.sentence


def test_a_letter_that_failed_says_what_to_order_and_forgets_the_numbers(office: Office) -> None:
    office.letters.broken = True
    with pytest.raises(LaneFaultError) as fault:
        office.printers.print_made(MADE)
    assert (fault.value.code, fault.value.chip) == ("letter-interrupted", CHIP)
    assert "order a new PIN" in fault.value.sentence
    assert SECRETS.pin not in fault.value.sentence
    assert set(office.letters.handed[0]) == {0}
    assert len(office.faces.jobs) == 1


def test_without_printers_nothing_is_printed() -> None:
    printers = LanePrinters(None, faces=None, letters=None)
    printers.require_ready(MADE.order)
    printers.print_made(MADE)
    assert not printers.prints_letters
