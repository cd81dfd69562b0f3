"""What reading notes by the way: objects passed over, repeated ones, filling; in plain words."""

from collections.abc import Iterable, Mapping
from typing import Final

from cardservice.apdu.tlv import Entry
from cardservice.policycard.objects import FileObjects
from cardservice.policycard.tags import words_of

Found = Mapping[int, Entry]
"""Tag → the object with it, on one level of a file."""

_NAMED: Final = 8  # objects that a note names; a hostile card could have thousands


def note_unknown(found: Found, known: frozenset[int], notes: list[str]) -> None:
    """Note the objects in ``found`` that are not ``known``."""
    if not found.keys() <= known:
        unknown = found.keys() - known
        notes.extend(f"{words_of(tag)} was not read" for tag in _few(unknown))


def note_repeated(file: FileObjects, notes: list[str]) -> None:
    """Note the objects that occur more than once in ``file``, and what fills it up."""
    if file.repeated:
        again = "is there more than once; the first was taken"
        notes.extend(f"{words_of(tag)} {again}" for tag in _few(file.repeated))
    if file.filler:
        notes.append(f"{file.filler} octets of filling follow the record")


def _few(tags: Iterable[int]) -> list[int]:
    return sorted(tags)[:_NAMED]
