"""One presentation of a card, taken apart: modelled chip, line and reader, measured host."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from cardservice.domain.verdict import Outcome
from cardservice.transport.inprocess import open_seam
from cardservice.transport.link import CardLink
from cardservice.verify.examination import Examination
from cardservice.verify.reading import CardReading
from simulators.card import Operation, SoftwareCard
from simulators.models import CommandTime, Split, Times, VirtualClock, timed_copy
from simulators.models.clock import ms
from simulators.reader import InProcessReader

MS_A_SECOND = 1000

Examine = Callable[[CardLink], tuple[Examination, CardReading | None]]
"""A desk's whole use case: from a powered card to a verdict."""


@dataclass(frozen=True, slots=True)
class Tap:
    """What one presentation took.

    Attributes:
        waking_ns: from power to the first command; part of the line's time.
        modelled: chip, line and reader.
        host_ms: our own code, measured.
        commands: each as it went over the line.
        reading: what the desk read.
    """

    waking_ns: int
    modelled: Split
    host_ms: float
    commands: tuple[CommandTime, ...]
    reading: CardReading

    @property
    def total_ms(self) -> float:
        """From presentation to verdict."""
        return ms(self.modelled.total_ns) + self.host_ms

    @property
    def operations(self) -> Counter[Operation]:
        """What the chip did."""
        done: Counter[Operation] = Counter()
        for command in self.commands:
            done.update(command.operations)
        return done

    def text(self) -> str:
        """Return the split and the counts in words."""
        split, host = self.modelled, self.host_ms
        sent = sum(one.sent for one in self.commands)
        received = sum(one.received for one in self.commands)
        done = ", ".join(f"{times} {one.value}" for one, times in self.operations.items())
        return (
            f"chip {ms(split.chip_ns):.1f}, line {ms(split.line_ns):.1f} "
            f"(waking {ms(self.waking_ns):.1f}), reader {ms(split.reader_ns):.1f}, "
            f"host {host:.1f} ms ({host / self.total_ms:.1%}); {len(self.commands)} commands, "
            f"{sent} octets sent, {received} received; chip: {done}"
        )


class Stopwatch:
    """A link that knows how long this process was busy being the card and its reader."""

    def __init__(self, link: CardLink) -> None:
        self._link = link
        self.busy_s = 0.0
        self.close = link.close

    @property
    def atr(self) -> bytes:
        """Answer to the latest reset."""
        return self._link.atr

    def exchange(self, command: bytes) -> bytes:
        """Return the answer to the command."""
        return self._timed(lambda: self._link.exchange(command))

    def reset(self) -> bytes:
        """Reset the card; return its ATR."""
        return self._timed(self._link.reset)

    def _timed(self, action: Callable[[], bytes]) -> bytes:
        began = time.perf_counter()
        try:
            return action()
        finally:
            self.busy_s += time.perf_counter() - began


def tap(card: SoftwareCard, times: Times, examine: Examine) -> Tap:
    """Present a copy of ``card`` once; return what it took until the verdict ``valid``."""
    clock, commands = VirtualClock(), list[CommandTime]()
    slot = InProcessReader("desk")
    slot.insert(timed_copy(card, times, clock, observe=commands.append))
    waking_ns = clock.spent.total_ns
    watch = Stopwatch(slot.connect())
    link = open_seam(lambda: watch)
    began = time.perf_counter()
    examination, reading = examine(link)
    elapsed_s = time.perf_counter() - began
    verdict = examination.verdict
    if reading is None or verdict is None or verdict.outcome is not Outcome.VALID:
        raise AssertionError("a good card was not judged valid")
    host_ms = (elapsed_s - watch.busy_s) * MS_A_SECOND
    return Tap(waking_ns, clock.spent, host_ms, tuple(commands), reading)
