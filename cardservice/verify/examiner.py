"""The desk's use case: one presented card, read within its bounds, judged."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cardservice.channel.pace import WrongPasswordError
from cardservice.channel.reading import PROTECTED_BLOCK
from cardservice.domain.verdict import ProtocolName
from cardservice.errors import (
    CardRemovedError,
    CardServiceError,
    LinkError,
    PeerError,
    TimeBudgetError,
    UsageError,
)
from cardservice.verify.access import CardAccessNumber, Enrolment, NewScalar
from cardservice.verify.card_files import AccessRefusedError, NotAPolicyCardError
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.examining import (
    CommandCounter,
    Examined,
    Reset,
    Steps,
    carry_out,
    steps_of,
)
from cardservice.verify.experience import Experience, ExtendedLengthRefusedError
from cardservice.verify.findings import ChipProof
from cardservice.verify.judging import Judge
from cardservice.verify.ports import PresentedCard
from cardservice.verify.reading import (
    CardReading,
    ChipNotProvedError,
    NewEphemeralKey,
    read_card,
    read_plainly,
)

_PROBLEMS: Final[tuple[tuple[type[CardServiceError], Problem], ...]] = (
    (NotAPolicyCardError, Problem.NOT_A_POLICY_CARD),
    (AccessRefusedError, Problem.ACCESS_REFUSED),
    (WrongPasswordError, Problem.CAN_WRONG),
    (TimeBudgetError, Problem.CARD_TOO_SLOW),
    (CardRemovedError, Problem.CARD_REMOVED),
    (LinkError, Problem.READER_FAILED),
    (PeerError, Problem.CARD_UNREADABLE),
)


class CardExaminer:
    """Reads and judges presented cards; one object serves every reader of a desk.

    Args:
        judge: what makes a verdict of a reading.
        new_ephemeral: makes a fresh P-256 key for one chip authentication.
        new_scalar: from a group's order n to a fresh secret 1..n-1, for PACE.
        enrolment: what this desk shows a card that does not let everybody read.
        timer: seconds that never go back.
        experience: what was learned of cards so far; of its own unless given.
    """

    def __init__(  # noqa: PLR0913 - what a desk stands on, all by keyword
        self,
        judge: Judge,
        *,
        new_ephemeral: NewEphemeralKey,
        new_scalar: NewScalar | None = None,
        enrolment: Enrolment | None = None,
        timer: Callable[[], float] = time.perf_counter,
        experience: Experience | None = None,
    ) -> None:
        self._judge = judge
        self._new_ephemeral = new_ephemeral
        self._new_scalar = new_scalar
        self._enrolment = enrolment
        self._timer = timer
        self._experience = Experience() if experience is None else experience

    def examine(
        self, card: PresentedCard, *, can: str | None = None, photo: bool = False
    ) -> Examination:
        """Return the verdict on the card, or the problem that kept it from one.

        With ``can``, the six digits printed on the card, it is opened by PACE first. The photo
        is read on demand only.
        Never raises for anything that a card or a reader did. The time a card may take is the
        link's affair (``transport.budget``).
        """
        return self.examine_with_reading(card, can=can, photo=photo)[0]

    def examine_with_reading(
        self, card: PresentedCard, *, can: str | None = None, photo: bool = False
    ) -> Examined:
        """Return the same with what was read, as received; None when a problem kept it from us."""
        return carry_out(self.examining(card.atr, can=can, photo=photo), card)

    def examining(
        self, atr: bytes, *, can: str | None = None, photo: bool = False
    ) -> Steps[Examined]:
        """Return the same as a conversation for whoever has the card, just reset, before them.

        Args:
            atr: a hint at what cards of its kind can do; wrong or empty costs commands only.
            can: six digits, if the card is to be opened with them.
            photo: whether the photo is wanted.

        The conversation never ends in an error for what was sent or thrown in; the time a card
        may take is the affair of who drives it, told by throwing a ``TimeBudgetError`` in.
        """
        started, counter = self._timer(), CommandCounter()
        reading: CardReading | None = None
        try:
            wish = _Wish(atr, self._access_number(can), photo)
            reading = yield from self._read(counter, wish)
            examination = self._judge.judge(reading)
        except CardServiceError as error:
            examination = Examination(problem=_problem_of(error))
        elapsed_ms = (self._timer() - started) * 1000
        return replace(examination, elapsed_ms=elapsed_ms, commands=counter.commands), reading

    def _read(self, counter: CommandCounter, wish: "_Wish") -> Steps[CardReading]:
        try:
            return (yield from self._read_in_blocks(counter, wish))
        except ChipNotProvedError:
            yield Reset()
            return (yield from _read_unproved(counter, wish))

    def _read_in_blocks(self, counter: CommandCounter, wish: "_Wish") -> Steps[CardReading]:
        """Read in the largest blocks that card and reader are known to take, or else in short ones.

        A reader that cannot carry an extended command reports some error of the line.
        """
        block = self._experience.for_card(wish.atr)
        try:
            return (yield from self._read_once(counter, wish, block))
        except (CardRemovedError, TimeBudgetError):
            raise
        except (ExtendedLengthRefusedError, LinkError):
            if block == PROTECTED_BLOCK:
                raise
        self._experience.refuse_extended(wish.atr)
        yield Reset()
        return (yield from self._read_once(counter, wish, PROTECTED_BLOCK))

    def _read_once(self, counter: CommandCounter, wish: "_Wish", block: int) -> Steps[CardReading]:
        flow = read_card(
            self._new_ephemeral,
            enrolment=self._enrolment,
            can=wish.can,
            photo=wish.photo,
            block=block,
            shows_at_once=self._experience.asks_for_terminal(wish.atr),
        )
        reading = yield from steps_of(flow, counter)
        demanded = ProtocolName.TERMINAL_AUTHENTICATION in reading.ran
        self._experience.learn_demand(wish.atr, demanded=demanded)
        return reading

    def _access_number(self, can: str | None) -> CardAccessNumber | None:
        if can is None:
            return None
        if self._new_scalar is None:
            raise UsageError("this desk was given no source of secrets for PACE")
        return CardAccessNumber(can, self._new_scalar)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is known of the card beforehand, and what the clerk asked for beyond the texts."""

    atr: bytes
    can: CardAccessNumber | None
    photo: bool


def _read_unproved(counter: CommandCounter, wish: _Wish) -> Steps[CardReading]:
    """Read what a copy lets be read; one that lets nothing be read is a copy all the same."""
    try:
        flow = read_plainly(can=wish.can, photo=wish.photo)
        reading = yield from steps_of(flow, counter)
    except AccessRefusedError:
        reading = CardReading()
    return replace(reading, chip=ChipProof.FAILED)


def _problem_of(error: CardServiceError) -> Problem:
    return next(
        (problem for kind, problem in _PROBLEMS if isinstance(error, kind)),
        Problem.CARD_UNREADABLE,
    )
