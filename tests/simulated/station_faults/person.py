"""A person at a PC/SC reader who does what the lane says, and cards that leave on their way."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cardservice.personalization.floor import Floor
from cardservice.personalization.lanes import LaneState, LaneView, Step
from simulators.card import SoftwareCard, image
from simulators.card.memory import PowerCut
from simulators.reader import Card, VirtualReaderSlot
from simulators.reader.errors import CardPulledError
from tests.simulated.station_floor.stations import SHORT_S

LOOK_S: Final = 0.01
LANE: Final = 1

Remedy = Callable[["Person"], None]


@dataclass(slots=True)
class Person:
    """Puts cards in and takes them out, as the one lane of a station asks.

    Attributes:
        slot: of the lane's reader.
        pile: cards to be put in, the next one first.
        remedies: code → what to do once the lane stands still with it.
        in_hand: the card that is, or was last, in the reader.
        wrong: put in once instead of the card that is to be put back.
        meanwhile: done again and again while the lane works.
    """

    slot: VirtualReaderSlot
    pile: deque[Card]
    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    in_hand: Card | None = None
    wrong: Card | None = None
    floor: Floor | None = None
    meanwhile: Remedy = field(default=lambda _: None)
    _seen: datetime | None = None

    @property
    def lane(self) -> LaneView:
        """The lane as it is shown."""
        assert self.floor is not None
        return self.floor.view.lanes[LANE - 1]

    def step(self) -> Step | None:
        """Return how far the card in the reader is."""
        lane = None if self.floor is None else self.lane
        return None if lane is None or lane.state is not LaneState.WORKING else lane.step

    def work(self, floor: Floor) -> None:
        """Do what is asked until the batch is finished."""
        self.floor = floor
        end = time.monotonic() + SHORT_S
        while not floor.view.finished:
            assert time.monotonic() < end, self.lane
            self._look()
            self.meanwhile(self)
            time.sleep(LOOK_S)

    def put_in(self, card: Card) -> None:
        """Put a card in, in place of the one that is there."""
        self.slot.remove()
        self.in_hand = card
        self.slot.insert(card)

    def _look(self) -> None:
        lane = self.lane
        is_news, self._seen = lane.since != self._seen, lane.since
        match lane.state:
            case LaneState.NO_CARD if not self.slot.occupied:
                self._next()
            case LaneState.PUT_BACK if is_news or not self.slot.occupied:
                self._back(lane)
            case LaneState.DONE | LaneState.REJECT if self.in_hand is not None:
                self.slot.remove()
                self.in_hand = None
            case LaneState.STOPPED if is_news:
                self.remedies[lane.code](self)

    def _next(self) -> None:
        if self.in_hand is None and self.pile:
            self.in_hand = self.pile.popleft()
        if self.in_hand is not None:
            self.slot.insert(self.in_hand)

    def _back(self, lane: LaneView) -> None:
        card = self.in_hand
        if self.wrong is not None and card is not None:
            self.pile.appendleft(card)
            card, self.wrong = self.wrong, None
        if card is not None and (lane.code or not self.slot.occupied):
            self.put_in(card)


@dataclass(slots=True)
class Leaving:
    """A card that something happens to once, when the lane is at a step.

    Attributes:
        card: what is inside.
        at: the step; None: it happened.
        now: tells the lane's step.
        strike: happens in the middle of the first command of that step, then the card has no power.
    """

    card: SoftwareCard
    at: Step | None
    now: Callable[[], Step | None]
    strike: Callable[[], None] = lambda: None

    @property
    def serial(self) -> bytes:
        """The chip's serial number, 8 octets."""
        return serial_of(self.card)

    @property
    def atr(self) -> bytes:
        return self.card.atr

    def power_up(self) -> bytes:
        if self.at is Step.INSERT:
            self.at = None
            raise CardPulledError
        return self.card.power_up()

    def power_down(self) -> None:
        self.card.power_down()

    def reset(self) -> bytes:
        return self.card.reset()

    def execute(self, command: bytes) -> bytes:
        if self.at is None or self.now() is not self.at:
            return self.card.execute(command)
        self.at = None
        self._cut(command)
        self.strike()
        raise CardPulledError

    def _cut(self, command: bytes) -> None:
        """Take the power away at the command's first write, or before its answer."""
        memory = self.card.memory
        memory.cut_power_at(memory.writes + 1)
        try:
            self.card.execute(command)
        except PowerCut:
            return
        memory.cut_power_at(0)


def serial_of(card: SoftwareCard) -> bytes:
    """Return the chip's serial number, 8 octets."""
    return card.memory.cells()[image.CHIP_SERIAL]


class Appointment:
    """What a card's thread and the test agree on: pcscd ends with the thread that began it."""

    def __init__(self) -> None:
        self._struck, self._done = threading.Event(), threading.Event()

    @property
    def is_struck(self) -> bool:
        """Whether the card is there, and waits."""
        return self._struck.is_set() and not self._done.is_set()

    def meet(self) -> None:
        """Wait, in the card's thread, until the other side has done its part."""
        self._struck.set()
        assert self._done.wait(SHORT_S)

    def done(self) -> None:
        """Let the card's thread go on."""
        self._done.set()
