"""Cards that lie on somebody else's reader: what they are asked is handed out step by step.

The client carries octets and knows nothing of cards; keys and judgement stay here. A client may
send anything, or nothing more: every session ends, and then nothing of its card is kept.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique
from threading import Lock
from typing import Final

from cardservice.errors import CardRemovedError, LinkError, Refusal, TimeBudgetError
from cardservice.verify.examination import Examination
from cardservice.verify.examining import Examined, Reset, Step, Steps

MAX_ANSWER: Final = 65_544
"""Octets of one answer: the longest of extended length, its status word, and room to spare."""

MAX_COMMANDS: Final = 400  # the largest card of ours, its photo read in short blocks, takes 200
MAX_RESETS: Final = 4  # two are needed: a card without extended length that is also a copy
BUDGET_S: Final = 90.0  # for one card on its way through a network; a tap takes one second
_FIRST: Final = 1


@unique
class Failure(StrEnum):
    """Why a client could not do the step."""

    CARD_REMOVED = "card-removed"
    READER_FAILED = "reader-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a client is told.

    Attributes:
        step: number of the step; its answers are sent under it.
        reset: reset the card before the commands.
        commands: encoded, to be sent to the card in order; none when it is over.
        examination: what came of it, when it is over.
    """

    step: int
    reset: bool = False
    commands: tuple[bytes, ...] = field(default=(), repr=False)
    examination: Examination | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a client sends.

    Attributes:
        step: the step answered.
        answers: encoded responses, one a command; none with a failure.
        failure: why there are none.
    """

    step: int
    answers: tuple[bytes, ...] = field(repr=False)
    failure: Failure | None = None


class RelaySession:
    """One examination of one card; a client's steps are taken one at a time.

    Args:
        steps: the examination; closed when the session ends.
        timer: seconds that never go back.
        budget_s: seconds the card and its client may take in all.
    """

    __slots__ = (
        "_asked",
        "_budget_s",
        "_ended",
        "_last",
        "_reply",
        "_resets",
        "_started",
        "_steps",
        "_taking",
        "_timer",
    )

    def __init__(
        self,
        steps: Steps[Examined],
        *,
        timer: Callable[[], float],
        budget_s: float = BUDGET_S,
    ) -> None:
        self._steps = steps
        self._timer = timer
        self._budget_s = budget_s
        self._started = timer()
        self._asked = self._resets = 0
        self._last: bytes | None = None
        self._ended = False
        self._taking = Lock()
        self._reply = self._after(_FIRST, lambda: next(steps))

    @property
    def reply(self) -> Reply:
        """What the client was told last."""
        return self._reply

    @property
    def over(self) -> bool:
        """Whether there is a result, or the session was ended without one."""
        return self._ended

    def take(self, sent: Answers) -> Reply:
        """Return the next step, or what came of it; the last answers again, the same reply again.

        Raises:
            Refusal: ``step-wrong``: of another step, or other answers than were sent before;
                ``answers-wrong``: not one answer a command, too short or too long;
                ``session-unknown``: it is over.
        """
        with self._taking:
            if self._ended:
                raise unknown()
            digest = _digest(sent)
            if sent.step == self._reply.step - 1 and self._repeats(digest):
                return self._reply
            if sent.step != self._reply.step:
                raise Refusal("step-wrong", "This is not the step that waits for an answer.")
            _require_form(sent, len(self._reply.commands))
            self._last = digest
            self._reply = self._after(sent.step + 1, lambda: self._answer(sent))
            return self._reply

    def end(self) -> None:
        """Forget the card, at once or, while a step is being taken, right after it."""
        self._ended = True
        if self._taking.acquire(blocking=False):
            try:
                self._steps.close()
            finally:
                self._taking.release()

    def _repeats(self, digest: bytes) -> bool:
        return self._last is not None and secrets.compare_digest(self._last, digest)

    def _answer(self, sent: Answers) -> Step:
        error = self._error_of(sent)
        if error is not None:
            return self._steps.throw(error)
        return self._steps.send(sent.answers[0])

    def _error_of(self, sent: Answers) -> LinkError | None:
        if sent.failure is Failure.CARD_REMOVED:
            return CardRemovedError("the card was taken off the client's reader")
        if sent.failure is not None:
            return LinkError("the client's reader failed")
        if self._timer() - self._started > self._budget_s:
            return TimeBudgetError("card and client took longer than the time set aside for them")
        if self._asked >= MAX_COMMANDS or self._resets > MAX_RESETS:
            return TimeBudgetError("the card was asked more often than any card needs")
        return None

    def _after(self, number: int, go_on: Callable[[], Step]) -> Reply:
        """Go on to the next command; what is over is closed, whatever it ended with."""
        try:
            return self._next(number, go_on)
        except StopIteration as done:
            self._ended = True
            return Reply(step=number, examination=done.value[0])
        except BaseException:
            self._ended = True
            raise
        finally:
            if self._ended:
                self._steps.close()

    def _next(self, number: int, go_on: Callable[[], Step]) -> Reply:
        step, reset = go_on(), False
        while isinstance(step, Reset):
            reset = True
            self._resets += 1
            step = self._steps.send(b"")
        self._asked += 1
        return Reply(step=number, reset=reset, commands=(step.command,))


def unknown() -> Refusal:
    """Return the one answer to a session that never was, is over, or is another client's."""
    return Refusal("session-unknown", "There is no such session, or it is over. Begin a new one.")


def _digest(sent: Answers) -> bytes:
    """Return what tells two messages apart; the answers themselves are not kept for that."""
    digest = hashlib.sha256((sent.failure or "").encode())
    for one in sent.answers:
        digest.update(len(one).to_bytes(4))
        digest.update(one)
    return digest.digest()


def _require_form(sent: Answers, commands: int) -> None:
    expected = commands if sent.failure is None else 0
    if len(sent.answers) != expected or not _all_fit(sent.answers):
        raise Refusal("answers-wrong", "The answers are not those of a card to these commands.")


def _all_fit(answers: Sequence[bytes]) -> bool:
    return all(2 <= len(one) <= MAX_ANSWER for one in answers)
