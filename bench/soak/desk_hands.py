"""Whose hands are at the desk: one at each reader, and one that breaks things."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock
from typing import Final

from bench.soak.desk_cards import CARDS, MUTE
from bench.soak.desk_running import RunningDesk
from bench.soak.desk_service import Issuer, wait_until
from bench.soak.desk_truth import Down, Stay
from cardservice.web.desk.state import Phase
from simulators.tray import Tray
from simulators.tray.errors import TrayError
from simulators.tray.events import EventKind, TrayEvent
from simulators.zoo import Zoo

GOOD_ONE_IN: Final = 3  # insertions: as at a clinic, most cards are good
GAP_S: Final = 0.6  # the driver needs 0.5 to show an empty slot
VERDICT_S: Final = 20.0  # a person who waits for the verdict gives up then
MOST_COMMANDS: Final = 20  # a card is read with some more
TORN_S: Final = 3.0
AGAIN_S: Final = 0.3
_CALM_S: Final = (3.0, 9.0)  # between two breakages
_AWAY_S: Final = (0.5, 3.0)  # a reader that was unplugged
_OUTAGE_S: Final = (0.5, 6.0)  # of the service


@dataclass(slots=True)
class Witness:
    """Sees every card come and go in a tray; a tray's sink."""

    stays: list[Stay] = field(default_factory=list)
    lost: int = 0
    _inside: dict[str, tuple[str, float]] = field(default_factory=dict)

    def __call__(self, event: TrayEvent) -> None:
        """Take an event."""
        if event.kind is EventKind.INSERTED and event.card is not None:
            self._inside[event.reader] = (kind_of(event.card), event.at)
        elif event.kind is EventKind.REMOVED and event.reader in self._inside:
            card, start = self._inside.pop(event.reader)
            self.stays.append(Stay(card, event.reader, start, event.at))
        elif event.kind is EventKind.EVENTS_LOST:
            self.lost += 1

    def take(self) -> list[Stay]:
        """Return the stays that are over since the last time."""
        stays, self.stays = self.stays, []
        return stays


def card_name(reader: str, kind: str) -> str:
    """Return what the tray calls that reader's own card of a kind."""
    return f"{reader}: {kind}"


def kind_of(card: str) -> str:
    """Return the zoo's name of a card of the tray."""
    return card.rpartition(": ")[2]


class ReaderHand:
    """Puts cards into one reader and takes them out, as its dice say."""

    def __init__(self, tray: Tray, reader: str, desk: RunningDesk, dice: Random) -> None:
        self._tray = tray
        self._reader = reader
        self._desk = desk
        self._dice = dice
        self.done = Counter[str]()

    def add_cards(self, zoo: Zoo, kinds: Sequence[str]) -> None:
        """Have a card of each kind of its own."""
        self._kinds = tuple(kinds)
        for kind in kinds:
            self._tray.add_card(card_name(self._reader, kind), zoo.card(kind))

    def work(self, end: float) -> None:
        """Go on until ``end``, monotonic seconds; leave the reader empty."""
        manners: list[Callable[[], None]] = [
            self._early,
            self._torn,
            self._late,
            self._late,
            self._soon,
        ]
        while time.monotonic() < end:
            try:
                self._insert(self._kind())
                self._dice.choice(manners)()
                while self._dice.random() < 1 / 4 and time.monotonic() < end:
                    self._swap()
                self._tray.remove(self._reader)
            except TrayError:
                # The reader is unplugged, or was since; its card fell out.
                self.done["no reader"] += 1
                time.sleep(AGAIN_S)
            time.sleep(GAP_S)
        self._tray.remove(self._reader)

    def _kind(self) -> str:
        if self._dice.randrange(GOOD_ONE_IN) == 0:
            return CARDS[0]
        return self._dice.choice(self._kinds)

    def _insert(self, kind: str) -> None:
        self._tray.insert(card_name(self._reader, kind), self._reader)
        self.done["mute" if kind == MUTE else "inserted"] += 1

    def _early(self) -> None:
        """Take it out before, or while, it is read."""
        self.done["early"] += 1
        time.sleep(self._dice.uniform(0.0, 1.5))

    def _torn(self) -> None:
        """Take it out in the middle of what it does."""
        self.done["torn"] += 1
        commands, during = self._dice.randint(1, MOST_COMMANDS), self._dice.random() < 1 / 2
        self._tray.pull_after(self._reader, commands=commands, during=during)
        wait_until(lambda: self._card_here() is None, TORN_S)

    def _soon(self) -> None:
        """Take it out when it has lain just long enough."""
        self.done["soon"] += 1
        time.sleep(self._dice.uniform(2.0, 4.0))

    def _late(self) -> None:
        """Wait for the result, and a little more."""
        self.done["late"] += 1
        wait_until(self._is_judged, VERDICT_S)
        time.sleep(self._dice.uniform(0.1, 2.5))

    def _swap(self) -> None:
        """Put another card in its place at once."""
        self.done["swapped"] += 1
        present = self._card_here()
        kinds = [one for one in self._kinds if card_name(self._reader, one) != present]
        self._tray.swap(card_name(self._reader, self._dice.choice(kinds)), self._reader)
        self._dice.choice([self._early, self._late])()

    def _card_here(self) -> str | None:
        reader = self._tray.readers.get(self._reader)  # None: it is unplugged
        return None if reader is None else reader.card

    def _is_judged(self) -> bool:
        state = self._desk.state.reader(self._reader)
        return state is not None and state.phase is Phase.JUDGED


class Breaker:
    """Breaks what a desk stands on, and mends it, one thing after the other."""

    def __init__(self, tray: Tray, readers: Sequence[str], issuer: Issuer, dice: Random) -> None:
        self._tray = tray
        self._readers = tuple(readers)
        self._issuer = issuer
        self._dice = dice
        self._lock = Lock()
        self._downs: list[Down] = []
        self.done = Counter[str]()

    def work(self, end: float) -> None:
        """Go on until ``end``; everything is whole again afterwards."""
        deeds: tuple[Callable[[], None], ...] = (
            self._kill_pcscd,
            self._restart_pcscd,
            self._unplug,
            self._stop_service,
            self._kill_service,
            self._republish,
        )
        order: list[Callable[[], None]] = []
        while True:
            calm = self._dice.uniform(*_CALM_S)
            if time.monotonic() + calm > end:
                return
            time.sleep(calm)
            if not order:
                order = list(deeds)
                self._dice.shuffle(order)
            order.pop()()

    def take(self) -> list[Down]:
        """Return the times without pcscd since the last time."""
        with self._lock:
            downs, self._downs = self._downs, []
        return downs

    def _kill_pcscd(self) -> None:
        self._without_pcscd("pcscd killed", lambda: self._tray.restart_pcscd(crash=True))

    def _restart_pcscd(self) -> None:
        self._without_pcscd("pcscd restarted", self._tray.restart_pcscd)

    def _unplug(self) -> None:
        reader = self._dice.choice(self._readers)
        self._without_pcscd("unplugged", lambda: self._tray.take_reader_away(reader))
        time.sleep(self._dice.uniform(*_AWAY_S))
        self._without_pcscd("plugged", lambda: self._tray.restore_reader(reader))

    def _stop_service(self) -> None:
        self._outage("service stopped", kill=False)

    def _kill_service(self) -> None:
        self._outage("service killed", kill=True)

    def _outage(self, name: str, *, kill: bool) -> None:
        self._issuer.process.stop(kill=kill)
        time.sleep(self._dice.uniform(*_OUTAGE_S))
        self._issuer.process.start()
        self.done[name] += 1

    def _republish(self) -> None:
        self._issuer.republish()
        self.done["list republished"] += 1

    def _without_pcscd(self, name: str, act: Callable[[], None]) -> None:
        start = time.monotonic()
        try:
            act()
        finally:
            with self._lock:
                self._downs.append(Down(start, time.monotonic()))
            self.done[name] += 1
