"""Page: a card was lost or stolen."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from cardservice.web.office.apply.beginning import present_applicant
from cardservice.web.office.apply.cards import CARDS
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get("/lost")
def show_lost(visit: Visiting) -> Response:
    """Say what to do; an applicant who signed in is led to their cards."""
    if present_applicant(visit) is not None:
        return RedirectResponse(CARDS, HTTPStatus.SEE_OTHER)
    offered = visit.context.applicants is not None
    return show("visitors/lost.html", visit, can_sign_in=offered, cards=CARDS)
