"""Conversations told to people: commands by name, objects as trees, status words in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from simulators.card.apdu import parse_command
from simulators.card.status import SW_OCTETS
from simulators.trace.explaining import explain, explain_status
from simulators.trace.names import MESSAGING_TAGS, application_name, tag_names
from simulators.trace.objects import PlacedObject, is_constructed, placed_objects
from simulators.trace.pieces import Pieces, length_of
from simulators.trace.place import Follower, Protection, protection_of
from simulators.trace.public import runs, shows_status, visible_in_answer, visible_in_command

_DEPTH_MAX: Final = 12
"""Policy cards nest four deep, certificates ten; more is noise made to fill the memory."""

_INDENT: Final = "  "
_BODY: Final = _INDENT * 4
_TEXT_OCTETS_MIN: Final = 3


@dataclass(frozen=True, slots=True)
class View:
    """Octets, and which of them may be shown. Hidden ones may be unknown, then they are zeros."""

    octets: bytes = field(repr=False)
    seen: bytes | bytearray = field(repr=False)

    def text(self, start: int = 0, end: int | None = None) -> str:
        """Return the octets from start to end in hexadecimal, hidden ones as their number."""
        parts, position = [], start
        for visible, length in runs(self.seen[start:end]):
            part = self.octets[position : position + length]
            parts.append(part.hex().upper() if visible else f"‹{length} masked›")
            position += length
        return "".join(parts)

    def shows(self, start: int, end: int) -> bool:
        """Return whether all octets from start to end may be shown."""
        return all(self.seen[start:end])


def all_of(octets: bytes) -> View:
    """Return a view that hides nothing."""
    return View(octets, b"\x01" * len(octets))


def view_of(pieces: Pieces, opened: list[bytes | None]) -> View:
    """Return the view of recorded pieces; what was opened is shown."""
    octets, seen = bytearray(), bytearray()
    for piece, known in zip(pieces, opened, strict=True):
        octets += bytes(piece.length) if known is None else known
        seen += bytes((known is not None,)) * piece.length
    return View(bytes(octets), seen)


def too_long(pieces: Pieces, most: int) -> bool:
    """Return whether the pieces say they are longer than any APDU."""
    return length_of(pieces) > most


class Teller:
    """Tells the commands of one session in order."""

    def __init__(self, *, masked: bool = True) -> None:
        self._masked = masked
        self._number = 0
        self._follower = Follower()

    def command(self, octets: bytes, answer: bytes | None) -> Iterator[str]:
        """Tell a command of a log; None: the log has no answer."""
        sent = View(octets, visible_in_command(octets)) if self._masked else all_of(octets)
        yield from self.viewed(sent, None if answer is None else self._answer(octets, answer))

    def viewed(self, sent: View, answer: View | None) -> Iterator[str]:
        """Tell a command and its answer, of which views are given."""
        self._number += 1
        words = explain(sent.octets, self._follower)
        protected = "" if words.protection is Protection.NONE else f"  [{words.protection.value}]"
        yield f"{self._number:>5}  {f'{words.name}  {words.about}'.rstrip()}{protected}"
        yield f"{_BODY}> {sent.text()}"
        names = self._tags(sent)
        yield from _tree(sent, _data_of(sent), names)
        if answer is None:
            yield f"{_BODY}< no answer"
        else:
            yield f"{_BODY}< {answer.text()}{_status(answer)}"
            yield from _tree(answer, (0, max(0, len(answer.octets) - SW_OCTETS)), names)
        self._follower.follow(parse_command(sent.octets), None if answer is None else answer.octets)

    def reset(self, what: str) -> Iterator[str]:
        """Tell that the card starts afresh."""
        self._number += 1
        self._follower.reset()
        yield f"{self._number:>5}  {what}"

    def _answer(self, sent: bytes, answer: bytes) -> View:
        if self._masked:
            return View(answer, visible_in_answer(sent, answer, self._follower))
        return all_of(answer)

    @staticmethod
    def _tags(sent: View) -> Mapping[int, str]:
        command = parse_command(sent.octets)
        if command is None:
            return {}
        if protection_of(command.cla) is Protection.ISO:
            return MESSAGING_TAGS
        return tag_names(command.ins)


def _data_of(sent: View) -> tuple[int, int]:
    command = parse_command(sent.octets)
    if command is None or not command.data:
        return 0, 0
    start = len(command.header) + len(command.lc_field)
    return start, start + len(command.data)


def _status(answer: View) -> str:
    end = len(answer.octets)
    if end < SW_OCTETS or not answer.shows(end - SW_OCTETS, end):
        return ""
    if not shows_status(answer.octets):
        return ""
    return f"  {explain_status(answer.octets)['meaning']}"


def _tree(view: View, span: tuple[int, int], names: Mapping[int, str]) -> Iterator[str]:
    """Tell the objects in the span; nothing when it is no sequence of objects with known tags."""
    objects = placed_objects(view.octets, *span)
    if any(one.tag in names for one in objects):
        yield from _branches(view, objects, names, 0)


def _branches(
    view: View, objects: list[PlacedObject], names: Mapping[int, str], depth: int
) -> Iterator[str]:
    for one in objects:
        if not view.shows(one.start, one.value_start):
            continue
        margin = _BODY + _INDENT * (depth + 2)
        name = f" {names[one.tag]}" if one.tag in names else ""
        inner = _inside(view, one) if depth < _DEPTH_MAX else []
        value = "" if inner or not one.length else f": {_value(view, one)}"
        yield f"{margin}{one.tag:02X}{name} ({one.length}){value}"
        yield from _branches(view, inner, names, depth + 1)


def _inside(view: View, one: PlacedObject) -> list[PlacedObject]:
    """Return the objects in a constructed one, none when its inside may not be shown at all."""
    if not is_constructed(one.tag) or not any(view.seen[one.value_start : one.end]):
        return []
    return placed_objects(view.octets, one.value_start, one.end)


def _value(view: View, one: PlacedObject) -> str:
    text = view.text(one.value_start, one.end)
    octets = view.octets[one.value_start : one.end]
    if not view.shows(one.value_start, one.end) or len(octets) < _TEXT_OCTETS_MIN:
        return text
    readable = _readable(octets)
    return f"{text} “{readable}”" if readable else text


def _readable(octets: bytes) -> str:
    """Return the octets as text, "" when they are none that a terminal can show safely."""
    if octets.isascii():
        name = application_name(octets)
        return name if name != octets.hex().upper() else ""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""
