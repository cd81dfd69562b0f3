"""The letter of a new CAN: six digits inside, where PIN letters have theirs, and nothing else."""

from dataclasses import fields, replace
from typing import Any

import pytest

from cardservice.errors import Refusal
from cardservice.papers.pin_letter import PinLetter, pin_letter_pages
from cardservice.papers.pin_letter_can import CanLetter, can_letter_pages, can_letter_pdf
from cardservice.papers.pin_letter_can_wording import CAN_LETTER_TEXTS
from cardservice.papers.pin_letter_sheet import FOLD_AIR, FOLDS, GLUE, SECRETS, guarded
from cardservice.papers.pin_letter_wording import LETTER_TEXTS
from cardservice.papers.scene import Page, Words
from cardservice.papers.wording import PaperLanguage
from tests.unit.papers.examples import (
    FONTS,
    INSURER,
    LONG_GIVEN_NAME,
    LONG_PATRONYMIC,
    LONG_SURNAME,
    MADE,
)
from tests.unit.papers.pdf_reading import opened, text_of

CAN = "408172"
LETTER = CanLetter(
    name="Цветков Андрей Александрович",
    address="Образцовая обл., г. Макетный, ул. Учебная, д. 22, кв. 112",
    insurer=INSURER,
    card_number="00 0000 0001 2345",
    can=CAN,
)
LONG = replace(LETTER, name=f"{LONG_SURNAME} {LONG_GIVEN_NAME} {LONG_PATRONYMIC}")


def _words(page: Page) -> list[Words]:
    return [mark for mark in page.marks if isinstance(mark, Words)]


def _area(words: Words) -> tuple[float, float, float, float]:
    width = FONTS.face(bold=words.bold).width(words.text, words.size)
    return words.x, words.y - 0.73 * words.size, words.x + width, words.y + 0.22 * words.size


@pytest.mark.parametrize("language", PaperLanguage)
@pytest.mark.parametrize("letter", [LETTER, LONG, replace(LETTER, address=None)])
def test_the_can_stands_inside_where_the_guards_lie_behind_it_and_nowhere_else(
    letter: CanLetter, language: PaperLanguage
) -> None:
    inside, outside = can_letter_pages(letter, fonts=FONTS, language=language)
    (found,) = (one for one in _words(inside) if CAN in one.text)
    left, top, right, bottom = _area(found)
    assert found.text == CAN
    assert SECRETS[0] <= left <= right <= SECRETS[2]
    assert SECRETS[1] <= top <= bottom <= SECRETS[3]
    (behind, _) = guarded()
    assert behind[1] < top <= bottom < behind[3]
    assert not any(CAN in one.text for one in _words(outside))


@pytest.mark.parametrize("language", PaperLanguage)
def test_texts_keep_off_the_glue_the_folds_and_each_other(language: PaperLanguage) -> None:
    inside, _ = can_letter_pages(LONG, fonts=FONTS, language=language)
    areas = [_area(one) for one in _words(inside)]
    for number, (left, top, right, bottom) in enumerate(areas):
        assert GLUE <= left <= right <= inside.width - GLUE
        assert all(bottom <= fold - FOLD_AIR or top >= fold + FOLD_AIR for fold in FOLDS)
        for other in areas[number + 1 :]:
            apart = right <= other[0] or other[2] <= left
            assert apart or bottom <= other[1] or other[3] <= top


def test_from_outside_it_is_as_closed_as_a_pin_letter() -> None:
    pin = PinLetter(name=LETTER.name, insurer=INSURER, card_number="1", pin="1111", puk="22222222")
    ours = can_letter_pages(LETTER, fonts=FONTS)[1]
    theirs = pin_letter_pages(pin, fonts=FONTS)[1]

    def guards(page: Page) -> list[Words]:
        return [one for one in _words(page) if one.text.isdigit()]

    assert guards(ours) == guards(theirs) != []


def test_the_pdf_says_the_can_once_and_of_its_holder_nothing_in_its_title() -> None:
    with opened(can_letter_pdf(LETTER, fonts=FONTS, made=MADE)) as pdf:
        assert len(pdf.pages) == 2
        text, metadata = text_of(pdf), pdf.Root.Metadata.read_bytes().decode()
    assert text.splitlines().count(CAN) == 1
    assert LETTER.name in text
    assert CAN_LETTER_TEXTS[PaperLanguage.RU].title in metadata
    assert not any(word in metadata for word in (CAN, "Цветков"))


def test_a_letter_shows_nothing_when_it_is_printed_by_mistake() -> None:
    assert not any(word in repr(LETTER) for word in (CAN, "Цветков"))


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("letter-can-format", {"can": "12345"}),
        ("letter-can-format", {"can": "1234567"}),
        ("letter-can-format", {"can": "12345²"}),
        ("letter-can-format", {"can": ""}),
        ("paper-hidden-character", {"name": "Цвет\u202eков"}),
    ],
)
def test_a_letter_that_cannot_be_read_is_refused_without_quoting(
    code: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as caught:
        can_letter_pages(replace(LETTER, **changed), fonts=FONTS)
    assert caught.value.code == code
    assert not any(text and text in str(caught.value) for text in changed.values())


def test_its_texts_are_in_both_languages_in_the_fonts_and_not_those_of_a_pin_letter() -> None:
    russian, english = (CAN_LETTER_TEXTS[one] for one in PaperLanguage)
    for text in fields(russian):
        one, other = getattr(russian, text.name), getattr(english, text.name)
        assert one.strip() == one != ""
        assert other.strip() == other != ""
        assert all(FONTS.has(letter) for letter in one + other)
    assert {LETTER_TEXTS[one].title for one in PaperLanguage}.isdisjoint(
        {russian.title, english.title}
    )
