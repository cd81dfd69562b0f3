"""The translations, read from their source text when the service starts."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cardservice.texts.languages import Language

CATALOGS = {Language.RU: "locale/ru/LC_MESSAGES/cardservice.po"}


@cache
def translations(language: Language) -> NullTranslations:
    """Return what turns the English texts into ``language``.

    English texts are their own keys, so English needs no catalog. A text without a
    translation comes back in English. No compiled catalog is kept: one source, one truth.

    Raises:
        babel.messages.pofile.PoFileError: the catalog is broken.
    """
    if language not in CATALOGS:
        return NullTranslations()
    return read_catalog(files("cardservice").joinpath(CATALOGS[language]).read_bytes(), language)


def read_catalog(source: bytes, language: Language) -> GNUTranslations:
    """Return the translations of one catalog.

    Args:
        source: its text, of a ``.po`` file.
        language: of the translations.

    Raises:
        babel.messages.pofile.PoFileError: the catalog is broken.
    """
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language.value, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
