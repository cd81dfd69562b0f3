"""Sans-I/O conversations: a flow yields commands, is sent responses, returns a result."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.transmission import completed

T = TypeVar("T")
Flow = Generator[CommandAPDU, ResponseAPDU, T]
Exchange = Callable[[bytes], bytes]


class Protection(Protocol):
    """What stands between a flow and the line: a session that wraps and unwraps in turn."""

    def wrap(self, command: CommandAPDU) -> CommandAPDU:
        """Return ``command`` protected.

        Raises:
            AuthenticationError: the session is closed.
        """
        ...

    def unwrap(self, response: ResponseAPDU) -> ResponseAPDU:
        """Return the plain response to the command wrapped last.

        Raises:
            AuthenticationError: the protection does not verify; the session is closed for good.
        """
        ...


@dataclass(frozen=True, slots=True)
class Observation:
    """One exchange as a trace or a counter may know it: lengths and codes, never contents."""

    cla: int
    ins: int
    p1: int
    p2: int
    nc: int
    ne: int
    nr: int
    sw: int


Observer = Callable[[Observation], None]


def drive(flow: Flow[T], exchange: Exchange, *, observe: Observer | None = None) -> T:
    """Run ``flow`` over ``exchange`` and return its result; the flow sees no 61XX or 6CXX.

    Args:
        flow: the conversation; closed on every way out, so its ``finally`` clauses run.
        exchange: one encoded command in, one encoded response out.
        observe: told of each exchange after the response came, without contents.

    Raises:
        MalformedDataError: a response without a status word, or 61XX without end.
        CardServiceError: whatever the flow or the exchange raises.
    """
    flow = completed(flow)
    try:
        command = next(flow)
        while True:
            response = ResponseAPDU.parse(exchange(command.encode()))
            if observe is not None:
                observe(_observation(command, response))
            command = flow.send(response)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        flow.close()


def protect(flow: Flow[T], protection: Protection) -> Flow[T]:
    """Run ``flow`` under ``protection``: wrap what it yields, unwrap what it is sent.

    A failure of the protection ends the flow; it is not offered to the flow to handle, because
    nothing can be said over a dead session.

    Raises:
        AuthenticationError: a response whose protection does not verify, or a closed session.
    """
    try:
        command = next(flow)
        while True:
            response = protection.unwrap((yield protection.wrap(command)))
            command = flow.send(response)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        flow.close()


def send(command: CommandAPDU) -> Flow[ResponseAPDU]:
    """Send one command; return its response, whatever the status word."""
    return (yield command)


def _observation(command: CommandAPDU, response: ResponseAPDU) -> Observation:
    return Observation(
        cla=command.cla,
        ins=command.ins,
        p1=command.p1,
        p2=command.p2,
        nc=len(command.data),
        ne=command.ne,
        nr=len(response.data),
        sw=response.sw,
    )
