"""Lines of APDU logs as people have them, one by one.

Understood: ``>> … << …`` and other arrows, ``APDU: … SW: …`` (pcscd), ``C-APDU R-APDU``,
``Sending: … Received (SW1=0x90, SW2=0x00)`` with a dump (opensc-tool), ``Outgoing APDU (n bytes):``
with a dump (OpenSC's debug log), ``> …`` and ``<  [] 90 0`` (pyscard), ``A>> T=1 (4+0007) …``
(GlobalPlatformPro), ``ATR: …`` (pcsc_scan), and bare hexadecimal lines in turn.
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from simulators.card.apdu import parse_command
from simulators.card.status import SW_OCTETS
from simulators.trace.names import is_known_command

_LEAD: Final = 120
"""How far into a line a mark is looked for: time, process and source stand before it."""

_COMMAND_MARKS: Final = r"A?>{2,3}|-{1,2}>|=>|>|C-?APDU|APDU|Command|Sending|Sent|TX"
_ANSWER_MARKS: Final = r"A?<{2,3}|<-{1,2}|<=|<|R-?APDU|SW|Response|Received|RX"
_MARK: Final = re.compile(
    rf"(?<![\w-])(?:(?P<command>{_COMMAND_MARKS})|(?P<answer>{_ANSWER_MARKS}))(?![A-Za-z-])\s*:?",
    re.IGNORECASE,
)
_ATR: Final = re.compile(r"\bATR\b\s*[:=]?", re.IGNORECASE)
_RECEIVED: Final = re.compile(
    r"Received \(SW1=0x([0-9A-F]{2}), SW2=0x([0-9A-F]{2})\)(:?)", re.IGNORECASE
)
_COUNTED: Final = re.compile(
    r"(Outgoing|Incoming) APDU(?: data)? [\[(]\s*(\d{1,6}) bytes", re.IGNORECASE
)
_ASIDE: Final = re.compile(r"\[\d{0,8}\]|\([^()]{0,80}\)|\bT=[01]\b|0x", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[\s,\[\]{}]+")
_WITH_COLONS: Final = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+")
_COMMENT: Final = re.compile(r"\s(?::|;|#|//)\s")
_HEX: Final = re.compile(r"[0-9A-Fa-f]+")
_DUMPED_PAIRS: Final = 16
_PAIR_COLUMNS: Final = 3
_DUMP_WIDTH: Final = _DUMPED_PAIRS * _PAIR_COLUMNS
_PRINTABLE: Final = range(0x20, 0x7F)
_CLASSES: Final = frozenset({*range(0x20), *range(0x80, 0xA1)})
_BLANKS: Final = " \t\r\n"
"""Nothing else is passed over in silence, whatever Unicode calls a space."""

_SHORTEST_COMMAND: Final = 4

NOT_UNDERSTOOD: Final = "neither hexadecimal nor a form of log known here"
TOO_SHORT: Final = "too few octets for a command or an answer"
NO_COMMAND: Final = "a bare line that looks like no command"


class What(Enum):
    """What a line of a log was found to be."""

    COMMAND = "command"
    ANSWER = "answer"
    ATR = "ATR"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a log: octets, or why a line was skipped. ``line`` counts from 1."""

    what: What
    line: int
    octets: bytes = field(default=b"", repr=False)
    reason: str = ""


@dataclass(slots=True)
class _Dump:
    """An APDU over several lines: how many octets are still to come (None: not said), and SW."""

    what: What
    line: int
    missing: int | None
    sw: bytes = b""
    octets: bytearray = field(default_factory=bytearray, repr=False)
    wrapped: bool = False
    """An APDU after a mark, which goes on in bare lines (scriptor), and no dump with characters."""

    def take(self, text: str) -> bool:
        """Take a line of the dump; return False for a line that is none."""
        if self.missing == 0:
            return False
        part = hex_octets(text) if self.wrapped else _dumped(text, self.missing)
        self.octets += part
        if self.missing is not None:
            self.missing -= len(part)
        return bool(part)

    def found(self) -> Found:
        return Found(self.what, self.line, bytes(self.octets) + self.sw)


class LogLines:
    """Reads a log line by line; what is found comes when it is complete."""

    def __init__(self) -> None:
        self._dump: _Dump | None = None
        self._answer_is_next = False

    def read(self, line: int, text: str) -> list[Found]:
        """Return what this line completes."""
        if self._dump is not None and self._dump.take(text):
            return self.end() if self._dump.missing == 0 else []
        found = self.end()
        stripped = text.strip(_BLANKS)
        if stripped and not stripped.startswith(("#", "//")):
            found += self._read(line, stripped)
        for one in found:
            if one.what is not What.SKIPPED:
                self._answer_is_next = one.what is What.COMMAND
        return found

    def end(self) -> list[Found]:
        """Return what the end of the log completes."""
        dump, self._dump = self._dump, None
        if dump is None:
            return []
        self._answer_is_next = dump.what is What.COMMAND
        return [dump.found()]

    def _read(self, line: int, text: str) -> list[Found]:
        if self._opens_dump(line, text):
            return []
        if octets := hex_octets(text):
            return [self._bare(line, octets)]
        lead = text[:_LEAD]
        if atr := _ATR.search(lead):
            return [_or_skipped(What.ATR, line, hex_octets(text[atr.end() :]))]
        mark = _MARK.search(lead)
        if mark is None:
            return [Found(What.SKIPPED, line, reason=NOT_UNDERSTOOD)]
        what = What.COMMAND if mark["command"] else What.ANSWER
        octets = hex_octets(text[mark.end() :])
        if len(octets) < SW_OCTETS:
            return [_or_skipped(what, line, octets)]
        self._dump = _Dump(what, line, None, octets=bytearray(octets), wrapped=True)
        return []

    def _bare(self, line: int, octets: bytes) -> Found:
        """Bare lines take turns; a command is followed by its answer."""
        if len(octets) < (SW_OCTETS if self._answer_is_next else _SHORTEST_COMMAND):
            return Found(What.SKIPPED, line, reason=TOO_SHORT)
        if self._answer_is_next:
            return Found(What.ANSWER, line, octets)
        if not _looks_like_command(octets):
            return Found(What.SKIPPED, line, reason=NO_COMMAND)
        return Found(What.COMMAND, line, octets)

    def _opens_dump(self, line: int, text: str) -> bool:
        if received := _RECEIVED.search(text[:_LEAD]):
            sw = bytes.fromhex(received[1] + received[2])
            self._dump = _Dump(What.ANSWER, line, None if received[3] else 0, sw)
            return True
        if counted := _COUNTED.search(text[: 2 * _LEAD]):
            outgoing = counted[1].lower() == "outgoing"
            what = What.COMMAND if outgoing else What.ANSWER
            self._dump = _Dump(what, line, int(counted[2]))
            return True
        return False


def hex_octets(text: str) -> bytes:
    """Return the octets of a hexadecimal text in any usual dress; none when it is something else.

    pyscard writes ``90 0`` for 9000: where all stands in pairs, a single digit has lost its zero.
    """
    bare = _ASIDE.sub(" ", _COMMENT.split(text, maxsplit=1)[0]).strip(" :=\t\r\n")
    if _WITH_COLONS.fullmatch(bare):
        return bytes.fromhex(bare.replace(":", ""))
    tokens = [token for token in _SEPARATORS.split(bare) if token]
    if any(len(token) == 1 for token in tokens) and all(len(token) <= 2 for token in tokens):
        tokens = [token.zfill(2) for token in tokens]
    joined = "".join(tokens)
    if len(joined) % 2 or not _HEX.fullmatch(joined) or not joined.isascii():
        return b""
    return bytes.fromhex(joined)


def _looks_like_command(octets: bytes) -> bool:
    """Return whether a bare line can be a command.

    Headers are shown in clear, so data of a file must not pass for one. Texts and objects of
    policy cards begin with octets that are no class.
    """
    command = parse_command(octets)
    is_class = octets[0] in _CLASSES
    return command is not None and is_class and is_known_command(command.ins)


def _or_skipped(what: What, line: int, octets: bytes) -> Found:
    if len(octets) < SW_OCTETS:
        reason = TOO_SHORT if octets else NOT_UNDERSTOOD
        return Found(What.SKIPPED, line, reason=reason)
    return Found(what, line, octets)


def _dumped(text: str, missing: int | None) -> bytes:
    """Return the octets of one line of a dump; the column of characters after them is left out."""
    most = _DUMPED_PAIRS if missing is None else min(_DUMPED_PAIRS, missing)
    line = text.rstrip("\r\n")
    if missing is None:
        # How many pairs there are is told by the characters after them, which must say the same.
        for pairs in (len(line) // (_PAIR_COLUMNS + 1), len(line) - _DUMP_WIDTH):
            octets = _pairs(line, pairs)
            if 0 < pairs <= most and octets and line.endswith(_column(octets)):
                return octets
    return _pairs(line, most)


def _pairs(line: str, most: int) -> bytes:
    """Return the octets that begin the line, at most so many."""
    octets = bytearray()
    for token in line.split()[: max(0, most)]:
        if len(token) != _PAIR_COLUMNS - 1 or not _HEX.fullmatch(token) or not token.isascii():
            break
        octets += bytes.fromhex(token)
    return bytes(octets)


def _column(octets: bytes) -> str:
    """Return the characters that a dump shows beside these octets."""
    return "".join(chr(one) if one in _PRINTABLE else "." for one in octets)
