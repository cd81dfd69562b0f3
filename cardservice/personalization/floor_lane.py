"""One lane of a floor: what it does next, by where it stands and what an operator wishes.

``turn`` does one thing and returns, so that a thread may call it for ever and a test step by step.
A card that is being written is never interrupted: wishes are looked at between cards.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cardservice.errors import CardServiceError
from cardservice.personalization.floor_book import End
from cardservice.personalization.floor_parts import (
    HOPPER_EMPTY,
    Ending,
    Shop,
    is_bound,
    is_made,
    with_its_number,
)
from cardservice.personalization.floor_rates import LaneRate
from cardservice.personalization.floor_reactions import (
    change_job,
    fault_code,
    react,
)
from cardservice.personalization.floor_steps import chip_of, is_outcome, step_after
from cardservice.personalization.jobs import Job
from cardservice.personalization.journal import CardSpoiled, Entry
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.lane_faults import Reaction, reaction_to
from cardservice.personalization.lane_life import LANE, LaneEvent, is_possible, role_of
from cardservice.personalization.lane_worker import Bin, JobDone, LaneFaultError, LaneWorker
from cardservice.personalization.lanes import LaneState, LaneView, Step
from cardservice.personalization.order import PreparedOrder

BAD_CARDS_IN_A_ROW: Final = 3
"""So many cards of a lane that came to nothing, one after the other, and somebody has to look."""

LANE_DIED: Final = "lane-died"

SKIPPED: Final = "skipped"
"""Why a job goes back that the operator skipped."""


class FloorLane:
    """One lane. ``turn`` is called by one thread; the wishes come from any."""

    def __init__(self, number: int, worker: LaneWorker, shop: Shop) -> None:
        self.number = number
        self._worker = worker
        self._shop = shop
        self._rate = LaneRate(shop.monotonic_ns())
        self._paused = False
        self._halted = ""
        self._wish: LaneEvent | None = None
        self._bin = Bin.STAY
        self._bad_cards = 0
        self._prepared: PreparedOrder | None = None
        self._turns: Mapping[LaneState, Callable[[], None]] = {
            LaneState.STARTING: self._start,
            LaneState.NO_ORDER: self._find_job,
            LaneState.NO_CARD: self._await,
            LaneState.PUT_BACK: self._await,
            LaneState.DONE: self._release,
            LaneState.REJECT: self._release,
            LaneState.PAUSED: self._rest,
            LaneState.STOPPED: self._look,
        }
        shop.board.add_lane(
            LaneView(
                number=number, reader=worker.reader, state=LaneState.STARTING, since=shop.clock()
            )
        )

    @property
    def state(self) -> LaneState:
        """Where the lane stands."""
        return self.view.state

    @property
    def view(self) -> LaneView:
        """What is shown of the lane."""
        return self._shop.board.lane(self.number)

    # What an operator, or the floor, may wish.

    def pause(self) -> None:
        """Take no other card after the one in hand."""
        self._paused = True
        self._stir()

    def resume(self) -> None:
        """Go on, whatever held the lane."""
        self._paused, self._halted = False, ""
        self.wish(LaneEvent.RESUME)

    def wish(self, event: LaneEvent) -> None:
        """Let ``event`` happen next, if it may where the lane stands."""
        if is_possible(self.state, event):
            self._wish = event
        self._stir()

    def halt(self, code: str) -> None:
        """Stop after the card in hand, because of what all lanes stand on."""
        self._halted = code
        self._stir()

    def close(self) -> None:
        """Let go of reader and keys."""
        self._worker.close()

    # What the lane does.

    def turn(self) -> bool:
        """Do one thing, or wait a while for something to do; False: the lane is closed."""
        try:
            self._turns[self.state]()
        except Exception as error:  # noqa: BLE001 - a lane that ends silently would look at work
            self._fail(fault_code(error))
        return self.state is not LaneState.CLOSED

    def _fail(self, code: str) -> None:
        """Stand still for what went wrong outside a card's making."""
        if code == LANE_DIED and not self._is_bad_again():
            return  # nothing was begun, and the next call has a new process
        if code == HOPPER_EMPTY:
            code = self._shop.code_of_empty_hopper(self.number)
        if reaction_to(code) is Reaction.STOP_STATION:
            self._shop.halt(code)
        self.stop(code)

    def go(self, event: LaneEvent, **shown: Any) -> None:
        """Let ``event`` happen; what stood with the state before is not shown any more."""
        after = LANE.after(self.state, event, role=role_of(event))
        # A wish was for where the lane stood.
        self._wish = None
        self._shop.board.change_lane(self.number, **{"state": after, "code": "", **shown})

    def stop(self, code: str, *, bin_: Bin = Bin.STAY, **shown: Any) -> None:
        """Stand still until somebody looked; the card goes where ``bin_`` says."""
        self._bin = bin_
        if is_possible(self.state, LaneEvent.STOP):
            self.go(LaneEvent.STOP, code=code, **shown)

    def refuse(self, code: str) -> None:
        """Let the card go into the error bin; after some in a row somebody has to look."""
        if self._is_bad_again():
            self.stop(code, bin_=Bin.ERROR)
        else:
            self.go(LaneEvent.REFUSE, code=code, step=Step.BIN)
            self._bin = Bin.ERROR

    def want_back(self, code: str) -> None:
        """Ask for the same card once more; after some in a row somebody has to look."""
        if self._is_bad_again():
            self.stop(code)
        else:
            self.go(LaneEvent.WANT_BACK, code=code)
            self._bin = Bin.ERROR

    def count_spoiled(self) -> None:
        """Show one more card spoiled."""
        self._shop.board.change_lane(self.number, spoiled=self.view.spoiled + 1)

    def _start(self) -> None:
        self.go(LaneEvent.BEGIN)

    def _find_job(self) -> None:
        if self._shop.ending is not Ending.NO:
            self._leave()
        elif self._halted:
            self.stop(self._halted)
        elif self._paused:
            self.go(LaneEvent.HOLD)
        elif (job := self._shop.book.next_for(self.number)) is not None:
            self._take(job)
        else:
            self._wait(self._has_a_reason)

    def _has_a_reason(self) -> bool:
        held = self._paused or bool(self._halted) or self._shop.ending is not Ending.NO
        return held or bool(self._shop.book.waiting)

    def _take(self, job: Job) -> None:
        try:
            self.prepare(job)
        except CardServiceError as error:
            self.drop(fault_code(error))
            return
        holder = self._shop.journal.holder_of(job.order_id)
        event = LaneEvent.TAKE_JOB if holder is None else LaneEvent.TAKE_BEGUN_JOB
        chip = "" if holder is None else holder.chip.hex().upper()
        self._bin = Bin.STAY
        self.go(event, label=job.label, work=job.work, chip=chip, step=Step.INSERT)

    def prepare(self, job: Job) -> None:
        """Make what can be made of the job before its chip is there; raises as ``prepare``."""
        job = with_its_number(job, self._shop.journal)
        self._prepared = None if job.order is None else self._shop.prepare(job.order)

    def _await(self) -> None:
        if self._bin is not Bin.STAY:
            self._worker.release(self._bin, self._is_stirred)
            self._bin = Bin.STAY
        if self._is_stirred() or not self._worker.await_card(self._is_stirred):
            self._attend()
            return
        self._shop.may_begin()
        if self._shop.book.begin(self.number):
            self._work()
        else:
            self.go(LaneEvent.LOSE_JOB, label="")

    def _work(self) -> None:
        chip = self.view.chip if self.state is LaneState.PUT_BACK else ""
        self.go(LaneEvent.CARD_IN, chip=chip, step=Step.OPEN)
        try:
            done = self._do()
        except CardServiceError as error:
            react(self, self._shop, error)
        else:
            self._made(done)
        finally:
            self._shop.book.rest(self.number)

    def _made(self, done: JobDone) -> None:
        self._shop.book.end(self.number, End.MADE)
        self._shop.outcome()
        self._bad_cards = 0
        self._rate.made(self._shop.monotonic_ns(), done.effort)
        self._bin = Bin.GOOD
        shown = {"per_hour": self._rate.per_hour, "shares": self._rate.shares}
        self.go(LaneEvent.MAKE, step=Step.BIN, **shown)

    def _do(self) -> JobDone:
        try:
            return self._attempt()
        except LaneFaultError as error:
            if not change_job(self, self._shop, error):
                raise
        return self._attempt()

    def _attempt(self) -> JobDone:
        job = self._shop.book.job_of(self.number)
        if job is None:
            raise LaneFaultError("internal", "a lane is at work without a job")
        share = LaneShare(self._shop.journal, noted=self._noted)
        try:
            return self._worker.do(with_its_number(job, self._shop.journal), self._prepared, share)
        finally:
            share.close()

    def _noted(self, entry: Entry) -> None:
        shown: dict[str, Any] = {"step": step_after(entry) or self.view.step}
        shown |= {"chip": chip_of(entry) or self.view.chip}
        shown |= {"spoiled": self.view.spoiled + isinstance(entry, CardSpoiled)}
        shown |= {"made": self.view.made + is_outcome(entry)}
        self._shop.board.change_lane(self.number, **shown)

    def _release(self) -> None:
        self._worker.release(self._bin, self._is_stirred)
        self._bin = Bin.STAY
        if self._is_stirred():
            self._attend()
        else:
            self.go(LaneEvent.CARD_OUT, chip="", label="")

    def _rest(self) -> None:
        self._wait(self._is_stirred)
        self._attend()

    def _look(self) -> None:
        """Stand still; a card that is of no use here leaves meanwhile."""
        bin_, self._bin = self._bin, Bin.STAY
        if bin_ is not Bin.STAY:
            self._release_quietly(bin_)
        self._wait(self._is_stirred)
        self._attend()

    def _release_quietly(self, bin_: Bin) -> None:
        try:
            self._worker.release(bin_, self._is_stirred)
        except CardServiceError:
            return  # the lane stands still already, and says why

    def _attend(self) -> None:
        """Do what is wished, or what has come about, where the lane stands."""
        wish, self._wish = self._wish, None
        state = self.state
        if wish is not None and is_possible(state, wish):
            self._grant(wish)
        elif self._is_to_leave():
            self._leave()
        elif state in (LaneState.NO_CARD, LaneState.PUT_BACK):
            self._yield()

    def _grant(self, wish: LaneEvent) -> None:
        if wish is LaneEvent.SKIP:
            self._give_up_job(SKIPPED)
        self._bad_cards, self._halted = 0, ""
        self.go(wish)

    def _yield(self) -> None:
        if self._shop.book.job_of(self.number) is None:
            self.go(LaneEvent.LOSE_JOB, label="")
        elif self._halted:
            self.stop(self._halted)
        elif self._paused:
            self.go(LaneEvent.PAUSE)

    def _leave(self) -> None:
        self._give_up_job()
        self.go(LaneEvent.CLOSE)

    def drop(self, code: str) -> None:
        """Let a job go back that cannot be done; the card stays for the next one."""
        self._give_up_job(code)
        if self.state is LaneState.WORKING:
            self.go(LaneEvent.DROP_JOB, label="")

    def _give_up_job(self, code: str = "") -> None:
        """Let the job in hand go back; one that a card holds waits for that card."""
        job, journal = self._shop.book.job_of(self.number), self._shop.journal
        if job is None:
            return
        if is_made(journal, job.order_id):
            self._shop.book.end(self.number, End.MADE)
        elif is_bound(journal, job.order_id):
            self._shop.book.end(self.number, End.PARKED)
        else:
            if code:
                self._shop.dropped(job.order_id, code)
            self._shop.book.end(self.number, End.LEAVES)

    def _is_bad_again(self) -> bool:
        self._bad_cards += 1
        return self._bad_cards >= BAD_CARDS_IN_A_ROW

    def _is_to_leave(self) -> bool:
        """Say whether the floor's end ends the lane where it stands."""
        if self._shop.ending is not Ending.FINISH:
            return self._shop.ending is Ending.STOP
        # A card that was torn out of this lane is waited for; one of an earlier day is not.
        awaited = self.state is LaneState.PUT_BACK and bool(self.view.code)
        return not awaited and self.state not in (LaneState.DONE, LaneState.REJECT)

    def _is_stirred(self) -> bool:
        """Say whether something ends the wait where the lane stands."""
        if self._wish is not None or self._is_to_leave():
            return True
        if self.state not in (LaneState.NO_CARD, LaneState.PUT_BACK):
            return False
        gone = self._shop.book.job_of(self.number) is None
        return gone or self._paused or bool(self._halted)

    def _stir(self) -> None:
        with self._shop.book.changed:
            self._shop.book.changed.notify_all()

    def _wait(self, until: Callable[[], bool]) -> None:
        with self._shop.book.changed:
            self._shop.book.changed.wait_for(until, self._shop.patience_s)
