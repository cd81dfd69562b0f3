"""Translations, read from their source text when the page is first shown."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from simulators.web.languages import Language

CATALOGS: Final = {
    Language.RU: ("cardsim.po", "zoo.po", "cardmap.po"),
}
"""By language: the page's own texts, what the zoo says of its cards, the names on a card map."""


@cache
def translations(language: Language) -> NullTranslations:
    """Return what turns the English texts into ``language``; what is not there stays English.

    Raises:
        babel.messages.pofile.PoFileError: a catalog is broken.
    """
    said = NullTranslations()
    for name in CATALOGS.get(language, ()):
        one = _read(language, name)
        one.add_fallback(said)
        said = one
    return said


def _read(language: Language, name: str) -> GNUTranslations:
    folder = files("simulators.web") / "locale" / language.value / "LC_MESSAGES"
    catalog = read_po(
        BytesIO((folder / name).read_bytes()), locale=language.value, abort_invalid=True
    )
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)
