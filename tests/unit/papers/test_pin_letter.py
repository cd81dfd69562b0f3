from dataclasses import fields, replace
from typing import Any

import pytest

from cardservice.errors import Refusal
from cardservice.papers.pin_letter import PinLetter, pin_letter_pages, pin_letter_pdf
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

PIN, PUK = "408172", "59317042"
LETTER = PinLetter(
    name="Цветков Андрей Александрович",
    address="Образцовая обл., г. Макетный, ул. Учебная, д. 22, кв. 112",
    insurer=INSURER,
    card_number="00 0000 0001 2345",
    pin=PIN,
    puk=PUK,
)
LONG = replace(LETTER, name=f"{LONG_SURNAME} {LONG_GIVEN_NAME} {LONG_PATRONYMIC}")


def _words(page: Page) -> list[Words]:
    return [mark for mark in page.marks if isinstance(mark, Words)]


def _area(words: Words) -> tuple[float, float, float, float]:
    width = FONTS.face(bold=words.bold).width(words.text, words.size)
    return words.x, words.y - 0.73 * words.size, words.x + width, words.y + 0.22 * words.size


def _digits(words: Words) -> tuple[float, float, float, float]:
    left, top, right, _ = _area(words)
    return left, top, right, words.y


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _is_guard(words: Words) -> bool:
    return words.text.isdigit() and words.text not in (PIN, PUK)


@pytest.mark.parametrize("language", PaperLanguage)
@pytest.mark.parametrize("letter", [LETTER, LONG, replace(LETTER, address=None)])
def test_pin_and_puk_stand_inside_on_the_lower_third_and_nowhere_else(
    letter: PinLetter, language: PaperLanguage
) -> None:
    inside, outside = pin_letter_pages(letter, fonts=FONTS, language=language)
    for secret in (PIN, PUK):
        (found,) = (one for one in _words(inside) if secret in one.text)
        assert found.text == secret
        assert _within(_area(found), SECRETS)
        assert found.y > FOLDS[1]
        assert not any(secret in one.text for one in _words(outside))


@pytest.mark.parametrize("language", PaperLanguage)
@pytest.mark.parametrize("letter", [LETTER, LONG])
def test_no_text_stands_in_the_glue_or_on_a_fold(
    letter: PinLetter, language: PaperLanguage
) -> None:
    for page in pin_letter_pages(letter, fonts=FONTS, language=language):
        for words in _words(page):
            left, top, right, bottom = _digits(words) if _is_guard(words) else _area(words)
            assert left >= GLUE
            assert right <= page.width - GLUE
            assert top >= GLUE
            assert bottom <= page.height - GLUE
            assert all(bottom <= fold - FOLD_AIR or top >= fold + FOLD_AIR for fold in FOLDS)


@pytest.mark.parametrize("letter", [LETTER, LONG])
def test_no_text_runs_into_another(letter: PinLetter) -> None:
    for page in pin_letter_pages(letter, fonts=FONTS):
        areas = [_area(one) for one in _words(page) if not _is_guard(one)]
        for number, one in enumerate(areas):
            for other in areas[number + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_a_guard_lies_behind_the_numbers_and_where_they_are_folded_to() -> None:
    inside, outside = pin_letter_pages(LETTER, fonts=FONTS)
    back, folded = guarded()
    guards = [one for one in _words(outside) if _is_guard(one)]
    for words in (one for one in _words(inside) if one.text in (PIN, PUK)):
        left, top, right, bottom = _area(words)
        mirrored = inside.width - right, top, inside.width - left, bottom
        assert _within(mirrored, back)
        over = mirrored[0], 2 * FOLDS[1] - bottom, mirrored[2], 2 * FOLDS[1] - top
        assert _within(over, folded)
        for place in (mirrored, over):
            assert any(_covers(_digits(one), place) for one in guards)


def _covers(guard: tuple[float, ...], place: tuple[float, ...]) -> bool:
    beside = guard[0] <= place[0] and place[2] <= guard[2]
    return beside and guard[1] < place[3] and place[1] < guard[3]


def test_the_guard_is_the_same_for_every_secret() -> None:
    other = replace(LETTER, pin="111111", puk="22222222")
    assert pin_letter_pages(LETTER, fonts=FONTS)[1] == pin_letter_pages(other, fonts=FONTS)[1]


def test_the_pdf_says_the_numbers_once_and_hides_none_elsewhere() -> None:
    with opened(pin_letter_pdf(LETTER, fonts=FONTS, made=MADE)) as pdf:
        assert len(pdf.pages) == 2
        text = text_of(pdf)
        metadata = pdf.Root.Metadata.read_bytes().decode()
    for secret in (PIN, PUK):
        assert text.splitlines().count(secret) == 1
        assert secret not in metadata
    assert LETTER.name in text
    assert "Цветков" not in metadata
    assert LETTER_TEXTS[PaperLanguage.RU].title in metadata


def test_a_letter_shows_nothing_when_it_is_printed_by_mistake() -> None:
    told = repr(LETTER)
    assert not any(secret in told for secret in (PIN, PUK, "Цветков"))


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("letter-pin-format", {"pin": "123"}),
        ("letter-pin-format", {"pin": "123456789"}),
        ("letter-pin-format", {"pin": "12345x"}),
        ("letter-pin-format", {"pin": "12345²"}),
        ("letter-puk-format", {"puk": "1234567"}),
        ("letter-puk-format", {"puk": "123456789"}),
        ("paper-hidden-character", {"name": "Цвет\u202eков"}),
        ("paper-text-too-long", {"address": "д" * 5000}),
    ],
)
def test_a_letter_that_cannot_be_read_is_refused_without_quoting(
    code: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as caught:
        pin_letter_pages(replace(LETTER, **changed), fonts=FONTS)
    assert caught.value.code == code
    assert not any(text in str(caught.value) for text in changed.values())


@pytest.mark.parametrize("pin", ["4081", "40817", "4081723", "40817231"])
def test_pins_of_four_to_eight_digits_are_printed(pin: str) -> None:
    inside, _ = pin_letter_pages(replace(LETTER, pin=pin), fonts=FONTS)
    (found,) = (one for one in _words(inside) if one.text == pin)
    assert _area(found)[2] < (SECRETS[0] + SECRETS[2]) / 2


def test_every_text_of_the_letter_is_there_in_both_languages_and_in_the_fonts() -> None:
    russian, english = (LETTER_TEXTS[one] for one in PaperLanguage)
    for text in fields(russian):
        one, other = getattr(russian, text.name), getattr(english, text.name)
        assert one.strip() == one != ""
        assert other.strip() == other != one
        assert all(FONTS.has(letter) for letter in one + other)
