"""What a card costs a station that made a thousand before, and one that made a million.

Order source (a table with the ledger behind it), journal, floor and telling are the real ones; the
lanes do nothing. One process a size, asked in alternating turns.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.figures import FULL, Figure, NotMeasurableError, Pace

ORDERS_A_SINGLE: Final = 200  # a million at full pace, and a tenth, a hundredth, a thousandth of it
STEPS: Final = (1000, 100, 10, 1)
CARDS_A_TURN: Final = 25  # for each run of the pace's: 125 cards
SPARE: Final = 100  # rows that stay: a table that runs out ends its station
REFERENCE: Final = "the same station after a thousandth of the orders, in turns"
STOP_S: Final = 60.0
_MODULE: Final = "bench.station_flat_station"
_MS_PER_S: Final = 1000
_OCTETS_PER_MIB: Final = 1 << 20


@dataclass(slots=True)
class _Station:
    """One process of a station, and what it said at its start."""

    orders: int
    process: "subprocess.Popen[str]"
    start_s: float = 0.0
    resident_mib: float = 0.0

    def begin(self) -> None:
        """Wait until it is ready."""
        said = self._answer()
        self.start_s, self.resident_mib = said["start_s"], said["resident_mib"]

    def make(self, cards: int) -> float:
        """Return the milliseconds a card of so many more."""
        if self.process.stdin is None:
            raise NotMeasurableError("the station cannot be asked")
        self.process.stdin.write(f"{cards}\n")
        self.process.stdin.flush()
        return self._answer()["seconds"] * _MS_PER_S / cards

    def _answer(self) -> dict[str, float]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise NotMeasurableError(f"the station of {self.orders} orders ended; run {_MODULE}")
        said: dict[str, float] = json.loads(line)
        return said


def flat(pace: Pace = FULL) -> Figure:
    """Measure milliseconds a card after a million orders, beside those after a thousand."""
    most, turn = pace.singles * ORDERS_A_SINGLE, pace.runs * CARDS_A_TURN
    sizes = [max(1, most // step) for step in STEPS]
    with ExitStack() as stack:
        stations = [
            stack.enter_context(_started(size, turn * (pace.rounds + 1) + SPARE)) for size in sizes
        ]
        for one in stations:
            one.begin()
            one.make(turn)  # a warm-up
        turns = [[one.make(turn) for one in stations] for _ in range(pace.rounds)]
    costs = [median(each) for each in zip(*turns, strict=True)]
    return Figure(
        name="station.flat",
        value=round(costs[-1], 3),
        unit="ms/card",
        reference=REFERENCE,
        reference_value=round(costs[0], 3),
        note=_said(stations, costs),
    )


def _said(stations: Sequence[_Station], costs: Sequence[float]) -> str:
    each = ", ".join(f"{one.orders}: {cost:.2f}" for one, cost in zip(stations, costs, strict=True))
    first, last = stations[0], stations[-1]
    more = max(1, last.orders - first.orders)
    octets = (last.resident_mib - first.resident_mib) * _OCTETS_PER_MIB / more
    starts = ", ".join(f"{one.start_s:.1f}" for one in stations)
    return (
        f"ms a card after so many orders: {each}; no disk is waited for; {octets:.0f} octets of "
        f"memory an order ({last.resident_mib:.0f} MiB in all); its start: {starts} s"
    )


@contextmanager
def _started(orders: int, more: int) -> Iterator[_Station]:
    """Lend a station that made ``orders`` cards and may make ``more``; it begins at once."""
    command = [sys.executable, "-m", _MODULE, str(orders), str(more)]
    with subprocess.Popen(  # noqa: S603 - our own program, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield _Station(orders, process)
            if process.stdin is not None:
                process.stdin.close()
            process.wait(STOP_S)
        finally:
            process.kill()
