"""Which texts of an area's templates its own catalog does not say in Russian."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from cardservice.texts.languages import Language

Texts = str | tuple[str, ...]
PACKAGE = "cardservice.web.office"
OPTIONS = {"trimmed": "true", "encoding": "utf-8", "extensions": "jinja2.ext.do", "silent": "false"}


def texts_of(area: str) -> set[Texts]:
    """Return the English texts of the templates of an area; plurals as pairs."""
    return texts_in(files(PACKAGE).joinpath("templates", "office", area))


def texts_in(folder: Traversable) -> set[Texts]:
    """Return the English texts of the templates in a folder, not in those below it."""
    return {
        text
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".html")
        for text in _texts(one.read_bytes())
    }


def untranslated(area: str) -> set[Texts]:
    """Return the texts of an area's templates that have no Russian in ``area``.po."""
    catalog = files(PACKAGE).joinpath("locale", Language.RU.value, f"{area}.po")
    with catalog.open("rb") as file:
        kept = read_po(file, locale=Language.RU.value, abort_invalid=True)
    said = {_key(one.id) for one in kept if one.id and _is_complete(one.string)}
    return {one for one in texts_of(area) if one not in said}


def fuzzy_or_unused(area: str) -> set[Texts]:
    """Return what the catalog of an area has and no template says, and what is only guessed."""
    catalog = files(PACKAGE).joinpath("locale", Language.RU.value, f"{area}.po")
    with catalog.open("rb") as file:
        kept = read_po(file, locale=Language.RU.value, abort_invalid=True)
    used = texts_of(area)
    return {_key(one.id) for one in kept if one.id and (one.fuzzy or _key(one.id) not in used)}


def _key(text: Texts | list[str]) -> Texts:
    return text if isinstance(text, str) else tuple(text)


def _texts(source: bytes) -> Iterator[Texts]:
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract("jinja2.ext:babel_extract", BytesIO(source), keywords, options=OPTIONS)
    for _, text, _, _ in found:
        yield text


def _is_complete(text: Texts | list[str] | None) -> bool:
    if isinstance(text, tuple | list):
        return all(text)
    return bool(text)
