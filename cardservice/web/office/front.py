"""The front door: where everybody begins; and whether the service is there."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cardservice.web.office.navigation import places_for
from cardservice.web.office.parts import office_parts
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting
from cardservice.web.signin.guard import actor_of

router = APIRouter(include_in_schema=False)


@router.get("/")
def show_front(visit: Visiting) -> Response:
    """Show a visitor what can be done here; lead who is signed in to their first page."""
    actor = actor_of(visit.request, visit.context)
    if actor is None:
        return show("front.html", visit)
    first = next(places_for(actor.may), None)
    return RedirectResponse(first.address if first else "/account", HTTPStatus.SEE_OTHER)


@router.get("/healthz")
def tell_office_health(request: Request) -> dict[str, str]:
    """Say whether this process answers and its database does."""
    with office_parts(request).office.database.reading():
        return {"status": "ok"}
