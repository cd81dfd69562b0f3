"""Templates as every page has them."""

from gettext import NullTranslations

import pytest
from jinja2 import UndefinedError

from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.web.assets import asset_url
from cardservice.web.page_templates import page_templates

ENGLISH = page_templates("cardservice.web", NullTranslations())
RUSSIAN = page_templates("cardservice.web", translations(Language.RU))


def test_every_value_is_text_and_never_markup() -> None:
    assert ENGLISH.from_string("{{ name }}").render(name="<b>") == "&lt;b&gt;"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        ENGLISH.from_string("{{ name }}").render()


def test_texts_are_said_in_the_language_of_the_templates() -> None:
    assert RUSSIAN.from_string('{{ _("Connected") }}').render() == "На связи"
    assert RUSSIAN.from_string("{{ say(text) }}").render(text="Connected") == "На связи"


@pytest.mark.parametrize("text", ["100% away", "%(name)s", ""])
def test_a_text_from_elsewhere_is_said_as_it_is(text: str) -> None:
    assert RUSSIAN.from_string("{{ say(text) }}").render(text=text) == text


def test_files_are_named_by_their_address() -> None:
    assert RUSSIAN.from_string('{{ asset_url("live.js") }}').render() == asset_url("live.js")
