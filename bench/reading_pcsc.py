"""How fast the software card answers READ BINARY over PC/SC: pyscard, pcscd, virtual readers."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.cards import in_turn, made_card
from bench.figures import (
    FULL,
    Figure,
    NotMeasurableError,
    Pace,
    latencies,
    per_second,
    rates_in_turn,
)
from bench.reading import READS, expect_block, select_security_object
from cardservice.errors import CardRemovedError, ReaderUnavailableError
from cardservice.transport.link import CardLink
from cardservice.transport.registry import open_link
from simulators.card import load_card, new_state_file
from simulators.reader import ReaderSetupError, VirtualReaderSlot, namespace
from simulators.reader.daemon import PrivatePcscd
from simulators.reader.driver import ReaderSlot

REFERENCE: Final = "the same card without TCP_QUICKACK and TCP_NODELAY on its socket"
STOP_S: Final = 5.0
PATIENCE_S: Final = 10.0  # until pcscd shows the cards; within 0.5 s is usual
LOOK_S: Final = 0.05
P50: Final = 0.5
P99: Final = 0.99
PLAIN_PART: Final = 20  # its commands take forty times as long


@dataclass(frozen=True, slots=True)
class _Links:
    """The same card three times.

    Attributes:
        apart: in a process of its own, as ``cardsim card`` holds it.
        beside: in a thread of the terminal's own process, as the tour holds it.
        plain: as ``beside``, its socket left as it comes.
    """

    apart: CardLink
    beside: CardLink
    plain: CardLink


def over_pcsc(pace: Pace = FULL) -> Figure:
    """Measure plain READ BINARY of 256 octets through a pcscd of our own.

    Raises:
        NotMeasurableError: not root, or pcscd, the driver or pyscard is missing.
    """
    return _in_namespace(_measure_rate, pace)


def slowest_over_pcsc(pace: Pace = FULL) -> Figure:
    """Measure what 99 of 100 single READ BINARY of 256 octets stay within.

    Raises:
        NotMeasurableError: as for ``over_pcsc``.
    """
    return _in_namespace(_measure_slowest, pace)


def _in_namespace(measure: Callable[[Pace], Figure], pace: Pace) -> Figure:
    # The thread that enters the private namespace stays there, so it is one that ends.
    with ThreadPoolExecutor(max_workers=1) as thread:
        try:
            return thread.submit(measure, pace).result()
        except (ReaderSetupError, ReaderUnavailableError) as error:
            raise NotMeasurableError(f"{error} ({error.remedy})") from error


def _measure_slowest(pace: Pace) -> Figure:
    with _three_cards() as links:
        singles = latencies(in_turn(links.apart.exchange, READS), pace.singles)
        few = max(pace.singles // PLAIN_PART, 1)
        reference = latencies(in_turn(links.plain.exchange, READS), few)
    return Figure(
        name="sim.read_pcsc.p99",
        value=_ms(_percentile(singles, P99)),
        unit="ms",
        reference=REFERENCE,
        reference_value=_ms(_percentile(reference, P99)),
        note=(
            f"of {len(singles)} single commands, median {_ms(_percentile(singles, P50))}, "
            f"slowest {_ms(singles[-1])}; card in a process of its own"
        ),
    )


def _percentile(shortest_first: Sequence[float], part: float) -> float:
    return shortest_first[int((len(shortest_first) - 1) * part)]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _measure_rate(pace: Pace) -> Figure:
    with _three_cards() as links:
        apart, beside, plain = (
            in_turn(link.exchange, READS) for link in (links.apart, links.beside, links.plain)
        )
        value, reference = rates_in_turn(apart, plain, pace)
        in_thread, _ = rates_in_turn(beside, apart, pace)
    return Figure(
        name="sim.read_pcsc",
        value=per_second(value),
        unit="commands/s",
        reference=REFERENCE,
        reference_value=per_second(reference),
        note=(
            "card in a process of its own; "
            f"in a thread of the terminal's process {per_second(in_thread)}/s"
        ),
    )


@contextmanager
def _three_cards() -> Iterator[_Links]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        states = _three_states(folder)
        namespace.enter(fresh=True)  # whatever pcscd runs in the present one
        pcscd = stack.enter_context(PrivatePcscd(readers=len(states)))
        slots = pcscd.slots[: len(states)]
        stack.enter_context(_held_apart(states[0], slots[0]))
        for state, slot, low_latency in zip(states[1:], slots[1:], (True, False), strict=True):
            holder = VirtualReaderSlot(slot.host, slot.port, low_latency=low_latency)
            stack.enter_context(holder).insert(load_card(state))
        yield _Links(*(_open(stack, slot) for slot in slots))


def _three_states(folder: Path) -> list[Path]:
    """Make a card in a file and return the file with two copies of it."""
    states = [folder / f"{number}.card" for number in range(3)]
    new_state_file(states[0])
    link = open_link(f"sim:{states[0]}")
    try:
        with made_card(link):
            select_security_object(link)
    finally:
        link.close()
    for copy in states[1:]:
        shutil.copyfile(states[0], copy)
    return states


@contextmanager
def _held_apart(state: Path, slot: ReaderSlot) -> Iterator[None]:
    command = [sys.executable, "-m", "simulators.cli.main", "card"]
    options = ["--reader", f"{slot.host}:{slot.port}", "--state", str(state)]
    process = subprocess.Popen(  # noqa: S603 - our own program, no shell
        [*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(STOP_S)


def _open(stack: ExitStack, slot: ReaderSlot) -> CardLink:
    link = _open_when_seen(f"pcsc:{slot.name}")
    stack.callback(link.close)
    select_security_object(link)
    for command in READS:
        expect_block(link.exchange, command)
    return link


def _open_when_seen(url: str) -> CardLink:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return open_link(url)
        except CardRemovedError:
            if time.monotonic() > end:
                raise
            time.sleep(LOOK_S)
