"""The office's application over a real database, with an account for every role."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role
from cardservice.keystores.software_keys import AesKey
from cardservice.storage.engine import Database
from cardservice.texts.languages import Language
from cardservice.uploads.vault import ScanVault
from cardservice.web.context import WebSettings
from cardservice.web.office.app import create_office_app
from cardservice.web.office.parts import OfficeParts
from cardservice.web.signin.context import SignInContext
from tests.registry.offices import REGION, Desk, new_desk
from tests.unit.accounts import office as accounts
from tests.unit.accounts.browser import Browser
from tests.unit.accounts.running import running_app

NOBODYS = UUID("01900000-0000-7000-8000-00000000dead")
"""An id that nothing has; the same in every process, so that tests keep their names."""


@dataclass(slots=True)
class World:
    """An office that can be visited.

    Attributes:
        desk: the use cases, the clock, and actors of every kind, to set the stage with.
        people: accounts by role; the password of each is ``accounts.PASSWORD``.
    """

    desk: Desk
    parts: OfficeParts
    accounts: accounts.Office
    app: FastAPI
    people: dict[Role, UUID] = field(default_factory=dict)
    names: "count[int]" = field(default_factory=count)

    def browser(self, *roles: Role) -> Browser:
        """Return a browser, signed in as one who has ``roles``; without any, a visitor's."""
        browser = Browser(self.app)
        if roles:
            browser.sign_in(self.add(*roles), accounts.PASSWORD)
        return browser

    def add(self, *roles: Role) -> str:
        """Add an account with ``roles``; the name to sign in with."""
        name = f"staff-{next(self.names)}-{roles[0].value}"
        self.people[roles[0]] = self.accounts.add(name, *roles)
        return name

    def program(self, *roles: Role) -> "Program":
        """Return a program that has a token with all rights of ``roles``."""
        return Program(self.app, self.token(*roles))

    def token(self, *roles: Role) -> str:
        """Return a token with all rights of a role."""
        (role,) = roles
        scopes = frozenset(one for one in Right if one is not Right.OPEN and may({role}, one))
        _, token = self.accounts.tokens.issue(
            "a program", role=role, scopes=scopes, region=REGION, lasts=timedelta(days=30)
        )
        return token


@dataclass(slots=True)
class Program:
    """A program that talks to the API."""

    app: FastAPI
    bearer: str
    keys: "count[int]" = field(default_factory=count)

    def get(self, path: str, **query: str) -> httpx.Response:
        """Ask for something."""
        return self.ask("GET", path, params=query)

    def send(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        version: int | None = None,
        key: str | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Send a command, with a key of its own unless told, on the version that was seen."""
        headers = {"Idempotency-Key": key or f"key-{next(self.keys)}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.ask(method, path, headers=headers, json=json, **more)

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Send a request with the token."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=accounts.ORIGIN) as client:
                bearer = {"Authorization": f"Bearer {self.bearer}"}
                return await client.request(method, path, headers=bearer | (headers or {}), **more)

        return asyncio.run(ask())


def new_world(database: Database, folder: Path, **parts: Any) -> World:
    """Return an office over ``database`` whose scans lie in ``folder``."""
    desk = new_desk(database)
    signing = accounts.Office()
    made = OfficeParts(
        office=desk.office,
        region=REGION,
        vault=ScanVault(folder, AesKey(bytes(32))),
        row_secret=AesKey(bytes(32)),
        cursor_key=secrets.token_bytes(64),
        new_id=desk.office.new_id,
        new_key=secrets.token_urlsafe,
        **parts,
    )
    app = _app_of(made, signing.context())
    return World(desk=desk, parts=made, accounts=signing, app=app)


_apps: list[FastAPI] = []


def _app_of(parts: OfficeParts, sign_in: SignInContext) -> FastAPI:
    """Return the application, made once a process: its two hundred routes take half a second.

    So the world made last is the one that answers.
    """
    if not _apps:
        settings = WebSettings(language=Language.EN)
        _apps.append(create_office_app(parts, sign_in=sign_in, settings=settings))
    (app,) = _apps
    app.state.office, app.state.sign_in = parts, sign_in
    return app


@contextmanager
def served(world: World) -> Iterator[str]:
    """Serve the office on a free port of the loopback interface; its address."""
    with running_app(world.app) as address:
        yield address
