"""The floor: all lanes of a station, its jobs, its journal, and what an operator may do.

One thread a lane, one that fills the jobs in hand, one that tells of outcomes. Lanes wait for
neither registry nor each other; what they share is small and locked for moments.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cardservice.personalization.floor_board import Board
from cardservice.personalization.floor_book import Counts, JobBook
from cardservice.personalization.floor_lane import FloorLane
from cardservice.personalization.floor_parts import Ending, Shop, is_bound
from cardservice.personalization.floor_supply import Supply, SupplyPlan
from cardservice.personalization.floor_telling import Teller, Telling
from cardservice.personalization.jobs import JobSource
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lane_life import LaneEvent
from cardservice.personalization.lane_worker import LaneWorker
from cardservice.personalization.lanes import StationView, StockView
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.personalization.self_check_clock import CLOCK_WRONG

LAST_TELLING_S: Final = 10.0
"""At its end a station tries so long to tell of the last cards; the journal keeps the rest."""

_NS_PER_S: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorParts:
    """What a floor stands on.

    Attributes:
        name: of the station.
        begun: orders begun before the station was started anew.
        clock: aware times, for display.
        monotonic_ns: a clock that never jumps; leases and rates go by it.
        prepare: makes of an order what can be made before a chip is there.
        stock: the blanks of this station.
        may_begin: asked before each card; raises Refusal when no card may be begun now.
        clock_seen: told when a person goes on after the clock had stopped the lanes.
        patience_s: how long whoever has nothing to do sleeps before it looks again.
    """

    name: str
    journal: StationJournal
    source: JobSource
    teller: Teller
    plan: SupplyPlan
    clock: Callable[[], datetime]
    monotonic_ns: Callable[[], int]
    begun: Iterable[str] = ()
    prepare: Callable[[CardOrder], PreparedOrder] = field(default=prepare)
    stock: Callable[[], StockView] = field(default=StockView)
    may_begin: Callable[[], None] = field(default=lambda: None)
    clock_seen: Callable[[], None] = field(default=lambda: None)
    patience_s: float = 1.0


class Floor:
    """All lanes of a station; a ``FloorControl``. ``start`` it, ``wait`` for its end."""

    def __init__(self, workers: Sequence[LaneWorker], parts: FloorParts) -> None:
        """Take the lanes, numbered from 1; nothing moves before ``start``."""
        journal = parts.journal
        self._parts = parts
        self._book = JobBook(
            is_bound=lambda order_id: is_bound(journal, order_id), noticed=self._noticed
        )
        self.supply = Supply(
            parts.source,
            self._book,
            journal,
            plan=parts.plan,
            now_s=lambda: parts.monotonic_ns() / _NS_PER_S,
        )
        self.supply.ask_for(parts.begun)
        self.telling = Telling(parts.teller)
        self._board = Board(parts.name, clock=parts.clock, facts=self._facts)
        self._shop = Shop(
            journal=journal,
            book=self._book,
            board=self._board,
            prepare=parts.prepare,
            fetch=parts.source.again,
            clock=parts.clock,
            monotonic_ns=parts.monotonic_ns,
            halt=self._halt,
            outcome=self._outcome,
            dropped=self.supply.dropped,
            may_begin=parts.may_begin,
            patience_s=parts.patience_s,
        )
        self._supply_due, self._telling_due = threading.Event(), threading.Event()
        self._closing = threading.Event()
        self.lanes = [FloorLane(at, one, self._shop) for at, one in enumerate(workers, start=1)]
        self._running = {lane.number for lane in self.lanes}
        self._threads = [_thread(self._run, lane) for lane in self.lanes]
        self._helpers = [
            _thread(self._keep, self.tick_supply, self._supply_due),
            _thread(self._keep, self.tick_telling, self._telling_due),
        ]

    @property
    def view(self) -> StationView:
        """The station as it is now."""
        return self._board.view

    @property
    def counts(self) -> Counts:
        """What became of the jobs."""
        return self._book.counts

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` after each change, from any thread; return what ends that."""
        return self._board.subscribe(changed)

    def pause(self, lane: int | None = None) -> None:
        """Let the card in hand be finished and take no other."""
        for one in self._chosen(lane):
            one.pause()

    def resume(self, lane: int | None = None) -> None:
        """Go on after a pause, or after somebody looked at what had stopped the lane."""
        chosen = self._chosen(lane)
        if any(one.view.code == CLOCK_WRONG for one in chosen):
            self._parts.clock_seen()
        for one in chosen:
            one.resume()

    def skip(self, lane: int) -> None:
        """Give the lane another job; the one in hand goes back, or waits for its card."""
        for one in self._chosen(lane):
            one.wish(LaneEvent.SKIP)

    def repeat(self, lane: int) -> None:
        """Try the job in hand once more, with the card that is in the reader."""
        for one in self._chosen(lane):
            one.wish(LaneEvent.REPEAT)

    def finish(self) -> None:
        """Take no more jobs; stop when the cards in hand are done."""
        self._end(Ending.FINISH)

    def stop(self) -> None:
        """Stop after the cards that are being written; wait for nobody to put one back."""
        self._end(Ending.STOP)

    def start(self) -> None:
        """Let the lanes work."""
        for thread in (*self._helpers, *self._threads):
            thread.start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Return True once all lanes are closed, False when that took too long.

        What nobody began is given back then, and the last outcomes are told, if the registry
        answers; if not, its lease runs out, and the journal keeps the outcomes.
        """
        with self._book.changed:
            if not self._book.changed.wait_for(lambda: not self._running, timeout_s):
                return False
        self._closing.set()
        self._supply_due.set()
        self._telling_due.set()
        for thread in self._helpers:
            thread.join(LAST_TELLING_S)
        self._board.change(finished=True)
        return True

    def tick_supply(self) -> float:
        """Fill the jobs in hand; return seconds until something may be due again."""
        before = self.supply.code
        pause_s = self.supply.tick()
        if self.supply.code != before:
            self._board.change()
        is_done = self.supply.is_dry and not self._book.counts.in_hand
        if is_done and self._shop.ending is Ending.NO:
            self.finish()
        if is_done and not self.view.finished:
            self._board.change(finished=True)
        return pause_s

    def tick_telling(self) -> float:
        """Tell of outcomes; return seconds until it is to be tried again unasked."""
        pause_s = self.telling.tick()
        # Always: what came about meanwhile may be shown already, as not told of yet.
        self._board.change()
        return pause_s

    def _end(self, ending: Ending) -> None:
        if self._shop.ending is not Ending.STOP:
            self._shop.ending = ending
        self.supply.close()

    def _chosen(self, lane: int | None) -> Sequence[FloorLane]:
        return [one for one in self.lanes if lane in (None, one.number)]

    def _halt(self, code: str) -> None:
        for lane in self.lanes:
            lane.halt(code)

    def _outcome(self) -> None:
        self.telling.added()
        self._telling_due.set()

    def _noticed(self) -> None:
        self._supply_due.set()
        self._board.change()

    def _facts(self) -> Mapping[str, Any]:
        return {
            "waiting": self._book.waiting,
            "untold": self.telling.untold,
            "source_code": self.supply.code or self.telling.code,
            "stock": self._parts.stock(),
        }

    def _keep(self, tick: Callable[[], float], due: threading.Event) -> None:
        """Do ``tick`` whenever it is due, and once more when the lanes are closed."""
        while not self._closing.is_set():
            due.clear()
            due.wait(tick())
        tick()

    def _run(self, lane: FloorLane) -> None:
        try:
            while lane.turn():
                pass
        finally:
            lane.close()
            with self._book.changed:
                self._running.discard(lane.number)
                self._book.changed.notify_all()


def _thread(target: Callable[..., None], *arguments: object) -> threading.Thread:
    # A daemon: what hangs in a reader or a registry must not keep a finished station alive.
    return threading.Thread(target=target, args=arguments, daemon=True)
