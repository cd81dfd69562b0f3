"""Pages: what an application needs, and its beginning."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from cardservice.accounts.rights import Right
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import DuplicateCause
from cardservice.errors import Refusal
from cardservice.web.office.apply.entry import ENTERED
from cardservice.web.office.apply.starting import begin_own, duplicate_draft, first_draft
from cardservice.web.office.asking import Asking, actor_for
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.parts import office_parts
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm
from cardservice.web.signin.guard import actor_of

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get("/apply")
def show_apply(visit: Visiting) -> Response:
    """Say what an application needs; a clerk is led to where they enter one."""
    if _is_staff(visit):
        return RedirectResponse(ENTERED, HTTPStatus.SEE_OTHER)
    return show("apply/begin.html", visit, asking=present_applicant(visit))


@router.post("/apply", dependencies=[OurForm])
def send_apply(visit: Visiting, fields: Fields) -> Response:
    """Begin an application; for a duplicate if a card was lost."""
    if _is_staff(visit):
        return RedirectResponse(ENTERED, HTTPStatus.SEE_OTHER)
    parts = office_parts(visit.request)
    draft = first_draft(parts, region=parts.region, channel=Channel.WEBSITE)
    because = fields.text("because")
    if because in tuple(DuplicateCause):
        draft = duplicate_draft(draft, DuplicateCause(because))
    try:
        return begin_own(visit, draft, key=fields.text("key"))
    except Refusal as refusal:
        return show("apply/begin.html", visit, asking=present_applicant(visit), refusal=refusal)


def present_applicant(visit: Visit) -> Asking | None:
    """Return the applicant whose session this browser has, if any; for pages that all may see."""
    web = actor_of(visit.request, visit.context)
    if web is None or not web.may(Right.APPLICATION_OWN):
        return None
    return Asking(
        parts=office_parts(visit.request),
        actor=actor_for(web, Right.APPLICATION_OWN),
        region=web.subject.region,
        web=web,
    )


def _is_staff(visit: Visit) -> bool:
    web = actor_of(visit.request, visit.context)
    return web is not None and web.may(Right.APPLICATION_ENTER)
