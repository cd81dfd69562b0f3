"""Which characters the octets of a text table are: UTF-8, UTF-16 or windows-1251, never a guess.

The column names are plain ASCII, so UTF-16 shows itself in the first four octets even without a
mark. What is no UTF-8 is taken as windows-1251 only if it then reads like Russian.
"""

from collections.abc import Iterator
from enum import StrEnum, unique
from itertools import pairwise
from typing import Final

from cardservice.errors import Refusal

_CYRILLIC: Final = frozenset("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_USUAL: Final = _CYRILLIC | frozenset("№«»–—…\u00a0’“”„")
_MOST_UNUSUAL: Final = 0.02  # of the characters above ASCII
_MOST_TURNED: Final = 0.05  # of neighbouring Cyrillic letters: KOI8-R read as 1251 swaps the cases


@unique
class Encoding(StrEnum):
    """The encodings that are taken, named as Python names them."""

    UTF_8 = "utf-8"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    WINDOWS_1251 = "windows-1251"


_MARKS: Final = (
    (b"\xef\xbb\xbf", Encoding.UTF_8),
    (b"\xff\xfe", Encoding.UTF_16_LE),
    (b"\xfe\xff", Encoding.UTF_16_BE),
)
_UTF_32_MARKS: Final = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")


def decode_table(octets: bytes) -> tuple[str, Encoding]:
    """Return the text without its byte order mark, and how it was encoded.

    Raises:
        Refusal: ``encoding-unknown``.
    """
    if octets.startswith(_UTF_32_MARKS):
        raise _unknown()
    mark, encoding = _marked(octets)
    try:
        text = octets[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        raise _unknown() from None
    if encoding is Encoding.WINDOWS_1251 and not reads_like_russian(text):
        raise _unknown()
    return text, encoding


def _marked(octets: bytes) -> tuple[bytes, Encoding]:
    for mark, encoding in _MARKS:
        if octets.startswith(mark):
            return mark, encoding
    zeros = tuple(one == 0 for one in octets[:4])
    if zeros == (False, True, False, True):
        return b"", Encoding.UTF_16_LE
    if zeros == (True, False, True, False):
        return b"", Encoding.UTF_16_BE
    return b"", Encoding.UTF_8 if _is_utf_8(octets) else Encoding.WINDOWS_1251


def _is_utf_8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def reads_like_russian(text: str) -> bool:
    """Return whether nearly all beyond ASCII is what Russian is written with, in its usual case."""
    high = [one for one in text if not one.isascii()]
    unusual = sum(one not in _USUAL for one in high)
    pairs = turned = 0
    for one, other in _neighbours(text):
        pairs += 1
        turned += one.islower() and other.isupper()
    return unusual <= _MOST_UNUSUAL * len(high) and turned <= _MOST_TURNED * pairs


def _neighbours(text: str) -> Iterator[tuple[str, str]]:
    for one, other in pairwise(text):
        if one in _CYRILLIC and other in _CYRILLIC:
            yield one, other


def _unknown() -> Refusal:
    sentence = "The text is in no known encoding; save the table as CSV in UTF-8, or as XLSX."
    return Refusal("encoding-unknown", sentence, field="file")
