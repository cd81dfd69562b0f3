"""What the lanes of a floor share, and how a floor comes to its end."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto, unique
from typing import Final

from cardservice.personalization.floor_board import Board
from cardservice.personalization.floor_book import JobBook
from cardservice.personalization.jobs import Job
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lanes import LaneState
from cardservice.personalization.order import CardOrder, PreparedOrder
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.recovery_services import ServiceStanding

INDEX_BITS: Final = 32  # of a card's number; the list's number stands before it
_INDEX: Final = (1 << INDEX_BITS) - 1
HOPPER_EMPTY: Final = "hopper-empty"
BLANK_MISSING: Final = "blank-missing"
_EMPTY: Final = frozenset({HOPPER_EMPTY, BLANK_MISSING})
_SERVED: Final = frozenset({ServiceStanding.DONE, ServiceStanding.REPORTED})


@unique
class Ending(Enum):
    """Whether a floor goes on."""

    NO = auto()
    FINISH = auto()  # no more jobs; cards in hand are done, and those wanted back waited for
    STOP = auto()  # nobody is waited for any more


@dataclass(slots=True, kw_only=True)
class Shop:
    """What the lanes of one floor share.

    Attributes:
        prepare: makes of an order what can be made before a chip is there.
        fetch: asks where the jobs come from for one by its name; None: it is not ours.
        monotonic_ns: a clock that never jumps.
        ending: whether the floor goes on; read often, changed by the floor.
        halt: told a code that lets no lane go on.
        outcome: told when a card was made or spoiled, so that the registry hears of it.
        dropped: told order and code of a job that goes back because it cannot be done here.
        may_begin: asked before each card; raises when no card may be begun now.
        patience_s: how long a lane that has nothing to do sleeps before it looks again.
    """

    journal: StationJournal
    book: JobBook
    board: Board
    prepare: Callable[[CardOrder], PreparedOrder]
    fetch: Callable[[str], Job | None]
    clock: Callable[[], datetime]
    monotonic_ns: Callable[[], int]
    halt: Callable[[str], None]
    outcome: Callable[[], None]
    dropped: Callable[[str, str], None]
    may_begin: Callable[[], None]
    patience_s: float = 1.0
    ending: Ending = field(default=Ending.NO)

    def code_of_empty_hopper(self, lane: int) -> str:
        """Return ``blank-missing`` if no other lane can have the blanks that must be here."""
        others = (one for one in self.board.view.lanes if one.number != lane)
        if not all(one.code in _EMPTY or one.state is LaneState.CLOSED for one in others):
            return HOPPER_EMPTY
        return BLANK_MISSING if self.journal.missing_blanks() else HOPPER_EMPTY


def is_bound(journal: StationJournal, order_id: str) -> bool:
    """Say whether a card holds, or may hold, what the order asks for."""
    service = journal.service_of(order_id)
    if service is not None and service.standing is ServiceStanding.BEGUN:
        return True
    return journal.holder_of(order_id) is not None


def is_made(journal: StationJournal, order_id: str) -> bool:
    """Say whether the order is done: a card counts as made for it, or its service as done."""
    service, holder = journal.service_of(order_id), journal.holder_of(order_id)
    if service is not None and service.standing in _SERVED:
        return True
    return holder is not None and holder.standing is Standing.MADE


def with_its_number(job: Job, journal: StationJournal) -> Job:
    """Return the job with the card number it was begun with, unless another chip was given that.

    A station that was killed makes an order with the number that may be on a card already; after
    a card was spoiled its number is used up, and the order has the one it came with.
    """
    number = journal.number_of(job.order_id)
    if job.order is None or number is None:
        return job
    if journal.bearer_of(number) not in (None, journal.holder_of(job.order_id)):
        return job
    order = replace(job.order, list_number=number >> INDEX_BITS, list_index=number & _INDEX)
    return replace(job, order=order)
