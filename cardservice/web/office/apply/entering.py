"""Pages: a clerk enters an application on somebody's behalf, step by step."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.web.office.apply.adding import Upload, add_document, add_photo
from cardservice.web.office.apply.entry import ENTERED, StaffEntry, kept_of
from cardservice.web.office.apply.inputs import Step
from cardservice.web.office.apply.pages import show_step, take_step, understood
from cardservice.web.office.apply.scanning import MAX_UPLOAD, Files
from cardservice.web.office.apply.starting import begin_for
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting
from cardservice.web.signin.forms import OurForm

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
ONE = f"{ENTERED}/{{application_id}}"
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]


@router.get(ENTERED)
def show_enter(visit: Visiting, asking: Entering) -> Response:
    """Offer to begin an application for somebody."""
    return show("apply/enter.html", visit, asking=asking)


@router.post(ENTERED, dependencies=[OurForm])
def send_enter(visit: Visiting, asking: Entering, fields: Fields) -> Response:
    """Begin an application for somebody."""
    try:
        return begin_for(asking, key=fields.text("key"))
    except Refusal as refusal:
        return show("apply/enter.html", visit, asking=asking, refusal=understood(refusal))


@router.get(ONE)
def show_entered(visit: Visiting, entry: StaffEntry) -> Response:
    """Show what became of the application: its number, and where it goes on."""
    return show("apply/entered.html", visit, asking=entry.asking, entry=entry, kept=kept_of(entry))


@router.get(f"{ONE}/{{step}}")
def show_entered_step(
    visit: Visiting, entry: StaffEntry, step: Step, checked: str = ""
) -> Response:
    """Show a step of the form that is entered."""
    return show_step(step, visit, entry, checked=bool(checked))


@router.post(f"{ONE}/{{step}}", dependencies=[OurForm])
def send_entered_step(visit: Visiting, entry: StaffEntry, step: Step, fields: Fields) -> Response:
    """Save a step of the form that is entered and lead on."""
    return take_step(step, visit, entry, fields)


@router.post(f"{ONE}/documents/add", dependencies=[OurForm], max_body_size=MAX_UPLOAD)
def send_entered_document(
    visit: Visiting, entry: StaffEntry, fields: Fields, files: Files
) -> Response:
    """Add a document to the application that is entered."""
    return add_document(Upload(visit=visit, entry=entry, sent=fields, files=files))


@router.post(f"{ONE}/photo/add", dependencies=[OurForm], max_body_size=MAX_UPLOAD)
def send_entered_photo(
    visit: Visiting, entry: StaffEntry, fields: Fields, files: Files
) -> Response:
    """Give the application that is entered its photo."""
    return add_photo(Upload(visit=visit, entry=entry, sent=fields, files=files))
