"""The web application, put together from its parts."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingError

from cardservice.errors import CardServiceError
from cardservice.web import health, problems, static_files
from cardservice.web.context import WebContext, WebSettings
from cardservice.web.desk import api, clerk_pages, pages
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.parts import DeskParts
from cardservice.web.hosts import HostGuard
from cardservice.web.security import SecurityHeaders

API_VERSION = "1.0"


def create_app(
    desk: DeskHub,
    *,
    settings: WebSettings | None = None,
    demonstration: Demonstration | None = None,
    parts: DeskParts | None = None,
    routers: Sequence[APIRouter] = (),
) -> FastAPI:
    """Return the application that shows ``desk``; starts nothing.

    Args:
        desk: whose states are shown.
        settings: how the page behaves.
        demonstration: lets a visitor put simulated cards on the readers.
        parts: what the desk asks besides its readers.
        routers: routes for others on this machine, beside the page's own.
    """
    context = WebContext(
        hub=desk,
        settings=settings or WebSettings(),
        demonstration=demonstration,
        parts=parts or DeskParts(),
    )
    app = FastAPI(
        title="Electronic policy card: the desk",
        version=API_VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # The ready-made documentation pages load scripts from elsewhere.
        redoc_url=None,
    )
    app.state.context = context
    app.state.settings = context.settings
    for part in (pages, clerk_pages, api, health, static_files, problems):
        app.include_router(part.router)
    for router in routers:
        app.include_router(router)
    for error in (CardServiceError, RoutingError, RequestValidationError, Exception):
        app.add_exception_handler(error, problems.answer_error)
    app.add_middleware(HostGuard, hosts=context.settings.hosts)
    app.add_middleware(SecurityHeaders)
    return app
