"""Several catalogs as one: those of a package of pages, the office's own, and the general one."""

from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Final

from cardservice.texts.catalog import read_catalog, translations
from cardservice.texts.languages import Language

OFFICE: Final = "cardservice.texts.office"


@cache
def merged(language: Language, package: str) -> NullTranslations:
    """Return what turns English texts into ``language``, from all catalogs of ``package``.

    The catalogs are the files ``locale/LANGUAGE/*.po`` of the package, in the order of their
    names, then those of the office's texts, then the general one: the first that has a text
    counts. English needs none. A package without a folder of catalogs has none.

    Args:
        language: the reader's.
        package: a dotted name, e.g. ``cardservice.web.office``.

    Raises:
        babel.messages.pofile.PoFileError: a catalog is broken.
        ModuleNotFoundError: there is no such package.
    """
    if language is Language.EN:
        return NullTranslations()
    chain = NullTranslations()
    for one in dict.fromkeys((package, OFFICE)):
        for catalog in _catalogs(language, one):
            chain.add_fallback(catalog)
    # It comes last: what is added behind it would stay in the general catalog for good.
    chain.add_fallback(translations(language))
    return chain


def _catalogs(language: Language, package: str) -> Iterator[GNUTranslations]:
    folder = files(package) / "locale" / language.value
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".po"):
            yield read_catalog(file.read_bytes(), language)
