"""A service of FHIR over an office with two people, and a clinic's program."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingError

from cardservice.accounts.rights import Right
from cardservice.domain.numbers import parse_ogrn
from cardservice.errors import CardServiceError
from cardservice.registry.commands import Answer
from cardservice.web import problems
from cardservice.web.clinics import fhir, ops
from cardservice.web.clinics.fhir_outcomes import OutcomesForFhir
from cardservice.web.clinics.fhir_parts import FhirParts, systems_at
from cardservice.web.clinics.parts import Client, ClinicParts
from tests.registry import forms
from tests.registry.offices import REGION, Desk
from tests.unit.fhir.validating import accepted

ADDRESS = "http://127.0.0.1"
BASE = "/fhir/r4"
SYSTEMS = systems_at(ADDRESS)
KEY = bytes(range(32))
CLINIC = UUID("01900000-0000-7000-8000-0000000000c1")
ASKS = {"Authorization": "Bearer clinic"}


@dataclass(frozen=True)
class Known:
    """Two clients: one that may ask, one that may not."""

    region: str = "45000"

    def recognise(self, token: str) -> Client | None:
        rights = {"clinic": frozenset({Right.COVERAGE_ASK}), "other": frozenset[Right]()}
        if token not in rights:
            return None
        return Client(
            id=CLINIC, region=self.region, name="Клиника", rights=rights[token], desk=True
        )


@dataclass
class FhirWorld:
    """A service and somebody with a policy; ids as FHIR has them."""

    desk: Desk
    app: FastAPI
    person: UUID
    policy: UUID
    enp: str

    @property
    def patient_id(self) -> str:
        return f"{REGION}.{self.person}"

    @property
    def coverage_id(self) -> str:
        return f"{REGION}.{self.policy}"

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] = ASKS, **more: Any
    ) -> httpx.Response:
        """Send a request as the clinic."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
                return await client.request(method, f"{BASE}{path}", headers=headers, **more)

        return asyncio.run(ask())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers={**ASKS, **headers})

    def search(self, kind: str, token: str) -> httpx.Response:
        return self.ask("POST", f"/{kind}/_search", data={"identifier": token})

    def submit(self, request: object, **headers: str) -> httpx.Response:
        return self.ask(
            "POST",
            "/CoverageEligibilityRequest/$submit",
            json=request,
            headers={**ASKS, "Content-Type": "application/fhir+json", **headers},
        )

    def looks(self) -> list[tuple[str, str, str]]:
        """Return role, actor and reason of each look at the person."""
        with self.desk.reading() as work:
            page = work.looks.at_person(REGION, self.person)
        return [(one.role, one.actor, one.reason) for one in page.rows]


def fhir_world(desk: Desk, done: Answer | None = None, **parts: Any) -> FhirWorld:
    """Return a service over ``desk`` with somebody whose policy is active."""
    done = forms.approved(desk) if done is None else done
    policy = forms.made(done, "policy")
    with desk.reading() as work:
        found = work.policies.get(REGION, policy)
    made = ClinicParts(
        office=desk.office,
        region=REGION,
        clients=Known(),
        judge=cast(Any, None),
        version_key=KEY,
        more={
            "fhir": FhirParts(
                systems=SYSTEMS, insurers={parse_ogrn(forms.INSURER): "Страховая «Проба»"}
            )
        },
    )
    app = fhir_app(replace(made, **parts))
    return FhirWorld(desk, app, forms.made(done, "person"), policy, found.enp)


def fhir_app(parts: ClinicParts) -> FastAPI:
    """Return an application with the routes of FHIR and of operations."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.clinics = parts
    app.include_router(fhir.router)
    app.include_router(ops.router)
    for error in (CardServiceError, RoutingError, RequestValidationError, Exception):
        app.add_exception_handler(error, problems.answer_error)
    app.add_middleware(OutcomesForFhir, systems=SYSTEMS)
    return app


def told(answer: httpx.Response, status: int) -> str:
    """Expect an OperationOutcome; return its code of this service."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    outcome = accepted(answer.json())
    assert answer.json()["resourceType"] == "OperationOutcome"
    return str(outcome.issue[0].details.coding[0].code)
