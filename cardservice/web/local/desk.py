"""What the routes for clinic systems share, and how they are put into the desk's application."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Final, cast

from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from cardservice.errors import Refusal
from cardservice.home.desk_pairing import DeskPairings, Pairing
from cardservice.web.desk.hub import DeskHub
from cardservice.web.local.origins import verify_origin
from cardservice.web.local.pairing import PairingBook

PREFIX: Final = "/local/v1"
_BEARER: Final = "bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalLimits:
    """How much of the desk clinic systems may have, in seconds and pieces.

    Attributes:
        sockets: streams at once, those that have not said who they are too.
        polls: questions for a verdict that wait at once.
        poll_s: seconds such a question waits; browsers and proxies give up after 30.
        heartbeat_s: seconds of silence after which a stream says that the desk is there.
        token_s: seconds a new socket has to say its token.
        send_s: seconds a socket may take to read; who is slower is dropped.
    """

    sockets: int = 8
    polls: int = 8
    poll_s: float = 25.0
    heartbeat_s: float = 10.0
    token_s: float = 5.0
    send_s: float = 5.0


class Places:
    """Counts what is taken at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._taken = Counter[str]()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Have a place for the length of the block; raises Refusal ``local-busy``."""
        with self._lock:
            if self._taken.total() >= self._most:
                raise Refusal("local-busy", "Too many pages of clinic systems ask this desk.")
            self._taken["all"] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken["all"] -= 1


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDesk:
    """The desk as clinic systems of this machine meet it.

    Attributes:
        instance: another one once the desk was started anew.
        origins: whose pages may ask.
    """

    hub: DeskHub
    instance: str
    origins: frozenset[str]
    pairings: DeskPairings
    book: PairingBook = field(default_factory=PairingBook)
    limits: LocalLimits = LocalLimits()
    now: Callable[[], datetime] = _utc_now
    sockets: Places = field(init=False)
    polls: Places = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sockets", Places(self.limits.sockets))
        object.__setattr__(self, "polls", Places(self.limits.polls))

    def asker(self, headers: Headers) -> Pairing:
        """Return who asks with the token in ``Authorization``.

        Raises:
            Refusal: ``origin-not-allowed``, ``token-wrong``.
        """
        origin = verify_origin(headers, self.origins)
        given = headers.get("authorization", "")
        token = given[len(_BEARER) :].strip() if given.lower().startswith(_BEARER) else ""
        return self.require_holder(token, origin)

    def require_holder(self, token: str, origin: str) -> Pairing:
        """Return whose token this is.

        Raises:
            Refusal: ``token-wrong``: nobody's, ended, or another origin's: one answer for all.
        """
        found = self.pairings.holder_of(token, origin) if token else None
        if found is None:
            sentence = "This page is not paired with this desk, or not any more; pair it."
            raise Refusal("token-wrong", sentence)
        return found


def local_of(connection: HTTPConnection) -> LocalDesk:
    """Return the local desk of the application that serves the request."""
    return cast(LocalDesk, connection.app.state.local)


def local_of_request(request: Request) -> LocalDesk:
    """Return the same, for routes."""
    return local_of(request)
