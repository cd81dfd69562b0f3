"""Reading traces back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.trace.errors import TraceError
from simulators.trace.records import (
    Entry,
    Header,
    Kind,
    MalformedRecordError,
    OtherVersionError,
    Record,
    decode,
)

LINE_CHARACTERS_MAX: Final = 400_000
"""An answer of 65,538 octets takes 131,076 characters in clear, 87,500 sealed; the rest is room."""

TRACE_OCTETS_MAX: Final = 256 * 2**20
"""Ten thousand taps fit; more is not read, so that nothing fills the memory."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One session: its header, and its events in order."""

    header: Header
    entries: tuple[Entry, ...]

    @property
    def commands(self) -> tuple[Entry, ...]:
        """The events that are commands."""
        return tuple(one for one in self.entries if one.kind is Kind.COMMAND)


def read_traces(path: Path | str) -> tuple[Trace, ...]:
    """Return the sessions in the file, in the order of their headers; there is at least one.

    Raises:
        TraceError: no such file, no trace, or damaged; the message names the line.
    """
    place = Path(path)
    try:
        if place.stat().st_size > TRACE_OCTETS_MAX:
            raise TraceError(
                f"{place} is longer than {TRACE_OCTETS_MAX} octets", remedy="record shorter ones"
            )
        with place.open(encoding="utf-8", errors="replace", newline="\n") as stream:
            return _sessions(place, _bounded_lines(stream.readline))
    except OSError as error:
        raise TraceError(
            f"{place} cannot be read ({error.strerror})", remedy="name the file of a trace"
        ) from error


def traces_of(records: Iterable[Record]) -> tuple[Trace, ...]:
    """Return the sessions in records that a sink kept, in the order of their headers."""
    gathered = _Gathered()
    for record in records:
        gathered.add(record)
    return gathered.traces()


class _Gathered:
    """Sessions so far, each with its events."""

    def __init__(self) -> None:
        self._sessions: dict[str, tuple[Header, list[Entry]]] = {}

    def add(self, record: Record) -> None:
        if isinstance(record, Header):
            if record.session in self._sessions:
                raise MalformedRecordError("this session began before")
            self._sessions[record.session] = record, []
            return
        known = self._sessions.get(record.session)
        if known is None:
            raise MalformedRecordError("its session has no header")
        if record.number != len(known[1]) + 1:
            raise MalformedRecordError(f"event {len(known[1]) + 1} should stand here")
        known[1].append(record)

    def traces(self) -> tuple[Trace, ...]:
        return tuple(Trace(header, tuple(entries)) for header, entries in self._sessions.values())


def _sessions(place: Path, lines: Iterator[str]) -> tuple[Trace, ...]:
    gathered = _Gathered()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            gathered.add(decode(line))
        except OtherVersionError as error:
            raise TraceError(
                f"{place}, line {number}: {error}",
                remedy="use the version of the program that wrote it",
            ) from None
        except MalformedRecordError as error:
            raise _unreadable(place, number, error) from None
    if traces := gathered.traces():
        return traces
    raise TraceError(f"{place} is empty", remedy="name the file of a trace")


def _unreadable(place: Path, number: int, error: MalformedRecordError) -> TraceError:
    if number == 1:
        return TraceError(
            f"{place} is no trace ({error})",
            remedy="name the file of a trace; for other logs there is `cardsim decode`",
        )
    return TraceError(
        f"{place}, line {number} is damaged ({error})",
        remedy=f"delete line {number} and all after it to replay what came before",
    )


def _bounded_lines(readline: Callable[[int], str]) -> Iterator[str]:
    """Yield the lines; one that is too long comes in parts, none of which is a line of a trace."""
    while line := readline(LINE_CHARACTERS_MAX):
        yield line
