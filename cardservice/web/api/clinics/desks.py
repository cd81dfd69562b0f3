"""Desks of clinics: codes to enrol them, the list, and the end of one."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.registry.clinics import (
    EndDesk,
    MakeCode,
    desks_of_clinic,
    end_desk,
    list_desks,
    make_code,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.clinics.models import (
    CodeShown,
    CodeWished,
    DeskEnding,
    DeskShown,
    desk_shown,
)
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import NOT_FOUND, Done, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.office.asking import Asking, asking

_LIST: Final = "clinic-desks"
router = APIRouter(prefix=f"/{_LIST}", tags=[_LIST], responses=NOT_FOUND)
Keeping = Annotated[Asking, asking(Right.CLINIC_DESK)]
OfClinic = Annotated[UUID | None, Query(description="All desks of this clinic, on one page.")]


@router.get("", response_model=PageOf[DeskShown], responses=SEEN)
def api_list_clinic_desks(
    who: Keeping, *, organisation_id: OfClinic = None, wish: Wish, known: Known = None
) -> Response:
    """The desks of the region, oldest first, ended ones too."""
    if organisation_id is not None:
        found = desks_of_clinic(who.office, who.actor, who.region, organisation_id)
        return answered(PageOf(items=list(map(desk_shown, found))), known)
    page = list_desks(who.office, who.actor, who.region, ask=wish.ask(_LIST))
    rows = list(map(desk_shown, page.rows))
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.post("/codes", status_code=201)
def api_make_desk_code(who: Keeping, sent: Sent, wished: CodeWished) -> CodeShown:
    """A code for a new desk, good once and for a day; sent again it is not shown again."""
    command = MakeCode(
        region=who.region,
        key=sent.key,
        organisation_id=wished.organisation_id,
        desk=wished.desk,
        rights=tuple(wished.rights),
    )
    made = make_code(who.office, who.actor, command)
    row = made.row
    return CodeShown(id=row.id, code=made.code, desk=row.desk, expires_at=row.expires_at)


@router.post("/{desk_id:uuid}/end")
def api_end_clinic_desk(who: Keeping, desk_id: UUID, *, sent: Change, ending: DeskEnding) -> Done:
    """End a desk at once; its computer has to be enrolled anew."""
    command = EndDesk(
        region=who.region,
        key=sent.key,
        desk_id=desk_id,
        version=sent.version,
        ground=ending.ground,
    )
    return sent.done(end_desk(who.office, who.actor, command))
