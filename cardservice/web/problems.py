"""Errors as HTTP answers: one table, problem details.

Source: RFC 9457.
"""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as RoutingError

from cardservice.errors import (
    CardServiceError,
    LinkError,
    PeerError,
    ReaderUnavailableError,
    Refusal,
)
from cardservice.web.desk.hub import DeskBusyError
from cardservice.web.security import SECURITY_HEADERS, ForeignRequestError, UnknownHostError

PROBLEM_TYPE = "application/problem+json"
INTERNAL = "internal-error"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One line of the table; ``slug`` is stable and ends the problem's type."""

    error: type[Exception]
    status: HTTPStatus
    slug: str
    title: str

    @property
    def type(self) -> str:
        return f"/problems/{self.slug}"


# The first line that fits an error counts, so the special go before the general.
KINDS: tuple[ProblemKind, ...] = (
    ProblemKind(Refusal, HTTPStatus.CONFLICT, "refused", "A rule says no"),
    ProblemKind(
        UnknownHostError,
        HTTPStatus.MISDIRECTED_REQUEST,
        "unknown-host",
        "The service does not answer to this host name",
    ),
    ProblemKind(
        ForeignRequestError,
        HTTPStatus.FORBIDDEN,
        "foreign-request",
        "The request did not come from the desk page",
    ),
    ProblemKind(
        DeskBusyError, HTTPStatus.SERVICE_UNAVAILABLE, "desk-busy", "Too many pages follow the desk"
    ),
    ProblemKind(
        ReaderUnavailableError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "reader-unavailable",
        "The reader cannot be reached",
    ),
    ProblemKind(LinkError, HTTPStatus.BAD_GATEWAY, "link-failed", "The way to the card has failed"),
    ProblemKind(PeerError, HTTPStatus.BAD_GATEWAY, "card-misbehaved", "The card broke a rule"),
    ProblemKind(
        RequestValidationError,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "malformed-request",
        "The request does not have the expected form",
    ),
    ProblemKind(
        Exception, HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL, "The service made a mistake"
    ),
)

router = APIRouter(prefix="/problems", tags=["problems"])


@router.get("/{slug}")
async def describe_problem(slug: str) -> dict[str, str | int]:
    """Say what a problem type means; the ``type`` of every problem leads here."""
    for kind in KINDS:
        if kind.slug == slug:
            return {"type": kind.type, "title": kind.title, "status": kind.status.value}
    raise HTTPException(HTTPStatus.NOT_FOUND)


def problem_response(error: Exception) -> JSONResponse:
    """Return the problem details of ``error``.

    The detail is the message of our own errors, which never holds a secret or a person's
    data; of a foreign error nothing is told.
    """
    kind = next(one for one in KINDS if isinstance(error, one.error))
    members: dict[str, object] = {"type": kind.type, "title": kind.title, "status": kind.status}
    if isinstance(error, CardServiceError):
        members["detail"] = str(error)
    if isinstance(error, Refusal):
        members["code"] = error.code
    return _respond(kind.status, members)


async def answer_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer for every error that a route or the framework raised."""
    if isinstance(error, RoutingError):
        status = HTTPStatus(error.status_code)
        return _respond(status, {"type": "about:blank", "title": status.phrase, "status": status})
    return problem_response(error)


def _respond(status: HTTPStatus, members: dict[str, object]) -> JSONResponse:
    # The headers are set here too: an answer to an unforeseen error passes by the middleware.
    return JSONResponse(
        members, status_code=status, media_type=PROBLEM_TYPE, headers=dict(SECURITY_HEADERS)
    )
