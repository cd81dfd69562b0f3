"""The desk's use case: one presented card, read within its bounds, judged."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cardservice.channel.flow import Observation, drive
from cardservice.errors import (
    CardRemovedError,
    CardServiceError,
    LinkError,
    PeerError,
    TimeBudgetError,
)
from cardservice.verify.card_files import AccessRefusedError, NotAPolicyCardError
from cardservice.verify.examination import Examination, Problem
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
        timer: seconds that never go back.
    """

    def __init__(
        self,
        judge: Judge,
        *,
        new_ephemeral: NewEphemeralKey,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._judge = judge
        self._new_ephemeral = new_ephemeral
        self._timer = timer

    def examine(self, card: PresentedCard) -> Examination:
        """Return the verdict on the card, or the problem that kept it from one.

        Never raises for anything that a card or a reader did. The time a card may take is the
        link's affair (``transport.budget``).
        """
        return self.examine_with_reading(card)[0]

    def examine_with_reading(self, card: PresentedCard) -> tuple[Examination, CardReading | None]:
        """Return the same with what was read, as received; None when a problem kept it from us."""
        started, counter = self._timer(), _Counter()
        reading: CardReading | None = None
        try:
            reading = self._read(card, counter)
            examination = self._judge.judge(reading)
        except CardServiceError as error:
            examination = Examination(problem=_problem_of(error))
        elapsed_ms = (self._timer() - started) * 1000
        return replace(examination, elapsed_ms=elapsed_ms, commands=counter.commands), reading

    def _read(self, card: PresentedCard, counter: "_Counter") -> CardReading:
        try:
            return drive(read_card(self._new_ephemeral), card.exchange, observe=counter)
        except ChipNotProvedError:
            card.reset()
            reading = drive(read_plainly(), card.exchange, observe=counter)
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
