"""Errors of sign-in as HTTP answers: a person is led to the sign-in page."""

from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from cardservice.web.problems import SIGN_IN_KINDS, problem_response
from cardservice.web.signin.errors import SignInNeededError
from cardservice.web.signin.returning import own_page

SIGN_IN: Final = "/sign-in"


def install_answers(app: FastAPI) -> None:
    """Let ``app`` answer the errors of sign-in."""
    for kind in SIGN_IN_KINDS:
        app.add_exception_handler(kind.error, answer_sign_in_error)


async def answer_sign_in_error(request: Request, error: Exception) -> Response:
    """Return the sign-in page to a person who is not signed in, problem details otherwise."""
    if isinstance(error, SignInNeededError) and is_page(request):
        page = own_page(_asked(request), default="/")
        return RedirectResponse(f"{SIGN_IN}?next={quote(page, safe='')}", HTTPStatus.SEE_OTHER)
    return problem_response(error)


def is_page(request: Request) -> bool:
    """Return whether a person's browser asks for a page to look at."""
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and request.method == "GET" and "authorization" not in request.headers


def _asked(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
