"""The way of things through the API, for tests that begin in the middle of it."""

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI

from cardservice.accounts.roles import Role
from cardservice.domain.application import Application
from cardservice.domain.draft_form import draft_form
from tests.office_world import Program, World
from tests.registry import forms
from tests.unit.accounts.office import ORIGIN
from tests.unit.uploads.samples import png

V1 = "/api/v1"
SCAN = {"file": ("passport.png", png(), "image/png")}


def clerk(world: World) -> Program:
    return world.program(Role.CLERK)


def approver(world: World) -> Program:
    return world.program(Role.APPROVER)


def form(**changes: Any) -> dict[str, object]:
    """Return a form without a fault, as it is sent."""
    return draft_form(forms.without_scans(**changes))


def visit(app: FastAPI, method: str, path: str, **more: Any) -> httpx.Response:
    """Return the answer to somebody without a token."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.request(method, path, **more)

    return asyncio.run(ask())


def code(answer: httpx.Response) -> str:
    """Return the stable code of a problem."""
    return str(answer.json().get("code"))


def filed(world: World, wish: Application | None = None) -> dict[str, Any]:
    """Return the answer about an application that was submitted."""
    begun = forms.submitted(world.desk, wish or forms.without_scans())
    return {"id": str(begun.id), "version": begun.version}


def insured(world: World, wish: Application | None = None) -> dict[str, str]:
    """Return the ids of what an approved application made."""
    return dict(forms.approved(world.desk, wish).made)


def version(program: Program, path: str, **query: str) -> int:
    """Return the version that a thing has now, from its ETag."""
    return int(program.get(V1 + path, **query).headers["etag"].strip('"').partition("-")[0])
