"""A desk that pages of one clinic system may ask, without readers and without a browser."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from cardservice.home.desk_pairing import DeskPairings
from cardservice.verify.examination import Examination
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.state import ReaderState
from cardservice.web.desk.views import key_of
from cardservice.web.local.desk import LocalDesk, LocalLimits
from cardservice.web.local.install import install_local
from tests.unit.web.doubles import READER
from tests.unit.web.examples import AT, VALID

HERE = "http://127.0.0.1:8080"
CLINIC = "https://clinic.example.org"
OTHER = "https://other.example.org"
EVIL = "https://evil.example"
KEY = key_of(READER)
API = "/local/v1"
QUICK = LocalLimits(poll_s=0.2, heartbeat_s=0.05, token_s=0.3, send_s=0.3)
SECRETS = ("ИВАНОВ", "0054910834000015", "1980-05-15", READER, "judged")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    app: FastAPI
    local: LocalDesk
    pairings: DeskPairings

    @property
    def hub(self) -> DeskHub:
        return self.local.hub

    def token(self, origin: str = CLINIC) -> str:
        """Return the token of a new pairing."""
        return self.pairings.add("МИС", origin, at=AT)[1]

    def place(self, *readers: ReaderState) -> None:
        """Let the desk have these readers."""
        self.hub.update(lambda desk: replace(desk, readers=readers))

    def ask(  # noqa: PLR0913 - the parts of a request, by keyword
        self,
        method: str,
        path: str,
        *,
        origin: str | None = CLINIC,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> httpx.Response:
        """Return the answer to what a page of ``origin`` asks."""
        said = {"origin": origin, "authorization": None if token is None else f"Bearer {token}"}
        named = {name: value for name, value in said.items() if value is not None}
        sent = {
            name.encode(): value.encode() for name, value in (named | dict(headers or {})).items()
        }
        return asyncio.run(self._ask(method, path, sent, body))

    async def _ask(
        self, method: str, path: str, headers: Mapping[bytes, bytes], body: Any
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            return await client.request(method, path, headers=headers, json=body)


def judged(result: Examination = VALID, *, presentation: int = 1) -> ReaderState:
    """Return a reader with a card of which that is known."""
    state = ReaderState(reader=READER).with_card(presentation, 5.0)
    return state.with_result(presentation, result, 5.4)


def world(
    folder: Path,
    *,
    origins: tuple[str, ...] = (CLINIC, OTHER),
    compat_origin: str | None = None,
    limits: LocalLimits = QUICK,
) -> World:
    """Return a desk with a judged card on its reader."""
    hub, pairings = DeskHub(), DeskPairings(folder)
    app = create_app(hub)
    local = install_local(
        app, pairings, origins=origins, compat_origin=compat_origin, limits=limits
    )
    made = World(app=app, local=local, pairings=pairings)
    made.place(judged())
    return made
