"""Errors as HTTP answers: one table, problem details.

Source: RFC 9457.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as RoutingError

from cardservice.accounts.buckets import TooManyRequestsError
from cardservice.accounts.lockout import LockedOutError
from cardservice.domain.findings import Finding
from cardservice.errors import (
    CardServiceError,
    LinkError,
    PeerError,
    ReaderUnavailableError,
    Refusal,
)
from cardservice.registry.errors import FindingsRefusal
from cardservice.texts.languages import Language, negotiate
from cardservice.texts.office import sentence
from cardservice.web.api.common import VersionNeededError
from cardservice.web.at_once import at_once
from cardservice.web.desk.hub import DeskBusyError
from cardservice.web.malformed import faults_of
from cardservice.web.methods import allowed_methods
from cardservice.web.security import SECURITY_HEADERS, ForeignRequestError, UnknownHostError
from cardservice.web.signin.errors import NotPermittedError, SignInNeededError

PROBLEM_TYPE = "application/problem+json"
INTERNAL = "internal-error"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One line of the table; ``slug`` is stable and ends the problem's type.

    Attributes:
        codes: of a refusal: the line is for those alone; empty: for all.
    """

    error: type[Exception]
    status: HTTPStatus
    slug: str
    title: str
    codes: frozenset[str] = frozenset()

    def fits(self, error: Exception) -> bool:
        """Return whether the line answers ``error``."""
        if not isinstance(error, self.error):
            return False
        return not self.codes or getattr(error, "code", None) in self.codes

    @property
    def type(self) -> str:
        return f"/problems/{self.slug}"


SIGN_IN_KINDS: Final = (
    ProblemKind(SignInNeededError, HTTPStatus.UNAUTHORIZED, "sign-in-needed", "Nobody signed in"),
    ProblemKind(NotPermittedError, HTTPStatus.FORBIDDEN, "not-permitted", "The right is missing"),
    ProblemKind(LockedOutError, HTTPStatus.TOO_MANY_REQUESTS, "wait", "Too many wrong tries"),
    ProblemKind(TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS, "wait", "Too many requests"),
)


def _refusal(status: HTTPStatus, slug: str, title: str, *codes: str) -> ProblemKind:
    return ProblemKind(Refusal, status, slug, title, frozenset(codes))


# Of requests that came to no route.
UNHEARD_KINDS: Final = (
    _refusal(
        HTTPStatus.BAD_REQUEST, "body-unreadable", "The body cannot be read", "body-unreadable"
    ),
    _refusal(
        HTTPStatus.NOT_FOUND, "address-unknown", "Nothing is at this address", "address-unknown"
    ),
    _refusal(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-unknown",
        "The address has other methods",
        "method-unknown",
    ),
    _refusal(
        HTTPStatus.REQUEST_TIMEOUT, "request-late", "The request came too slowly", "request-late"
    ),
    _refusal(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "answer-late",
        "The service did not answer in time",
        "answer-late",
    ),
)

# What a refusal means for a program. The rest of them are 409: a rule of the field says no.
REFUSAL_KINDS: Final = (
    ProblemKind(
        FindingsRefusal,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "form-has-errors",
        "Fields are missing or wrong",
    ),
    _refusal(HTTPStatus.NOT_FOUND, "not-found", "There is no such thing", "not-found"),
    _refusal(HTTPStatus.NOT_FOUND, "not-found", "There is no such thing", "scan-unknown"),
    _refusal(HTTPStatus.NOT_FOUND, "not-found", "There is no such thing", "no-photo"),
    _refusal(HTTPStatus.NOT_FOUND, "not-found", "There is no such thing", "session-unknown"),
    _refusal(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "sessions-full",
        "Too many cards are being read",
        "sessions-full",
    ),
    _refusal(HTTPStatus.UNAUTHORIZED, "client-unknown", "No such desk", "client-unknown"),
    _refusal(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "no-list-signer",
        "The service cannot sign now",
        "no-list-signer",
    ),
    _refusal(HTTPStatus.PRECONDITION_FAILED, "stale", "Somebody changed it first", "stale"),
    _refusal(HTTPStatus.FORBIDDEN, "not-permitted", "The right is missing", "role-not-allowed"),
    _refusal(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "key-reused",
        "The idempotency key is another request's",
        "key-reused",
    ),
    _refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        "The file is too large",
        "file-too-large",
        "too-large",
    ),
    _refusal(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "wrong-kind-of-file",
        "The file is of another kind",
        "scan-kind",
        "photo-kind",
    ),
    _refusal(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "database-busy",
        "The database did not answer in time",
        "database-busy",
        "database-unavailable",
    ),
    *UNHEARD_KINDS,
)

# The first line that fits an error counts, so the special go before the general.
KINDS: tuple[ProblemKind, ...] = (
    *SIGN_IN_KINDS,
    *REFUSAL_KINDS,
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
    ProblemKind(
        VersionNeededError,
        HTTPStatus.PRECONDITION_REQUIRED,
        "version-needed",
        "A change names the version that was seen",
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


def problem_response(error: Exception, language: Language = Language.EN) -> JSONResponse:
    """Return the problem details of ``error``; what rules say stands in ``language``.

    The detail is the message of our own errors, which never holds a secret or a person's
    data; of a foreign error nothing is told.
    """
    kind = next(one for one in KINDS if one.fits(error))
    members: dict[str, object] = {"type": kind.type, "title": kind.title, "status": kind.status}
    if isinstance(error, CardServiceError):
        members["detail"] = str(error)
    if isinstance(error, Refusal):
        said = sentence(error.code, error.sentence, language)
        members |= {"detail": said, "code": error.code}
        members |= {"field": error.field} if error.field else {}
    findings = [_finding(one, language) for one in _findings_of(error)]
    if findings:
        members["findings"] = findings
    spoken = {"Content-Language": language.value, "Vary": "Accept-Language"}
    return _respond(kind.status, members, spoken | _headers(error))


def _findings_of(error: Exception) -> Iterable[Finding]:
    if isinstance(error, RequestValidationError):
        return faults_of(error)
    return error.findings if isinstance(error, FindingsRefusal) else ()


def _finding(one: Finding, language: Language) -> dict[str, str]:
    return {
        "field": one.field,
        "code": one.code,
        "sentence": sentence(one.code, one.sentence, language),
        "severity": one.severity.value,
    }


async def answer_error(request: Request, error: Exception) -> JSONResponse:
    """Answer for every error that a route or the framework raised."""
    if isinstance(error, RoutingError):
        status = HTTPStatus(error.status_code)
        members = {"type": "about:blank", "title": status.phrase, "status": status}
        headers = dict(error.headers or {})
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            # The framework knows only the first of several routes with one address.
            headers["Allow"] = allowed_methods(request)
        return _respond(status, members, headers)
    return problem_response(error, language_of_program(request))


def language_of_program(request: Request) -> Language:
    """Return the language a program asks for by Accept-Language; English unless it does."""
    # Programs mostly ask for none, and read codes: English is what their makers find anywhere.
    asked = request.headers.get("accept-language")
    return negotiate(accepted=asked, default=Language.EN) if asked else Language.EN


ProgramLanguage = Annotated[Language, Depends(at_once(language_of_program))]


def _respond(
    status: HTTPStatus,
    members: dict[str, object],
    headers: Mapping[str, str] = MappingProxyType({}),
) -> JSONResponse:
    # The headers are set here too: an answer to an unforeseen error passes by the middleware.
    return JSONResponse(
        members,
        status_code=status,
        media_type=PROBLEM_TYPE,
        headers={**SECURITY_HEADERS, **headers},
    )


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, SignInNeededError) or getattr(error, "code", None) == "client-unknown":
        return {"WWW-Authenticate": "Bearer"}  # RFC 9110, section 11.6.1: a 401 names a way
    if isinstance(error, LockedOutError | TooManyRequestsError):
        return {"Retry-After": str(error.wait_s)}
    return {}
