"""The verdict on paper."""

from dataclasses import replace

import pytest

from cardservice.errors import Refusal
from cardservice.papers.verdict_sheet import (
    SheetNote,
    SheetRow,
    SheetSection,
    VerdictSheet,
    verdict_pdf,
)
from cardservice.papers.wording import PaperLanguage
from tests.unit.papers.examples import FONTS, MADE
from tests.unit.papers.pdf_reading import opened, text_of

SHEET = VerdictSheet(
    title="Policy check",
    moment="22 Nov 2026, 09:30 · Desk reader 1",
    word="Undecided",
    sentence="The register cannot be reached.",
    remedy="Call the insurer.",
    sections=(
        SheetSection("Holder", (SheetRow("Name", "ИВАНОВ ИВАН"),)),
        SheetSection("Empty", ()),
    ),
    notes=(SheetNote("Read in 0.41 s"),),
    signed_by="Signature of the employee",
    date_word="Date",
)


def _pdf(sheet: VerdictSheet = SHEET) -> bytes:
    return verdict_pdf(sheet, fonts=FONTS, made=MADE, language=PaperLanguage.EN)


def test_the_sheet_says_everything_it_was_given() -> None:
    with opened(_pdf()) as pdf:
        text = text_of(pdf)
    wanted = (SHEET.title, SHEET.moment, SHEET.word, SHEET.sentence, "Call the insurer.")
    assert all(one in text for one in (*wanted, "ИВАНОВ ИВАН", "Read in 0.41 s"))


def test_a_section_without_rows_is_left_out() -> None:
    with opened(_pdf()) as pdf:
        assert "Empty" not in text_of(pdf)


def test_the_same_sheet_gives_the_same_octets() -> None:
    assert _pdf() == _pdf()


def test_many_checks_go_on_a_second_page() -> None:
    rows = tuple(SheetRow(f"Check {number}", "Passed. " * 12) for number in range(40))
    with opened(_pdf(replace(SHEET, sections=(SheetSection("Checks", rows),)))) as pdf:
        assert len(pdf.pages) > 1


@pytest.mark.parametrize("hidden", ["\u202eИВАНОВ", "ИВА\u200bНОВ", "שלום", "И\x00"])
def test_a_text_that_paper_cannot_show_as_it_is_refuses_the_sheet(hidden: str) -> None:
    with pytest.raises(Refusal):
        _pdf(replace(SHEET, sections=(SheetSection("Holder", (SheetRow("Name", hidden),)),)))
