"""A service that reads cards, its clients, and a client with a card on its reader."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from cardservice.accounts.rights import Right
from cardservice.errors import CardServiceError
from cardservice.registry.frame import Office
from cardservice.verify.access import Enrolment
from cardservice.verify.judging import Judge
from cardservice.verify.ports import PresentedCard
from cardservice.verify.relay_book import LIMITS, Limits, RelaySessions
from cardservice.web.clinics import card_files, card_sessions, statements
from cardservice.web.clinics.card_sessions_relay import CardRelay
from cardservice.web.clinics.parts import CardTerms, Client, ClinicParts
from cardservice.web.problems import answer_error
from tests.chain import NOW, REGION, issuer, new_ephemeral
from tests.simulated.test_tap import new_scalar
from tests.unit.papers.examples import ISSUED, trusted
from tests.unit.verify.readings import register

API = "/api/v1"
ALL = frozenset({Right.COVERAGE_ASK})
KEYS = {"Authorization": "Bearer north"}
OTHERS = {"Authorization": "Bearer south"}
POWERLESS = {"Authorization": "Bearer powerless"}


def client(number: int, name: str, rights: frozenset[Right] = ALL) -> Client:
    return Client(id=UUID(int=number), region=REGION, name=name, rights=rights, desk=True)


@dataclass
class KnownClients:
    """Clients by their tokens."""

    known: dict[str, Client] = field(
        default_factory=lambda: {
            "north": client(1, "north"),
            "south": client(2, "south"),
            "powerless": client(3, "powerless", frozenset()),
        }
    )

    def recognise(self, token: str) -> Client | None:
        return self.known.get(token)


@dataclass
class Seconds:
    """A timer that a test moves."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class OfficeOfToday:
    today: date = ISSUED


@dataclass
class World:
    """An application with its timer and whom it knows."""

    app: FastAPI
    timer: Seconds
    clients: KnownClients
    relay: CardRelay


def world(
    *,
    known: Any = None,
    enrolment: Callable[[], Enrolment | None] = lambda: None,
    limits: Limits = LIMITS,
    cards: bool = True,
) -> World:
    clients, timer, app = KnownClients(), Seconds(), FastAPI()
    asked = register() if known is None else known

    def judge(region: str) -> Judge:
        return Judge(issuer().trust(), register=asked, clock=lambda: NOW, region=region)

    terms = CardTerms(enrolment=enrolment, new_ephemeral=new_ephemeral, new_scalar=new_scalar)
    app.state.clinics = ClinicParts(
        office=cast(Office, OfficeOfToday()),
        region=REGION,
        clients=clients,
        judge=judge,
        cards=terms if cards else None,
        statement_keys=(trusted(),),
    )
    sessions = RelaySessions(timer=timer, limits=limits)
    relay = app.state.card_relay = CardRelay(app.state.clinics, sessions, now=lambda: NOW)
    for routes in (card_files, card_sessions, statements):
        app.include_router(routes.router, prefix=API)
    for error in (CardServiceError, RequestValidationError):
        app.add_exception_handler(error, answer_error)
    return World(app, timer, clients, relay)


class Visitor:
    """A client's program: asks as ``north`` unless a request says otherwise."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://127.0.0.1",
            headers=KEYS,
        )

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.post(path, **more))

    def delete(self, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.delete(path, **more))

    def close(self) -> None:
        self._runner.run(self._client.aclose())


@contextmanager
def visiting(world: World) -> Iterator[Visitor]:
    with asyncio.Runner() as runner:
        visitor = Visitor(world.app, runner)
        yield visitor
        visitor.close()


def answers(told: dict[str, Any], card: PresentedCard) -> dict[str, Any]:
    """Return what a client without any card logic sends after it did what it was told."""
    if told["reset"]:
        card.reset()
    said = [card.exchange(bytes.fromhex(one)).hex() for one in told["commands"]]
    return {"step": told["step"], "answers": said}


def read_through(
    visitor: Visitor, card: PresentedCard, opening: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the verdict that the service comes to on a card on this client's reader."""
    told = visitor.post(f"{API}/card-sessions", json=opening or {}).json()
    place = f"{API}/card-sessions/{told['session']}/answers"
    while "verdict" not in told:
        told = visitor.post(place, json=answers(told, card)).json()
    return cast("dict[str, Any]", told["verdict"])
