"""What may be shown of a map: the one place that masks."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulators.cardmap.comparing import Side
from simulators.cardmap.spans import MappedOctets, Part, Phrase, Privacy, Span
from simulators.cardmap.words import Label, Name

MASKED_OCTET = "··"
_SPELLED_OUT_MAX = 8
_SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Field:
    """A span with its way through the tree."""

    depth: int
    span: Span
    path: tuple[str, ...]

    @property
    def breadcrumb(self) -> str:
        """``62 owner › 5F21 surname › length``."""
        return _SEPARATOR.join(self.path)


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows maps. Personal values are masked unless ``unmasked``; pictures' octets never show."""

    unmasked: bool = False

    def is_masked(self, span: Span) -> bool:
        """Whether the octets of a leaf are hidden."""
        return span.privacy is Privacy.PICTURE or (
            span.privacy is Privacy.PERSONAL and not self.unmasked
        )

    def octets(self, mapped: MappedOctets, span: Span) -> str:
        """Return the octets of a leaf in hex, two digits each, or as many dots."""
        if not self.is_masked(span):
            return mapped.octets(span).hex(" ").upper()
        if len(span) > _SPELLED_OUT_MAX:
            return f"{MASKED_OCTET} × {len(span)}"
        return " ".join([MASKED_OCTET] * len(span))

    def meaning(self, span: Span) -> Phrase | None:
        """Return the value in plain words, or that it is masked."""
        if span.meaning is None or span.privacy is Privacy.PUBLIC or self.unmasked:
            return span.meaning
        return Phrase(Label.MASKED)

    def title(self, span: Span) -> str:
        """Return tag and name; the tag of an unknown object is as private as its octets."""
        hidden = span.name is Name.UNKNOWN and self.is_masked(span)
        if span.tag is None or hidden:
            return span.name
        return f"{span.tag:02X} {span.name}"

    def fields(self, span: Span) -> Iterator[Field]:
        """Yield all below ``span`` in the order of the octets."""
        return self._below(span, 0, ())

    def _below(self, span: Span, depth: int, path: tuple[str, ...]) -> Iterator[Field]:
        for child in span.children:
            way = (*path, self.title(child))
            yield Field(depth, child, way)
            yield from self._below(child, depth + 1, way)

    def value(self, side: Side) -> str:
        """Return one side of a comparison: in words, else in hex, masked when it is private."""
        if side.mapped is None or side.span is None:
            return str(side.meaning or "")
        span, mapped = side.span, side.mapped
        if (meaning := self.meaning(span)) is not None:
            return str(meaning)
        if any(self.is_masked(leaf) for leaf in _value_leaves(span)):
            return Label.MASKED
        return mapped.octets(span).hex(" ").upper()


def _value_leaves(span: Span) -> Iterator[Span]:
    return (leaf for leaf in span.leaves() if leaf.part not in {Part.TAG, Part.LENGTH})
