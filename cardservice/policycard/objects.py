"""One EF walked into its objects: where they lie, which occur twice, what lies around them.

Nothing here searches for tag octets: the same octets occur inside names and images.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cardservice.apdu.tlv import Entry, header_at, scan
from cardservice.errors import MalformedDataError
from cardservice.policycard.tags import words_of

MAX_HEADER: Final = 8  # octets: a tag of 4, a length of 1 + 3; none that is read has more
_FILLERS: Final = (b"\x00", b"\xff")  # what an EF larger than its content is filled up with


class CutShortError(MalformedDataError):
    """The octets end too early; ``wanted`` leading octets of the file would tell more.

    A terminal that is still reading reads on to ``wanted``, which is never more than the size
    the file gives itself; one that has the whole file has a truncated one.
    """

    def __init__(self, what: str, *, wanted: int) -> None:
        super().__init__(f"{what} is cut short")
        self.wanted = wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """How one kind of EF is built.

    Attributes:
        words: its name in messages.
        root: tag of the object that it consists of.
        limit: most octets.
        templates: tags of the objects that hold objects themselves.
        deferred: tag of the object that may be unread, value and all (the photo).
    """

    words: str
    root: int
    limit: int
    templates: tuple[int, ...] = ()
    deferred: int | None = None


@dataclass(frozen=True, slots=True)
class FileObjects:
    """An EF as received, and where its objects lie.

    Attributes:
        octets: as received; perhaps only the first part, see ``Grammar.deferred``.
        start, end: offsets of the root object's value and of what follows it.
        found: tag → the first object with it, directly in the root object.
        inner: template's tag → the same for what is in the template.
        repeated: tags that occur more than once beside each other.
    """

    octets: bytes = field(repr=False)
    start: int
    end: int
    found: Mapping[int, Entry]
    inner: Mapping[int, Mapping[int, Entry]]
    repeated: tuple[int, ...] = ()

    @property
    def filler(self) -> int:
        """How many octets 00 or FF follow the root object."""
        return max(0, len(self.octets) - self.end)


def walk(octets: bytes, grammar: Grammar) -> FileObjects:
    """Return the objects of one EF.

    Order, unknown tags, non-minimal lengths and octets 00 between objects are all right.

    Args:
        octets: the EF. Where the grammar defers an object, the octets may end anywhere after
            that object's length, provided that this length alone ends the file.
        grammar: how such an EF is built.

    Raises:
        CutShortError: truncated; tells how many octets to read.
        MalformedDataError: another root, larger than allowed, an object that runs past the one
            around it, or octets after the root object other than 00s or FFs.
    """
    start, end = _root(octets, grammar)
    if end <= len(octets):
        entries = scan(octets, start, end, padding=True)
    else:
        entries = _first_part(octets, start, end, grammar)
    repeated: list[int] = []
    found = _index(entries, repeated)
    inner: dict[int, Mapping[int, Entry]] = {}
    for tag in grammar.templates:
        entry = found.get(tag)
        if entry is not None and entry[3] <= len(octets):
            inner[tag] = _index(scan(octets, entry[2], entry[3], padding=True), repeated)
    return FileObjects(octets, start, end, found, inner, tuple(repeated))


def _root(octets: bytes, grammar: Grammar) -> tuple[int, int]:
    if octets and octets[0] != grammar.root:
        raise MalformedDataError(f"{grammar.words} does not begin with {grammar.root:02X}")
    root = header_at(octets)
    if root is None:
        raise CutShortError(grammar.words, wanted=len(octets) + MAX_HEADER)
    _, _, start, end = root
    if max(end, len(octets)) > grammar.limit:
        raise MalformedDataError(f"{grammar.words} is larger than {grammar.limit} octets")
    if len(octets) > end and not _is_filler(octets[end:]):
        raise MalformedDataError(f"octets follow {grammar.words}'s only object")
    return start, end


def _is_filler(octets: bytes) -> bool:
    return any(octets.count(filler) == len(octets) for filler in _FILLERS)


def _first_part(octets: bytes, start: int, end: int, grammar: Grammar) -> list[Entry]:
    entries: list[Entry] = []
    position = start
    while position < end:
        if octets[position : position + 1] == b"\x00":
            position += 1
            continue
        entry = header_at(octets, position) if position < len(octets) else None
        if entry is None:
            raise CutShortError(grammar.words, wanted=min(end, position + MAX_HEADER))
        tag, _, _, position = entry
        if position > end:
            raise MalformedDataError(f"{words_of(tag)} runs past the end of {grammar.words}")
        if position > len(octets) and tag != grammar.deferred:
            raise CutShortError(grammar.words, wanted=min(end, position + MAX_HEADER))
        entries.append(entry)
    return entries


def _index(entries: list[Entry], repeated: list[int]) -> dict[int, Entry]:
    found = {entry[0]: entry for entry in entries}
    if len(found) == len(entries):
        return found
    counts = Counter(entry[0] for entry in entries)
    repeated.extend(tag for tag, count in counts.items() if count > 1)
    return {entry[0]: entry for entry in reversed(entries)}
