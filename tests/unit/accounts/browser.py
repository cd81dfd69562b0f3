"""A browser without a screen: keeps cookies, fills forms in, says where a form came from."""

import asyncio
import atexit
import re
import threading
from collections.abc import Mapping

import httpx
from fastapi import FastAPI

from tests.unit.accounts.office import NAME, ORIGIN, PASSWORD

_here = threading.local()


def _runner() -> asyncio.Runner:
    """Return this thread's event loop; one for each request would start its threads anew."""
    if not hasattr(_here, "runner"):
        _here.runner = asyncio.Runner()
        atexit.register(_here.runner.close)
    runner: asyncio.Runner = _here.runner
    return runner


TOKEN = re.compile(r'name="token" value="([^"]*)"')


class Browser:
    """One browser of one person; redirects are not followed."""

    def __init__(self, app: FastAPI, *, base: str = ORIGIN) -> None:
        self._app = app
        self._base = base
        self.cookies = httpx.Cookies()
        self.origin = {"origin": base, "sec-fetch-site": "same-origin"}

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url=self._base, cookies=self.cookies
            ) as client:
                answer = await client.request(
                    method, path, headers=headers, content=content, data=form
                )
                self.cookies = client.cookies
                return answer

        return _runner().run(send())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers={"accept": "text/html", **headers})

    def token(self, path: str = "/sign-in") -> str:
        """Return the token in the form of a page."""
        found = TOKEN.search(self.get(path).text)
        assert found is not None
        return found[1]

    def send(
        self, path: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self.ask("POST", path, headers=headers or self.origin, form=form)

    def fill(self, path: str, *, on: str | None = None, **form: str) -> httpx.Response:
        """Open a page, fill its form in and send it."""
        return self.send(path, {"token": self.token(on or path), **form})

    def sign_in(self, name: str = NAME, password: str = PASSWORD) -> httpx.Response:
        return self.fill("/sign-in", name=name, password=password)

    def cookie(self, name: str = "InsecureSession") -> str | None:
        return self.cookies.get(name)

    def set_cookie(self, value: str, name: str = "InsecureSession") -> None:
        if self.cookie(name) is not None:
            self.cookies.delete(name)
        self.cookies.set(name, value, domain="127.0.0.1")
