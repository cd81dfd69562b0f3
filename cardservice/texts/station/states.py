"""What a lane's states, steps and works are called, and what an operator does next."""

from collections.abc import Mapping
from typing import Final

from cardservice.personalization.jobs import Work
from cardservice.personalization.lanes import LaneState, Step

STATES: Final[Mapping[LaneState, str]] = {
    LaneState.STARTING: "Starting",
    LaneState.NO_ORDER: "No order",
    LaneState.NO_CARD: "Insert a card",
    LaneState.WORKING: "Working",
    LaneState.DONE: "Done",
    LaneState.REJECT: "Error bin",
    LaneState.PUT_BACK: "Put it back",
    LaneState.PAUSED: "Paused",
    LaneState.STOPPED: "Stopped",
    LaneState.CLOSED: "Closed",
}
"""State → the word that is shown largest."""

STEPS: Final[Mapping[Step, str]] = {
    Step.INSERT: "Insert",
    Step.OPEN: "Open",
    Step.KEYS: "Keys",
    Step.DATA: "Data",
    Step.VERIFY: "Verify",
    Step.BIN: "Bin",
}

WORKS: Final[Mapping[Work, str]] = {
    Work.NEW_CARD: "New card",
    Work.CHANGE_INSURER: "Change of insurer",
    Work.NEW_PIN: "New PIN and PUK",
    Work.NEW_CAN: "New CAN",
    Work.UNBLOCK_PIN: "Unblock the PIN",
    Work.TERMINATE: "End of a card",
}

NEXT: Final[Mapping[LaneState, str]] = {
    LaneState.STARTING: "Wait a moment: the lane is starting.",
    LaneState.NO_ORDER: "Nothing to do: no order waits for this lane.",
    LaneState.NO_CARD: "Put a blank card into the reader.",
    LaneState.WORKING: "Leave the card where it is.",
    LaneState.DONE: "Take the card out: it is good.",
    LaneState.REJECT: "Take the card out and put it into the error bin.",
    LaneState.PUT_BACK: "Put the same card in once more.",
    LaneState.PAUSED: "Resume the lane to go on.",
    LaneState.STOPPED: "Look at what stopped the lane, then resume it.",
    LaneState.CLOSED: "Nothing: the lane is closed.",
}
"""State → what to do next, where no code says it better."""

HOLDERS_CARD: Final = "Put the card that the order is for into the reader."
"""What to do next in place of a blank, for work on a card that there is."""

CODE_DECIDES: Final = frozenset({LaneState.STOPPED, LaneState.PUT_BACK})
"""States in which the remedy of the code says what to do next."""

UNKNOWN_SENTENCE: Final = "Something went wrong that has no words yet."
UNKNOWN_REMEDY: Final = "Write down the code and the time, and tell the station's keeper."
