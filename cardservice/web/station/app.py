"""The operator's application, put together from its parts."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingError

from cardservice.errors import CardServiceError
from cardservice.personalization.lanes import FloorControl
from cardservice.web import problems, static_files
from cardservice.web.context import LOOPBACK_HOSTS, WebSettings
from cardservice.web.hosts import HostGuard
from cardservice.web.security import SecurityHeaders
from cardservice.web.station import pages
from cardservice.web.station.context import ShiftReports, StationContext
from cardservice.web.station.hub import StationHub


def create_station_app(
    control: FloorControl,
    *,
    settings: WebSettings | None = None,
    reports: ShiftReports | None = None,
) -> FastAPI:
    """Return the application that shows and steers ``control``; starts nothing.

    It answers to loopback names alone: whoever reaches the page may stop the station. With
    ``reports`` it offers the shift report.
    """
    shown = settings or WebSettings()
    hub = StationHub(control)
    context = StationContext(control=control, hub=hub, settings=shown, reports=reports)
    app = FastAPI(title="The station", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.context = context
    app.state.settings = shown
    for part in (pages, static_files, problems):
        app.include_router(part.router)
    for error in (CardServiceError, RoutingError, RequestValidationError, Exception):
        app.add_exception_handler(error, problems.answer_error)
    app.add_middleware(HostGuard, hosts=LOOPBACK_HOSTS)
    app.add_middleware(SecurityHeaders)
    return app
