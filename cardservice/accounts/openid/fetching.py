"""The way to the provider: small answers, no redirects, a bound on time."""

import time
from collections.abc import Mapping
from typing import Final, Protocol

import httpx

from cardservice.accounts.openid.settings import OpenIdError

MAX_ANSWER: Final = 256 * 1024  # octets; discovery documents and key sets have a few thousand
TIMEOUT_S: Final = 5.0


class Fetch(Protocol):
    """Asks the provider; both return the body of a 200 answer or raise OpenIdError."""

    def get(self, address: str) -> bytes: ...

    def post(
        self, address: str, form: Mapping[str, str], *, user: tuple[str, str] | None
    ) -> bytes: ...


class HttpFetch:
    """``Fetch`` over HTTP; safe for threads."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S, max_answer: int = MAX_ANSWER) -> None:
        self._timeout_s = timeout_s
        self._max_answer = max_answer

    def get(self, address: str) -> bytes:
        return self._ask("GET", address)

    def post(self, address: str, form: Mapping[str, str], *, user: tuple[str, str] | None) -> bytes:
        return self._ask("POST", address, form=form, user=user)

    def _ask(
        self,
        method: str,
        address: str,
        *,
        form: Mapping[str, str] | None = None,
        user: tuple[str, str] | None = None,
    ) -> bytes:
        client = httpx.Client(timeout=self._timeout_s, follow_redirects=False, trust_env=False)
        headers = {"Accept": "application/json"}
        try:
            with (
                client,
                client.stream(method, address, data=form, auth=user, headers=headers) as answer,
            ):
                return self._body(answer)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise OpenIdError("unreachable") from None

    def _body(self, answer: httpx.Response) -> bytes:
        if answer.status_code != httpx.codes.OK:
            raise OpenIdError("status")
        body, end = b"", time.monotonic() + self._timeout_s
        for part in answer.iter_bytes():
            body += part
            # A peer that sends an octet now and then never meets the time-out of one read.
            if len(body) > self._max_answer or time.monotonic() > end:
                raise OpenIdError("answer-too-large")
        return body
