"""The examination of one card as a conversation: what to do with the card is asked, not done.

Whoever has the card drives it: a desk on its own reader, or a service whose card lies elsewhere.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TypeVar

from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import Flow
from cardservice.channel.transmission import completed
from cardservice.errors import CardServiceError
from cardservice.verify.examination import Examination
from cardservice.verify.ports import PresentedCard
from cardservice.verify.reading import CardReading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Send the card this encoded command; answer with its encoded response, SW included."""

    command: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reset:
    """Warm-reset the card; answer with its ATR, or with nothing where it is not to be had."""


Step = Exchange | Reset
Steps = Generator[Step, bytes, T]
"""Yields what to do with the card, is sent the answers, returns a result.

A step that failed is told by throwing a ``LinkError`` in.
"""

Examined = tuple[Examination, CardReading | None]
"""The verdict, or the problem that kept it from being one; and what was read, as received."""


class CommandCounter:
    """Counts the commands that were answered."""

    __slots__ = ("commands",)

    def __init__(self) -> None:
        self.commands = 0


def steps_of(flow: Flow[T], counter: CommandCounter) -> Steps[T]:
    """Return the result of ``flow``, which sees no 61XX or 6CXX, asking for each exchange.

    Raises:
        MalformedDataError: a response without a status word, or 61XX without end.
        CardServiceError: whatever the flow raises or was thrown in.
    """
    flow = completed(flow)
    try:
        command = next(flow)
        while True:
            response = ResponseAPDU.parse((yield Exchange(command.encode())))
            counter.commands += 1
            command = flow.send(response)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        flow.close()


def carry_out(steps: Steps[T], card: PresentedCard) -> T:
    """Do with ``card`` what ``steps`` ask for, and return their result."""
    try:
        step = next(steps)
        while True:
            try:
                answer = _do(step, card)
            except CardServiceError as error:
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        steps.close()


def _do(step: Step, card: PresentedCard) -> bytes:
    return card.reset() if isinstance(step, Reset) else card.exchange(step.command)
