"""How long a clerk waits for the register: by number, by name and birth date, a page of the queue.

``python -m bench.registry_lookups --policies 22000000`` measures a size of one's own; 22 million
need about 30 GB of disk in the temporary folder.
"""

import argparse
import atexit
import logging
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import psycopg
from sqlalchemy import make_url

from bench.figures import FULL, QUICK, Figure, NotMeasurableError, Pace
from bench.registry_filling import POSTGRESQL, SQLITE, full_database
from bench.registry_people import REGION, enp, person
from cardservice.storage.engine import Database
from cardservice.storage.paging import Ask, Mark

POLICIES: Final = {POSTGRESQL: 2_000_000, SQLITE: 200_000}
QUICK_POLICIES: Final = 500
PAGE_ROWS: Final = 50
LAST_PAGE: Final = 20  # a clerk seldom turns further
_MS: Final = 1000
_SEED: Final = 20300101
_BARE: Final = "SELECT id FROM policy_numbers WHERE enp = "


@dataclass(frozen=True, slots=True)
class Register:
    """A full database, and a bare connection of its driver for the references."""

    database: Database
    bare: Any
    kind: str
    policies: int


def by_enp(pace: Pace = FULL) -> Figure:
    """Measure from a policy number to policy and person."""
    return _measure_enp(_register(POSTGRESQL, _size(POSTGRESQL, pace)), pace)


def by_name(pace: Pace = FULL) -> Figure:
    """Measure from the beginning of a name and a birth date to a page of persons."""
    return _measure_name(_register(POSTGRESQL, _size(POSTGRESQL, pace)), pace)


def queue_page(pace: Pace = FULL) -> Figure:
    """Measure a page of the clerk's queue, the first to the twentieth."""
    return _measure_queue(_register(POSTGRESQL, _size(POSTGRESQL, pace)), pace)


def sqlite_by_enp(pace: Pace = FULL) -> Figure:
    """Measure ``by_enp`` on SQLite."""
    return _measure_enp(_register(SQLITE, _size(SQLITE, pace)), pace)


def sqlite_by_name(pace: Pace = FULL) -> Figure:
    """Measure ``by_name`` on SQLite."""
    return _measure_name(_register(SQLITE, _size(SQLITE, pace)), pace)


def sqlite_queue_page(pace: Pace = FULL) -> Figure:
    """Measure ``queue_page`` on SQLite."""
    return _measure_queue(_register(SQLITE, _size(SQLITE, pace)), pace)


def _measure_enp(register: Register, pace: Pace) -> Figure:
    def look(number: int) -> None:
        with register.database.reading() as work:
            if work.policies.by_enp(enp(number)) is None:
                raise NotMeasurableError("a policy that was stored is not found")

    return _figure("enp", register, pace, look)


def _measure_name(register: Register, pace: Pace) -> Figure:
    def look(number: int) -> None:
        one = person(number)
        name = f"{one.surname.upper()} {one.given_name[:1]}"
        with register.database.reading() as work:
            if not work.people.search(name=name, birth_date=one.birth_date).rows:
                raise NotMeasurableError("a person who was stored is not found")

    return _figure("name_birth", register, pace, look)


def _measure_queue(register: Register, pace: Pace) -> Figure:
    marks: list[Mark | None] = [None]
    with register.database.reading() as work:
        while len(marks) < LAST_PAGE:
            ask = Ask(limit=PAGE_ROWS, after=marks[-1])
            page = work.applications.queue(REGION, "submitted", ask)
            if page.after is None:
                break
            marks.append(page.after)

    def look(number: int) -> None:
        ask = Ask(limit=PAGE_ROWS, after=marks[number % len(marks)])
        with register.database.reading() as work:
            work.applications.queue(REGION, "submitted", ask)

    return _figure("queue", register, pace, look)


def _figure(name: str, register: Register, pace: Pace, look: Callable[[int], None]) -> Figure:
    dice = random.Random(_SEED)  # noqa: S311 - which policies, not a secret
    numbers = [dice.randrange(register.policies) for _ in range(pace.singles)]
    measured, trip, bare = _in_turn(
        [look, lambda _: _round_trip(register), lambda number: _bare(register, number)], numbers
    )
    prefix = "registry.sqlite" if register.kind == SQLITE else "registry"
    note = (
        f"{register.policies} policies; median {_median(measured)} ms; "
        f"a bare indexed look-up: p99 {_p99(bare)} ms, median {_median(bare)} ms; "
        f"a bare SELECT 1: median {_median(trip)} ms"
    )
    return Figure(
        name=f"{prefix}.{name}.p99",
        value=_p99(measured),
        unit="ms",
        reference="p99 of a bare SELECT 1 by the driver, in turns",
        reference_value=_p99(trip),
        note=note,
    )


def _in_turn(calls: Sequence[Callable[[int], object]], numbers: Sequence[int]) -> list[list[float]]:
    for call in calls:
        for number in numbers[:100]:  # connections, statements and plans are ready
            call(number)
    taken: list[list[float]] = [[] for _ in calls]
    for number in numbers:
        for call, times in zip(calls, taken, strict=True):
            start = time.perf_counter()
            call(number)
            times.append(time.perf_counter() - start)
    return [sorted(times) for times in taken]


def _round_trip(register: Register) -> None:
    register.bare.execute("SELECT 1").fetchone()


def _bare(register: Register, number: int) -> None:
    mark = "?" if register.kind == SQLITE else "%s"
    register.bare.execute(_BARE + mark, (enp(number),)).fetchone()


def _p99(times: Sequence[float]) -> float:
    return round(_MS * times[min(len(times) - 1, len(times) * 99 // 100)], 3)


def _median(times: Sequence[float]) -> float:
    return round(_MS * times[len(times) // 2], 3)


def _size(kind: str, pace: Pace) -> int:
    return QUICK_POLICIES if pace == QUICK else POLICIES[kind]


@cache
def _register(kind: str, policies: int) -> Register:
    # Filling takes longer than measuring: one database serves every figure, to the process's end.
    stack = ExitStack()
    atexit.register(stack.close)
    database, url = stack.enter_context(full_database(kind, policies))
    bare: Any
    if kind == SQLITE:
        bare = sqlite3.connect(make_url(url).database or "")
    else:
        bare = psycopg.connect(url, autocommit=True)
    stack.callback(bare.close)
    return Register(database, bare, kind, policies)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all three at a size of one's own."""
    parser = argparse.ArgumentParser(prog="bench.registry_lookups")
    parser.add_argument("--policies", type=int, help="2000000, on SQLite 200000, unless told")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, not PostgreSQL")
    options = parser.parse_args(arguments)
    kind = SQLITE if options.sqlite else POSTGRESQL
    register = _register(kind, options.policies or POLICIES[kind])
    for measure in (_measure_enp, _measure_name, _measure_queue):
        print(measure(register, FULL).line(), flush=True)
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    sys.exit(main())
