"""Medical organisations of the programme: searched by anybody, entered by the office."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    ChangeOrganisation,
    LeaveProgramme,
    add_organisation,
    change_organisation,
    leave_programme,
    search_organisations,
    terminal_until,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import NOT_FOUND, Done, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.api.register.here import Asked
from cardservice.web.api.register.organisation_models import (
    Leaving,
    NewOrganisation,
    OrganisationShown,
    OrganisationWish,
    TerminalTerm,
)
from cardservice.web.api.typed import Day, ShortLine
from cardservice.web.office.asking import Asking, asking

UNDER: Final = "medical-organisations"
router = APIRouter(prefix=f"/{UNDER}", tags=[UNDER], responses=NOT_FOUND)
Editing = Annotated[Asking, asking(Right.PLACE_EDIT)]
KeyKeeping = Annotated[Asking, asking(Right.KEYS)]
Sought = Annotated[ShortLine, Query(alias="q", description="Words; every one must be there.")]
LastDay = Annotated[Day, Query(description="The last day that is asked for.")]


@router.get("", response_model=PageOf[OrganisationShown], responses=SEEN)
def api_search_organisations(
    here: Asked, *, q: Sought = "", wish: Wish, known: Known = None
) -> Response:
    """Those with every word in name, place, address or services. Open to all."""
    page = search_organisations(here.office, here.region, q, ask=wish.ask(UNDER))
    rows = [OrganisationShown.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, UNDER)), known)


@router.get("/{organisation_id:uuid}", response_model=OrganisationShown, responses=SEEN)
def api_show_organisation(here: Asked, organisation_id: UUID, known: Known = None) -> Response:
    """One medical organisation. Open to all."""
    with here.office.database.reading() as work:
        found = work.medical_organisations.get(here.region, organisation_id)
    return answered(OrganisationShown.model_validate(found), known, version=found.version)


@router.post("", status_code=201)
def api_add_organisation(who: Editing, sent: Sent, new: NewOrganisation) -> Done:
    """Let one take part."""
    command = AddOrganisation(
        region=who.region,
        key=sent.key,
        ogrn=new.ogrn,
        joined_on=new.joined_on,
        form=new.organisation.form(),
    )
    return sent.created(add_organisation(who.office, who.actor, command), under=UNDER)


@router.put("/{organisation_id:uuid}")
def api_change_organisation(
    who: Editing, organisation_id: UUID, *, sent: Change, wish: OrganisationWish
) -> Done:
    """Change name, place, address or services; its OGRN stays."""
    command = ChangeOrganisation(
        region=who.region,
        key=sent.key,
        organisation_id=organisation_id,
        version=sent.version,
        form=wish.form(),
    )
    return sent.done(change_organisation(who.office, who.actor, command))


@router.post("/{organisation_id:uuid}/leaving")
def api_leave_programme(
    who: Editing, organisation_id: UUID, *, sent: Change, leaving: Leaving
) -> Done:
    """Note its last day; its desks' certificates end with it."""
    command = LeaveProgramme(
        region=who.region,
        key=sent.key,
        organisation_id=organisation_id,
        version=sent.version,
        last_day=leaving.last_day,
    )
    return sent.done(leave_programme(who.office, who.actor, command))


@router.get("/{organisation_id:uuid}/terminal-term", response_model=TerminalTerm, responses=SEEN)
def api_tell_terminal_term(
    who: KeyKeeping, organisation_id: UUID, *, until: LastDay, known: Known = None
) -> Response:
    """How long a terminal certificate of one of its desks may last; 409 ``left``: none at all."""
    last = terminal_until(who.office, who.region, organisation_id, until)
    return answered(TerminalTerm(until=last), known)
