"""Requests to an application in this process, without a socket."""

import asyncio
from collections.abc import Mapping

import httpx
from fastapi import FastAPI

ORIGIN = "http://127.0.0.1:8080"


def request(
    app: FastAPI,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Return the answer of ``app``; redirects are not followed, errors are not raised."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.request(method, path, headers=headers, data=form)

    return asyncio.run(ask())


def get(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    """Return the answer to a GET; ``accept_language`` and the like become header names."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return request(app, "GET", path, headers=named)
