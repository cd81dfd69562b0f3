"""Where the lines of a trace go."""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from simulators.trace.errors import TraceError
from simulators.trace.records import Header, MalformedRecordError, Record, decode, encode

_OWNER_ONLY: Final = 0o600
_FIRST_LINE_MAX: Final = 4_096


class TraceSink(Protocol):
    """Takes what a recording says, line by line."""

    def take(self, record: Record, /) -> None:
        """Keep one line. It must not raise: the conversation goes on whatever becomes of it."""


class ListSink:
    """Keeps the lines in memory: for tests."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def take(self, record: Record, /) -> None:
        """Keep one line."""
        self.records.append(record)


class JsonLinesSink:
    """A file for its owner alone, each line in it before the card's answer goes on its way.

    Several sessions may write to one sink, also at the same time.
    """

    def __init__(self, path: Path | str, *, append: bool = False) -> None:
        """Open the file.

        Raises:
            TraceError: it exists and ``append`` was not asked for, it is no trace, or the place
                cannot be written.
        """
        self.path = Path(path)
        self._lock = threading.Lock()
        self._problem: str | None = None
        if append and self.path.exists():
            _check_is_trace(self.path)
        flags = os.O_APPEND if append else os.O_EXCL
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | flags, _OWNER_ONLY)
        except FileExistsError:
            raise TraceError(
                f"{self.path} exists", remedy="choose another name, or ask for appending"
            ) from None
        except OSError as error:
            raise _unwritable(self.path, error.strerror) from error
        self._stream = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")

    def take(self, record: Record, /) -> None:
        """Write one line. After a failure nothing more is written; ``close`` says so."""
        with self._lock:
            if self._problem is not None:
                return
            try:
                self._stream.write(encode(record) + "\n")
                self._stream.flush()
            except (OSError, ValueError) as error:
                self._problem = str(error)

    def close(self) -> None:
        """Close the file.

        Raises:
            TraceError: a line could not be written, so the trace ends too early.
        """
        with self._lock:
            problem = self._problem
            try:
                self._stream.close()
            except OSError as error:
                problem = problem or error.strerror
        if problem is not None:
            raise _unwritable(self.path, problem)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _check_is_trace(path: Path) -> None:
    """Refuse to append to a file that is something else, or whose last line was cut off."""
    try:
        with path.open("rb") as stream:
            first = stream.readline(_FIRST_LINE_MAX)
            ended = not first or _ends_with_line_end(path)
    except OSError as error:
        raise _unwritable(path, error.strerror) from error
    try:
        is_trace = not first or isinstance(decode(first.decode("utf-8", "replace")), Header)
    except MalformedRecordError:
        is_trace = False
    if not is_trace:
        raise TraceError(f"{path} is no trace that can go on", remedy="choose another name")
    if not ended:
        raise TraceError(
            f"{path}: the last line was cut off", remedy="delete it, or choose another name"
        )


def _ends_with_line_end(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def _unwritable(path: Path, reason: str | None) -> TraceError:
    return TraceError(
        f"{path} cannot be written ({reason})", remedy="choose a place with room you may write to"
    )
