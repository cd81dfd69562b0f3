"""The map of a card: a frozen tree of spans in which every octet is named exactly once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from typing_extensions import override

from simulators.cardmap.words import Name, Reason


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern of ``words`` and what fills it, apart, so that a catalog can translate the one."""

    pattern: str
    values: tuple["str | Phrase", ...] = ()

    @override
    def __str__(self) -> str:
        return self.pattern.format(*map(str, self.values))


class Part(StrEnum):
    """What a span is."""

    FILE = "file"
    OBJECT = "object"
    TAG = "tag"
    LENGTH = "length"
    VALUE = "value"
    PADDING = "padding"
    UNEXPECTED = "unexpected"


class Privacy(Enum):
    """Who may see the octets of a span.

    PERSONAL tells about the holder, or tells this card from others. PICTURE is never shown itself,
    unmasked only its digest.
    """

    PUBLIC = 0
    PERSONAL = 1
    PICTURE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The octets from ``start`` up to ``end``, what they are called and what they mean.

    The children of a span cover it without gap and without overlap: a tree that does not cannot be
    made, so in every map each octet belongs to exactly one leaf.

    Attributes:
        tag: the tag's number of an object, None of everything else.
        meaning: the value in plain words; as private as the octets.
        reason: what is unexpected about it.
        clause: the source that names it.

    Raises:
        ValueError: the children are no partition of the span.
    """

    start: int
    end: int
    part: Part
    name: Name
    tag: int | None = None
    meaning: Phrase | None = field(default=None, repr=False)
    reason: Reason | None = None
    clause: str = ""
    privacy: Privacy = Privacy.PUBLIC
    children: tuple["Span", ...] = ()

    def __post_init__(self) -> None:
        position = self.start
        for child in self.children:
            if child.start != position:
                raise ValueError(f"octet {position} is named twice or never")
            position = child.end
        if self.end < self.start or (self.children and position != self.end):
            raise ValueError(f"the octets {position} to {self.end} are not named")

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def objects(self) -> tuple["Span", ...]:
        """The children beyond tag and length: what the value is made of."""
        return tuple(one for one in self.children if one.part not in {Part.TAG, Part.LENGTH})

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Span"]]:
        """Yield the span and all below it, each with its depth, in the order of the octets."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)

    def leaves(self) -> Iterator["Span"]:
        """Yield the spans without children: they cover the octets one after the other."""
        return (span for _, span in self.walk() if not span.children)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedOctets:
    """Octets with their names: a file, a cell beside the files, or an answer to SELECT.

    Raises:
        ValueError: the spans cover more or fewer octets than there are.
    """

    content: bytes = field(repr=False)
    span: Span

    def __post_init__(self) -> None:
        if (self.span.start, self.span.end) != (0, len(self.content)):
            raise ValueError("the map is not of these octets")

    def octets(self, span: Span) -> bytes:
        """Return the octets of a span of this map, private or not."""
        return self.content[span.start : span.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedCell:
    """A cell of the card's memory that is no file. ``mapped`` is None for a secret.

    Attributes:
        cell: the name of the cell in the memory.
        meaning: of a secret all that is known: that it is there, of a key set also its version.
    """

    name: Name
    cell: str
    mapped: MappedOctets | None = None
    meaning: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedFile:
    """An elementary file that is there, with the FCP that SELECT answers for it.

    Attributes:
        limit: the most octets the file may have.
        sfi: 0 when it has none.
    """

    name: Name
    fid: int
    sfi: int
    limit: int
    mapped: MappedOctets
    control: MappedOctets


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedDirectory:
    """The MF or a DF with its FCI and the files that are there. The MF has an empty AID."""

    name: str
    aid: bytes
    control: MappedOctets
    files: tuple[MappedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMap:
    """All of a card: directories with their files, and the cells beside them."""

    directories: tuple[MappedDirectory, ...]
    cells: tuple[MappedCell, ...]
