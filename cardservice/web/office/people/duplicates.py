"""A duplicate of a card: an application that begins with what the register knows."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from cardservice.accounts.rights import Right
from cardservice.domain.applicants import Applicant, is_adult
from cardservice.domain.application import Application, Ground
from cardservice.domain.application import Person as SaidPerson
from cardservice.domain.draft_form import draft_form
from cardservice.domain.holder import Category, Sex
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause
from cardservice.errors import Refusal
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.commands import Answer
from cardservice.registry.frame import Office
from cardservice.texts.office.labels import choices
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.people.insuring import POLICY_ADDRESS
from cardservice.web.office.people.opening import OpenPolicy, open_policy
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, choice_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = POLICY_ADDRESS + "/duplicate"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Enterer = Annotated[Asking, asking(Right.APPLICATION_ENTER)]


@router.get(ADDRESS)
def show_duplicate(visit: Visiting, asking: Enterer, policy_id: UUID) -> Response:
    """Ask what became of the card."""
    return _page(visit, asking, policy_id)


@router.post(ADDRESS, dependencies=[OurForm])
def send_duplicate(visit: Visiting, asking: Enterer, policy_id: UUID, fields: Fields) -> Response:
    """Begin the application and lead to its form."""
    try:
        begun = _begin(asking, policy_id, fields)
    except Refusal as refusal:
        return _page(visit, asking, policy_id, Sent(refusal, fields))
    return RedirectResponse(f"/office/applications/{begun.id}", HTTPStatus.SEE_OTHER)


def duplicate_of(opened: OpenPolicy, cause: DuplicateCause, office: Office) -> Application:
    """Return an application for a duplicate as far as the register can fill it in."""
    adult = is_adult(opened.person.birth_date, on=office.today, rules=office.settings.rules)
    return Application(
        channel=Channel.OFFICE,
        reason=ApplyReason.DUPLICATE,
        applicant=Applicant.SELF if adult else None,
        person=_said(opened),
        ground=Ground(cause=cause),
        insurer_ogrn=opened.insurer.ogrn if opened.insurer else "",
        okato=opened.insurer.okato if opened.insurer else "",
    )


def _said(opened: OpenPolicy) -> SaidPerson:
    one = opened.person
    return SaidPerson(
        surname=one.surname,
        given_name=one.given_name,
        patronymic=one.patronymic or "",
        sex=Sex(one.sex),
        birth_date=one.birth_date,
        birth_place=one.birth_place or "",
        citizenship_code=one.citizenship_code or "",
        citizenship_name=one.citizenship_name or "",
        category=Category(one.category),
        snils=one.snils or "",
        enp=opened.policy.enp,
        address=one.address or "",
        phone=one.phone or "",
        email=one.email or "",
    )


def _begin(asking: Asking, policy_id: UUID, fields: FormFields) -> Answer:
    cause = choice_in(DuplicateCause, fields, "cause")
    draft = duplicate_of(open_policy(asking, policy_id), cause, asking.office)
    command = StartDraft(region=asking.region, key=fields.text("key"), form=draft_form(draft))
    return start_draft(asking.office, asking.actor, command)


def _page(visit: Visit, asking: Asking, policy_id: UUID, sent: Sent = FRESH) -> Response:
    return show(
        "people/duplicate.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        opened=open_policy(asking, policy_id),
        causes=choices(DuplicateCause, visit.language),
    )
