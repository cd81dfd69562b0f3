"""Desks of a clinic: the list, a code for a new one that is shown once, and the end of one."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.registry.clinics import (
    NAME_LENGTH,
    DeskEnd,
    EndDesk,
    MakeCode,
    desks_of_clinic,
    end_desk,
    make_code,
)
from cardservice.texts.office import choices
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.places.clinics import ADDRESS
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, needed, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

DESKS: Final = ADDRESS + "/{organisation_id}/desks"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Keeper = Annotated[Asking, asking(Right.CLINIC_DESK)]


@router.get(DESKS)
def show_clinic_desks(visit: Visiting, asking: Keeper, organisation_id: UUID) -> Response:
    """Show the desks of a clinic, those that go on and those that ended."""
    return _page(visit, asking, organisation_id)


@router.post(DESKS, dependencies=[OurForm])
def send_desk_code(
    visit: Visiting, asking: Keeper, organisation_id: UUID, fields: Fields
) -> Response:
    """Make a code for a new desk and show it, this once."""
    try:
        command = MakeCode(
            region=asking.region,
            key=fields.text("key"),
            organisation_id=organisation_id,
            desk=fields.text("desk"),
        )
        made = make_code(asking.office, asking.actor, command)
    except Refusal as refusal:
        return _page(visit, asking, organisation_id, Sent(refusal, fields))
    return show("places/desk_code.html", visit, asking=asking, row=made.row, secret_text=made.code)


@router.post(DESKS + "/{desk_id}/end", dependencies=[OurForm])
def send_desk_end(
    visit: Visiting, asking: Keeper, organisation_id: UUID, *, desk_id: UUID, fields: Fields
) -> Response:
    """End a desk at once."""

    def end() -> object:
        command = EndDesk(
            region=asking.region,
            key=fields.text("key"),
            desk_id=desk_id,
            version=version_in(fields),
            ground=needed(DeskEnd, fields, "ground"),
        )
        return end_desk(asking.office, asking.actor, command)

    return answered(
        end,
        then=DESKS.format(organisation_id=organisation_id),
        again=lambda refusal: _page(visit, asking, organisation_id, Sent(refusal, fields)),
    )


def _page(visit: Visit, asking: Asking, organisation_id: UUID, sent: Sent = FRESH) -> Response:
    desks = desks_of_clinic(asking.office, asking.actor, asking.region, organisation_id)
    with asking.office.database.reading() as kept:
        clinic = kept.medical_organisations.get(asking.region, organisation_id)
    return show(
        "places/desks.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        clinic=clinic,
        desks=desks,
        grounds=choices(DeskEnd, visit.language),
        length=NAME_LENGTH,
        may_edit=asking.may(Right.PLACE_EDIT),
    )
