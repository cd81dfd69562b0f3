"""The staff's pages are whole in Russian, and their words are not another area's."""

from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from cardservice.texts.languages import Language
from cardservice.texts.office import office_translations
from tests.unit.web_office.catalogs import PACKAGE, fuzzy_or_unused, untranslated

AREAS = ("accounts", "audit", "complaints", "places", "uploads")


@pytest.mark.parametrize("area", AREAS)
def test_every_text_of_the_area_has_russian_and_none_is_left_over(area: str) -> None:
    assert untranslated(area) == set()
    assert fuzzy_or_unused(area) == set()


@pytest.mark.parametrize("area", AREAS)
def test_no_earlier_catalog_says_a_text_of_the_area_otherwise(area: str) -> None:
    catalog = files(PACKAGE).joinpath("locale", "ru", f"{area}.po")
    with catalog.open("rb") as file:
        own = {one.id: one.string for one in read_po(file) if isinstance(one.id, str) and one.id}
    said = office_translations(Language.RU)
    assert {text: said.gettext(text) for text in own} == own
