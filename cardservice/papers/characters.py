"""What may be printed: every character of a value is drawn as it is, or the paper is refused."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final
from unicodedata import bidirectional, normalize

from cardservice.domain import texts
from cardservice.errors import Refusal
from cardservice.papers.fonts import PaperFonts

_LIMITS: Final = {
    "surname": texts.NAME_LENGTH,
    "given_name": texts.NAME_LENGTH,
    "patronymic": texts.NAME_LENGTH,
    "birth_place": texts.BIRTH_PLACE_LENGTH,
    "citizenship": texts.COUNTRY_NAME_LENGTH,
}
_REQUIRED: Final = frozenset({"surname", "given_name", "number", "card_number"})

# Letters of scripts that run from right to left would be drawn in the wrong order.
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


def check(value: Any, fonts: PaperFonts) -> None:
    """Return if every text in ``value``, a value of ``papers.values``, can be printed.

    Raises:
        Refusal: ``paper-hidden-character``, ``paper-right-to-left`` or
            ``paper-missing-character``, each naming the code point and the field;
            ``paper-text-missing``, ``paper-text-too-long`` or ``paper-not-composed``.
    """
    for field, text in _texts(value):
        _check_length(field, text)
        for character in text:
            _check_character(field, character, fonts)
        if normalize("NFC", text) != text:
            raise _refusal("paper-not-composed", field, "is not in normalization form C")


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    for field in fields(value):
        member = getattr(value, field.name)
        for one in member if isinstance(member, tuple) else (member,):
            if isinstance(one, str):
                yield field.name, one
            elif is_dataclass(one):
                yield from _texts(one)


def _check_length(field: str, text: str) -> None:
    limit = _LIMITS.get(field, texts.NOTE_LENGTH)
    if len(text) > limit:
        raise _refusal("paper-text-too-long", field, f"is longer than {limit} characters")
    if field in _REQUIRED and not text.strip():
        raise _refusal("paper-text-missing", field, "is missing")


def _check_character(field: str, character: str, fonts: PaperFonts) -> None:
    point = f"U+{ord(character):04X}"
    if not texts.is_showable(character):
        raise _refusal("paper-hidden-character", field, f"holds the hidden character {point}")
    if bidirectional(character) in _RIGHT_TO_LEFT:
        words = f"holds {point}, which is written from right to left"
        raise _refusal("paper-right-to-left", field, words)
    if not fonts.has(character):
        words = f"holds {point}, which the font of this paper does not have"
        raise _refusal("paper-missing-character", field, words)


def _refusal(code: str, field: str, words: str) -> Refusal:
    return Refusal(code, f"The {field.replace('_', ' ')} {words}.", field=field)
