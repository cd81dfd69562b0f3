"""Answers to pages of other origins: who may not ask learns nothing, who may can read refusals."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException as RoutingError
from typing_extensions import override

from cardservice.errors import CardServiceError, Refusal
from cardservice.texts.languages import Language
from cardservice.texts.office import sentence
from cardservice.web.local.desk import LocalDesk, local_of
from cardservice.web.local.origins import verify_origin
from cardservice.web.problems import PROBLEM_TYPE, answer_error, language_of_program
from cardservice.web.security import SECURITY_HEADERS

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

PREFLIGHT_S: Final = 600
"""Seconds a browser may remember that it may ask; ended pairings are refused all the same."""

STATUS: Final = MappingProxyType(
    {
        "origin-not-allowed": HTTPStatus.FORBIDDEN,
        "token-wrong": HTTPStatus.UNAUTHORIZED,
        "pairing-unknown": HTTPStatus.NOT_FOUND,
        "pairing-code-wrong": HTTPStatus.FORBIDDEN,
        "pairing-too-often": HTTPStatus.TOO_MANY_REQUESTS,
        "pairings-full": HTTPStatus.CONFLICT,
        "reader-unknown": HTTPStatus.NOT_FOUND,
        "local-busy": HTTPStatus.SERVICE_UNAVAILABLE,
        "body-unreadable": HTTPStatus.BAD_REQUEST,
    }
)


class LocalRoute(APIRoute):
    """A route that looks at the origin before it looks at anything else of a request."""

    @override
    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            local = local_of(request)
            try:
                origin = verify_origin(request.headers, local.origins)
            except Refusal as refusal:
                return problem(refusal, language_of_program(request))
            try:
                answered = await answer(request)
            except (CardServiceError, RequestValidationError, RoutingError) as error:
                answered = await _refused(request, error)
            return shared_with(answered, origin)

        return handle


def problem(refusal: Refusal, language: Language) -> JSONResponse:
    """Return a refusal of this package as a problem; ``code`` is stable."""
    status = STATUS[refusal.code]
    members = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status,
        "detail": sentence(refusal.code, refusal.sentence, language),
        "code": refusal.code,
    }
    headers = {**SECURITY_HEADERS, "Content-Language": language.value}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(members, status, headers, media_type=PROBLEM_TYPE)


def shared_with(answer: Response, origin: str) -> Response:
    """Return the answer, which pages of that one origin may read.

    Source: Fetch, section 3.3.3; never ``*``, and never with the browser's cookies.
    """
    answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Vary"] = "Origin, Accept-Language"
    return answer


def preflight(request: Request, local: LocalDesk, *, methods: str) -> Response:
    """Return the answer to the browser's question whether that page may ask.

    Raises:
        Refusal: ``origin-not-allowed``.
    """
    origin = verify_origin(request.headers, local.origins)
    headers = {
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": str(PREFLIGHT_S),
    }
    if request.headers.get("access-control-request-private-network") == "true":
        headers["Access-Control-Allow-Private-Network"] = "true"
    return shared_with(Response(status_code=HTTPStatus.NO_CONTENT, headers=headers), origin)


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, Refusal) and error.code in STATUS:
        return problem(error, language_of_program(request))
    if isinstance(error, RoutingError) and error.status_code == HTTPStatus.BAD_REQUEST:
        unreadable = Refusal("body-unreadable", "The body cannot be read; send JSON in UTF-8.")
        return problem(unreadable, language_of_program(request))
    return await answer_error(request, error)
