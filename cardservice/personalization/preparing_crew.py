"""Processes that answer octets with octets; one that dies is noticed and another takes its place.

A process has one piece of work in hand at a time, so neither side ever waits for the other to
read while it writes. The processes hold nothing that must not be lost: they may be ended at once.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final, Protocol, Self

from cardservice.errors import Refusal

Answer = Callable[[bytes], bytes]
Recruit = Callable[[], Answer]
"""Makes what answers, in the process that will: a function of a module, or ``partial`` of one."""

_READY: Final = b""
_SPAWN: Final = get_context("spawn")  # a fork would take locks and sockets of threads along
_BROKEN: Final = 1  # exit status; nobody looks at it
_LEAVING_S: Final = 5.0  # for a process that was told to end; then it is killed


class Hands(Protocol):
    """What a batch needs of a crew."""

    @property
    def free(self) -> bool: ...

    def give(self, ticket: int, octets: bytes) -> None: ...

    def collect(self, timeout_s: float | None = None) -> "Sequence[Answered]": ...


class CrewFailedError(Refusal):
    """A process ended before it could take anything: another would fare no better."""

    def __init__(self) -> None:
        sentence = "A process for this work does not start; look at memory and installation."
        super().__init__("worker-not-started", sentence)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a piece of work; ``octets`` are None: the process that had it died."""

    ticket: int
    octets: bytes | None = field(repr=False)


@dataclass(slots=True)
class _Member:
    """A process; ``ticket`` is what it has in hand."""

    process: SpawnProcess
    connection: "Connection[bytes, bytes]"
    ready: bool = False
    ticket: int | None = None

    @property
    def idle(self) -> bool:
        return self.ready and self.ticket is None


class Crew:
    """So many processes that do the same work; give it back with ``close`` or ``with``.

    Args:
        recruit: called in each process once.
        count: of processes, 1 or more.
    """

    def __init__(self, recruit: Recruit, count: int) -> None:
        self._recruit = recruit
        self._members: list[_Member] = []
        try:
            for _ in range(count):
                self._members.append(self._hire())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def free(self) -> bool:
        """Whether a process waits for work; one that is starting does not yet."""
        return any(one.idle for one in self._members)

    def give(self, ticket: int, octets: bytes) -> None:
        """Let a free process answer ``octets``; ``collect`` will tell, under that ticket."""
        member = next(one for one in self._members if one.idle)
        member.ticket = ticket
        try:
            member.connection.send_bytes(octets)
        except OSError:
            return  # it died meanwhile: its end of the line says so at the next collect

    def collect(self, timeout_s: float | None = None) -> list[Answered]:
        """Return what was answered meanwhile, waiting up to that long for a first sign of life.

        Args:
            timeout_s: 0: do not wait; None: as long as it takes. A process that became free is
                a sign too, so the list may be empty.

        Raises:
            CrewFailedError: a process could not be started.
        """
        heard = set(wait([one.connection for one in self._members], timeout_s))
        found = [self._hear(one) for one in tuple(self._members) if one.connection in heard]
        return [one for one in found if one is not None]

    def close(self) -> None:
        """End all processes. Harmless when repeated."""
        for member in self._members:
            member.process.terminate()
        while self._members:
            _dismiss(self._members.pop())

    def _hear(self, member: _Member) -> Answered | None:
        try:
            octets: bytes | None = member.connection.recv_bytes()
        except (EOFError, OSError):
            self._replace(member)
            octets = None
        ticket, member.ready, member.ticket = member.ticket, True, None
        return None if ticket is None else Answered(ticket, octets)

    def _replace(self, member: _Member) -> None:
        if not member.ready:
            raise CrewFailedError from None
        self._members.remove(member)
        _dismiss(member)
        self._members.append(self._hire())

    def _hire(self) -> _Member:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs, self._recruit), daemon=True)
        with _without_interrupts():
            process.start()
        theirs.close()
        return _Member(process, ours)


def cores() -> int:
    """Return how many processes this one may have running at the same time."""
    return len(os.sched_getaffinity(0))


def _dismiss(member: _Member) -> None:
    member.connection.close()
    member.process.join(_LEAVING_S)
    if member.process.is_alive():
        member.process.kill()
        member.process.join()
    member.process.close()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let what is started meanwhile never see Ctrl-C: whoever started it ends it in good order."""
    resource_tracker.ensure_running()  # when it is started later, it lets interrupts in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: "Connection[bytes, bytes]", recruit: Recruit) -> None:
    """Answer until nobody asks any more."""
    try:
        answer = recruit()
        connection.send_bytes(_READY)
        while True:
            connection.send_bytes(answer(connection.recv_bytes()))
    except (EOFError, OSError):
        return
    except Exception:  # noqa: BLE001 - a traceback could show whose data were in hand
        os._exit(_BROKEN)
