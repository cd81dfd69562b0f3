"""Errors as a person sees them: a page in their language; programs get problem details."""

from http import HTTPStatus

from fastapi import Request, Response
from starlette.exceptions import HTTPException as RoutingError

from cardservice.errors import CardServiceError, Refusal
from cardservice.web import problems
from cardservice.web.api.common import API
from cardservice.web.context import language_of_request, settings_of
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import visit_of


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer for every error of a route: as a page under the pages, else as problem details."""
    told = await problems.answer_error(request, error)
    wants_page = "text/html" in request.headers.get("accept", "")
    if not wants_page or request.url.path.startswith(API) or not _is_ours(error):
        return told
    visit = visit_of(request, language_of_request(request, settings_of(request)))
    refusal = error if isinstance(error, Refusal) else None
    page = show("failing.html", visit, status=told.status_code, why=refusal)
    page.status_code = told.status_code
    return page


def _is_ours(error: Exception) -> bool:
    # What nobody foresaw is answered as plainly as can be: the page itself may be what fails.
    if isinstance(error, RoutingError):
        return error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, CardServiceError)
