"""A station over its whole height: settings, orders, blanks by serial, machines, the last count."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import pytest

from cardservice.home.folder import Folder
from cardservice.home.station import LaneWish, StationWish, opened_floor
from cardservice.home.station_checks import new_clock_guard
from cardservice.home.station_journal import booking_journal, journal_path
from cardservice.home.station_keys import KeySecrets, StationSecrets
from cardservice.personalization.blanks import stock_of
from cardservice.personalization.floor import Floor
from cardservice.personalization.journal import BlanksReceived
from cardservice.personalization.lanes import LaneState, LaneView
from cardservice.personalization.recovery import Recovery, recover
from cardservice.personalization.recovery_lives import CardLife, Standing
from cardservice.personalization.self_check_clock import ClockGuard
from cardservice.settings import Settings, load_settings
from cardservice.storage.journal_file_reading import kept_entries, require_whole
from simulators.card import image
from simulators.card.image import LifeCycle
from simulators.feeder import FeederFaults, Hopper, new_hopper, open_hopper
from simulators.feeder.hopper import open_memory
from simulators.reader.daemon import PrivatePcscd
from tests.office_world import World
from tests.simulated.station_floor.stations import SHORT_S, a_table, until
from tests.simulated.station_lanes.lanes import PASSPHRASE

LANE_BITS: Final = 56  # the first octet of a serial tells the machine that it was laid into
_NO_FAULTS: Final = FeederFaults()

Cells = Mapping[str, bytes]


class Register(Protocol):
    """Where it is counted what was made: the ledger, or the office."""

    def numbers(self) -> Sequence[int]:
        """Return the numbers of all cards that count there, one as often as it was told of."""
        ...


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in the home, read as a stranger would."""

    settings: Settings

    def numbers(self) -> Sequence[int]:
        """Return the numbers of its lines."""
        path = Folder(self.settings.home).ledger
        lines = path.read_text().splitlines() if path.exists() else []
        assert all(json.loads(line)["status"] == "active" for line in lines)
        return [json.loads(line)["card"] for line in lines]


@dataclass(slots=True)
class Stage:
    """One station and all plastic that is near it.

    Attributes:
        rows: orders that are to become cards, each one card.
        shown: states in which lanes showed which code.
        codes: what lanes, the way to the orders, and starts that were refused showed.
        cards: the cells of cards in a person's hands; those of machines lie in folders.
        earlier: journals that were laid away, and what they come to.
    """

    path: Path
    settings: Settings
    rows: int
    monkeypatch: pytest.MonkeyPatch
    secrets: StationSecrets = field(
        default_factory=lambda: StationSecrets(KeySecrets(passphrase=PASSPHRASE))
    )
    lanes: list[LaneWish] = field(default_factory=list)
    machines: list[Path] = field(default_factory=list)
    cards: list[Callable[[], Cells]] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    shown: set[tuple[LaneState, str]] = field(default_factory=set)
    earlier: list[Recovery] = field(default_factory=list)
    register: Register | None = None
    daemon: PrivatePcscd | None = None
    world: World | None = None
    limit: int | None = None

    def change(self, **settings: object) -> None:
        """Let the station have other settings."""
        self.settings = load_settings(**(self.settings.model_dump() | settings))

    def machine(
        self, cards: int, *, odd: Sequence[Cells] = (), faults: FeederFaults = _NO_FAULTS
    ) -> Path:
        """Add a lane with a machine of ``cards`` blanks, after those that somebody laid in."""
        number = len(self.machines) + 1
        folder = self.path / f"feeder-{number}"
        first = number << LANE_BITS
        hopper = Hopper(cards=len(odd) + cards, first=first, faults=faults)
        new_hopper(folder, hopper)
        for place, cells in enumerate(odd):
            lay_into(folder, place, cells)
        self.machines.append(folder)
        self.lanes.append(LaneWish(reader=f"simfeed:{folder}"))
        self.receive(hopper.serial_of(place) for place in range(len(odd), hopper.cards))
        return folder

    def receive(self, serials: Iterable[bytes]) -> None:
        """Book blanks as received."""
        with booking_journal(self.settings, create=True) as journal:
            for serial in sorted({int.from_bytes(one) for one in serials}):
                journal.note(BlanksReceived(first=serial, last=serial))

    @contextmanager
    def running(self, guard: ClockGuard | None = None) -> Iterator[Floor]:
        """Lend the station at work; it is stopped at the end."""
        holders = a_table(self.path, self.rows) if self.register is None else None
        wish = StationWish(lanes=self.lanes, holders=holders, count=self.limit)
        with opened_floor(self.settings, wish, self.secrets, guard or new_clock_guard()) as floor:
            floor.subscribe(lambda: self._seen(floor))
            floor.start()
            try:
                yield floor
            finally:
                floor.stop()
                assert floor.wait(SHORT_S)
                assert floor.view.untold == 0, floor.telling.refused

    def finish(self) -> None:
        """Let a station that is started anew make what is left."""
        with self.running() as floor:
            until(lambda: floor.view.finished)

    def journal(self) -> Recovery:
        """Return what the journal on the disk comes to."""
        require_whole(journal_path(self.settings))
        return recover(kept_entries(journal_path(self.settings)))

    def expect_nothing_lost(self) -> None:
        """Count everything: orders, journal, stock, ledger or registry, chips."""
        recoveries = [*self.earlier, self.journal()]
        by_chip = {chip: life for one in recoveries for chip, life in one.cards.items()}
        lives = list(by_chip.values())
        made = [life for life in lives if life.standing is Standing.MADE]
        assert all(life.reported for life in made)
        assert not [life for life in lives if life.is_open], "begun, and not finished"
        orders = [life.order for life in made]
        assert len(orders) == len(set(orders)) == self.rows, "orders lost, or made twice"
        register = self.register or Ledger(self.settings)
        assert Counter(register.numbers()) == Counter(life.number for life in made)
        self._expect_chips(lives, made)
        self._expect_stock(recoveries)

    def plastics(self) -> list[tuple[bytes, LifeCycle]]:
        """Return chip serial and life cycle of every card there is, blanks in hoppers too."""
        found = [cells() for cells in self.cards]
        for folder in self.machines:
            with open_hopper(folder) as place:
                bins = [
                    *place.cards_in("reader"),
                    *place.cards_in("good"),
                    *place.cards_in("error"),
                ]
                found += [open_memory(card).cells() for card in bins]
                unseen = range(place.taken, place.hopper.cards)
                found += [_blank(place.hopper.serial_of(one)) for one in unseen]
        return [(one[image.CHIP_SERIAL], LifeCycle(one[image.LIFE_CYCLE][0])) for one in found]

    def _expect_chips(self, lives: Sequence[CardLife], made: Sequence[CardLife]) -> None:
        """Let each chip of this station say what the journal says of it."""
        known = {life.chip: life for life in lives}
        states = self.plastics()
        personalized = [chip for chip, state in states if state is LifeCycle.PERSONALIZED]
        ours = Counter(chip for chip in personalized if chip in known)
        assert ours == Counter(life.chip for life in made)
        ended = {life.chip for life in lives if life.standing is Standing.ENDED}
        assert ended == {chip for chip, state in states if state is LifeCycle.TERMINATED}

    def _expect_stock(self, recoveries: Sequence[Recovery]) -> None:
        for recovery in recoveries[:-1]:
            assert stock_of(recovery).is_balanced
        stock, last = stock_of(recoveries[-1]), recoveries[-1]
        parts = stock.in_tray + stock.begun + stock.made + stock.spoiled + stock.returned
        assert stock.received == parts
        assert stock.begun == 0
        blank = {chip for chip, state in self.plastics() if state is LifeCycle.BLANK}
        held = {chip for chip in blank if last.blanks.covers(int.from_bytes(chip))}
        assert stock.in_tray == len(held - last.cards.keys()), "blanks booked that are not there"
        assert stock.made == sum(one.standing is Standing.MADE for one in last.cards.values())

    def _seen(self, floor: Floor) -> None:
        view = floor.view
        self.shown |= {(lane.state, lane.code) for lane in view.lanes if lane.code}
        self.codes |= {view.source_code, *(lane.code for lane in view.lanes)} - {""}


def lay_into(folder: Path, place: int, cells: Cells) -> None:
    """Lay a card into a machine's reader, as a person who opens its lid."""
    from simulators.card.state_form import encode_cells

    name = f"{place:07d}-{cells[image.CHIP_SERIAL].hex().upper()}.card"
    (folder / "reader" / name).write_bytes(encode_cells(cells))


def _blank(serial: bytes) -> Cells:
    return {image.CHIP_SERIAL: serial, image.LIFE_CYCLE: bytes((LifeCycle.BLANK,))}


def stopped(floor: Floor, code: str) -> Sequence[LaneView]:
    """Return the lanes that stand still for ``code``, once there are some."""

    def still() -> list[LaneView]:
        lanes = floor.view.lanes
        return [one for one in lanes if one.state is LaneState.STOPPED and one.code == code]

    until(lambda: bool(still()))
    return still()


def all_stopped(floor: Floor, code: str) -> None:
    """Return once every lane stands still for ``code``."""
    until(lambda: len(stopped(floor, code)) == len(floor.view.lanes))
