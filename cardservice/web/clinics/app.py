"""The verification service's application: routes for clinics and desks, and what protects them."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingError

from cardservice.errors import CardServiceError
from cardservice.web import problems
from cardservice.web.api.common import API
from cardservice.web.clinics import (
    card_files,
    card_sessions,
    certificates,
    enrolment,
    fhir,
    lists,
    ops,
    presentations,
    statements,
    status,
    substitutes,
    time,
    token,
    trust,
)
from cardservice.web.clinics.app_document import TITLE, install_clinic_document
from cardservice.web.clinics.app_routes import verify_clinic_routes
from cardservice.web.clinics.fhir_outcomes import OutcomesForFhir
from cardservice.web.clinics.fhir_parts import fhir_parts
from cardservice.web.clinics.limits_bounds import ANSWER_S, BODY_S, BoundedRequests
from cardservice.web.clinics.limits_refusals import answer_clinic_error
from cardservice.web.clinics.parts import ClinicParts
from cardservice.web.context import WebSettings
from cardservice.web.hosts import HostGuard
from cardservice.web.request_log import RequestLog
from cardservice.web.security import SecurityHeaders

API_VERSION: Final = "1.0"
ROUTERS: Final[tuple[tuple[str, APIRouter], ...]] = (
    (API, enrolment.router),
    (API, token.router),
    (API, certificates.router),
    (API, time.router),
    (API, trust.router),
    (API, presentations.router),
    (API, status.router),
    (API, substitutes.router),
    (API, card_sessions.router),
    (API, card_files.router),
    (API, statements.router),
    ("", lists.router),
    ("", fhir.router),
    ("", ops.router),
    ("", problems.router),
)
"""Each with what stands before its paths."""
ERRORS: Final = (CardServiceError, RoutingError, RequestValidationError, Exception)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds in which a body has to arrive, and a route to answer."""

    body_s: float = BODY_S
    answer_s: float = ANSWER_S


def create_clinic_app(
    parts: ClinicParts, *, settings: WebSettings | None = None, bounds: Bounds | None = None
) -> FastAPI:
    """Return the application of one verification service; starts nothing.

    Raises:
        UsageError: a route stands in no row of the table of rights.
    """
    app = FastAPI(
        title=TITLE,
        version=API_VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # The ready-made documentation pages load scripts from elsewhere.
        redoc_url=None,
    )
    app.state.clinics = parts
    app.state.settings = settings or WebSettings()
    for prefix, router in ROUTERS:
        app.include_router(router, prefix=prefix)
    for error in ERRORS:
        app.add_exception_handler(error, answer_clinic_error)
    _protect(app, bounds or Bounds())
    install_clinic_document(app)
    verify_clinic_routes(app)
    return app


def _protect(app: FastAPI, bounds: Bounds) -> None:
    """Add what every request goes through; what is added last is met first."""
    app.add_middleware(BoundedRequests, body_s=bounds.body_s, answer_s=bounds.answer_s)
    app.add_middleware(HostGuard, hosts=app.state.settings.hosts)
    app.add_middleware(OutcomesForFhir, systems=fhir_parts(app.state.clinics).systems)
    app.add_middleware(SecurityHeaders)
    told = app.state.clinics.more.get(ops.NAME)
    metrics = told.metrics if isinstance(told, ops.OpsParts) else None
    # Not as the others: outside of what answers a fault of the program, whose answer has an id too.
    app.middleware_stack = RequestLog(app.build_middleware_stack(), metrics=metrics)
