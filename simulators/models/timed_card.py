"""A card that takes as long as its models say, on a clock of its own."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulators.card import Entropy, NonVolatileMemory, Operation, SoftwareCard, image
from simulators.card.tampering import copy_of
from simulators.models.chips import ChipModel, ReaderModel
from simulators.models.clock import ModelClock, Part, Split
from simulators.models.lines import Line
from simulators.reader import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The models of one presentation: which chip, over which line, in which reader."""

    chip: ChipModel
    line: Line
    reader: ReaderModel


@dataclass(frozen=True, slots=True)
class CommandTime:
    """One command as a trace may know it: its header, lengths, and what it took.

    Attributes:
        header: CLA INS P1 P2; no data.
        sent, received: octets of command and answer, with everything around the data.
        operations: what the chip did.
    """

    header: bytes
    sent: int
    received: int
    operations: Mapping[Operation, int]
    time: Split


class Tally:
    """A meter that keeps what was counted until it is asked."""

    def __init__(self, memory: NonVolatileMemory | None) -> None:
        self._counted: Counter[Operation] = Counter()
        self._memory = memory
        self._writes = memory.writes if memory else 0

    def count(self, operation: Operation, /) -> None:
        """Take note of one operation."""
        self._counted[operation] += 1

    def take(self) -> Counter[Operation]:
        """Return what was counted since the last time, the writes of the memory with it."""
        counted, self._counted = self._counted, Counter()
        writes, self._writes = self._writes, self._memory.writes if self._memory else 0
        if self._writes > writes:
            counted[Operation.MEMORY_WRITE] = self._writes - writes
        return counted


class TimedCard:
    """A card with the members of every card; what it does takes modelled time.

    Made by ``timed`` and ``timed_copy``. ``observe`` is told of each command after its answer.
    """

    def __init__(
        self,
        card: Card,
        tally: Tally,
        *,
        times: Times,
        clock: ModelClock,
        observe: Callable[[CommandTime], None] | None = None,
    ) -> None:
        self._card = card
        self._tally = tally
        self._times = times
        self._clock = clock
        self._observe = observe

    @property
    def clock(self) -> ModelClock:
        """The clock on which its time passes."""
        return self._clock

    @property
    def atr(self) -> bytes:
        """The answer to reset, which on contact lines tells the rate."""
        return self._card.atr

    def power_up(self) -> bytes:
        """Return the ATR, after the time the line needs to wake a card."""
        return self._activate(self._card.power_up)

    def power_down(self) -> None:
        """Take the power away."""
        self._card.power_down()

    def reset(self) -> bytes:
        """Return the ATR, after the time the line needs to wake a card."""
        return self._activate(self._card.reset)

    def execute(self, command: bytes) -> bytes:
        """Return the R-APDU; chip, line and reader take their time, even for no answer."""
        before, answer = self._clock.spent, b""
        self._clock.begin()
        try:
            answer = self._card.execute(command)
        finally:
            operations = self._tally.take()
            self._spend(operations, len(command), len(answer))
            self._clock.settle()
            if self._observe is not None:
                time = self._clock.spent - before
                self._observe(CommandTime(command[:4], len(command), len(answer), operations, time))
        return answer

    def _activate(self, wake: Callable[[], bytes]) -> bytes:
        self._clock.begin()
        self._clock.spend(Part.LINE, self._times.line.activation_ns)
        atr = wake()
        self._spend_on_chip(self._tally.take(), symmetric=1)
        self._clock.settle()
        return atr

    def _spend(self, operations: Counter[Operation], sent: int, received: int) -> None:
        pieces = self._times.chip.pieces(max(sent, received))
        self._spend_on_chip(operations, symmetric=pieces)
        self._clock.spend(Part.LINE, self._times.line.exchange_ns(sent, received))
        self._clock.spend(Part.READER, self._times.reader.command_ns)

    def _spend_on_chip(self, operations: Counter[Operation], *, symmetric: int) -> None:
        for operation, count in operations.items():
            times = count * symmetric if operation is Operation.SYMMETRIC else count
            self._clock.spend(Part.CHIP, times * self._times.chip.cost_ns(operation))


def timed_copy(
    card: SoftwareCard,
    times: Times,
    clock: ModelClock,
    *,
    entropy: Entropy | None = None,
    observe: Callable[[CommandTime], None] | None = None,
) -> TimedCard:
    """Return a copy of ``card`` at the line of ``times``: its interface, its answer to reset.

    The copy has its own memory, so that what is measured leaves ``card`` as it was. Its waits
    after wrong CANs pass on ``clock``.
    """
    changes = {image.ATR: times.line.atr} if times.line.atr else {}
    memory = copy_of(card, changes=changes).memory
    tally = Tally(memory)
    timed = SoftwareCard(
        memory, interface=times.line.interface, entropy=entropy, clock=clock, meter=tally
    )
    return TimedCard(timed, tally, times=times, clock=clock, observe=observe)
