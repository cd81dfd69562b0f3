"""An office with orders to make, and stations that ask it."""

import itertools
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from cardservice.accounts.roles import Role
from cardservice.domain.numbers import has_good_check_digit
from cardservice.errors import Refusal
from cardservice.officelink.desk import OfficeDesk
from cardservice.officelink.lease_book import LeaseBook
from cardservice.officelink.making import House
from cardservice.officelink.registry_jobs import RegistryJobs
from cardservice.officelink.terms import OfficeTerms
from cardservice.personalization.jobs import Outcome, Work
from cardservice.personalization.journal import (
    CardMade,
    CardSeen,
    ChipKeyMade,
    DataStored,
    Finalized,
    Intent,
    KeysReplaced,
    Verified,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.policycard.photo import Photo
from cardservice.registry.actor import Actor
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_making import Card
from cardservice.registry.ports_policies import Policy, PolicyInsurer
from tests.office_world import World
from tests.registry import forms
from tests.registry import stations_world as office
from tests.registry.offices import REGION, START, TODAY
from tests.simulated.station_sources.hostile import BreakingLink
from tests.unit.web_api.cards.stage import program_of

LEASE_MINUTES = 30
FUND = "00000"
SHORT_S = 2.0  # what a test waits for an answer at most

_serials = itertools.count(1)
_blanks = itertools.count(50)  # a delivery is numbered by its size: no two are of one


def good_number(serial: int) -> int:
    """Return a number whose sixteen digits pass for a policy number."""
    return next(
        one
        for one in range(serial * 10, serial * 10 + 10)
        if has_good_check_digit(f"{one:016}".encode())
    )


def insured_policy(world: World, **person: object) -> tuple[Policy, Application]:
    """Return a policy of a person of whom a card can be made."""
    policy, application = office.new_policy(world.desk, good_number(next(_serials)), **person)
    period = PolicyInsurer(
        region=REGION,
        id=world.desk.office.new_id(),
        policy_id=policy.id,
        ogrn=forms.INSURER,
        okato="45000",
        start_date=TODAY,
        ground="first",
        recorded_at=START,
    )
    office.keep(world.desk, lambda work: work.insurers.add(period))
    return policy, application


def order_to_make(world: World, **person: object) -> str:
    """Return the name of a queued order that a card can be made for."""
    policy, application = insured_policy(world, **person)
    return str(office.order_for(world.desk, policy, application_id=application.id).id)


def order_for_card(world: World, work: Work, number: int) -> str:
    """Return the name of a queued order for work on a card that its holder has."""
    policy, _ = insured_policy(world)
    card = Card(
        region=REGION,
        id=world.desk.office.new_id(),
        number=number,
        policy_id=policy.id,
        state="active",
        signed_at=START,
        created_at=START,
        updated_at=START,
    )
    office.keep(world.desk, lambda work: work.cards.add(card))
    order = office.order_for(world.desk, policy, card_id=card.id, work=work.value)
    return str(order.id)


def no_photo(_: bytes) -> Photo:
    raise Refusal("photo-unreadable", "The photo cannot be read.", field="photo")


@dataclass(slots=True)
class Station:
    """A station: its jobs, its journal, and who it is at the office."""

    jobs: RegistryJobs
    journal: StationJournal
    actor: Actor
    link: BreakingLink
    token: str

    def state(self, world: World, order_id: str) -> str:
        """Return the state of an order at the office."""
        return office.order_now(world.desk, UUID(order_id)).state


@dataclass(slots=True)
class Stations:
    """Makes stations of one office."""

    world: World
    address: str
    folder: Path
    fit: Callable[[bytes], Photo] = no_photo

    @contextmanager
    def station(self, name: str = "station", *, minutes: int = LEASE_MINUTES) -> Iterator[Station]:
        """Lend a new station."""
        program, actor = program_of(self.world, Role.STATION)
        office.new_blanks(self.world.desk, next(_blanks), station=actor)
        with self.open(name, program.bearer, actor, minutes=minutes) as one:
            yield one

    @contextmanager
    def open(
        self,
        name: str,
        token: str,
        actor: Actor,
        *,
        journal: StationJournal | None = None,
        minutes: int = LEASE_MINUTES,
    ) -> Iterator[Station]:
        """Lend a station over what its folder holds of an earlier one of that name."""
        clock = self.world.desk.clock
        kept = journal or StationJournal(MemoryJournal(clock))
        with BreakingLink(OfficeTerms(address=self.address, token=token)) as link:
            assert isinstance(link, BreakingLink)
            house = House(fund=FUND, clock=clock, new_number=lambda: 1 << 32, fit=self.fit)
            jobs = RegistryJobs(
                OfficeDesk(link, minutes),
                LeaseBook(self.folder / name / "leases.json", entropy=secrets.token_bytes),
                house,
                is_begun=lambda order: kept.holder_of(order) is not None,
            )
            yield Station(jobs, kept, actor, link, token)


def outcome_of(order_id: str, number: int, **changes: object) -> Outcome:
    """Return the outcome of a card that was made."""
    values: dict[str, object] = {
        "work": Work.NEW_CARD,
        "chip": number.to_bytes(8),
        "signed_at": START,
    }
    return Outcome(order_id=order_id, number=number, **(values | changes))  # type: ignore[arg-type]


def journal_made(journal: StationJournal, order_id: str, number: int) -> bytes:
    """Let the journal say that a card was made; return its chip's serial."""
    chip = number.to_bytes(8)
    journal.note(Intent(order=order_id, lane=1, number=number))
    journal.note(CardSeen(chip=chip, order=order_id, lane=1))
    journal.note(KeysReplaced(chip=chip))
    journal.note(ChipKeyMade(chip=chip, point=b"\x04" + bytes(64)))
    journal.note(DataStored(chip=chip, order=order_id, number=number, signed_at=START))
    journal.note(Finalized(chip=chip))
    journal.note(Verified(chip=chip))
    journal.note(CardMade(chip=chip, order=order_id, number=number, signed_at=START))
    return chip


def pass_minutes(world: World, minutes: int) -> None:
    """Let time go by at the office and at its stations."""
    world.desk.clock.now += timedelta(minutes=minutes)
