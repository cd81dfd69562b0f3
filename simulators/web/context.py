"""What the routes of one application share."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from simulators.web.languages import Language, negotiate
from simulators.web.security import LOOPBACK_HOSTS
from simulators.web.simulation import Simulation

LANGUAGE_COOKIE: Final = "cardsim-language"
LANGUAGE_PARAMETER: Final = "lang"
_TOKEN_OCTETS: Final = 32


def _random_token() -> str:
    return token_urlsafe(_TOKEN_OCTETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """One running application.

    Attributes:
        hosts: names the service answers to, without port, in lower case.
        heartbeat_s: seconds of silence after which a follower is told that the service is there.
        token: 32 random octets in base64url; a form must carry it to change anything.
    """

    simulation: Simulation
    hosts: frozenset[str] = LOOPBACK_HOSTS
    heartbeat_s: float = 10.0
    token: str = field(default_factory=_random_token, repr=False)


def context_of(request: Request) -> WebContext:
    """Return the context of the application that serves the request."""
    return cast(WebContext, request.app.state.context)


def simulation_of(request: Request) -> Simulation:
    """Return what the application moves."""
    return context_of(request).simulation


def language_of_request(request: Request) -> Language:
    """Return the language of the answer: asked for, remembered, or wanted by the browser."""
    return negotiate(
        asked=request.query_params.get(LANGUAGE_PARAMETER),
        remembered=request.cookies.get(LANGUAGE_COOKIE),
        accepted=request.headers.get("accept-language"),
    )


Context = Annotated[WebContext, Depends(context_of)]
Moved = Annotated[Simulation, Depends(simulation_of)]
RequestLanguage = Annotated[Language, Depends(language_of_request)]
