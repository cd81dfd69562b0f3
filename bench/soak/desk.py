"""A desk at work for a long time, while everything it stands on breaks: nothing is missed.

Four PC/SC readers on a pcscd of our own, a desk that is enrolled at a service in a process of its
own, a page and a clinic system that follow. Hands put cards in, too early and too late, and one
breaks pcscd, readers and the service. What the desk told is then held against what was done.
"""

import ctypes
import gc
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from bench.soak.desk_cards import CARDS, rules_for
from bench.soak.desk_followers import Follower, clinic_system, page
from bench.soak.desk_hands import Breaker, ReaderHand, Witness
from bench.soak.desk_result import DeskResult, errors_in, listening
from bench.soak.desk_running import RunningDesk, running_desk
from bench.soak.desk_service import Issuer, issuer_of, wait_until
from bench.soak.desk_truth import Rules, judge
from bench.soak.insertions import footprint
from simulators.reader import namespace
from simulators.tray import Tray
from simulators.zoo import Zoo, open_zoo

READERS: Final = 4
BATCHES: Final = 10
"""After each the readers are empty, and what happened is judged; memory counts from the first."""
CALM_S: Final = 30.0
TOLD_S: Final = 120.0  # the agent asks again after 10 s, 20, 40 …
_M_ARENA_MAX: Final = -8  # malloc.h
_SETTLE_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done.

    Attributes:
        seconds: of work; what is between the batches comes on top.
        seed: of the hands' dice; with the same one they try the same.
        cards: names of the zoo.
    """

    seconds: float
    seed: int
    cards: Sequence[str] = CARDS
    batches: int = BATCHES


def soak_desk(wish: Wish) -> DeskResult:
    """Return what came of a desk that worked for so long.

    Raises:
        ReaderSetupError: not root, or pcscd or the virtual reader driver is missing.
    """
    # One place for malloc's memory; see ``bench.soak.insertions``.
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    # The thread that enters the private namespace stays there, so it is one that ends.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_soak, wish).result()


def _soak(wish: Wish) -> DeskResult:
    result, began = DeskResult(wish.seed), time.monotonic()
    namespace.enter()
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="soak-desk-")))
        zoo = stack.enter_context(open_zoo())
        for name in wish.cards:
            zoo.card(name)
        stack.enter_context(listening(result.logged))
        issuer = stack.enter_context(issuer_of(zoo, wish.cards, place))
        result.before = footprint(None)
        had = _at_the_desk(wish, zoo, issuer, place, result)
        gc.collect()
        result.after = footprint(None)
        _count_told(result, had, issuer)
        issuer.process.stop()
        result.logged.update(errors_in(issuer.process.log))
    result.seconds = time.monotonic() - began
    return result


def _at_the_desk(
    wish: Wish, zoo: Zoo, issuer: Issuer, place: Path, result: DeskResult
) -> Counter[UUID]:
    """Work through all batches; return the presentations that the desk had."""
    with Tray() as tray, ExitStack() as stack:
        readers = tray.add_pcsc_readers(READERS)
        lent = running_desk(place / "desk", address=issuer.process.address, code=issuer.code)
        followers: list[Follower] = []
        stack.callback(lambda: _closed(followers, result))
        desk = stack.enter_context(lent)
        followers += [page(desk), clinic_system(desk)]
        scene = _Scene(tray, readers, desk, issuer, rules_for(zoo, wish.cards), followers, result)
        scene.add_hands(zoo, wish)
        scene.settle("at the start")
        for _ in range(wish.batches):
            scene.work(wish.seconds / wish.batches)
        if not wait_until(desk.has_told_all, TOLD_S):
            result.unsettled["the queue at the end"] += 1
        return desk.book.ids


def _closed(followers: Sequence[Follower], result: DeskResult) -> None:
    for one in followers:
        one.close()
        result.followed[one.name] = one.messages
        result.misled.update({f"{one.name}: {what}": n for what, n in one.wrong.items()})


class _Scene:
    """Hands, breaker and desk, batch by batch."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a batch is made of
        self,
        tray: Tray,
        readers: Sequence[str],
        desk: RunningDesk,
        issuer: Issuer,
        rules: Rules,
        followers: Sequence[Follower],
        result: DeskResult,
    ) -> None:
        self._tray = tray
        self._readers = readers
        self._desk = desk
        self._issuer = issuer
        self._rules = rules
        self._followers = followers
        self._result = result
        self._witness = Witness()
        tray.subscribe(self._witness)

    def add_hands(self, zoo: Zoo, wish: Wish) -> None:
        """Seat a hand at each reader, with cards of its own, and the one that breaks things."""
        dice = Random(wish.seed)  # noqa: S311 - repeatable, and no secret of anybody
        self._hands = [
            ReaderHand(self._tray, reader, self._desk, Random(dice.random()))  # noqa: S311
            for reader in self._readers
        ]
        for hand in self._hands:
            hand.add_cards(zoo, wish.cards)
        self._breaker = Breaker(self._tray, self._readers, self._issuer, Random(dice.random()))  # noqa: S311

    def work(self, seconds: float) -> None:
        """Let them all work for so long; then judge what happened, and look at the memory."""
        end = time.monotonic() + seconds
        works = [*(hand.work for hand in self._hands), self._breaker.work]
        threads = [threading.Thread(target=work, args=(end,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.settle("after a batch")
        self._judge()
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        self._result.kib.append(footprint(self._tray.pcscd_pid).kib)

    def settle(self, when: str) -> None:
        """Wait until desk and followers show empty readers."""
        if not wait_until(lambda: self._desk.is_calm(READERS), CALM_S):
            self._result.unsettled[f"the desk {when}"] += 1
        for one in self._followers:
            if not wait_until(lambda one=one: one.is_calm(READERS), CALM_S):  # type: ignore[misc]
                self._result.unsettled[f"{one.name} {when}"] += 1
        self._tray.settle()
        time.sleep(_SETTLE_S)

    def _judge(self) -> None:
        result = self._result
        stays, downs, seen = self._witness.take(), self._breaker.take(), self._desk.book.take()
        judge(stays, downs, seen, self._rules, result.findings)
        if self._witness.lost:
            result.unsettled["the witness lost events"] += 1
        for done in (*(hand.done for hand in self._hands), self._breaker.done):
            result.done.update(done)
            done.clear()


def _count_told(result: DeskResult, had: Counter[UUID], issuer: Issuer) -> None:
    """Hold what the register has against what the desk had."""
    told = Counter(issuer.told())
    result.told = len(told)
    result.untold = len(had.keys() - told.keys())
    result.not_ours = len(told.keys() - had.keys())
    result.told_twice = sum(1 for many in (told, had) for count in many.values() if count > 1)
