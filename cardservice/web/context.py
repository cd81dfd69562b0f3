"""What the routes of one application share."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Annotated, cast

from fastapi import Depends, Request

from cardservice.texts.languages import DEFAULT_LANGUAGE, Language, negotiate
from cardservice.web.at_once import at_once
from cardservice.web.desk.clerk import ClerkDesk
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.parts import DeskParts

LANGUAGE_COOKIE = "language"
LANGUAGE_PARAMETER = "lang"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
TOKEN_OCTETS = 32


def _random_token() -> str:
    return token_urlsafe(TOKEN_OCTETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """How the page behaves.

    Attributes:
        hosts: names the service answers to, without port, in lower case. Any other Host is
            refused, so that a foreign site cannot reach the desk by pointing its own name here.
        language: for those whose browser asks for none that we have.
        heartbeat_s: seconds of silence after which a page is told that the service is there.
    """

    hosts: frozenset[str] = LOOPBACK_HOSTS
    language: Language = DEFAULT_LANGUAGE
    heartbeat_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """One running application.

    Attributes:
        instance: tells pages that the service was started anew, so that they load afresh.
        parts: what the desk asks besides its readers.
        clerk: carries out what the page's forms ask.
        token: 32 random octets in base64url; a form must carry it to change anything.
    """

    hub: DeskHub
    settings: WebSettings
    demonstration: Demonstration | None = None
    parts: DeskParts = field(default_factory=DeskParts)
    clerk: ClerkDesk = field(init=False)
    instance: str = field(default_factory=_random_token)
    token: str = field(default_factory=_random_token, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "clerk", ClerkDesk(self.hub, self.parts))


def context_of(request: Request) -> WebContext:
    """Return the context of the application that serves the request."""
    return cast(WebContext, request.app.state.context)


Context = Annotated[WebContext, Depends(at_once(context_of))]


def settings_of(request: Request) -> WebSettings:
    """Return how the pages of the application that serves the request behave."""
    return cast(WebSettings, request.app.state.settings)


def language_of_request(
    request: Request, settings: Annotated[WebSettings, Depends(at_once(settings_of))]
) -> Language:
    """Return the language of the answer: asked for, remembered, or wanted by the browser."""
    return negotiate(
        asked=request.query_params.get(LANGUAGE_PARAMETER),
        remembered=request.cookies.get(LANGUAGE_COOKIE),
        accepted=request.headers.get("accept-language"),
        default=settings.language,
    )


RequestLanguage = Annotated[Language, Depends(at_once(language_of_request))]
