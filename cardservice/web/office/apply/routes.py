"""The applicant: the form in steps, documents, the own application."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from cardservice.web.office.apply import beginning, booking, cards, entering, own, papers
from cardservice.web.office.apply.adding import Upload, add_document, add_photo, more_page, take_off
from cardservice.web.office.apply.entry import OWN, OwnEntry
from cardservice.web.office.apply.inputs import Step
from cardservice.web.office.apply.pages import show_step, take_step
from cardservice.web.office.apply.scanning import MAX_UPLOAD, Files
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.signin.context import Visiting
from cardservice.web.signin.forms import OurForm

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
# The pages with names of their own go before the steps: a step is whatever is left.
for _area in (beginning, own, papers, booking, cards, entering):
    router.include_router(_area.router)


@router.get(f"{OWN}/more")
def show_own_more(visit: Visiting, entry: OwnEntry) -> Response:
    """Offer to add a document to the own application that was sent."""
    return more_page(visit, entry)


@router.post(f"{OWN}/documents/remove", dependencies=[OurForm])
def send_own_detachment(
    visit: Visiting, entry: OwnEntry, fields: Fields, document_id: Annotated[UUID, Form()]
) -> Response:
    """Take a document off the own application that waits for documents."""
    return take_off(visit, entry, fields, document_id)


@router.get(f"{OWN}/{{step}}")
def show_own_step(visit: Visiting, entry: OwnEntry, step: Step, checked: str = "") -> Response:
    """Show a step of the own form."""
    return show_step(step, visit, entry, checked=bool(checked))


@router.post(f"{OWN}/{{step}}", dependencies=[OurForm])
def send_own_step(visit: Visiting, entry: OwnEntry, step: Step, fields: Fields) -> Response:
    """Save a step of the own form and lead on."""
    return take_step(step, visit, entry, fields)


@router.post(f"{OWN}/documents/add", dependencies=[OurForm], max_body_size=MAX_UPLOAD)
def send_own_document(visit: Visiting, entry: OwnEntry, fields: Fields, files: Files) -> Response:
    """Add a document to the own application."""
    return add_document(Upload(visit=visit, entry=entry, sent=fields, files=files))


@router.post(f"{OWN}/photo/add", dependencies=[OurForm], max_body_size=MAX_UPLOAD)
def send_own_photo(visit: Visiting, entry: OwnEntry, fields: Fields, files: Files) -> Response:
    """Give the own application its photo."""
    return add_photo(Upload(visit=visit, entry=entry, sent=fields, files=files))
