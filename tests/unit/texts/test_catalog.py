"""The Russian catalog, read from its source."""

import pytest
from babel.messages.pofile import PoFileError

from cardservice.texts.catalog import read_catalog, translations
from cardservice.texts.languages import Language


def test_russian_texts_come_from_the_catalog() -> None:
    assert translations(Language.RU).gettext("The policy is in force.") == "Полис действует."


def test_english_texts_are_their_own_keys() -> None:
    assert translations(Language.EN).gettext("The policy is in force.") == "The policy is in force."


def test_a_text_without_a_translation_comes_back_as_it_is() -> None:
    assert translations(Language.RU).gettext("Reader 7 speaks") == "Reader 7 speaks"


def test_a_catalog_is_read_once() -> None:
    assert translations(Language.RU) is translations(Language.RU)


def test_a_catalog_that_is_broken_is_an_error() -> None:
    with pytest.raises(PoFileError):
        read_catalog(b"no catalog\n", Language.RU)
