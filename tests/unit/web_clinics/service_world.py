"""A verification service over a home of its own, and desks that enrol at it as real ones do."""

import asyncio
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.home.clinics import ClinicHome, open_clinics
from cardservice.home.enrolment import install, request_enrolment, request_renewal
from cardservice.home.enrolment_files import DeskBundle, DeskWish
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.office import open_office
from cardservice.home.office_keys import make_office_keys
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.registry.actor import Actor
from cardservice.registry.clinics import DeskEnd, EndDesk, MakeCode, end_desk, make_code
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    LeaveProgramme,
    OrganisationForm,
    add_organisation,
    leave_programme,
)
from cardservice.serving.clinics import Upkeep, clinics_app
from cardservice.web.clinics.app_parts import SERVICE
from cardservice.web.clinics.limits import new_limits
from tests.chain import FUND
from tests.unit.home.offices import settings_of

V1 = "/api/v1"
REGION = "00000"
ADDRESS = "http://127.0.0.1:8060"
START = datetime(2026, 6, 1, 9, 5, tzinfo=UTC)
CLINIC = OrganisationForm(
    name="Учебная поликлиника № 1",
    place="Пробноград",
    address="ул. Ёлочная, 5",
    services=("терапия",),
)
OGRNS = ("1020000000008", "1009900000010")
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def go(self, **more: float) -> None:
        self.now += timedelta(**more)


@dataclass
class Service:
    """A service that can be asked.

    Attributes:
        timer: seconds, as the memory of clients has them.
    """

    home: ClinicHome
    clock: Clock
    app: FastAPI
    numbers: "count[int]" = field(default_factory=count)
    clerk: Actor = field(default_factory=lambda: Actor(uuid4(), Role.CLERK))

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request; ``token`` goes into the header."""
        headers = dict(more.pop("headers", {}))
        if token := more.pop("token", None):
            headers["Authorization"] = f"Bearer {token}"

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(send())

    def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return self.ask("POST", f"{V1}{path}", json=json, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def clinic(self, *, ogrn: str = OGRNS[0], **changes: Any) -> UUID:
        """Return a clinic that takes part."""
        command = AddOrganisation(
            region=REGION,
            key=self.key(),
            ogrn=ogrn,
            joined_on=self.clock().date(),
            form=replace(CLINIC, **changes),
        )
        return add_organisation(self.home.office.office, self.clerk, command).id

    def leave(self, clinic: UUID, last_day: date) -> None:
        command = LeaveProgramme(
            region=REGION, key=self.key(), organisation_id=clinic, version=1, last_day=last_day
        )
        leave_programme(self.home.office.office, self.clerk, command)

    def code(self, clinic: UUID, desk: str = "Окно 1") -> str:
        """Return a code for a new desk."""
        wish = MakeCode(region=REGION, key=self.key(), organisation_id=clinic, desk=desk)
        return str(make_code(self.home.office.office, self.clerk, wish).code)

    def end(self, desk: "Desk") -> None:
        """End a desk in the register."""
        with self.home.office.database.reading() as kept:
            row = kept.clinic_desks.by_client(desk.client_id)
        assert row is not None
        command = EndDesk(
            region=REGION,
            key=self.key(),
            desk_id=row.id,
            version=row.version,
            ground=DeskEnd.STOLEN,
        )
        end_desk(self.home.office.office, self.clerk, command)

    def limit_by_clock(self) -> None:
        """Let limits go by the clock that a test moves."""
        more = self.app.state.clinics.more
        more[SERVICE] = replace(more[SERVICE], limits=new_limits(self.clock))

    def key(self) -> str:
        return f"key-{next(self.numbers)}"

    def desk(self, folder: Path, **wish: Any) -> "Desk":
        """Return a desk that is not enrolled yet."""
        return Desk(
            self, Folder(folder), DeskWish(**{"desk": "Окно 1", "clinic": CLINIC.name} | wish)
        )

    def enrolled(self, folder: Path) -> "Desk":
        """Return a desk that was enrolled, with its clinic."""
        desk = self.desk(folder)
        answer = desk.enrol(self.code(self.clinic()))
        assert answer.status_code == 201, answer.text
        return desk

    def program(self, *scopes: Right, role: Role = Role.CLINIC) -> str:
        """Return the token of a program."""
        tokens = self.home.office.sign_in.api_tokens
        _, token = tokens.issue(
            "МИС", role=role, scopes=frozenset(scopes), region=REGION, lasts=timedelta(days=30)
        )
        return token


@dataclass
class Desk:
    """A clinic's desk: its own folder and keys."""

    service: Service
    folder: Folder
    wish: DeskWish
    keys: InsecureMemoryKeyStore = field(
        default_factory=lambda: InsecureMemoryKeyStore(production=False)
    )
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    client_id: str = ""

    @property
    def jwk(self) -> ECKey:
        return ECKey.import_key(self.key)

    def request(self) -> dict[str, Any]:
        members: dict[str, Any] = json.loads(request_enrolment(self.folder, self.keys, self.wish))
        return members

    def renewal(self) -> dict[str, Any]:
        members: dict[str, Any] = json.loads(request_renewal(self.folder, self.keys))
        return members

    def enrol(self, code: str, request: dict[str, Any] | None = None) -> httpx.Response:
        """Enrol with a code; what comes back is installed."""
        key = {name: self.jwk.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y")}
        sent = {"code": code, "key": key, "request": request or self.request()}
        answer = self.service.post("/enrolments", sent)
        if answer.status_code == 201:
            self.client_id = answer.json()["client_id"]
            self.install(answer.json()["bundle"])
        return answer

    def install(self, bundle: dict[str, Any]) -> DeskBundle:
        octets = json.dumps(bundle).encode()
        return install(self.folder, self.keys, octets, at=self.service.clock())

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(self.service.clock().timestamp())
        return {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": f"{ADDRESS}{V1}/token",
            "jti": secrets.token_hex(8),
            "iat": now,
            "exp": now + 60,
        } | changes

    def assertion(self, **changes: Any) -> str:
        return jwt.encode({"alg": "ES256"}, self.claims(**changes), self.jwk)

    def ask_token(self, assertion: str | None = None) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": BEARER,
            "client_assertion": self.assertion() if assertion is None else assertion,
        }
        return self.service.ask("POST", f"{V1}/token", data=form)

    def token(self) -> str:
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


@contextmanager
def new_service(folder: Path, *, database: Path, **settings: Any) -> Iterator[Service]:
    """Lend a service whose home was founded at ``START``; its list is published.

    Args:
        folder: of the home.
        database: an empty one, migrated; a copy is used.
    """
    clock, store = Clock(), InsecureMemoryKeyStore(production=False)
    home = Folder(folder)
    wish = NewHome(fund=FUND, demonstration=True)
    establish(home, store, wish, entropy=secrets.token_bytes, at=START - timedelta(hours=1))
    make_office_keys(home, store)
    (folder / "registry.sqlite3").write_bytes(database.read_bytes())
    chosen = settings_of(folder, region=REGION, status_list_places=1024, **settings)
    with open_office(chosen, store, clock=clock, demonstration=True) as office:
        opened = open_clinics(office, store, address=ADDRESS)
        Upkeep(opened).look()
        yield Service(opened, clock, clinics_app(opened))
