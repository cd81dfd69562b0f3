"""What the routes of a station's page share."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Annotated, Protocol, cast

from fastapi import Depends, Request

from cardservice.personalization.lanes import FloorControl
from cardservice.texts.languages import Language
from cardservice.web.at_once import at_once
from cardservice.web.context import TOKEN_OCTETS, WebSettings
from cardservice.web.station.hub import StationHub


class ShiftReports(Protocol):
    """The report of the running shift, made when it is asked for."""

    def pdf(self, language: Language) -> bytes:
        """Return it as PDF/A."""
        ...

    def csv(self) -> bytes:
        """Return it as CSV, UTF-8."""
        ...


def _random_token() -> str:
    return token_urlsafe(TOKEN_OCTETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationContext:
    """One running page.

    Attributes:
        reports: None: the page offers no report.
        instance: tells pages that the station was started anew, so that they load afresh.
        token: 32 random octets in base64url; a form must carry it to change anything.
    """

    control: FloorControl
    hub: StationHub
    settings: WebSettings
    reports: ShiftReports | None = None
    instance: str = field(default_factory=_random_token)
    token: str = field(default_factory=_random_token, repr=False)


def station_context_of(request: Request) -> StationContext:
    """Return the context of the application that serves the request."""
    return cast("StationContext", request.app.state.context)


Station = Annotated[StationContext, Depends(at_once(station_context_of))]
