"""Base45: octets as the 45 characters that a QR code packs most tightly.

Source: RFC 9285.
"""

from collections.abc import Iterator
from typing import Final

from cardservice.errors import MalformedDataError

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_BASE: Final = len(ALPHABET)
_PAIR, _TRIPLE = 2, 3  # characters for one octet, for two octets


def encode(octets: bytes) -> str:
    """Return ``octets`` as text: three characters for two octets, two for a single last one."""
    return "".join(_group(octets[start : start + 2]) for start in range(0, len(octets), 2))


def decode(text: str) -> bytes:
    """Return the octets that ``text`` writes.

    Raises:
        MalformedDataError: another character, a lone last character, a group with too large a
            value. The text is not quoted.
    """
    return b"".join(_octets(text[start : start + _TRIPLE]) for start in range(0, len(text), 3))


def _group(octets: bytes) -> str:
    return "".join(_digits(int.from_bytes(octets), _TRIPLE if len(octets) == 2 else _PAIR))


def _digits(value: int, count: int) -> Iterator[str]:
    for _ in range(count):
        value, digit = divmod(value, _BASE)
        yield ALPHABET[digit]


def _octets(group: str) -> bytes:
    if len(group) < _PAIR:
        raise MalformedDataError("not Base45")
    value = 0
    try:
        for character in reversed(group):
            value = value * _BASE + _VALUES[character]
        return value.to_bytes(len(group) - 1)
    except (KeyError, OverflowError):
        raise MalformedDataError("not Base45") from None
