"""The list of medical organisations, and adding one."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from cardservice.errors import Refusal
from cardservice.registry.medical_organisations import (
    MOST_SERVICES,
    AddOrganisation,
    OrganisationForm,
    add_organisation,
    search_organisations,
)
from cardservice.web.api.paging import PAGE_ROWS, Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.places.points import Editor, Sought
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, needed_day_in, to_page
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/organisations"
_LIST: Final = "office.organisations"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get(ADDRESS)
def show_clinics_edited(
    visit: Visiting, asking: Editor, q: Sought = "", cursor: Cursor = ""
) -> Response:
    """Show clinics that have every word of what is looked for, those that left too."""
    key = asking.parts.cursor_key
    ask = ask_for(cursor, PAGE_ROWS, key=key, of=_LIST)
    page = search_organisations(asking.office, asking.region, q, ask=ask)
    forward = cursor_of(page.after, key=key, of=_LIST)
    return show(
        "places/clinics.html",
        visit,
        asking=asking,
        q=q,
        clinics=page.rows,
        first=f"{ADDRESS}?{urlencode({'q': q})}" if cursor else None,
        forward=f"{ADDRESS}?{urlencode({'q': q, 'cursor': forward})}" if forward else None,
    )


@router.get(ADDRESS + "/new")
def show_new_clinic(visit: Visiting, asking: Editor) -> Response:
    """Ask for a clinic."""
    return _page(visit, asking)


@router.post(ADDRESS + "/new", dependencies=[OurForm])
def send_new_clinic(visit: Visiting, asking: Editor, fields: Fields) -> Response:
    """Add it."""
    try:
        command = AddOrganisation(
            region=asking.region,
            key=fields.text("key"),
            ogrn=fields.text("ogrn").strip(),
            joined_on=needed_day_in(fields, "joined_on"),
            form=clinic_form(fields),
        )
        answer = add_organisation(asking.office, asking.actor, command)
    except Refusal as refusal:
        return _page(visit, asking, Sent(refusal, fields))
    return to_page(f"{ADDRESS}/{answer.id}")


def clinic_form(fields: FormFields) -> OrganisationForm:
    """Return the clinic that was typed; its services stand one a line."""
    lines = (one.strip() for one in fields.text("services").splitlines())
    return OrganisationForm(
        name=fields.text("name"),
        place=fields.text("place"),
        address=fields.text("address"),
        services=tuple(one for one in lines if one),
    )


def _page(visit: Visit, asking: Asking, sent: Sent = FRESH) -> Response:
    return show(
        "places/new_clinic.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        most=MOST_SERVICES,
    )
