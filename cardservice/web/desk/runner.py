"""Joins readers and examiner to the desk's state: event in, state out."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from threading import Lock

from cardservice.desk.presentations import Report
from cardservice.printing.photo_png import png_apart
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
from cardservice.verify.ports import DeskExaminer
from cardservice.web.desk.begun import Begun
from cardservice.web.desk.ending import ended, past_of, presentation_of
from cardservice.web.desk.examining import examine_at
from cardservice.web.desk.holds import Holds
from cardservice.web.desk.hub import Change, DeskHub, number_not_asked, photo_not_offered
from cardservice.web.desk.midnight import Midnight
from cardservice.web.desk.parts import Moments, clock_moment
from cardservice.web.desk.photos import WITHHELD, ToPng, looked_again, photo_of
from cardservice.web.desk.state import DeskState, PhotoPhase, PhotoState, ReaderState, Trouble
from cardservice.web.desk.typed import PhotoWish, TypedNumber
from cardservice.web.desk.worker import ReaderWorker, Turn

Clock = Callable[[], float]
ReaderChange = Callable[[ReaderState], ReaderState]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRules:
    """How photos are come by, which is a matter of who works at this desk.

    Attributes:
        never: none is read, whoever asks: a place that has no need of faces.
        always: each card's photo is read after its verdict, without being asked for.
        to_png: makes what a browser is shown of what a card holds.
    """

    always: bool = False
    never: bool = False
    to_png: ToPng = png_apart

    @property
    def first(self) -> PhotoState:
        """Return what there is of the photo of a card that just came."""
        return WITHHELD if self.never else PhotoState()


ON_DEMAND = PhotoRules()


class DeskRunner:
    """Follows the readers from ``start`` to ``stop``.

    Args:
        hub: takes the states.
        watch: tells of readers and cards.
        examiner: reads and judges; asked once more for a photo.
        hold_s: seconds a verdict stays after the card left; with 0 it goes with the card, so
            that the next person at the desk never sees it.
        clock: monotonic seconds.
        report: takes each presentation once it is over; None: nobody is told.
        moments: the desk's own time.
        photos: whether each photo is read unasked.
    """

    def __init__(  # noqa: PLR0913 - what a desk stands on, all by keyword
        self,
        *,
        hub: DeskHub,
        watch: ReaderWatch,
        examiner: DeskExaminer,
        hold_s: float = 0.0,
        clock: Clock = time.monotonic,
        report: Report | None = None,
        moments: Moments = clock_moment,
        photos: PhotoRules = ON_DEMAND,
    ) -> None:
        self._hub = hub
        self._watch = watch
        self._examiner = examiner
        self._holds = Holds(hold_s)
        self._clock = clock
        self._report = report
        self._moments = moments
        self._photos = photos
        self._midnight = Midnight(self._new_day)
        self._numbers = count(1)
        self._workers: dict[str, ReaderWorker] = {}
        self._leaving: list[ReaderWorker] = []
        self._one_event = Lock()

    def start(self) -> None:
        """Start to follow; readers and cards that are there already are reported first."""
        self._hub.numbers_go_to(self._take_number)
        self._hub.photo_wishes_go_to(self._take_photo_wish)
        self._hub.reports_go_to(self._report)
        self._midnight.start()
        self._watch.start(self._on_event)

    def stop(self) -> None:
        """Stop following, end the threads within a bounded time, end every subscription."""
        self._hub.numbers_go_to(None)
        self._hub.photo_wishes_go_to(None)
        self._watch.stop()
        self._holds.end_all()
        self._midnight.stop()
        workers = [*self._workers.values(), *self._leaving]
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()
        self._update(lambda desk: replace(desk, readers=(), aside=None))
        self._hub.reports_go_to(None)
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
                self._update(lambda desk: desk.out_of_reach(trouble))
            case ServiceRestored():
                self._hub.update(DeskState.in_reach)

    def _card_presented(self, event: CardPresented) -> None:
        self._holds.end(event.reader)
        number, begun = next(self._numbers), Begun(moment=self._moments())
        self._change(
            event.reader,
            lambda known: known.with_card(number, event.at, begun=begun, photo=self._photos.first),
            lambda desk: replace(desk, aside=None),
        )
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
        self._update(lambda desk: desk.without_reader(reader))
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
        if turn.photo:
            self._read_photo(reader, turn)
            return
        state = self._hub.state.reader(reader)
        if state is None or not state.reads(turn.presentation):
            return  # The card left before its turn came.
        result = examine_at(lambda: self._watch.open(reader), self._examiner, can=turn.can)
        self._judged(reader, turn.presentation, result)
        if self._photos.always:
            self._change_known(reader, lambda known: known.with_photo_coming(turn.presentation))
            self._read_photo(reader, turn)

    def _take_photo_wish(self, wish: PhotoWish) -> None:
        with self._one_event:  # No card leaves or comes between the look and the deed.
            known = self._hub.state.reader(wish.reader)
            if known is None or known.with_photo_coming(wish.presentation) == known:
                raise photo_not_offered()
            self._change_known(wish.reader, lambda one: one.with_photo_coming(wish.presentation))
            self._worker(wish.reader).submit(Turn(wish.presentation, wish.can, photo=True))

    def _read_photo(self, reader: str, turn: Turn) -> None:
        state = self._hub.state.reader(reader)
        first = None if state is None else state.examination
        if state is None or first is None or state.presentation != turn.presentation:
            return  # The card left before its turn came.
        if state.photo.phase is not PhotoPhase.COMING:
            return
        again = examine_at(
            lambda: self._watch.open(reader), self._examiner, can=turn.can, photo=True
        )
        photo = photo_of(first, again, self._photos.to_png)
        self._change_known(
            reader, lambda known: looked_again(known, turn.presentation, again, photo)
        )

    def _judged(self, reader: str, number: int, result: Examination) -> None:
        at = self._clock()
        self._change_known(reader, lambda known: known.with_result(number, result, at))

    def _hold_over(self, reader: str, number: int) -> None:
        self._change_known(reader, lambda known: known.after_hold(number))

    def _new_day(self, day: date) -> None:
        self._hub.update(lambda desk: replace(desk, history=desk.history.of_day(day)))

    def _change(
        self, reader: str, change: ReaderChange, besides: Change = lambda desk: desk
    ) -> ReaderState:
        changed = ReaderState(reader=reader)

        def apply(desk: DeskState) -> DeskState:
            nonlocal changed
            changed = change(desk.reader(reader) or changed)
            return besides(desk.with_reader(changed))

        self._update(apply)
        return changed

    def _change_known(self, reader: str, change: ReaderChange) -> None:
        def apply(desk: DeskState) -> DeskState:
            known = desk.reader(reader)
            return desk if known is None else desk.with_reader(change(known))

        self._update(apply)

    def _update(self, change: Change) -> None:
        """Change the state; presentations that are over with it are remembered and reported."""
        over: tuple[ReaderState, ...] = ()

        def apply(desk: DeskState) -> DeskState:
            nonlocal over
            changed = change(desk)
            over = ended(desk, changed)
            past = [past_of(one, one.begun) for one in over if one.begun]
            return replace(changed, history=changed.history.with_past(*past))

        standing = self._hub.update(apply).standing
        offline = standing is not None and not standing.online
        for one in over:
            if one.begun:
                self._hub.report(presentation_of(one, one.begun, offline=offline))
