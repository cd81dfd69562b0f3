"""A town: an office, a station, a verification service, all of one issuer and on the loopback."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx

from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role
from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.home.clinics import ClinicHome, open_clinics
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import open_home, utc_now
from cardservice.home.office import open_office
from cardservice.home.office_keys import make_office_keys
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.officelink.desk import OfficeDesk
from cardservice.officelink.lease_book import LeaseBook
from cardservice.officelink.link import OfficeLink
from cardservice.officelink.making import House
from cardservice.officelink.registry_jobs import RegistryJobs
from cardservice.officelink.terms import OfficeTerms
from cardservice.personalization.jobs import Outcome, Work
from cardservice.registry.actor import Actor
from cardservice.registry.delivery_hand_over import HandOver, OldCard, hand_over
from cardservice.registry.medical_organisations import AddOrganisation, add_organisation
from cardservice.registry.ports_policies import PolicyInsurer
from cardservice.serving.clinics import Upkeep
from cardservice.serving.office import office_app
from simulators.card import SoftwareCard, blank_card
from tests.chain import FUND, link_to
from tests.registry import forms, stations_world
from tests.registry.offices import REGION, Desk
from tests.simulated.clinic.clocks import TownClock
from tests.simulated.clinic.door import PATIENCE_S, Door
from tests.simulated.station_sources.stage import good_number, no_photo
from tests.unit.accounts.running import running_app
from tests.unit.home.offices import settings_of
from tests.unit.web_clinics.service_world import CLINIC, OGRNS

API: Final = "/api/v1"
PERIOD: Final = timedelta(minutes=30)
"""Between two lists."""
FOUNDED: Final = timedelta(minutes=5)  # before the first thing happens
PLACES: Final = 1024
BLANKS: Final = 50
_serials = count(900_000)

Front = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that its holder has.

    Attributes:
        id: in the register.
        number: its place in the status list, 48 bits.
    """

    id: UUID
    number: int
    policy: UUID
    order: UUID
    software: SoftwareCard = field(repr=False)


@dataclass
class Town:
    """What stands in it.

    Attributes:
        desk: the office's use cases, for what nobody does over HTTP here.
        office: the address of the office's API.
    """

    path: Path
    clock: TownClock
    home: ClinicHome
    keys: InsecureMemoryKeyStore
    desk: Desk
    door: Door
    office: str = ""
    numbers: "count[int]" = field(default_factory=count)

    @property
    def service(self) -> str:
        """The address by which desks know the verification service."""
        return self.home.address

    def open_service(self) -> None:
        """Let the verification service answer."""
        self.door.open(self.home)

    def publish(self) -> None:
        """Let half an hour go by, and do what the service then does by itself."""
        self.clock.go(seconds=PERIOD.total_seconds())
        assert "status-list" in Upkeep(self.home).look()

    def ask(self, role: Role, method: str, path: str, **more: Any) -> httpx.Response:
        """Return the office's answer to a program of a role; ``version`` is the one it saw."""
        headers = {"Authorization": f"Bearer {self._token(role)[1]}"}
        if method == "POST":
            headers["Idempotency-Key"] = f"town-{next(self.numbers)}"
        if (version := more.pop("version", None)) is not None:
            headers["If-Match"] = f'"{version}"'
        address = f"{self.office}{API}{path}"
        return httpx.request(method, address, headers=headers, timeout=PATIENCE_S, **more)

    def change(self, role: Role, path: str, sent: Any, **more: Any) -> dict[str, Any]:
        """Return what came of a command to the office, which takes it."""
        answer = self.ask(role, "POST", path, json=sent, **more)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def clinic(self, ogrn: str = OGRNS[0]) -> UUID:
        """Return a clinic that takes part."""
        command = AddOrganisation(
            region=REGION,
            key=self.desk.key(),
            ogrn=ogrn,
            joined_on=self.desk.office.today,
            form=CLINIC,
        )
        return add_organisation(self.desk.office, self.desk.clerk, command).id

    def code(self, clinic: UUID, desk: str = "Окно 1") -> str:
        """Return a code for a new desk, made at the office."""
        wished = {"organisation_id": str(clinic), "desk": desk}
        return str(self.change(Role.CLERK, "/clinic-desks/codes", wished)["code"])

    def held_card(self) -> HeldCard:
        """Return a card for a new policy: ordered, made by the station, handed over."""
        policy, application = stations_world.new_policy(self.desk, good_number(next(_serials)))
        self._insure(policy.id)
        order = stations_world.order_for(self.desk, policy, application_id=application.id)
        software = self._make()
        place = stations_world.new_place(self.desk, name=f"Пункт {next(self.numbers)}")
        sent = stations_world.dispatch(self.desk, place, order.id)
        stations_world.arrive(self.desk, sent.number, order.id)
        arrived = stations_world.order_now(self.desk, order.id)
        assert arrived.card_id is not None
        number = stations_world.card_now(self.desk, arrived.card_id).number
        return HeldCard(arrived.card_id, number, policy.id, order.id, software)

    def hand_over(self, card: HeldCard) -> None:
        """Give it to its holder: it is good from now on."""
        order = stations_world.order_now(self.desk, card.order)
        assert order.place_id is not None
        command = HandOver(
            region=REGION,
            key=self.desk.key(),
            order_id=order.id,
            version=order.version,
            place_id=order.place_id,
            came=Applicant.SELF,
            shown=DocumentType.PASSPORT_RF,
            matched=True,
            old_card=OldCard.NONE,
        )
        hand_over(self.desk.office, self.desk.clerk, command)

    def good_card(self) -> HeldCard:
        """Return a card that its holder has."""
        card = self.held_card()
        self.hand_over(card)
        return card

    def end_card(self, card: HeldCard, how: str, reason: str) -> None:
        """Block or terminate a card at the office; ``how`` is the command's name."""
        version = stations_world.card_now(self.desk, card.id).version
        self.change(Role.CLERK, f"/cards/{card.id}/{how}", {"reason": reason}, version=version)

    def signs(self) -> list[dict[str, Any]]:
        """Return the signs of abuse that the security officer sees."""
        answer = self.ask(Role.SECURITY_OFFICER, "GET", "/abuse-signs")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def _insure(self, policy: UUID) -> None:
        period = PolicyInsurer(
            region=REGION,
            id=self.desk.office.new_id(),
            policy_id=policy,
            ogrn=forms.INSURER,
            okato="45000",
            start_date=self.clock().date() - timedelta(days=1),
            ground="first",
            recorded_at=self.clock(),
        )
        stations_world.keep(self.desk, lambda work: work.insurers.add(period))

    def _make(self) -> SoftwareCard:
        """Let the station make the one order that waits, and tell the office."""
        actor, token = self._token(Role.STATION)
        if not stations_world.stock(self.desk).at_station:
            stations_world.new_blanks(self.desk, BLANKS, station=actor)
        software, book = blank_card(), LeaseBook(self.path / "leases", entropy=secrets.token_bytes)
        house = House(fund=FUND.code, clock=utc_now, new_number=lambda: 0, fit=no_photo)
        with OfficeLink(OfficeTerms(address=self.office, token=token)) as link:
            jobs = RegistryJobs(OfficeDesk(link, 30), book, house)
            (job,) = jobs.take(1)
            assert job.order is not None
            station = open_home(self.home.office.settings).station(self.keys)
            made = station.make(link_to(software), job.order, order_id=job.order_id)
            outcome = Outcome(
                order_id=job.order_id,
                work=Work.NEW_CARD,
                chip=made.chip_serial,
                number=made.order.card_number,
                signed_at=made.signed_at,
            )
            jobs.tell(outcome)
        software.power_up()
        return software

    def _token(self, role: Role) -> tuple[Actor, str]:
        """Return a program of a role; each role has one."""
        if role not in self._tokens:
            scopes = frozenset(one for one in Right if one is not Right.OPEN and may({role}, one))
            record, token = self.home.office.sign_in.api_tokens.issue(
                role.value, role=role, scopes=scopes, region=REGION, lasts=timedelta(days=30)
            )
            self._tokens[role] = (Actor(record.id, role), token)
        return self._tokens[role]

    _tokens: dict[Role, tuple[Actor, str]] = field(default_factory=dict, repr=False)


def problem(answer: httpx.Response) -> str:
    """Return the code of a refusal; it ends the problem's type."""
    assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.text
    members = answer.json()
    return str(members.get("code") or members["type"].rpartition("/")[2])


@contextmanager
def new_town(
    path: Path, database: Path, clock: TownClock, *, front: Front = lambda address: address
) -> Iterator[Town]:
    """Lend a town whose list is published and whose service answers.

    Args:
        database: an empty one, migrated; a copy is used.
        front: returns, of where the service answers, where desks are to find it.
    """
    keys, folder = InsecureMemoryKeyStore(production=False), Folder(path / "home")
    wish = NewHome(fund=FUND, demonstration=True)
    establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now() - FOUNDED)
    make_office_keys(folder, keys)
    (folder.path / "registry.sqlite3").write_bytes(database.read_bytes())
    settings = settings_of(folder.path, region=REGION, status_list_places=PLACES)
    with ExitStack() as stack:
        office = stack.enter_context(open_office(settings, keys, clock=clock, demonstration=True))
        door = Door()
        stack.callback(door.shut)
        home = open_clinics(office, keys, address=front(door.address))
        town = Town(path, clock, home, keys, _desk_of(home, clock), door)
        Upkeep(home).look()
        town.office = stack.enter_context(running_app(office_app(office)))
        town.open_service()
        yield town


def _desk_of(home: ClinicHome, clock: Any) -> Desk:
    new_id = home.office.office.new_id
    return Desk(
        home.office.office,
        clock,
        clerk=Actor(new_id(), Role.CLERK),
        approver=Actor(new_id(), Role.APPROVER),
        officer=Actor(new_id(), Role.SECURITY_OFFICER),
        applicant=Actor(new_id(), Role.APPLICANT),
    )
