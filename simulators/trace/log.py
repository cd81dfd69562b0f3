"""Explaining logs: raw APDU logs in any usual form, and our own traces. Total over any octets."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from simulators.trace.file import LINE_CHARACTERS_MAX
from simulators.trace.log_lines import Found, LogLines, What
from simulators.trace.pieces import join, shown
from simulators.trace.records import Entry, Header, Kind, MalformedRecordError, Masking, decode
from simulators.trace.sealing import TraceKeys, keys_of
from simulators.trace.telling import Teller, too_long, view_of

LOG_OCTETS_MAX: Final = 64 * 2**20
"""What is read of a log; a day of a busy desk has a tenth of it."""

APDU_OCTETS_MAX: Final = 65_544
"""The longest command APDU of ISO 7816-3: header, extended Lc, 65,535 octets, Le."""

_LINE_TOO_LONG: Final = "too long for a line of a log"
_APDU_TOO_LONG: Final = "longer than any APDU"


def decode_log(
    stream: BinaryIO,
    *,
    masking: Masking = Masking.PERSONAL,
    cells: Mapping[str, bytes] | None = None,
) -> Iterator[str]:
    """Yield the lines of the explanation.

    What is not public is masked unless ``masking`` is NONE. With NONE and ``cells``, the memory of
    the recorded card, masked octets of a trace are opened. Lines that are not understood are named
    by their number, never quoted.
    """
    explainer = _Explainer(masked=masking is not Masking.NONE, cells=cells)
    for line, text in _bounded_lines(stream):
        if text is None:
            yield from explainer.skip(line, _LINE_TOO_LONG)
        elif text.lstrip().startswith("{"):
            yield from explainer.record(line, text)
        else:
            yield from explainer.log_line(line, text)
    yield from explainer.end()


class _Explainer:
    """Puts what is found in order: answers to commands, traces by session, skipped lines by run."""

    def __init__(self, *, masked: bool, cells: Mapping[str, bytes] | None) -> None:
        self._masked = masked
        self._cells = cells
        self._lines = LogLines()
        self._teller = Teller(masked=masked)
        self._sessions: dict[str, tuple[Teller, TraceKeys | None]] = {}
        self._waiting: bytes | None = None
        self._skipped: tuple[int, int, str] | None = None

    def log_line(self, line: int, text: str) -> Iterator[str]:
        yield from self._take(self._lines.read(line, text))

    def end(self) -> Iterator[str]:
        yield from self._take(self._lines.end())
        yield from self._settle()
        yield from self._name_skipped()

    def skip(self, line: int, reason: str) -> Iterator[str]:
        if self._skipped is not None and self._skipped[1:] == (line - 1, reason):
            self._skipped = self._skipped[0], line, reason
            return
        yield from self._name_skipped()
        self._skipped = line, line, reason

    def record(self, line: int, text: str) -> Iterator[str]:
        """Tell a line of a trace."""
        try:
            record = decode(text)
        except MalformedRecordError as error:
            yield from self.skip(line, f"no line of a trace, {error}")
            return
        yield from self._name_skipped()
        if isinstance(record, Header):
            yield self._begin(record)
        elif any(too_long(one, APDU_OCTETS_MAX) for one in (record.sent, record.answer or ())):
            yield from self.skip(line, _APDU_TOO_LONG)
        else:
            yield from self._tell(record)

    def _begin(self, header: Header) -> str:
        opens = self._cells is not None and not self._masked
        keys = keys_of(self._cells, header.salt) if opens and self._cells else None
        self._sessions[header.session] = Teller(masked=self._masked), keys
        when = header.recorded if header.recorded.isprintable() else "?"
        place = header.interface or "unknown interface"
        return f"Session of {when[:40]}, {place}, ATR {header.atr.hex().upper()}"

    def _tell(self, entry: Entry) -> Iterator[str]:
        teller, keys = self._sessions.setdefault(entry.session, (Teller(), None))
        answer = entry.answer
        if entry.kind is not Kind.COMMAND:
            yield from teller.reset(f"{entry.kind.value}  {shown(answer or ())}".rstrip())
            return
        sent = view_of(entry.sent, join(entry.sent, keys, entry.places[0]))
        if answer is None:
            yield from teller.viewed(sent, None)
            return
        yield from teller.viewed(sent, view_of(answer, join(answer, keys, entry.places[1])))

    def _take(self, found: list[Found]) -> Iterator[str]:
        for one in found:
            if one.what is What.SKIPPED:
                yield from self.skip(one.line, one.reason)
            elif len(one.octets) > APDU_OCTETS_MAX:
                yield from self.skip(one.line, _APDU_TOO_LONG)
            else:
                yield from self._settle() if one.what is not What.ANSWER else ()
                yield from self._name_skipped()
                yield from self._understood(one)

    def _understood(self, found: Found) -> Iterator[str]:
        if found.what is What.COMMAND:
            self._waiting = found.octets
        elif found.what is What.ATR:
            yield from self._teller.reset(f"ATR  {found.octets.hex().upper()}")
        elif self._waiting is None:
            yield from self.skip(found.line, "an answer without a command before it")
        else:
            command, self._waiting = self._waiting, None
            yield from self._teller.command(command, found.octets)

    def _settle(self) -> Iterator[str]:
        """Tell a command whose answer never came."""
        command, self._waiting = self._waiting, None
        if command is not None:
            yield from self._teller.command(command, None)

    def _name_skipped(self) -> Iterator[str]:
        skipped, self._skipped = self._skipped, None
        if skipped is not None:
            first, last, reason = skipped
            lines = f"line {first}" if first == last else f"lines {first} to {last}"
            yield f"{lines} skipped: {reason}"


def _bounded_lines(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Yield numbered lines, None for one that is too long; stop where a log is too long."""
    left, number = LOG_OCTETS_MAX, 0
    while left > 0 and (line := stream.readline(LINE_CHARACTERS_MAX)):
        number += 1
        left -= len(line)
        complete = line.endswith(b"\n") or len(line) < LINE_CHARACTERS_MAX
        while not complete and left > 0:
            rest = stream.readline(LINE_CHARACTERS_MAX)
            left -= len(rest)
            complete = not rest or rest.endswith(b"\n")
            line = b""
        yield number, line.decode("utf-8", "replace") if line else None
