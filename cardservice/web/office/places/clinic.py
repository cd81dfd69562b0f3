"""One medical organisation: changed, and its leaving of the programme."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.registry.medical_organisations import (
    MOST_SERVICES,
    ChangeOrganisation,
    LeaveProgramme,
    change_organisation,
    leave_programme,
)
from cardservice.registry.ports_places import MedicalOrganisation
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.places.clinics import ADDRESS, clinic_form
from cardservice.web.office.places.points import Editor
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import (
    FRESH,
    Sent,
    answered,
    needed_day_in,
    version_in,
)
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ONE: Final = ADDRESS + "/{organisation_id}"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get(ONE)
def show_clinic(visit: Visiting, asking: Editor, organisation_id: UUID) -> Response:
    """Show a clinic, to be changed."""
    return _page(visit, asking, organisation_id)


@router.post(ONE, dependencies=[OurForm])
def send_clinic(visit: Visiting, asking: Editor, organisation_id: UUID, fields: Fields) -> Response:
    """Change it."""

    def change() -> object:
        command = ChangeOrganisation(
            region=asking.region,
            key=fields.text("key"),
            organisation_id=organisation_id,
            version=version_in(fields),
            form=clinic_form(fields),
        )
        return change_organisation(asking.office, asking.actor, command)

    return answered(
        change,
        then=ONE.format(organisation_id=organisation_id),
        again=lambda refusal: _page(visit, asking, organisation_id, Sent(refusal, fields)),
    )


@router.post(ONE + "/leaving", dependencies=[OurForm])
def send_clinic_leaving(
    visit: Visiting, asking: Editor, organisation_id: UUID, fields: Fields
) -> Response:
    """Note its last day in the programme."""

    def leave() -> object:
        command = LeaveProgramme(
            region=asking.region,
            key=fields.text("key"),
            organisation_id=organisation_id,
            version=version_in(fields),
            last_day=needed_day_in(fields, "last_day"),
        )
        return leave_programme(asking.office, asking.actor, command)

    return answered(
        leave,
        then=ONE.format(organisation_id=organisation_id),
        again=lambda refusal: _page(visit, asking, organisation_id, Sent(refusal, fields)),
    )


def _page(visit: Visit, asking: Asking, organisation_id: UUID, sent: Sent = FRESH) -> Response:
    with asking.office.database.reading() as kept:
        clinic = kept.medical_organisations.get(asking.region, organisation_id)
    is_change = sent.refusal is not None and "name" in sent.typed.values
    return show(
        "places/clinic.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        clinic=clinic,
        typed=sent.typed if is_change else _shown(clinic),
        sent=sent.typed,
        most=MOST_SERVICES,
        may_keep_desks=asking.may(Right.CLINIC_DESK),
    )


def _shown(clinic: MedicalOrganisation) -> FormFields:
    services = clinic.services if isinstance(clinic.services, list | tuple) else ()
    return FormFields(
        {
            "name": (clinic.name,),
            "place": (clinic.place,),
            "address": (clinic.address,),
            "services": ("\n".join(map(str, services)),),
        }
    )
