"""What lies between a card and the hand: time, faults, a trace, in this order from the inside."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulators.card import Entropy, Interface, NonVolatileMemory
from simulators.faults import FaultRun, FaultyCard
from simulators.models.clock import NS_A_SECOND, ModelClock, Part, RealClock, VirtualClock
from simulators.models.timing import TimeMode, Timing, timed
from simulators.reader.card import Card
from simulators.tray.plastic import Plastic

if TYPE_CHECKING:
    from simulators.trace import Masking, Recording, TraceSink


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where a recording goes, and what of it is masked: personal data, unless asked otherwise."""

    sink: "TraceSink"
    masking: "Masking | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a reader meets cards: by which interface, how fast, recorded or not."""

    interface: Interface
    timing: Timing | None
    trace: Trace | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What faults do beyond the card: they are told, the card is pulled, the reader vanishes."""

    on_fault: Callable[[str], None]
    pull: Callable[[], None]
    vanish: Callable[[int | None], None]


class FaultSwitch:
    """A card whose faults can be exchanged while it is in a reader."""

    def __init__(
        self,
        card: Card,
        *,
        memory: NonVolatileMemory | None,
        sleep: Callable[[float], None],
        consequences: Consequences,
    ) -> None:
        self._sound = self._card = card
        self._memory = memory
        self._sleep = sleep
        self._consequences = consequences

    def follow(self, run: FaultRun | None) -> None:
        """Answer with the faults of ``run`` from the next command on; None: as the card is."""
        self._card = self._sound if run is None else self._faulty(run)

    @property
    def atr(self) -> bytes:
        """The card's answer to reset, with the faults in force."""
        return self._card.atr

    def power_up(self) -> bytes:
        """Power the card up, with the faults in force."""
        return self._card.power_up()

    def power_down(self) -> None:
        """Take the power away."""
        self._card.power_down()

    def reset(self) -> bytes:
        """Reset the card, with the faults in force."""
        return self._card.reset()

    def execute(self, command: bytes) -> bytes:
        """Return the answer, with the faults in force."""
        return self._card.execute(command)

    def _faulty(self, run: FaultRun) -> Card:
        return FaultyCard(
            self._sound,
            run,
            memory=self._memory,
            sleep=self._sleep,
            on_fault=self._consequences.on_fault,
            pull=self._consequences.pull,
            vanish=self._consequences.vanish,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """A card as one reader meets it, from the chip to what the hand holds."""

    outermost: Card
    faults: FaultSwitch
    clock: ModelClock


def put_on(
    plastic: Plastic, manner: Manner, *, left: threading.Event, consequences: Consequences
) -> Layers:
    """Return ``plastic`` with all the layers of ``manner``, no faults in force yet.

    Whatever sleeps wakes when ``left`` is set: a hand does not wait for a slow card.
    """
    clock = _clock(manner.timing, left)
    recording = _recording(plastic, manner)
    entropy = recording.entropy if recording else None
    faults = FaultSwitch(
        _at_the_line(plastic, manner, clock, entropy),
        memory=plastic.memory,
        sleep=_sleep(manner.timing, clock, left),
        consequences=consequences,
    )
    outermost = _traced(faults, manner.trace, recording) if manner.trace and recording else faults
    return Layers(outermost=outermost, faults=faults, clock=clock)


def _at_the_line(
    plastic: Plastic, manner: Manner, clock: ModelClock, entropy: Entropy | None
) -> Card:
    timing = manner.timing
    if timing is None:
        return plastic.at(manner.interface, entropy=entropy, clock=clock)
    # Without a model the card's own waits pass nowhere; that is the mode's affair.
    passing = None if timing.mode is TimeMode.NONE else clock
    return timed(plastic, manner.interface, timing, clock=passing, entropy=entropy)


# Traces are imported late, because one can be made of a card in the hand, of this package.


def _recording(plastic: Plastic, manner: Manner) -> "Recording | None":
    if manner.trace is None:
        return None
    from simulators.trace import Masking, Recording  # noqa: PLC0415

    masking = manner.trace.masking or Masking.PERSONAL
    return Recording(plastic.memory, interface=manner.interface, masking=masking)


def _traced(card: Card, trace: Trace, recording: "Recording") -> Card:
    from simulators.trace import TracedCard  # noqa: PLC0415

    return TracedCard(card, trace.sink, recording=recording)


def _clock(timing: Timing | None, left: threading.Event) -> ModelClock:
    if timing is not None and timing.mode is TimeMode.VIRTUAL:
        return VirtualClock()
    return RealClock(sleep=left.wait)


def _sleep(
    timing: Timing | None, clock: ModelClock, left: threading.Event
) -> Callable[[float], None]:
    def on_the_wall(seconds: float) -> None:
        left.wait(seconds)

    def on_the_clock(seconds: float) -> None:
        clock.spend(Part.LINE, round(seconds * NS_A_SECOND))

    is_virtual = timing is not None and timing.mode is TimeMode.VIRTUAL
    return on_the_clock if is_virtual else on_the_wall
