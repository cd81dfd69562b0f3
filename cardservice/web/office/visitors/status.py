"""Page: where a policy is, for who knows the number of the application and the birth date."""

from fastapi import APIRouter
from fastapi.responses import Response

from cardservice.errors import Refusal
from cardservice.registry.applications_reading import status_of
from cardservice.web.office.apply.beginning import present_applicant
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.parts import office_parts
from cardservice.web.office.rendering import show
from cardservice.web.office.visitors.knowing import birth_date_of, number_of, typed
from cardservice.web.signin.context import Visiting
from cardservice.web.signin.forms import OurForm

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get("/status")
def show_status(visit: Visiting) -> Response:
    """Ask for number and birth date."""
    asking = present_applicant(visit)
    return show(
        "visitors/status.html", visit, asking=asking, values=typed(FormFields()), found=None
    )


@router.post("/status", dependencies=[OurForm])
def send_status(visit: Visiting, fields: Fields) -> Response:
    """Show what became of an application; neither stands in an address."""
    office, asking = office_parts(visit.request).office, present_applicant(visit)
    values = typed(fields)
    try:
        found = status_of(office, number=number_of(fields), birth_date=birth_date_of(fields))
    except Refusal as refusal:
        return show(
            *("visitors/status.html", visit),
            asking=asking,
            refusal=refusal,
            values=values,
            found=None,
        )
    return show("visitors/status.html", visit, asking=asking, values=values, found=found)
