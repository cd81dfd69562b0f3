"""Whether sixteen lanes make sixteen times the cards of one: on the wall, at a chip's own pace.

The whole station as ``cardservice station run`` puts it together: a process a lane, one journal
that waits for its disk. Over PC/SC the cards are in a process of their own, behind a pcscd of our
own; without it each is in its lane's process.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Final

from bench.figures import FULL, QUICK, Figure, NotMeasurableError, Pace
from bench.station_lanes_pace import lane_rates
from bench.station_machines import BLANKS, hopper
from bench.station_stage import station
from cardservice.errors import ReaderUnavailableError
from cardservice.home.station import LaneWish
from simulators.feeder import new_hopper
from simulators.reader import ReaderSetupError, namespace
from simulators.reader.daemon import PrivatePcscd
from simulators.reader.driver import ReaderSlot

LANES: Final = 16
CHIP: Final = "median"
CARDS_A_RUN: Final = 2  # of each lane, for each run of the pace's: ten at full pace
TARGET: Final = 0.95
PER_HOUR: Final = 3600
REFERENCE: Final = "one lane of the same station, before and after, times the lanes"

Lanes = Sequence[LaneWish]
Lend = Callable[[int, str], AbstractContextManager[Lanes]]
"""So many lanes with cards of that time, ``MODE:CHIP``."""


def over_pcsc(pace: Pace = FULL) -> Figure:
    """Measure sixteen PC/SC lanes beside one.

    Raises:
        NotMeasurableError: not root, or pcscd, the driver or pyscard is missing.
    """
    # The thread that enters the private namespace stays there, so it is one that ends.
    with ThreadPoolExecutor(max_workers=1) as thread:
        try:
            return thread.submit(_measure, "station.lanes16", _pcsc_lanes, pace).result()
        except (ReaderSetupError, ReaderUnavailableError) as error:
            raise NotMeasurableError(f"{error} ({error.remedy})") from error


def in_process(pace: Pace = FULL) -> Figure:
    """Measure sixteen lanes with a reader in each lane's process, beside one."""
    return _measure("station.lanes16.simfeed", _own_lanes, pace)


def _measure(name: str, lend: Lend, pace: Pace) -> Figure:
    count, cards = min(LANES, pace.cards), pace.runs * CARDS_A_RUN
    with station(BLANKS) as made, lend(count, _time(pace)) as lanes:
        before = lane_rates(made, lanes[:1], cards)
        rates = lane_rates(made, lanes, cards)
        after = lane_rates(made, lanes[:1], cards)
    one = mean([*before, *after])
    return Figure(
        name=name,
        value=round(sum(rates) * PER_HOUR),
        unit="cards/h",
        reference=REFERENCE,
        reference_value=round(one * len(lanes) * PER_HOUR),
        note=(
            f"{len(lanes)} lanes, {CHIP} chip, {cards} cards each; one lane {_said(before)} and "
            f"{_said(after)}, a lane of all {_said([mean(rates)])}, slowest "
            f"{_said([min(rates)])}; target {TARGET}"
        ),
    )


def _time(pace: Pace) -> str:
    """Return how the cards' time passes; to see that it works, nobody waits for a chip."""
    return "none" if pace == QUICK else f"real:{CHIP}"


@contextmanager
def _own_lanes(count: int, time: str) -> Iterator[Lanes]:
    with TemporaryDirectory(prefix="bench-") as place:
        yield [_own_lane(Path(place) / f"machine-{one}", one, time) for one in range(1, count + 1)]


def _own_lane(folder: Path, number: int, time: str) -> LaneWish:
    new_hopper(folder, hopper(number, time))
    return LaneWish(reader=f"simfeed:{folder}")


@contextmanager
def _pcsc_lanes(count: int, time: str) -> Iterator[Lanes]:
    namespace.enter(fresh=True)  # whatever pcscd runs in the present one
    with ExitStack() as stack:
        place = stack.enter_context(TemporaryDirectory(prefix="bench-"))
        slots = stack.enter_context(PrivatePcscd(readers=count)).slots[:count]
        urls = stack.enter_context(_machines(Path(place), time, slots))
        yield [
            LaneWish(reader=f"pcsc:{slot.name}", feeder=url)
            for slot, url in zip(slots, urls, strict=True)
        ]


@contextmanager
def _machines(folder: Path, time: str, slots: Sequence[ReaderSlot]) -> Iterator[list[str]]:
    """Lend the URLs of machines at these readers, all in one process."""
    readers = [f"{slot.host}:{slot.port}" for slot in slots]
    command = [sys.executable, "-m", "bench.station_machines", str(folder), time, *readers]
    with subprocess.Popen(  # noqa: S603 - our own program, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise NotMeasurableError("the machines did not start: bench.station_machines")
            urls: list[str] = json.loads(line)
            yield urls
        finally:
            process.kill()


def _said(rates: Sequence[float]) -> str:
    return f"{mean(rates) * PER_HOUR:.0f}/h"
