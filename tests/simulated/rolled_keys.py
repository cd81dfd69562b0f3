"""An issuer that rolled its master over, and a station of it that can be killed; for tests."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from cardservice.channel.flow import drive
from cardservice.errors import CardRemovedError, PeerError, Refusal
from cardservice.keystores.software_keys import AesKey
from cardservice.personalization.after_issue import AfterIssue, Served
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.jobs import Job
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.making import StationKeys, authenticate_with_issuer_keys
from cardservice.personalization.ports import IssuerKeys
from cardservice.personalization.recovery import Recovery, recover
from cardservice.personalization.station import Station
from cardservice.storage.journal_file import JournalFile
from cardservice.storage.journal_file_reading import kept_entries
from cardservice.verify.ports import PresentedCard
from simulators.card import SoftwareCard, image
from simulators.card.tampering import copy_of
from tests.chain import NOW, SIGNED, StandingClock, an_order, issuer, link_to, new_ephemeral
from tests.simulated.test_after_issue_world import SERVED, clinic, new_scalar, typed
from tests.simulated.test_station_crash_world import (
    EXAMINER,
    NO_FAULT,
    NO_WAITING,
    WRITES,
    DyingJournal,
    DyingLink,
    Fault,
    Killed,
    cell,
)
from tests.unit.personalization.stations import Told

FIRST_VERSION: Final = 0x31
NEXT_VERSION: Final = 0x32


@cache
def rolled() -> IssuerKeys:
    """Return the issuer's keys after a rollover: 32 is current, 31 is opened."""
    first = issuer().keys
    return replace(
        first,
        issuer_master=AesKey(secrets.token_bytes(16)),
        issuer_version=NEXT_VERSION,
        other_masters={FIRST_VERSION: first.issuer_master},
    )


def retired() -> IssuerKeys:
    """Return the same keys once 31 is opened no more."""
    return replace(rolled(), other_masters={})


def ahead() -> IssuerKeys:
    """Return the keys of a station whose home has not heard yet that 32 is current."""
    keys = rolled()
    return replace(
        keys,
        issuer_master=keys.other_masters[FIRST_VERSION],
        issuer_version=FIRST_VERSION,
        other_masters={NEXT_VERSION: keys.issuer_master},
    )


def version_on(card: SoftwareCard) -> int:
    return cell(card, image.KEY_SET)[0]


def answers_to(card: SoftwareCard) -> list[int]:
    """Return the issuer's versions with which a session can be opened with the card."""
    return [version for version in (FIRST_VERSION, NEXT_VERSION) if _opens(card, version)]


def _opens(card: SoftwareCard, version: int) -> bool:
    keys, link = StationKeys.of(rolled()), link_to(copy_of(card))
    opening = authenticate_with_issuer_keys(keys, secrets.token_bytes, version=version)
    try:
        return drive(opening, link.exchange) == cell(card, image.CHIP_SERIAL)
    except PeerError:
        return False


def a_station(keys: IssuerKeys, journal: LaneJournal, told: Told) -> Station:
    return Station(
        keys,
        examiner=EXAMINER,
        issued=told,
        entropy=secrets.token_bytes,
        clock=lambda: SIGNED,
        journal=journal,
    )


def a_service(
    keys: IssuerKeys, journal: LaneJournal, clock: StandingClock | None = None
) -> AfterIssue:
    return AfterIssue(
        keys,
        examiner=clinic(),
        entropy=secrets.token_bytes,
        clock=clock or StandingClock(SERVED),
        journal=journal,
        new_ephemeral=new_ephemeral,
        new_scalar=new_scalar,
    )


@dataclass
class RolledWorld:
    """One station's disk and keys, over its lives; ``served`` of the last attempt."""

    path: Path
    keys: IssuerKeys = field(default_factory=rolled)
    told: Told = field(default_factory=Told)
    clock: StandingClock = field(default_factory=lambda: StandingClock(SERVED))
    entries: int = 0
    calls: int = 0
    served: Served | None = None

    def make(self, card: SoftwareCard, order: tuple[str, int], fault: Fault = NO_FAULT) -> str:
        """Start a station, let it make the card, end it; return what came of it, a word."""

        def act(journal: LaneJournal, link: PresentedCard) -> None:
            ours = a_station(self.keys, journal, self.told)
            ours.make(link, an_order(index=order[1]), order_id=order[0])

        return self._live(card, fault, act)

    def serve(
        self,
        card: SoftwareCard,
        job: Job,
        fault: Fault = NO_FAULT,
        given: HolderInput | None = None,
    ) -> str:
        """Start a station, let it do the job, end it; return what came of it, a word."""
        self.served = None

        def act(journal: LaneJournal, link: PresentedCard) -> None:
            ours = a_service(self.keys, journal, self.clock)
            self.served = ours.do(link, job, secrets=given or typed())

        return self._live(card, fault, act)

    def recovery(self) -> Recovery:
        return recover(kept_entries(self.path))

    def _live(
        self, card: SoftwareCard, fault: Fault, act: Callable[[LaneJournal, PresentedCard], None]
    ) -> str:
        file = JournalFile(self.path, clock=lambda: NOW, disk=NO_WAITING)
        journal, link = DyingJournal(file, self.path, fault), DyingLink(link_to(card), fault)
        if fault.kind in WRITES:
            card.memory.cut_power_at(card.memory.writes + fault.at)
        try:
            act(StationJournal(journal), link)
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
            self.clock.now += timedelta(minutes=1)
        return "done"
