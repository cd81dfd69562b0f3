"""The life of a lane, as a table; ``docs/lives.md`` draws it.

*station* is the operator, *service* the program by itself. What is not in the table does not
happen: an operator's wish that makes no sense where a lane stands is passed over.
"""

from enum import StrEnum, unique
from typing import Final

from cardservice.domain.roles import Role
from cardservice.domain.transitions import Transition, TransitionTable, rows
from cardservice.personalization.lanes import LaneState


@unique
class LaneEvent(StrEnum):
    """What moves a lane."""

    BEGIN = "begin"
    TAKE_JOB = "take-job"
    TAKE_BEGUN_JOB = "take-begun-job"  # a certain card is to come back for it
    LOSE_JOB = "lose-job"  # the registry, or another lane, has it now
    CARD_IN = "card-in"
    CHANGE_JOB = "change-job"  # the card in the reader is another order's
    MAKE = "make"
    REFUSE = "refuse"  # the card goes into the error bin
    WANT_BACK = "want-back"
    DROP_JOB = "drop-job"  # the card stays for the next one
    CARD_OUT = "card-out"
    STOP = "stop"
    HOLD = "hold"  # a pause that was asked for while a card was in hand
    CLOSE = "close"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    REPEAT = "repeat"


_S, _E = LaneState, LaneEvent
_SELF: Final = frozenset({Role.SERVICE})
_PERSON: Final = frozenset({Role.STATION})
_WAITING: Final = (_S.NO_CARD, _S.PUT_BACK)
_CARD_ENDED: Final = (_S.DONE, _S.REJECT)
_AT_REST: Final = (_S.PAUSED, _S.STOPPED)

LANE: Final = TransitionTable(
    life="lane",
    states=LaneState,
    events=LaneEvent,
    initial=_S.STARTING,
    final=frozenset({_S.CLOSED}),
    rows=(
        Transition(_S.STARTING, _E.BEGIN, _S.NO_ORDER, _SELF),
        Transition(_S.NO_ORDER, _E.TAKE_JOB, _S.NO_CARD, _SELF),
        Transition(_S.NO_ORDER, _E.TAKE_BEGUN_JOB, _S.PUT_BACK, _SELF),
        *rows(_WAITING, _E.LOSE_JOB, _S.NO_ORDER, _SELF),
        *rows(_WAITING, _E.CARD_IN, _S.WORKING, _SELF),
        Transition(_S.WORKING, _E.CHANGE_JOB, _S.WORKING, _SELF),
        Transition(_S.WORKING, _E.MAKE, _S.DONE, _SELF),
        Transition(_S.WORKING, _E.REFUSE, _S.REJECT, _SELF),
        Transition(_S.WORKING, _E.WANT_BACK, _S.PUT_BACK, _SELF),
        Transition(_S.WORKING, _E.DROP_JOB, _S.NO_ORDER, _SELF),
        *rows(_CARD_ENDED, _E.CARD_OUT, _S.NO_ORDER, _SELF),
        *rows(
            (_S.STARTING, _S.NO_ORDER, *_WAITING, _S.WORKING, *_CARD_ENDED),
            *(_E.STOP, _S.STOPPED, _SELF),
        ),
        Transition(_S.NO_ORDER, _E.HOLD, _S.PAUSED, _SELF),
        *rows(
            (_S.STARTING, _S.NO_ORDER, *_WAITING, *_CARD_ENDED, *_AT_REST),
            *(_E.CLOSE, _S.CLOSED, _SELF),
        ),
        *rows((_S.NO_ORDER, *_WAITING), _E.PAUSE, _S.PAUSED, _PERSON),
        *rows(_AT_REST, _E.RESUME, _S.NO_ORDER, _PERSON),
        *rows((*_WAITING, _S.STOPPED), _E.SKIP, _S.NO_ORDER, _PERSON),
        *rows((_S.PUT_BACK, _S.REJECT, _S.STOPPED), _E.REPEAT, _S.NO_CARD, _PERSON),
    ),
)
"""Where a lane stands → what may happen → where it stands then.

A pause never takes a card out of a lane's hands: in any state that is not in its row it is
remembered, and the lane holds once it comes to ``no-order``.
"""


def is_possible(state: LaneState, event: LaneEvent) -> bool:
    """Say whether ``event`` may happen to a lane that stands there."""
    return any(row.source is state and row.event is event for row in LANE.rows)


def role_of(event: LaneEvent) -> Role:
    """Return who brings the event about."""
    return next(role for row in LANE.rows if row.event is event for role in row.roles)
