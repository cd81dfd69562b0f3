"""The hands of a lane: its feeder, its reader, its bench and its printers; one job at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from cardservice.errors import Refusal
from cardservice.home.station_lane_bench import Bench
from cardservice.home.station_lane_feeding import Feeding
from cardservice.home.station_lane_messages import LanePlan
from cardservice.home.station_lane_meter import Meter, MeteredLink
from cardservice.home.station_lane_paper import Printers
from cardservice.personalization.jobs import Job, Outcome, Work
from cardservice.personalization.journal_calls import Call
from cardservice.personalization.lane_worker import Bin, JobDone, LaneFaultError
from cardservice.personalization.order import PreparedOrder
from cardservice.personalization.station import MadeCard
from cardservice.transport.budget import TimeBudgetLink
from cardservice.transport.link import CardLink
from cardservice.transport.registry import opener_of

LOOK_S: Final = 0.2
_ON_PAPER: Final = frozenset({Work.NEW_PIN, Work.NEW_CAN})  # what the holder must be told
"""So long is a feeder waited for before the station is told that it is not ready."""
_TELLING_CHIP: Final = frozenset({"life_of", "take_in_hand", "meet"})


class ChipWatch:
    """Calls to the journal, and the chip they were about last: for the faults that follow."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.chip: bytes | None = None

    def __call__(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Return what the journal says; raises as it does."""
        if name in _TELLING_CHIP and isinstance(arguments[0], bytes):
            self.chip = arguments[0]
        return self._call(name, arguments)


class LaneHands:
    """What a lane's process does when it is asked.

    Args:
        plan: the lane's.
        printing: told when a card is out of its link and printers take over.
        chips: the way to the journal, which knows the chip in hand.
    """

    def __init__(  # noqa: PLR0913 - what a lane stands on, by keyword
        self,
        plan: LanePlan,
        *,
        bench: Bench,
        feeding: Feeding,
        printers: Printers,
        printing: Callable[[], None],
        chips: ChipWatch,
    ) -> None:
        self._plan = plan
        self._bench = bench
        self._feeding = feeding
        self._printers = printers
        self._printing = printing
        self._open: Callable[[], CardLink] | None = None
        self.chips = chips

    def fetch(self) -> bool:
        """Return whether a card lies in the reader by now.

        Raises:
            LaneFaultError: ``hopper-empty``; FeederError, LinkError.
        """
        there = self._feeding.fetch(LOOK_S)
        if there is False:
            raise LaneFaultError("hopper-empty", "The feeder has no more blanks.")
        return bool(there)

    def let_go(self, bin_: Bin) -> bool:
        """Return whether the card is out of the reader by now; raises FeederError, LinkError."""
        return self._feeding.let_go(bin_, LOOK_S)

    def do(self, job: Job, prepared: PreparedOrder | None) -> JobDone:
        """Return the job, done with the card in the reader; raises as station and printers do."""
        self.chips.chip = None
        if job.work is Work.NEW_CARD:
            return self._make(job, prepared)
        return self._serve(job)

    def _make(self, job: Job, prepared: PreparedOrder | None) -> JobDone:
        order = prepared or job.order
        if order is None:
            raise Refusal("order-unfit", "The order of a new card says nothing of it.")
        self._printers.require_ready(job.order if prepared is None else prepared.order)
        began, meter = time.monotonic_ns(), Meter()
        with self._card(meter) as card:
            made = self._bench.maker.make(
                card, order, order_id=job.order_id, lane=self._plan.number
            )
        effort = meter.effort(time.monotonic_ns() - began)
        self._printing()
        self._printers.print_made(made)
        return JobDone(_outcome(job, made), effort)

    def _serve(self, job: Job) -> JobDone:
        service = self._bench.service
        if service is None:
            raise Refusal("order-unfit", "The central service makes new cards and nothing else.")
        self._require_paper(job.work)
        began, meter = time.monotonic_ns(), Meter()
        with self._card(meter) as card:
            served = service.do(card, job, lane=self._plan.number)
        effort = meter.effort(time.monotonic_ns() - began)
        if served.secrets is not None:
            self._printing()
            outcome = served.outcome
            self._printers.print_secrets(outcome.chip, served.secrets, number=outcome.number)
        return JobDone(served.outcome, effort)

    def _require_paper(self, work: Work) -> None:
        """Refuse to draw numbers that nobody would learn."""
        if work not in _ON_PAPER:
            return
        if not self._printers.prints_letters:
            raise Refusal("printer-missing", f"No printer tells the holder: {work}.")
        self._printers.require_ready(None)

    @contextmanager
    def _card(self, meter: Meter) -> Iterator[MeteredLink]:
        budget_s = self._plan.settings.card_time_budget_s
        if self._open is None:
            self._open = opener_of(self._plan.reader)
        budgeted = TimeBudgetLink(self._open(), budget_s, time.monotonic)
        link = MeteredLink(budgeted, meter, time.monotonic_ns)
        try:
            yield link
        finally:
            link.close()


def _outcome(job: Job, made: MadeCard) -> Outcome:
    return Outcome(
        order_id=job.order_id,
        work=job.work,
        chip=made.chip_serial,
        number=made.order.card_number,
        signed_at=made.signed_at,
        valid_until=made.order.expiry,
    )
