"""A station that can be killed, its journal's file, and cards that can lose power; for tests.

Killed is no ``Exception``: nothing of the station catches it, as nothing catches a power cut.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum, unique
from pathlib import Path
from typing import Final

from cardservice.errors import CardRemovedError, Refusal
from cardservice.personalization.journal import Entry, Kept, SpoiledReason
from cardservice.personalization.journal_brief import BriefJournal
from cardservice.personalization.journal_calls import LaneJournal, LaneShare
from cardservice.personalization.journal_coding import encode_entry
from cardservice.personalization.journal_frames import encode_frame
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery import Recovery, recover
from cardservice.personalization.station import Station
from cardservice.storage.journal_file import Disk, JournalFile
from cardservice.storage.journal_file_reading import kept_entries
from cardservice.transport.inprocess import SeamLink
from simulators.card import SoftwareCard, image
from simulators.card.files import EF_CHIP_SECURITY
from tests.chain import NOW, SIGNED, an_order, desk, issuer, link_to
from tests.unit.personalization.stations import Told

FIRST: Final = ("order-a", 1)  # an order's name, and its place in the status list
SECOND: Final = ("order-b", 2)
EXAMINER: Final = desk(None, now=SIGNED)
NO_WAITING: Final = Disk(sync=lambda _: None)  # a killed process loses nothing the kernel has


class Killed(BaseException):
    """The process is gone."""


@unique
class Kind(StrEnum):
    """What happens, at the write or call with a number."""

    NOTHING = "nothing"
    BEFORE_ENTRY = "killed before an entry"
    IN_ENTRY = "killed in the middle of an entry"
    AFTER_ENTRY = "killed after an entry"
    TORN = "card pulled at a write"
    POWER = "power gone for card and station at a write"
    BEFORE_CALL = "killed before a call to the card"
    AFTER_CALL = "killed after a call to the card"


ENTRIES: Final = (Kind.BEFORE_ENTRY, Kind.IN_ENTRY, Kind.AFTER_ENTRY)
WRITES: Final = (Kind.TORN, Kind.POWER)
CALLS: Final = (Kind.BEFORE_CALL, Kind.AFTER_CALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and where; counted from 1."""

    kind: Kind = Kind.NOTHING
    at: int = 0


NO_FAULT: Final = Fault()


@dataclass
class DyingJournal:
    """A journal whose process is killed around an entry."""

    file: JournalFile
    path: Path
    fault: Fault
    count: int = 0

    def append(self, entry: Entry) -> Kept:
        self.count += 1
        due = self.fault.kind if self.count == self.fault.at else Kind.NOTHING
        if due is Kind.BEFORE_ENTRY:
            raise Killed
        if due is Kind.IN_ENTRY:
            frame = encode_frame(self.file._sequence + 1, encode_entry(entry, NOW))
            with self.path.open("ab") as file:
                file.write(frame[: len(frame) // 2])
            raise Killed
        kept = self.file.append(entry)
        if due is Kind.AFTER_ENTRY:
            raise Killed
        return kept

    def entries(self) -> tuple[Kept, ...]:
        return tuple(self.file.entries())


@dataclass
class DyingLink:
    """A link whose process is killed around a call, or together with the card."""

    link: SeamLink
    fault: Fault
    count: int = 0

    @property
    def atr(self) -> bytes:
        return self.link.atr

    def exchange(self, command: bytes) -> bytes:
        return self._call(lambda: self.link.exchange(command))

    def reset(self) -> bytes:
        return self._call(self.link.reset)

    def close(self) -> None:
        self.link.close()

    def _call(self, action: Callable[[], bytes]) -> bytes:
        self.count += 1
        due = self.fault.kind if self.count == self.fault.at else Kind.NOTHING
        if due is Kind.BEFORE_CALL:
            raise Killed
        try:
            answer = action()
        except CardRemovedError:
            if self.fault.kind is Kind.POWER:
                raise Killed from None
            raise
        if due is Kind.AFTER_CALL:
            raise Killed
        return answer


@dataclass
class World:
    """One station's disk and what the registry was told, over its lives."""

    path: Path
    told: Told = field(default_factory=Told)
    is_brief: bool = False  # the lane has a process of its own
    entries: int = 0  # of the last life
    calls: int = 0

    def attempt(self, card: SoftwareCard, order: tuple[str, int], fault: Fault = NO_FAULT) -> str:
        """Start a station, let it make a card, end it; return what came of it, a word."""
        file = JournalFile(self.path, clock=lambda: NOW, disk=NO_WAITING)
        journal = DyingJournal(file, self.path, fault)
        link = DyingLink(link_to(card), fault)
        if fault.kind in WRITES:
            card.memory.cut_power_at(card.memory.writes + fault.at)
        try:
            station(self.told, self._lane(StationJournal(journal))).make(
                link, an_order(index=order[1]), order_id=order[0]
            )
        except Killed:
            return "killed"
        except CardRemovedError:
            return "removed"
        except Refusal as refusal:
            return refusal.code
        finally:
            file.close()
            card.memory.cut_power_at(0)
            card.power_up()
            self.entries, self.calls = journal.count, link.count
        return "made"

    def _lane(self, journal: StationJournal) -> LaneJournal:
        return BriefJournal(LaneShare(journal).answer) if self.is_brief else journal

    def give_up(self, chip: bytes) -> None:
        """Say that a card is lost, to a station that makes nothing."""
        file = JournalFile(self.path, clock=lambda: NOW, disk=NO_WAITING)
        StationJournal(file).give_up(chip, SpoiledReason.LOST)
        file.close()

    def recovery(self) -> Recovery:
        return recover(kept_entries(self.path))

    def told_chips(self) -> list[bytes]:
        return [made.chip_serial for made in self.told.cards]


def station(told: Told, journal: LaneJournal) -> Station:
    return Station(
        issuer().keys,
        examiner=EXAMINER,
        issued=told,
        entropy=secrets.token_bytes,
        clock=lambda: SIGNED,
        journal=journal,
    )


def cell(card: SoftwareCard, name: str) -> bytes:
    return card.memory.get(name) or b""


def state_of(card: SoftwareCard) -> int:
    return cell(card, image.LIFE_CYCLE)[0]


def likeness(world: World, card: SoftwareCard) -> tuple[object, ...]:
    """Return all that can matter to what happens next: the rest is chance and counters."""
    recovery = world.recovery()
    life = recovery.cards.get(cell(card, image.CHIP_SERIAL))
    point = None if life is None else life.point
    return (
        state_of(card),
        cell(card, image.KEY_SET)[:1],
        bool(cell(card, image.CHIP_KEY)),
        bool(cell(card, EF_CHIP_SECURITY.cell)),
        point is not None and point in cell(card, EF_CHIP_SECURITY.cell),
        None if life is None else (life.standing, life.reported, life.order, point is not None),
        FIRST[0] in recovery.orders,
        len(world.told.cards),
    )
