"""What a lane of a floor does after a fault: the reactions of ``lane_faults``, carried out."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from cardservice.errors import CardServiceError
from cardservice.personalization.floor_book import End
from cardservice.personalization.floor_parts import Shop, is_bound, is_made
from cardservice.personalization.jobs import Job
from cardservice.personalization.journal import SpoiledReason
from cardservice.personalization.lane_faults import Reaction, code_of, reaction_to
from cardservice.personalization.lane_life import LaneEvent
from cardservice.personalization.lane_worker import Bin, LaneFaultError
from cardservice.personalization.recovery_lives import CLOSED

CARD_IN_THE_WAY: Final = frozenset({"chip-serial-twice", "blank-foreign"})
"""The lane stops, and the card that is to blame goes into the error bin at once."""


class ReactingLane(Protocol):
    """What a reaction asks of a lane."""

    number: int

    def go(self, event: LaneEvent, **shown: Any) -> None: ...

    def stop(self, code: str, *, bin_: Bin = Bin.STAY, **shown: Any) -> None: ...

    def refuse(self, code: str) -> None: ...

    def want_back(self, code: str) -> None: ...

    def drop(self, code: str) -> None: ...

    def count_spoiled(self) -> None: ...

    def prepare(self, job: Job) -> None: ...


def fault_code(error: BaseException) -> str:
    """Return the code of what ended a job, or a wait."""
    return error.code if isinstance(error, LaneFaultError) else code_of(error)


def react(lane: ReactingLane, shop: Shop, error: CardServiceError) -> None:
    """Let the lane do what its fault asks for; it is at work before, and not after."""
    code = fault_code(error)
    chip = error.chip if isinstance(error, LaneFaultError) else None
    _REACTIONS[reaction_to(code)](_Fault(lane, shop, code, chip))


def change_job(lane: ReactingLane, shop: Shop, error: LaneFaultError) -> bool:
    """Give the lane the job that its card was begun for; False: it is not to be had."""
    if reaction_to(error.code) is not Reaction.OTHER_JOB or error.chip is None:
        return False
    life, own = shop.journal.life_of(error.chip), shop.book.job_of(lane.number)
    if life is None or life.order is None or own is None or life.order == own.order_id:
        return False
    if not _get(shop, life.order, lane.number):
        return False
    job = shop.book.job_of(lane.number)
    if job is not None:
        lane.go(LaneEvent.CHANGE_JOB, label=job.label, work=job.work, chip=error.chip.hex().upper())
        lane.prepare(job)
    return True


def _get(shop: Shop, order_id: str, lane: int) -> bool:
    if shop.book.claim(order_id, lane):
        return True
    if shop.book.has(order_id):
        return False  # another lane is at work on it
    try:
        job = shop.fetch(order_id)
    except CardServiceError:
        return False  # the card keeps; it may be put in again when the registry answers
    shop.book.add([job] if job is not None else [])
    return shop.book.claim(order_id, lane)


class _Fault:
    """One fault, with all that a reaction looks at."""

    def __init__(self, lane: ReactingLane, shop: Shop, code: str, chip: bytes | None) -> None:
        self.lane = lane
        self.shop = shop
        self.code = code
        self.chip = chip
        self.job = shop.book.job_of(lane.number)

    @property
    def is_made(self) -> bool:
        return self.job is not None and is_made(self.shop.journal, self.job.order_id)

    @property
    def is_bound(self) -> bool:
        return self.job is not None and is_bound(self.shop.journal, self.job.order_id)

    @property
    def holder(self) -> str:
        """The card that the order is on, as it is shown."""
        card = None if self.job is None else self.shop.journal.holder_of(self.job.order_id)
        return "" if card is None else card.chip.hex().upper()

    def end(self, how: End) -> None:
        self.shop.book.end(self.lane.number, how)


def _put_back(fault: _Fault) -> None:
    fault.lane.want_back(fault.code)


def _reject(fault: _Fault) -> None:
    # A card that may be personalized for the order goes into the bin: the order waits for it.
    if fault.is_made:
        fault.end(End.MADE)
    elif fault.is_bound:
        fault.end(End.PARKED)
    fault.lane.refuse(fault.code)


def _spoil(fault: _Fault) -> None:
    journal, chip = fault.shop.journal, fault.chip
    life = None if chip is None else journal.life_of(chip)
    if life is not None and life.standing not in CLOSED:
        journal.give_up(life.chip, SpoiledReason.NOT_AS_ORDERED)
        fault.lane.count_spoiled()
        if fault.job is not None and life.order == fault.job.order_id:
            # Its place in the status list is used up; the registry hears of it and orders anew.
            fault.end(End.SPOILED)
            journal.give_back(fault.job.order_id)
            fault.shop.outcome()
    _reject(fault)


def _drop(fault: _Fault) -> None:
    if fault.is_made:
        fault.end(End.MADE)
        fault.lane.go(LaneEvent.DROP_JOB, label="")
    elif fault.is_bound and not fault.shop.book.ready:
        # Any blank would be refused as this card was: the very card is to be put in.
        fault.lane.stop(fault.code, chip=fault.holder)
    else:
        fault.lane.drop(fault.code)


def _stop_lane(fault: _Fault) -> None:
    bin_ = Bin.ERROR if fault.is_made or fault.code in CARD_IN_THE_WAY else Bin.STAY
    if fault.is_made:
        fault.end(End.MADE)
        fault.shop.outcome()
    fault.lane.stop(fault.code, bin_=bin_)


def _stop_station(fault: _Fault) -> None:
    # Who sees this lane stand still, and resumes all, must not be overtaken by the halt.
    fault.shop.halt(fault.code)
    fault.lane.stop(fault.code)


_REACTIONS: Final[Mapping[Reaction, Callable[[_Fault], None]]] = {
    Reaction.PUT_BACK: _put_back,
    Reaction.REJECT: _reject,
    Reaction.SPOIL: _spoil,
    Reaction.OTHER_JOB: _reject,  # that job is not to be had here
    Reaction.DROP_JOB: _drop,
    Reaction.STOP_LANE: _stop_lane,
    Reaction.STOP_STATION: _stop_station,
}
