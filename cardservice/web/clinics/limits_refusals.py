"""What the service says no with where no route was asked: each has a code and says what to do.

Errors of FHIR's addresses are turned into outcomes elsewhere, and keep the codes of their own.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException as RoutingError
from starlette.types import Scope

from cardservice.errors import Refusal
from cardservice.web.clinics.fhir_outcomes import is_fhir
from cardservice.web.methods import allowed_methods
from cardservice.web.problems import answer_error, language_of_program, problem_response

UNHEARD: Final[Mapping[int, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("body-unreadable", "The body cannot be read; send JSON in UTF-8."),
    HTTPStatus.NOT_FOUND: (
        "address-unknown",
        "Nothing is at this address; /api/openapi.json names those there are.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method-unknown",
        "The address has other methods; the header Allow names them.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: (
        "request-late",
        "The request did not come whole in time; send it again.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "too-large",
        "The request is larger than any may be; send less at once.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "answer-late",
        "No answer was there in time; try again in half a minute.",
    ),
}
"""Status → code and sentence, of what is answered before a route is asked or where none is."""


def refuse_unheard(scope: Scope, status: HTTPStatus) -> Response:
    """Return the refusal of a request that its bounds kept from every route; the line ends."""
    answer = _refusal(Request(scope), status)
    answer.headers["Connection"] = "close"
    return answer


async def answer_clinic_error(request: Request, error: Exception) -> Response:
    """Answer for every error that a route or the framework raised."""
    if not isinstance(error, RoutingError) or is_fhir(request.url.path):
        return await answer_error(request, error)
    if error.status_code not in UNHEARD:
        return await answer_error(request, error)
    answer = _refusal(request, error.status_code)
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework knows only the first of several routes with one address.
        answer.headers["Allow"] = allowed_methods(request)
    return answer


def _refusal(request: Request, status: int) -> Response:
    code, said = UNHEARD[status]
    return problem_response(Refusal(code, said), language_of_program(request))
