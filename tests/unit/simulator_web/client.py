"""Requests to an application in this process, without a socket."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI

ORIGIN = "http://127.0.0.1:8765"
HTML = "text/html"


class Client:
    """A program that asks the application."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def ask(  # noqa: PLR0913 - what a request has, by keyword
        self,
        method: str,
        *path: str,
        body: Any = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Return the answer; every part of ``path`` is encoded whole, nothing is followed."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                return await client.request(
                    method,
                    "/" + "/".join(quote(part, safe="") for part in path),
                    json=body,
                    content=content,
                    data=form,
                    headers=headers,
                    params=query,
                )

        # A thread of its own: a browser's event loop may occupy this one.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, send()).result()

    def get(self, *path: str, **query: str) -> httpx.Response:
        return self.ask("GET", *path, query=query)

    def put(self, *path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("PUT", *path, body=body, headers=named)

    def post(self, *path: str, body: Any = None) -> httpx.Response:
        return self.ask("POST", *path, body=body)

    def delete(self, *path: str) -> httpx.Response:
        return self.ask("DELETE", *path)

    def send_form(
        self, form: Mapping[str, str], *path: str, html: bool = True, origin: str = ORIGIN
    ) -> httpx.Response:
        headers = {"Origin": origin, "Accept": HTML if html else "application/json"}
        return self.ask("POST", "page", *path, form=form, headers=headers)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the end of the type of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["type"].rpartition("/")[2]
