import re
from datetime import date
from importlib.resources import files

import pytest

from cardservice.domain.holder import Category, Sex
from cardservice.papers import palette, shift_report_wording, wording
from cardservice.papers.wording import PaperLanguage, say, show_date, show_number
from tests.unit.papers.examples import FONTS

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
SAID = re.compile(
    r'say\(\s*"([^"]+)"|say\(\'([^\']+)\'|yield "([^"]+)",|, "([A-Z][^"]+)", (?:show|say|until)'
)


def _said() -> set[str]:
    # The CSV has names of fields for programs, the same in every language.
    papers = (one for one in files("cardservice.papers").iterdir() if one.is_file())
    sources = (one.read_text() for one in papers if not one.name.endswith("_csv.py"))
    return {next(filter(None, found)) for text in sources for found in SAID.findall(text)}


def test_every_label_of_the_papers_has_a_russian_text() -> None:
    said = _said()
    assert {"Policy number", "Surname", "Valid until", "No."} <= said
    assert said <= wording.RUSSIAN.keys() | shift_report_wording.RUSSIAN.keys()


def test_every_sex_and_category_has_words() -> None:
    assert wording.SEXES.keys() == set(Sex)
    assert wording.CATEGORIES.keys() == set(Category)
    assert {*wording.SEXES.values(), *wording.CATEGORIES.values()} <= wording.RUSSIAN.keys()


def test_the_fonts_have_every_letter_of_the_texts() -> None:
    letters = set("".join((*wording.RUSSIAN, *wording.RUSSIAN.values())))
    assert all(FONTS.has(letter) for letter in letters)


def test_a_text_nobody_translated_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("Never said", PaperLanguage.RU)


def test_dates_and_numbers_look_as_people_write_them() -> None:
    day = date(1980, 5, 15)
    assert show_date(day, PaperLanguage.RU) == "15.05.1980"
    assert show_date(day, PaperLanguage.EN) == "15 May 1980"
    assert show_number("123456789", 3) == "123 456 789"


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (palette.INK, palette.PAPER),
        (palette.INK, palette.TINT),
        (palette.SOFT_INK, palette.PAPER),
        (palette.SOFT_INK, palette.TINT),
        (palette.ACCENT, palette.PAPER),
        (palette.ON_ACCENT, palette.ACCENT),
    ],
)
def test_ink_stands_out_from_its_ground(ink: str, ground: str) -> None:
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= LEAST_CONTRAST
