"""Joins readers and examiner to the desk's state: event in, state out."""

import time
from collections.abc import Callable
from itertools import count
from threading import Lock

from cardservice.transport.events import (
    CardPresented,
    CardRemoved,
    ReaderAdded,
    ReaderEvent,
    ReaderRemoved,
    ReaderWatch,
    ServiceLost,
    ServiceRestored,
)
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.ports import Examiner
from cardservice.web.desk.examining import examine_at
from cardservice.web.desk.holds import Holds
from cardservice.web.desk.hub import DeskHub, number_not_asked
from cardservice.web.desk.state import DeskState, ReaderState, Trouble
from cardservice.web.desk.typed import TypedNumber
from cardservice.web.desk.worker import ReaderWorker, Turn

Clock = Callable[[], float]
ReaderChange = Callable[[ReaderState], ReaderState]


class DeskRunner:
    """Follows the readers from ``start`` to ``stop``.

    ``hold_s`` is how many seconds a verdict stays after the card left; with 0 it goes with
    the card, so that the next person at the desk never sees it.
    """

    def __init__(
        self,
        *,
        hub: DeskHub,
        watch: ReaderWatch,
        examiner: Examiner,
        hold_s: float = 0.0,
        clock: Clock = time.monotonic,
    ) -> None:
        self._hub = hub
        self._watch = watch
        self._examiner = examiner
        self._holds = Holds(hold_s)
        self._clock = clock
        self._numbers = count(1)
        self._workers: dict[str, ReaderWorker] = {}
        self._leaving: list[ReaderWorker] = []
        self._one_event = Lock()

    def start(self) -> None:
        """Start to follow; readers and cards that are there already are reported first."""
        self._hub.numbers_go_to(self._take_number)
        self._watch.start(self._on_event)

    def stop(self) -> None:
        """Stop following, end the threads within a bounded time, end every subscription."""
        self._hub.numbers_go_to(None)
        self._watch.stop()
        self._holds.end_all()
        workers = [*self._workers.values(), *self._leaving]
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()
        self._hub.close()

    def _on_event(self, event: ReaderEvent) -> None:
        with self._one_event:  # Events of several readers come from several threads.
            self._take(event)

    def _take(self, event: ReaderEvent) -> None:
        match event:
            case ReaderAdded():
                self._change(event.reader, lambda known: known)
            case ReaderRemoved():
                self._reader_removed(event.reader)
            case CardPresented():
                self._card_presented(event)
            case CardRemoved():
                self._card_removed(event.reader)
            case ServiceLost():
                trouble = Trouble(event.message, event.remedy)
                self._hub.update(lambda desk: desk.out_of_reach(trouble))
            case ServiceRestored():
                self._hub.update(DeskState.in_reach)

    def _card_presented(self, event: CardPresented) -> None:
        self._holds.end(event.reader)
        number = next(self._numbers)
        self._change(event.reader, lambda known: known.with_card(number, event.at))
        if event.atr:
            self._worker(event.reader).submit(Turn(number))
        else:  # The card did not answer to reset: there is nobody to talk to.
            self._judged(event.reader, number, Examination(problem=Problem.CARD_MUTE))

    def _card_removed(self, reader: str) -> None:
        hold = self._holds.wanted
        state = self._change(reader, lambda known: known.without_card(hold=hold))
        if state.lifted:
            self._holds.begin(reader, lambda: self._hold_over(reader, state.presentation))

    def _reader_removed(self, reader: str) -> None:
        self._holds.end(reader)
        self._hub.update(lambda desk: desk.without_reader(reader))
        worker = self._workers.pop(reader, None)
        if worker is not None:
            worker.stop()
            self._leaving = [one for one in (*self._leaving, worker) if one.alive]

    def _take_number(self, typed: TypedNumber) -> None:
        with self._one_event:  # No card leaves or comes between the look and the deed.
            known = self._hub.state.reader(typed.reader)
            if known is None or known.with_number(typed.presentation) == known:
                raise number_not_asked()
            self._change_known(typed.reader, lambda one: one.with_number(typed.presentation))
            self._worker(typed.reader).submit(Turn(typed.presentation, typed.can))

    def _worker(self, reader: str) -> ReaderWorker:
        known = self._workers.get(reader)
        if known is None:
            known = ReaderWorker(reader, lambda turn: self._examine(reader, turn))
            self._workers[reader] = known
        return known

    def _examine(self, reader: str, turn: Turn) -> None:
        state = self._hub.state.reader(reader)
        if state is None or not state.reads(turn.presentation):
            return  # The card left before its turn came.
        result = examine_at(lambda: self._watch.open(reader), self._examiner, can=turn.can)
        self._judged(reader, turn.presentation, result)

    def _judged(self, reader: str, number: int, result: Examination) -> None:
        at = self._clock()
        self._change_known(reader, lambda known: known.with_result(number, result, at))

    def _hold_over(self, reader: str, number: int) -> None:
        self._change_known(reader, lambda known: known.after_hold(number))

    def _change(self, reader: str, change: ReaderChange) -> ReaderState:
        changed = ReaderState(reader=reader)

        def apply(desk: DeskState) -> DeskState:
            nonlocal changed
            changed = change(desk.reader(reader) or changed)
            return desk.with_reader(changed)

        self._hub.update(apply)
        return changed

    def _change_known(self, reader: str, change: ReaderChange) -> None:
        def apply(desk: DeskState) -> DeskState:
            known = desk.reader(reader)
            return desk if known is None else desk.with_reader(change(known))

        self._hub.update(apply)
