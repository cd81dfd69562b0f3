"""Rules for texts that people type, cards carry and screens show."""

from typing import Final
from unicodedata import category, normalize

from cardservice.errors import Refusal

NAME_LENGTH: Final = 60  # characters of a surname, given name or patronymic; card.md, section 2
BIRTH_PLACE_LENGTH: Final = 150  # characters; card.md, section 2
COUNTRY_CODE_LENGTH: Final = 10  # characters; this project's own: the field has three
COUNTRY_NAME_LENGTH: Final = 100  # characters; this project's own: room for the longest full names
_DECOMPOSED: Final = 4  # characters that form C makes one of, at most, in any living script
NOTE_LENGTH: Final = 300  # characters of an address, number or channel; this project's own

# Controls and formats turn text round or hide it (a name that reads backwards on the clerk's
# screen); surrogates, private and unassigned characters have no agreed look; line and paragraph
# separators break a line.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_showable(text: str) -> bool:
    """Return whether every character of ``text`` has a look of its own."""
    return text.isprintable() or not any(category(one) in _HIDDEN for one in text)


def showable(text: str) -> str:
    """Return ``text`` with U+FFFD, the replacement character, where it has a hidden one."""
    return "".join("\ufffd" if category(one) in _HIDDEN else one for one in text)


def tidy(text: str) -> str:
    """Return ``text`` in normalization form C, without blanks before and after it."""
    return normalize("NFC", text.strip(" \u00a0"))


def parse_text(raw: str, *, field: str, words: str, limit: int, short: str = "") -> str:
    """Return ``raw`` tidied: form C, no blanks at its ends, case as given; perhaps empty.

    Args:
        raw: as typed.
        field: the name of its column.
        words: its name in a sentence.
        limit: most characters.
        short: what its refusal's code begins with, ``field`` unless told.

    Raises:
        Refusal: ``control-character`` or ``…-too-long``.
    """
    # Normalization of an endless text costs time, so the length is judged before and after it.
    text = tidy(raw) if len(raw) <= _DECOMPOSED * limit else raw
    if len(text) > limit:
        sentence = f"The {words} is longer than {limit} characters."
        code = (short or field).replace("_", "-") + "-too-long"
        raise Refusal(code, sentence, field=field)
    if not is_showable(text):
        sentence = f"The {words} holds an invisible, control or unassigned character."
        raise Refusal("control-character", sentence, field=field)
    return text
