"""Every text of the page is there in both languages."""

import re

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from simulators.cardmap.words import Label, Name, Reason, Says
from simulators.tray import EventKind
from simulators.web.catalog import CATALOGS, translations
from simulators.web.languages import Language, negotiate
from simulators.web.simulation import CardKind
from simulators.web.texts import CARD_KINDS, EVENTS, OUTCOMES, every_text
from simulators.zoo import CATALOGUE, Outcome
from tests.shared import ROOT

WEB = ROOT / "simulators/web"
FOLDER = WEB / "locale/ru/LC_MESSAGES"
PROSE = re.compile(r"(?<![A-Za-z0-9])[a-z]{3,}(?![A-Za-z0-9])")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
STANDARDS = {"extnID", "cA"}


def of_templates() -> set[str]:
    found: set[str] = set()
    for path in (WEB / "templates").glob("*.html"):
        with path.open("rb") as source:
            pieces = extract("jinja2.ext:babel_extract", source, keywords={"_": None})
            found.update(str(one[1]) for one in pieces)
    return found


def of_the_page() -> set[str]:
    return {*of_templates(), *every_text()}


def of_the_map() -> set[str]:
    return {*map(str, (*Name, *Reason, *Says)), str(Label.MASKED)}


def keys(name: str) -> set[str]:
    with (FOLDER / name).open("rb") as source:
        catalog = read_po(source, locale="ru", abort_invalid=True)
    ids = (one.id for one in catalog if one.id and one.string and not one.fuzzy)
    return {one if isinstance(one, str) else one[0] for one in ids}


def test_the_catalog_of_the_page_has_its_texts_and_no_others() -> None:
    assert keys("cardsim.po") - {"%(num)s octet"} == of_the_page()


def test_the_catalog_of_the_zoo_has_its_sentences_and_no_others() -> None:
    assert keys("zoo.po") == {entry.about for entry in CATALOGUE}


def test_the_catalog_of_the_map_has_every_word_that_no_standard_gives() -> None:
    wanted = {text for text in of_the_map() if PROSE.search(text)}
    assert wanted - keys("cardmap.po") == set()
    assert keys("cardmap.po") - of_the_map() == set()


@pytest.mark.parametrize("name", CATALOGS[Language.RU])
def test_every_translation_is_russian_and_keeps_its_places(name: str) -> None:
    said = translations(Language.RU)
    for key in keys(name):
        text = said.gettext(key)
        assert CYRILLIC.search(text) or not PROSE.search(key), key
        assert text.count("{}") == key.count("{}")
        assert text.endswith(".") == key.endswith("."), key


def test_every_code_has_its_word() -> None:
    assert set(EVENTS) == set(EventKind)
    assert set(CARD_KINDS) == set(CardKind)
    assert set(OUTCOMES) == {outcome.value for outcome in Outcome}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru", Language.RU),
        ("en;q=0.5, ru;q=0.7", Language.RU),
        ("ru;q=0, en", Language.EN),
        ("ru;q=x", Language.EN),
        ("", Language.EN),
        ("," * 1_000 + "ru", Language.EN),
    ],
)
def test_the_browser_says_what_it_likes(accepted: str, language: Language) -> None:
    assert negotiate(asked=None, remembered=None, accepted=accepted) is language


def test_who_asks_is_heard_before_what_was_remembered() -> None:
    assert negotiate(asked="ru", remembered="en", accepted="en") is Language.RU
    assert negotiate(asked="x", remembered="ru", accepted="en") is Language.RU
