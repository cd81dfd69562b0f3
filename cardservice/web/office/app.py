"""The office's application: pages, API, sign-in, and what protects them."""

from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingError

from cardservice.errors import CardServiceError
from cardservice.web import problems, static_files
from cardservice.web.api.applications import routes as api_applications
from cardservice.web.api.cards import routes as api_cards
from cardservice.web.api.clinics import routes as api_clinics
from cardservice.web.api.document import install_document
from cardservice.web.api.people import routes as api_people
from cardservice.web.api.register import routes as api_register
from cardservice.web.api.too_large import TooLargeAsProblem
from cardservice.web.context import WebSettings
from cardservice.web.hosts import HostGuard
from cardservice.web.office import failing, front
from cardservice.web.office.accounts import routes as accounts
from cardservice.web.office.apply import routes as apply
from cardservice.web.office.audit import routes as audit
from cardservice.web.office.complaints import routes as complaints
from cardservice.web.office.delivery import routes as delivery
from cardservice.web.office.orders import routes as orders
from cardservice.web.office.parts import OfficeParts
from cardservice.web.office.people import routes as people
from cardservice.web.office.places import routes as places
from cardservice.web.office.queue import routes as queue
from cardservice.web.office.signs import routes as signs
from cardservice.web.office.uploads import routes as uploads
from cardservice.web.office.visitors import routes as visitors
from cardservice.web.security import SecurityHeaders
from cardservice.web.signin.context import SignInContext
from cardservice.web.signin.install import install_sign_in
from cardservice.web.signin.routes import verify_routes

API_VERSION: Final = "1.0"
PAGES: Final[tuple[APIRouter, ...]] = (
    front.router,
    accounts.router,
    apply.router,
    audit.router,
    complaints.router,
    delivery.router,
    orders.router,
    people.router,
    places.router,
    queue.router,
    signs.router,
    uploads.router,
    visitors.router,
)
API: Final[tuple[APIRouter, ...]] = (
    api_applications.router,
    api_cards.router,
    api_clinics.router,
    api_people.router,
    api_register.router,
)
ERRORS: Final = (CardServiceError, RoutingError, RequestValidationError, Exception)


def create_office_app(
    parts: OfficeParts, *, sign_in: SignInContext, settings: WebSettings | None = None
) -> FastAPI:
    """Return the application of one office; starts nothing.

    Raises:
        UsageError: a route stands in no row of the table of rights.
    """
    app = FastAPI(
        title="Electronic policy card: the office",
        version=API_VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # The ready-made documentation pages load scripts from elsewhere.
        redoc_url=None,
    )
    app.state.office = parts
    app.state.settings = settings or WebSettings()
    install_sign_in(app, sign_in)
    for router in (*PAGES, *API, static_files.router, problems.router):
        app.include_router(router)
    for error in ERRORS:
        app.add_exception_handler(error, failing.answer_error)
    app.add_middleware(HostGuard, hosts=app.state.settings.hosts)
    app.add_middleware(TooLargeAsProblem)
    app.add_middleware(SecurityHeaders)
    install_document(app)
    verify_routes(app)
    return app
