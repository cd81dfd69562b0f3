"""What an operator may ask for on the page, and where it makes sense."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

from cardservice.personalization.lane_life import LaneEvent, is_possible
from cardservice.personalization.lanes import FloorControl, LaneState


@unique
class Action(StrEnum):
    """The buttons; ``finish`` is for the whole station."""

    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    REPEAT = "repeat"
    FINISH = "finish"


KEYS: Final[Mapping[Action, str]] = {
    Action.PAUSE: "p",
    Action.RESUME: "r",
    Action.SKIP: "s",
    Action.REPEAT: "a",
}
"""The single key of an action; finishing has none, since nothing takes it back."""

_EVENTS: Final[Mapping[Action, LaneEvent]] = {
    Action.RESUME: LaneEvent.RESUME,
    Action.SKIP: LaneEvent.SKIP,
    Action.REPEAT: LaneEvent.REPEAT,
}
# A pause that cannot be at once is remembered until the card in hand is done.
_NO_PAUSE: Final = frozenset({LaneState.PAUSED, LaneState.STOPPED, LaneState.CLOSED})


def sensible_actions(state: LaneState) -> frozenset[Action]:
    """Return the actions that change something for a lane that stands there."""
    found = {action for action, event in _EVENTS.items() if is_possible(state, event)}
    return frozenset(found if state in _NO_PAUSE else {*found, Action.PAUSE})


def needs_lane(action: Action) -> bool:
    """Say whether the action is for one lane only."""
    return action in {Action.SKIP, Action.REPEAT}


def act(control: FloorControl, action: Action, lane: int | None) -> None:
    """Have it done; ``lane`` None: all lanes, and nothing for what is for one lane only."""
    match action:
        case Action.PAUSE:
            control.pause(lane)
        case Action.RESUME:
            control.resume(lane)
        case Action.SKIP if lane is not None:
            control.skip(lane)
        case Action.REPEAT if lane is not None:
            control.repeat(lane)
        case Action.FINISH:
            control.finish()
