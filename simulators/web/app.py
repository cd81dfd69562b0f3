"""The application, put together from its parts."""

from typing import Final

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingError

from simulators.reader.errors import ReaderError
from simulators.web import problems
from simulators.web.context import WebContext
from simulators.web.guards import BodyLimit, HostGuard, SecurityHeaders
from simulators.web.routes import (
    cards,
    conversations,
    events,
    forms,
    health,
    pages,
    readers,
    static_files,
)
from simulators.web.security import (
    ForeignRequestError,
    WrongContentError,
    guard_change,
)
from simulators.web.simulation import Simulation

API_VERSION: Final = "1.0"
_PARTS: Final = (readers, conversations, cards, events, health, problems)
_PAGE_PARTS: Final = (pages, forms, static_files)
_ERRORS: Final = (
    ReaderError,
    ForeignRequestError,
    WrongContentError,
    RoutingError,
    RequestValidationError,
    Exception,
)


def create_app(simulation: Simulation, *, heartbeat_s: float = 10.0) -> FastAPI:
    """Return the application that moves ``simulation``; starts nothing."""
    context = WebContext(simulation=simulation, heartbeat_s=heartbeat_s)
    app = FastAPI(
        title="cardsim: software cards and readers",
        version=API_VERSION,
        docs_url=None,  # The ready-made documentation pages load scripts from elsewhere.
        redoc_url=None,
        dependencies=[Depends(guard_change)],
        responses={"default": {"model": problems.Problem, "description": "Problem (RFC 9457)"}},
    )
    app.state.context = context
    for part in (*_PARTS, *_PAGE_PARTS):
        app.include_router(part.router, include_in_schema=part in _PARTS)
    for error in _ERRORS:
        app.add_exception_handler(error, problems.answer_error)
    app.add_middleware(BodyLimit)
    app.add_middleware(HostGuard, hosts=context.hosts)
    app.add_middleware(SecurityHeaders)
    return app
