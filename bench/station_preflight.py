"""How fast a batch is tried on software cards, and orders are prepared ahead, on every core."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.cards import card_orders
from bench.figures import FULL, Figure, Pace, per_second
from bench.station_rows import write_table
from bench.tap_desk import PHOTO
from cardservice.home.issuer import scratch_home
from cardservice.home.station_preflight import make_preflight
from cardservice.personalization.order import CardOrder
from cardservice.personalization.preparing import Preparer
from cardservice.personalization.preparing_crew import cores
from cardservice.settings import load_settings

ROWS_A_SINGLE: Final = 2  # 10,000 rows at full pace
ORDERS_A_SINGLE: Final = 20  # 100,000 orders at full pace
REFERENCE_SHARE: Final = 10  # the reference tries a tenth of the rows, and is counted ten times
TARGET_S: Final = 60

PREFLIGHT_REFERENCE: Final = "one process, from a tenth of the rows"
PREPARE_REFERENCE: Final = "this process alone"


def preflight(pace: Pace = FULL) -> Figure:
    """Measure a whole table: judged, made on software cards by every core, read back."""
    rows = pace.singles * ROWS_A_SINGLE
    with _table(rows) as whole, _table(max(1, rows // REFERENCE_SHARE)) as part:
        value = _try(whole, rows, processes=cores())
        alone = _try(part, max(1, rows // REFERENCE_SHARE), processes=1)
    return Figure(
        name="station.preflight",
        value=round(value, 2),
        unit="s",
        reference=PREFLIGHT_REFERENCE,
        reference_value=round(alone * REFERENCE_SHARE, 2),
        note=f"{rows} rows, {cores()} processes, their start included; target {TARGET_S} s",
    )


def prepare(pace: Pace = FULL) -> Figure:
    """Measure orders with photos prepared ahead, the start of processes included."""
    with scratch_home(load_settings()) as (home, _):
        plain = card_orders(home, pace.cards)
    count = pace.singles * ORDERS_A_SINGLE
    shared, alone = _both([replace(one, photo=PHOTO) for one in plain], count, pace)
    small = " and ".join(f"{per_second(one)}/s" for one in _both(plain, count, pace))
    return Figure(
        name="station.prepare",
        value=per_second(shared),
        unit="orders/s",
        reference=PREPARE_REFERENCE,
        reference_value=per_second(alone),
        note=f"{count} orders, {cores()} cores; without photos {small}",
    )


def _both(few: Sequence[CardOrder], count: int, pace: Pace) -> tuple[float, float]:
    """Return the median rates of preparing on every core, and in this process alone."""
    orders = [few[number % len(few)] for number in range(count)]
    pairs = [
        (_prepare(Preparer(worth_from=0), orders), _prepare(Preparer(processes=0), orders))
        for _ in range(pace.runs)
    ]
    return median(one for one, _ in pairs), median(one for _, one in pairs)


def _try(table: Path, rows: int, *, processes: int) -> float:
    """Return the seconds that a table of good rows takes."""
    began = time.perf_counter()
    flight = make_preflight(load_settings(), processes=processes)
    good = sum(one.good for one in flight.try_table(table))
    seconds = time.perf_counter() - began
    if good != rows:
        raise AssertionError(f"{rows - good} rows of the demonstration table were refused")
    return seconds


@contextmanager
def _table(rows: int) -> Iterator[Path]:
    """Lend a table of so many good rows: those of the demonstration, each number new."""
    with TemporaryDirectory(prefix="bench-") as place:
        path = Path(place) / "holders.csv"
        write_table(path, rows)
        yield path


def _prepare(preparer: Preparer, orders: Sequence[CardOrder]) -> float:
    """Return orders a second, the start of processes included."""
    began = time.perf_counter()
    done = sum(1 for _ in preparer.prepare_all(orders))
    if done != len(orders):
        raise AssertionError("an order was lost")
    return done / (time.perf_counter() - began)
