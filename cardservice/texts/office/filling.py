"""From the numbers of an English sentence to the places for them in one of another language."""

import re
from collections.abc import Iterator, Mapping
from gettext import NullTranslations
from typing import Final

NUMBER: Final = "#"
"""What stands for every number in the key of a sentence that has some."""

_CONTEXT: Final = "term"

# A code point with its name, a cell of a table, a number perhaps with the unit of a term. What a
# letter or a dash comes before (UTF-8) is part of a word.
_TOKEN: Final = re.compile(
    r"U\+[0-9A-F]{4,6}(?: [A-Z][A-Z0-9-]*)*"
    r"|(?<![\w-])[A-Z]{1,3}[0-9]+\b"
    r"|(?<![\w-])(?P<count>[0-9]+(?:\.[0-9]+)*)"
    r"(?: (?P<unit>(?:working )?day|month|year|minute)s?\b)?",
    re.ASCII,
)
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)  # a term is short; a longer number is none
_PLACE: Final = re.compile(r"\{(\w+)\}")
_OPTIONAL: Final = re.compile(r"\[([^\[\]]*)\]")


def shape_of(english: str) -> str:
    """Return ``english`` with ``#`` for its numbers, terms, cells and code points."""
    return _TOKEN.sub(NUMBER, english)


def tokens_of(english: str, said: NullTranslations) -> dict[str, str]:
    """Return what can be put in: ``0``, ``1``, … the numbers, ``rest`` what the last colon leads.

    Args:
        english: the sentence.
        said: says terms (``6 months``) in its language, in the genitive.
    """
    numbers = (_token(one, said) for one in _TOKEN.finditer(english))
    tokens = {str(index): one for index, one in enumerate(numbers)}
    _, colon, rest = english.rpartition(": ")
    return {**tokens, "rest": rest.rstrip(".")} if colon else tokens


def filled(pattern: str, tokens: Mapping[str, str]) -> str | None:
    """Return ``pattern`` with ``tokens`` in their places; None if one that it needs is missing.

    What stands in square brackets is left out when one of its own is missing. A token is put in
    as it is and never read as a pattern.
    """
    kept = _OPTIONAL.sub(lambda one: one[1] if _has(one[1], tokens) else "", pattern)
    if not _has(kept, tokens):
        return None
    return _PLACE.sub(lambda one: tokens[one[1]], kept)


def _has(pattern: str, tokens: Mapping[str, str]) -> bool:
    return all(one in tokens for one in _places(pattern))


def _places(pattern: str) -> Iterator[str]:
    yield from (one[1] for one in _PLACE.finditer(pattern))


def _token(found: re.Match[str], said: NullTranslations) -> str:
    count, unit = found["count"], found["unit"]
    if unit is None or not _COUNT.fullmatch(count):
        return found[0]
    key = f"{{count}} {unit}"
    return said.npgettext(_CONTEXT, key, f"{key}s", int(count)).replace("{count}", count)
