"""Naming octets: total for any octets, bounded in depth and size, and never an octet left out."""

from dataclasses import dataclass, field, replace
from typing import Final

from simulators.cardmap.generic import generic_shape
from simulators.cardmap.headers import Header, read_header
from simulators.cardmap.shapes import Piece, Shape
from simulators.cardmap.spans import MappedOctets, Part, Phrase, Privacy, Span
from simulators.cardmap.words import Name, Reason, Says

DEPTH_MAX: Final = 24
"""An insurer's certificate inside its EF is nested 15 deep; what is deeper is not opened."""

OCTETS_MAX: Final = 65_536
"""All files together have at most 49,152 octets (card.md §2): what is longer is no file."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """What an object takes over from the one around it."""

    clause: str = ""
    privacy: Privacy = Privacy.PUBLIC
    der: bool = False
    depth: int = 0

    def inside(self, shape: Shape) -> "_Setting":
        return _Setting(
            shape.clause or self.clause,
            self.privacy if shape.privacy is None else shape.privacy,
            self.der or shape.der,
            self.depth + 1,
        )


@dataclass(slots=True)
class _Matcher:
    """Finds the shape of one object after the other inside ``shape``."""

    shape: Shape
    der: bool
    next_part: int = 0
    seen: set[int] = field(default_factory=set)

    def match(self, tag: int, value: bytes) -> tuple[Shape, Reason | None]:
        found, reason = self._find(tag)
        chosen = found.choose(value) if found.choose else None
        return chosen or found, reason

    def _find(self, tag: int) -> tuple[Shape, Reason | None]:
        if self.shape.each is not None and self.shape.each.tag in {None, tag}:
            return self.shape.each, None
        first = self.next_part if self.shape.ordered else 0
        for index, part in enumerate(self.shape.parts[first:], first):
            if part.tag in {None, tag}:
                repeated = not self.shape.ordered and index in self.seen
                self.next_part = index + 1
                self.seen.add(index)
                return part, Reason.REPEATED if repeated else None
        generic = generic_shape(tag, der=self.der)
        if not (self.shape.parts or self.shape.each):
            return generic, None
        return replace(generic, privacy=Privacy.PERSONAL), Reason.NOT_HERE


def map_octets(octets: bytes, shape: Shape) -> MappedOctets:
    """Return the octets with their names.

    ``shape`` is that of the file: its parts are the objects in the file, its pieces the runs of a
    file that holds no objects.
    """
    setting = _Setting().inside(shape)
    end = len(octets)
    if end > OCTETS_MAX:
        children: tuple[Span, ...] = (_unexpected(0, end, Reason.TOO_LARGE),)
    elif shape.parts or shape.each:
        children = _contents(octets, (0, end), shape, setting)
    else:
        children = _values(octets, (0, end), shape, setting)
    meaning, reason = _reading(octets, shape)
    span = Span(
        start=0,
        end=end,
        part=Part.FILE,
        name=shape.name,
        meaning=meaning,
        reason=reason,
        clause=shape.clause,
        privacy=setting.privacy,
        children=children,
    )
    return MappedOctets(content=octets, span=span)


def _contents(
    octets: bytes, where: tuple[int, int], shape: Shape, setting: _Setting
) -> tuple[Span, ...]:
    position, end = where
    spans: list[Span] = []
    matcher = _Matcher(shape, setting.der)
    while position < end:
        if octets[position] == 0:
            spans.append(_zeros(octets, position, end, setting))
        elif isinstance(header := read_header(octets, position, end), Reason):
            spans.append(_unexpected(position, end, header))
        else:
            found, reason = matcher.match(header.tag, octets[header.begin : header.end])
            spans.append(_object(octets, header, found, (setting, reason)))
        position = spans[-1].end
    return tuple(spans)


def _zeros(octets: bytes, start: int, end: int, setting: _Setting) -> Span:
    if setting.der:
        return _unexpected(start, end, Reason.NO_OBJECT)
    after = start
    while after < end and octets[after] == 0:
        after += 1
    clause = "ISO/IEC 7816-4 5.2.2"
    return Span(start=start, end=after, part=Part.PADDING, name=Name.PADDING, clause=clause)


def _unexpected(start: int, end: int, reason: Reason) -> Span:
    # Nobody knows what they are, so they may be anything of the holder's.
    return Span(
        start=start,
        end=end,
        part=Part.UNEXPECTED,
        name=Name.UNEXPECTED,
        reason=reason,
        privacy=Privacy.PERSONAL,
    )


def _object(
    octets: bytes, header: Header, shape: Shape, around: tuple[_Setting, Reason | None]
) -> Span:
    outer, odd = around
    setting = outer.inside(shape)
    inner = _inner(octets, header, shape, setting)
    meaning, unreadable = _reading(octets[header.begin : header.end], shape)
    return Span(
        start=header.start,
        end=header.end,
        part=Part.OBJECT,
        name=shape.name,
        tag=header.tag,
        meaning=meaning,
        reason=odd or unreadable,
        clause=setting.clause,
        privacy=setting.privacy,
        children=(*_header_spans(header, shape, setting), *inner),
    )


def _header_spans(header: Header, shape: Shape, setting: _Setting) -> tuple[Span, Span]:
    # Text read as objects would show through as unknown tags and lengths.
    unknown = shape.name is Name.UNKNOWN and setting.privacy is not Privacy.PUBLIC
    privacy = Privacy.PERSONAL if unknown else Privacy.PUBLIC
    tag = Span(
        start=header.start,
        end=header.after_tag,
        part=Part.TAG,
        name=Name.TAG,
        clause=setting.clause,
        privacy=privacy,
    )
    length = Span(
        start=header.after_tag,
        end=header.begin,
        part=Part.LENGTH,
        name=Name.LENGTH,
        meaning=_said_length(header),
        clause=setting.clause,
        privacy=privacy,
    )
    return tag, length


def _said_length(header: Header) -> Phrase:
    octets = header.end - header.begin
    if not header.is_minimal:
        return Phrase(Says.LONG_LENGTH, (str(octets),))
    return Phrase(Says.ONE_OCTET) if octets == 1 else Phrase(Says.OCTETS, (str(octets),))


def _inner(octets: bytes, header: Header, shape: Shape, setting: _Setting) -> tuple[Span, ...]:
    where = header.begin, header.end
    if not (header.constructed or shape.opens):
        return _values(octets, where, shape, setting)
    if setting.depth >= DEPTH_MAX:
        leaf = _leaf(*where, shape.name, setting)
        return (replace(leaf, reason=Reason.TOO_DEEP),) if header.end > header.begin else ()
    if shape.lead is None or header.begin == header.end:
        return _contents(octets, where, shape, setting)
    lead_end = min(header.begin + shape.lead.octets, header.end)
    lead = _leaf(header.begin, lead_end, shape.lead.name, setting)
    return (lead, *_contents(octets, (lead_end, header.end), shape, setting))


def _values(
    octets: bytes, where: tuple[int, int], shape: Shape, setting: _Setting
) -> tuple[Span, ...]:
    start, end = where
    if start == end:
        return ()
    sizes = _sizes(shape.pieces, end - start)
    if not sizes:
        return (_leaf(start, end, Name.VALUE, setting),)
    spans = []
    for piece, size in zip(shape.pieces, sizes, strict=True):
        meaning = piece.read(octets[start : start + size]) if piece.read else None
        spans.append(replace(_leaf(start, start + size, piece.name, setting), meaning=meaning))
        start += size
    return tuple(spans)


def _sizes(pieces: tuple[Piece, ...], total: int) -> list[int]:
    """Return the octets of each piece, nothing when they do not fit the value."""
    rest = total - sum(piece.octets for piece in pieces)
    sizes = [piece.octets or rest for piece in pieces]
    return sizes if sum(sizes) == total and min(sizes, default=0) > 0 else []


def _leaf(start: int, end: int, name: Name, setting: _Setting) -> Span:
    return Span(
        start=start,
        end=end,
        part=Part.VALUE,
        name=name,
        clause=setting.clause,
        privacy=setting.privacy,
    )


def _reading(value: bytes, shape: Shape) -> tuple[Phrase | None, Reason | None]:
    if shape.read is None:
        return None, None
    meaning = shape.read(value)
    return meaning, Reason.UNREADABLE if meaning is None else None
