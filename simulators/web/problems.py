"""Errors as HTTP answers: one table, problem details.

Source: RFC 9457.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as RoutingError

from simulators.models.document import ModelError
from simulators.reader.errors import CardGoneError, ReaderBusyError, ReaderSetupError
from simulators.tray import TrayClosedError, TrayError, UnknownNameError
from simulators.web import security
from simulators.web.simulation import (
    CardElsewhereError,
    CardSilentHereError,
    NoImageError,
    ReaderFullError,
    RefusedImageError,
    RefusedNameError,
    RefusedPlanError,
    TooManyError,
)

PROBLEM_TYPE: Final = "application/problem+json"
INTERNAL: Final = "internal-error"
_ERRORS_TOLD_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One line of the table; ``slug`` is stable and ends the problem's type."""

    error: type[Exception]
    status: HTTPStatus
    slug: str
    title: str

    @property
    def type(self) -> str:
        """The problem's type, an address of this service that describes it."""
        return f"/problems/{self.slug}"


# The first line that fits an error counts, so the special go before the general.
KINDS: Final[tuple[ProblemKind, ...]] = tuple(
    ProblemKind(*line)
    for line in (
        (
            UnknownNameError,
            HTTPStatus.NOT_FOUND,
            "unknown-name",
            "There is no such reader or card",
        ),
        (
            CardElsewhereError,
            HTTPStatus.CONFLICT,
            "card-elsewhere",
            "The card is in another reader",
        ),
        (
            ReaderFullError,
            HTTPStatus.PRECONDITION_FAILED,
            "reader-full",
            "There is a card in the reader",
        ),
        (NoImageError, HTTPStatus.CONFLICT, "no-image", "This card has no memory to show"),
        (
            TrayClosedError,
            HTTPStatus.SERVICE_UNAVAILABLE,
            "tray-closed",
            "The service is stopping",
        ),
        (TrayError, HTTPStatus.CONFLICT, "tray-refused", "This cannot be done now"),
        (CardGoneError, HTTPStatus.CONFLICT, "card-gone", "No card answers in the reader"),
        (CardSilentHereError, HTTPStatus.BAD_GATEWAY, "card-silent", "The card does not answer"),
        (ReaderBusyError, HTTPStatus.CONFLICT, "card-busy", "Somebody else talks to the card"),
        (
            RefusedNameError,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "refused-name",
            "This name cannot be given",
        ),
        (
            RefusedImageError,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "refused-image",
            "This is no image of a card",
        ),
        (
            RefusedPlanError,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "refused-plan",
            "This is no plan of faults",
        ),
        (ModelError, HTTPStatus.UNPROCESSABLE_ENTITY, "refused-timing", "This is no timing"),
        (TooManyError, HTTPStatus.SERVICE_UNAVAILABLE, "too-many", "There are too many of these"),
        (
            ReaderSetupError,
            HTTPStatus.SERVICE_UNAVAILABLE,
            "not-possible-here",
            "This machine cannot do it",
        ),
        (
            security.UnknownHostError,
            HTTPStatus.MISDIRECTED_REQUEST,
            "unknown-host",
            "The service does not answer to this host name",
        ),
        (
            security.ForeignRequestError,
            HTTPStatus.FORBIDDEN,
            "foreign-request",
            "The request came from another site",
        ),
        (
            security.WrongContentError,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "wrong-content",
            "The body is not JSON",
        ),
        (
            security.TooLargeError,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too-large",
            "The body is too long",
        ),
        (
            RequestValidationError,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "malformed-request",
            "The request does not have the expected form",
        ),
        (
            Exception,
            HTTPStatus.INTERNAL_SERVER_ERROR,
            INTERNAL,
            "The service made a mistake",
        ),
    )
)


class Problem(BaseModel):
    """Problem details (RFC 9457); ``type`` is stable, ``remedy`` says what to do."""

    type: str
    title: str
    status: int
    detail: str | None = None
    remedy: str | None = None


router = APIRouter(prefix="/problems", tags=["problems"])


@router.get("/{slug}")
async def describe_problem(slug: str) -> Problem:
    """Say what a problem type means; the ``type`` of every problem leads here."""
    for kind in KINDS:
        if kind.slug == slug:
            return Problem(type=kind.type, title=kind.title, status=kind.status)
    raise HTTPException(HTTPStatus.NOT_FOUND)


def kind_of(error: Exception) -> ProblemKind:
    """Return the line of the table that an error belongs to."""
    return next(one for one in KINDS if isinstance(error, one.error))


def detail_of(error: Exception) -> str | None:
    """Return what our own errors say, which never holds a secret; of others nothing is told."""
    own = not isinstance(error, RequestValidationError) and kind_of(error).slug != INTERNAL
    return str(error) if own else None


def problem_response(error: Exception, **more: str) -> JSONResponse:
    """Return the problem details of ``error``, with ``more`` members for our own page."""
    kind = kind_of(error)
    members: dict[str, Any] = {"type": kind.type, "title": kind.title, "status": kind.status}
    if (detail := detail_of(error)) is not None:
        members["detail"] = detail
    if isinstance(error, ReaderSetupError | ReaderBusyError):
        members["remedy"] = error.remedy
    if isinstance(error, RequestValidationError):
        members["errors"] = [_told(one) for one in error.errors()[:_ERRORS_TOLD_MAX]]
    return _respond(kind.status, {**members, **more})


async def answer_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer for every error that a route or the framework raised."""
    if isinstance(error, RoutingError):
        status = HTTPStatus(error.status_code)
        members = {"type": "about:blank", "title": status.phrase, "status": status}
        return _respond(status, members, error.headers)
    return problem_response(error)


def _told(error: Mapping[str, Any]) -> dict[str, str]:
    """Return where the request is wrong and why, without what was sent."""
    # A name that was sent stands in the place too; it may be no text that can be sent back.
    place = ".".join(str(step) for step in error["loc"]).encode("ascii", "backslashreplace")
    return {"at": place.decode(), "says": str(error["type"])}


def _respond(
    status: HTTPStatus, members: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> JSONResponse:
    # The headers are set here too: an answer to an unforeseen error passes by the middleware.
    return JSONResponse(
        dict(members),
        status_code=status,
        media_type=PROBLEM_TYPE,
        headers={**(headers or {}), **security.SECURITY_HEADERS},
    )
