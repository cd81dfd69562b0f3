"""The status of an application, for whoever knows its number and the birth date."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cardservice.registry.applications_reading import status_of
from cardservice.web.api.applications.models import StatusShown
from cardservice.web.api.common import NOT_FOUND, Model
from cardservice.web.api.typed import Day, ShortLine
from cardservice.web.at_once import at_once
from cardservice.web.office.parts import OfficeParts, office_parts
from cardservice.web.signin.context import Address, SignInParts

router = APIRouter()
Parts = Annotated[OfficeParts, Depends(at_once(office_parts))]


class StatusQuestion(Model):
    """The number on the receipt, and the birth date of the person to be insured."""

    number: ShortLine
    birth_date: Day


@router.post("/application-status", responses=NOT_FOUND)
def api_ask_status(
    question: StatusQuestion, parts: Parts, signing: SignInParts, address: Address
) -> StatusShown:
    """How far it is; a wrong number and a wrong date are answered alike. Open to all.

    It is a POST so that neither stands in an address, and nothing changes.
    """
    signing.forms.take(address)
    found = status_of(parts.office, number=question.number, birth_date=question.birth_date)
    return StatusShown.model_validate(found)
