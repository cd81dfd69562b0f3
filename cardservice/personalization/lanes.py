"""A lane: one reader with its tray or feeder. Where it can stand, and what is shown of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Protocol

from cardservice.personalization.jobs import Work


@unique
class LaneState(StrEnum):
    """Where a lane stands; drawn in ``docs/lives.md``."""

    STARTING = "starting"
    NO_ORDER = "no-order"  # nothing to do now
    NO_CARD = "no-card"  # waits for a blank, or for the card a job is for
    WORKING = "working"
    DONE = "done"  # the card is good and waits to be taken out
    REJECT = "reject"  # the card is to go into the error bin
    PUT_BACK = "put-back"  # the same card is to be put in once more
    PAUSED = "paused"
    STOPPED = "stopped"  # somebody has to look; ``code`` says at what
    CLOSED = "closed"


@unique
class Step(StrEnum):
    """How far the card in a working lane is."""

    INSERT = "insert"
    OPEN = "open"
    KEYS = "keys"
    DATA = "data"
    VERIFY = "verify"
    BIN = "bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Where the time of a lane's cards went, in hundredths; together 100, or all 0: no card yet."""

    chip: int = 0
    line: int = 0
    host: int = 0
    hand: int = 0  # waiting for a person, a feeder, or an order


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneView:
    """One lane as it is shown.

    Attributes:
        number: from 1.
        reader: its name.
        code: why it stopped, rejects or wants the card back; empty: nothing is wrong.
        label: of the job in hand, nothing of its person.
        chip: serial number of the card in hand, hexadecimal; empty before it is known.
        made, spoiled: cards since the shift began.
        per_hour: cards an hour by the last cards; 0 before two were made.
        since: when it came to stand here, aware.
    """

    number: int
    reader: str
    state: LaneState
    step: Step = Step.INSERT
    work: Work = Work.NEW_CARD
    code: str = ""
    label: str = ""
    chip: str = ""
    made: int = 0
    spoiled: int = 0
    per_hour: int = 0
    shares: Shares = Shares()
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StockView:
    """Blanks of this station; ``kept`` is False where nobody told which blanks it was handed."""

    kept: bool = False
    received: int = 0
    in_tray: int = 0
    begun: int = 0
    made: int = 0
    spoiled: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StationView:
    """All of a station as it is shown; a new value after every change.

    Attributes:
        version: counts changes.
        waiting: jobs in hand that no lane has begun.
        untold: outcomes the registry does not know yet.
        source_code: why the registry cannot be reached; empty: it can.
        made, spoiled: cards since the shift began; per_hour: of all lanes together.
        finished: every job is done, and no more are expected.
    """

    version: int = 0
    name: str = ""
    started_at: datetime
    lanes: Sequence[LaneView] = ()
    waiting: int = 0
    untold: int = 0
    source_code: str = ""
    made: int = 0
    spoiled: int = 0
    per_hour: int = 0
    stock: StockView = StockView()
    finished: bool = False


class FloorControl(Protocol):
    """What an operator may do; lane None: all lanes. Harmless where it makes no sense."""

    @property
    def view(self) -> StationView:
        """The station as it is now."""
        ...

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` after each change, from any thread; return what ends that."""
        ...

    def pause(self, lane: int | None = None) -> None:
        """Let the card in hand be finished and take no other."""
        ...

    def resume(self, lane: int | None = None) -> None:
        """Go on after a pause, or after somebody looked at what had stopped the lane."""
        ...

    def skip(self, lane: int) -> None:
        """Give the lane another job; the one in hand goes back."""
        ...

    def repeat(self, lane: int) -> None:
        """Try the job in hand once more, with the card that is in the reader."""
        ...

    def finish(self) -> None:
        """Take no more jobs; stop when the cards in hand are done."""
        ...
