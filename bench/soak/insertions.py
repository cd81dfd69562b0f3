"""Cards in and out of sixteen PC/SC readers, again and again: nothing is lost, nothing grows.

Each reader has a hand of its own that inserts a card, waits until our own watch over the readers
tells of it, talks to the card, removes it, waits for that event, and keeps the gap that a virtual
reader needs (pcscd looks at it every 0.4 s).
"""

import ctypes
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from cardservice.errors import LinkError
from cardservice.transport.events import CardPresented, CardRemoved, ReaderEvent
from cardservice.transport.pcsc.scard import load
from cardservice.transport.pcsc.watch import PcscWatch
from simulators.card import NonVolatileMemory
from simulators.card.making import blank_cells
from simulators.tray import Tray
from simulators.tray.plastic import SoftwarePlastic

READERS_MAX: Final = 16
LOST_S: Final = 8.0  # an event that has not come by then is lost; 0.4 s is usual
# Insertions before memory counts: caches fill, and as many threads as ever run at once get stacks.
WARM_UP: Final = 10  # of each reader at least
WARM_UP_PART: Final = 10  # a tenth of a long soak
_M_ARENA_MAX: Final = -8  # malloc.h
SELECT_MF: Final = bytes.fromhex("00A40000023F00")
OK: Final = b"\x90\x00"
_SERIAL_OCTETS: Final = 8


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the processes hold: resident memory in KiB, threads, open files, dead children."""

    kib: int
    pcscd_kib: int
    threads: int
    files: int
    zombies: int


@dataclass(slots=True)
class InsertionResult:
    """What came of a soak.

    Attributes:
        lost: events that did not come, by their kind; ``extra``: such as came without a cause.
        failed: conversations that failed, by what the terminal was told.
        warm: the footprint after the warm-up, with every reader empty; ``last``: at the end.
    """

    readers: int
    insertions: int = 0
    removals: int = 0
    conversations: int = 0
    seconds: float = 0.0
    lost: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    warm: Footprint | None = None
    last: Footprint | None = None

    @property
    def sound(self) -> bool:
        """Return whether nothing was lost, made up, or left behind."""
        if self.warm is None or self.last is None:
            raise ValueError("the soak has not ended")
        kept = (self.last.threads, self.last.files) == (self.warm.threads, self.warm.files)
        nothing_wrong = not self.lost and not self.extra and not self.last.zombies
        return nothing_wrong and kept and self.conversations == self.insertions

    @property
    def growth(self) -> float:
        """Return by what part memory grew from the warm-up to the end, the worse process."""
        if self.warm is None or self.last is None:
            raise ValueError("the soak has not ended")
        own = self.last.kib / self.warm.kib
        return max(own, self.last.pcscd_kib / self.warm.pcscd_kib) - 1


class Hand:
    """One reader's share of the work: the n-th card in, and out again."""

    def __init__(self, tray: Tray, reader: str, result: InsertionResult) -> None:
        self.told: SimpleQueue[ReaderEvent] = SimpleQueue()
        self._tray = tray
        self._reader = reader
        self._card = f"card of {reader}"
        self._result = result
        tray.add_card(self._card, _plastic())

    def work(self, watch: PcscWatch, insertions: int, counting: threading.Lock) -> None:
        """Insert and remove so many times; count what was seen of it."""
        for _ in range(insertions):
            self._tray.insert(self._card, self._reader)
            seen = self._await(CardPresented, counting)
            failure = _converse(watch, self._reader) if seen else None
            self._tray.remove(self._reader)
            self._await(CardRemoved, counting)
            with counting:
                self._result.insertions += 1
                self._result.removals += 1
                self._result.conversations += seen and failure is None
                if failure is not None:
                    self._result.failed[failure] += 1

    def _await(self, kind: type[ReaderEvent], counting: threading.Lock) -> bool:
        end = time.monotonic() + LOST_S
        while (left := end - time.monotonic()) > 0:
            try:
                event = self.told.get(timeout=left)
            except Empty:
                break
            if isinstance(event, kind):
                return True
            with counting:
                self._result.extra[type(event).__name__] += 1
        with counting:
            self._result.lost[kind.__name__] += 1
        return False


def soak_insertions(insertions: int, *, readers: int = READERS_MAX) -> InsertionResult:
    """Return what came of so many insertions and removals, spread over ``readers``.

    Raises:
        ReaderSetupError: not root, or pcscd or the virtual reader driver is missing.
    """
    # One place for malloc's memory. By default each of many threads fills one of its own, for hours
    # and with nothing that anybody holds; a real leak could not be told from it.
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    # The thread that enters the private namespace stays there, so it is one that ends.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_soak, insertions, readers).result()


def _soak(insertions: int, readers: int) -> InsertionResult:
    result, counting = InsertionResult(readers), threading.Lock()
    with Tray() as tray:
        hands = {name: Hand(tray, name, result) for name in tray.add_pcsc_readers(readers)}
        watch = PcscWatch(load())
        watch.start(Sorter(hands))
        began = time.monotonic()
        rounds = -(-insertions // readers)
        first = min(max(WARM_UP, rounds // WARM_UP_PART), rounds)
        try:
            _all_work(hands, watch, first, counting)
            result.warm = footprint(tray.pcscd_pid)
            _all_work(hands, watch, rounds - first, counting)
            result.last = footprint(tray.pcscd_pid)
        finally:
            watch.stop()
        result.seconds = time.monotonic() - began
    return result


def _all_work(
    hands: dict[str, Hand], watch: PcscWatch, rounds: int, counting: threading.Lock
) -> None:
    workers = [
        threading.Thread(target=hand.work, args=(watch, rounds, counting))
        for hand in hands.values()
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


class Sorter:
    """The watch's sink: gives each hand the events of its own reader."""

    def __init__(self, hands: dict[str, Hand]) -> None:
        self._hands = hands

    def __call__(self, event: ReaderEvent) -> None:
        if isinstance(event, CardPresented | CardRemoved):
            self._hands[event.reader].told.put(event)


def _converse(watch: PcscWatch, reader: str) -> str | None:
    """Say one command to the card; return what went wrong, None if nothing."""
    try:
        link = watch.open(reader)
    except LinkError as error:
        return f"opening: {error}"
    try:
        return None if link.exchange(SELECT_MF)[-2:] == OK else "another answer"
    except LinkError as error:
        return f"command: {error}"
    finally:
        link.close()


def footprint(pcscd_pid: int | None) -> Footprint:
    """Return what this process and pcscd hold now."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [int(pid) for task in children for pid in _text(task).split()]
    return Footprint(
        kib=_resident_kib(os.getpid()),
        pcscd_kib=_resident_kib(pcscd_pid or os.getpid()),
        threads=threading.active_count(),
        files=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        zombies=sum(_status(pid, "State").startswith("Z") for pid in pids),
    )


def _resident_kib(pid: int) -> int:
    return int(_status(pid, "VmRSS").split()[0])


def _status(pid: int, name: str) -> str:
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return value.strip()
    return ""


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # the process or thread ended while we looked


def _plastic() -> SoftwarePlastic:
    return SoftwarePlastic(NonVolatileMemory(blank_cells(os.urandom(_SERIAL_OCTETS))))
