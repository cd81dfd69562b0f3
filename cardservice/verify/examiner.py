"""The desk's use case: one presented card, read within its bounds, judged."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cardservice.channel.flow import Observation, drive
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
    """

    def __init__(
        self,
        judge: Judge,
        *,
        new_ephemeral: NewEphemeralKey,
        new_scalar: NewScalar | None = None,
        enrolment: Enrolment | None = None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._judge = judge
        self._new_ephemeral = new_ephemeral
        self._new_scalar = new_scalar
        self._enrolment = enrolment
        self._timer = timer
        self._experience = Experience()

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
    ) -> tuple[Examination, CardReading | None]:
        """Return the same with what was read, as received; None when a problem kept it from us."""
        started, counter = self._timer(), _Counter()
        reading: CardReading | None = None
        try:
            wish = _Wish(self._access_number(can), photo)
            reading = self._read(card, counter, wish)
            examination = self._judge.judge(reading)
        except CardServiceError as error:
            examination = Examination(problem=_problem_of(error))
        elapsed_ms = (self._timer() - started) * 1000
        return replace(examination, elapsed_ms=elapsed_ms, commands=counter.commands), reading

    def _read(self, card: PresentedCard, counter: "_Counter", wish: "_Wish") -> CardReading:
        try:
            return self._read_in_blocks(card, counter, wish)
        except ChipNotProvedError:
            card.reset()
            return _read_unproved(card, counter, wish)

    def _read_in_blocks(
        self, card: PresentedCard, counter: "_Counter", wish: "_Wish"
    ) -> CardReading:
        """Read in the largest blocks that card and reader are known to take, or else in short ones.

        A reader that cannot carry an extended command reports some error of the line.
        """
        atr = card.atr
        block = self._experience.for_card(atr)
        try:
            return self._drive(card, counter, wish, block)
        except (CardRemovedError, TimeBudgetError):
            raise
        except (ExtendedLengthRefusedError, LinkError):
            if block == PROTECTED_BLOCK:
                raise
        self._experience.refuse_extended(atr)
        card.reset()
        return self._drive(card, counter, wish, PROTECTED_BLOCK)

    def _drive(
        self, card: PresentedCard, counter: "_Counter", wish: "_Wish", block: int
    ) -> CardReading:
        atr = card.atr
        flow = read_card(
            self._new_ephemeral,
            enrolment=self._enrolment,
            can=wish.can,
            photo=wish.photo,
            block=block,
            shows_at_once=self._experience.asks_for_terminal(atr),
        )
        reading = drive(flow, card.exchange, observe=counter)
        demanded = ProtocolName.TERMINAL_AUTHENTICATION in reading.ran
        self._experience.learn_demand(atr, demanded=demanded)
        return reading

    def _access_number(self, can: str | None) -> CardAccessNumber | None:
        if can is None:
            return None
        if self._new_scalar is None:
            raise UsageError("this desk was given no source of secrets for PACE")
        return CardAccessNumber(can, self._new_scalar)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the clerk asked for beyond the texts."""

    can: CardAccessNumber | None
    photo: bool


def _read_unproved(card: PresentedCard, counter: "_Counter", wish: _Wish) -> CardReading:
    """Read what a copy lets be read; one that lets nothing be read is a copy all the same."""
    try:
        flow = read_plainly(can=wish.can, photo=wish.photo)
        reading = drive(flow, card.exchange, observe=counter)
    except AccessRefusedError:
        reading = CardReading()
    return replace(reading, chip=ChipProof.FAILED)


class _Counter:
    """Counts commands; sees neither their octets nor the answers'."""

    def __init__(self) -> None:
        self.commands = 0

    def __call__(self, _: Observation) -> None:
        self.commands += 1


def _problem_of(error: CardServiceError) -> Problem:
    return next(
        (problem for kind, problem in _PROBLEMS if isinstance(error, kind)),
        Problem.CARD_UNREADABLE,
    )
