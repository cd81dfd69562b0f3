from dataclasses import replace

from cardservice.papers.application_form import application_pdf
from cardservice.papers.scene import Words
from cardservice.papers.sheet import BOTTOM, Block, pages_of, section
from cardservice.papers.values import ApplicationForm
from tests.unit.papers.examples import FONTS, FORM, MADE, PASSPORT, long_named
from tests.unit.papers.pdf_reading import opened, text_of


def _text(form: ApplicationForm) -> str:
    with opened(application_pdf(form, fonts=FONTS, made=MADE)) as pdf:
        return text_of(pdf)


def test_it_says_everything_that_was_filled_in() -> None:
    text = _text(FORM)
    for said in ("2026-000017", "Первый полис", "Карта с чипом", "person0@example.org", "мать"):
        assert said in text


def test_what_is_not_known_has_no_row_and_no_section() -> None:
    form = replace(FORM, address=None, phone=None, email=None, representative=None, documents=())
    text = _text(form)
    assert "Контакты" not in text
    assert "Представитель" not in text
    assert "Документы" not in text


def test_a_long_form_goes_on_to_the_next_sheet_and_loses_nothing() -> None:
    documents = tuple(replace(PASSPORT, number=f"0000 {number:06}") for number in range(40))
    text = _text(replace(FORM, person=long_named(), documents=documents))
    assert all(f"0000 {number:06}" in text for number in range(40))
    assert "страница 1 из 3" in text


def test_no_line_stands_below_the_end_of_a_sheet() -> None:
    rows = [("Документ", f"№ {number}") for number in range(120)]
    pages = pages_of(section("Документы", rows, FONTS), FONTS, lambda one, all_: f"{one}/{all_}")
    assert len(pages) > 1
    for page in pages:
        *body, foot = page.marks
        assert isinstance(foot, Words)
        assert all(mark.y <= BOTTOM for mark in body)


def test_a_block_higher_than_a_sheet_does_not_leave_an_empty_one_before_it() -> None:
    pages = pages_of([Block(BOTTOM * 2, ())], FONTS, lambda one, all_: f"{one}/{all_}")
    assert len(pages) == 1
