"""Errors of sign-in as HTTP answers; the rest is answered by ``cardservice.web.problems``."""

from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from cardservice.accounts.buckets import TooManyRequestsError
from cardservice.accounts.lockout import LockedOutError
from cardservice.web.problems import PROBLEM_TYPE, ProblemKind
from cardservice.web.security import SECURITY_HEADERS
from cardservice.web.signin.errors import NotPermittedError, SignInNeededError
from cardservice.web.signin.returning import own_page

SIGN_IN: Final = "/sign-in"
KINDS: Final = (
    ProblemKind(SignInNeededError, HTTPStatus.UNAUTHORIZED, "sign-in-needed", "Nobody signed in"),
    ProblemKind(NotPermittedError, HTTPStatus.FORBIDDEN, "not-permitted", "The right is missing"),
    ProblemKind(LockedOutError, HTTPStatus.TOO_MANY_REQUESTS, "wait", "Too many wrong tries"),
    ProblemKind(TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS, "wait", "Too many requests"),
)


def install_answers(app: FastAPI) -> None:
    """Let ``app`` answer the errors of sign-in."""
    for kind in KINDS:
        app.add_exception_handler(kind.error, answer_sign_in_error)


async def answer_sign_in_error(request: Request, error: Exception) -> Response:
    """Return the sign-in page to a person who is not signed in, problem details otherwise."""
    if isinstance(error, SignInNeededError) and _is_page(request):
        page = own_page(_asked(request), default="/")
        return RedirectResponse(f"{SIGN_IN}?next={quote(page, safe='')}", HTTPStatus.SEE_OTHER)
    return problem_answer(error)


def problem_answer(error: Exception) -> JSONResponse:
    """Return the problem details of an error of sign-in."""
    kind = next(one for one in KINDS if isinstance(error, one.error))
    members = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": str(error)}
    headers = dict(SECURITY_HEADERS)
    if isinstance(error, SignInNeededError):
        headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, section 11.6.1: a 401 names a way
    if isinstance(error, LockedOutError | TooManyRequestsError):
        headers["Retry-After"] = str(error.wait_s)
    return JSONResponse(members, kind.status, headers=headers, media_type=PROBLEM_TYPE)


def _is_page(request: Request) -> bool:
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and request.method == "GET" and "authorization" not in request.headers


def _asked(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
