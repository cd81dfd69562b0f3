"""Persons: searched for, looked at, corrected, given their data."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from cardservice.accounts.rights import Right
from cardservice.registry.people import (
    CorrectPerson,
    correct_person,
    find_people,
    view_person,
)
from cardservice.registry.people import Query as Sought
from cardservice.registry.people_exporting import export_person
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.commands import Change
from cardservice.web.api.common import (
    API,
    JSON_MAX,
    NOT_FOUND,
    Done,
    PageOf,
    problems,
)
from cardservice.web.api.paging import Wish
from cardservice.web.api.people import erasing, merging, policies
from cardservice.web.api.people.models import PersonRecord, PersonRow, record_shown
from cardservice.web.api.people.wishes import PersonCorrection, PersonQuery
from cardservice.web.api.typed import Why
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix=API, tags=["people"], responses=problems(), max_body_size=JSON_MAX)
Reading = Annotated[Asking, asking(Right.PERSON_READ)]
Changing = Annotated[Asking, asking(Right.POLICY_CHANGE)]
Looking = Annotated[
    Why, Query(description="Why, a code; it is recorded with the look.", examples=["letter/17"])
]
_LIST = "people"

# What stands under its own name goes before what stands under a person's id.
for part in (merging, erasing, policies):
    router.include_router(part.router)


@router.post("/people/searches")
def api_search_people(who: Reading, query: PersonQuery, wish: Wish) -> PageOf[PersonRow]:
    """Who is found, masked; a POST, so that no name stands in an address. Nothing changes."""
    sought = Sought(**query.model_dump())
    page = find_people(who.office, who.actor, sought, ask=wish.ask(_LIST))
    rows = [PersonRow.model_validate(one) for one in page.rows]
    return PageOf(items=rows, next=wish.after(page.after, _LIST))


@router.get("/people/{person_id:uuid}", response_model=PersonRecord, responses=SEEN | NOT_FOUND)
def api_show_person(who: Reading, person_id: UUID, why: Looking, known: Known = None) -> Response:
    """A person with everything; the look is recorded."""
    file = view_person(who.office, who.actor, region=who.region, person_id=person_id, why=why)
    return answered(record_shown(file), known, version=file.person.version)


@router.patch("/people/{person_id:uuid}", responses=NOT_FOUND)
def api_correct_person(
    who: Changing,
    person_id: UUID,
    *,
    sent: Change,
    correction: PersonCorrection,
) -> Done:
    """Set right what is wrong in a record."""
    command = CorrectPerson(
        region=who.region,
        key=sent.key,
        person_id=person_id,
        version=sent.version,
        changes=correction.model_dump(exclude_unset=True),
    )
    return sent.done(correct_person(who.office, who.actor, command))


@router.get("/people/{person_id:uuid}/export", response_model=dict[str, Any], responses=NOT_FOUND)
def api_export_person(who: Reading, person_id: UUID) -> Response:
    """All that is kept of one person, by kind, to be given to them; it is recorded.

    Scans are asked for by themselves, by their documents' ids.
    """
    given = export_person(who.office, who.actor, region=who.region, person_id=person_id)
    name = f'attachment; filename="person-{person_id}.json"'
    return JSONResponse(dict(given), headers={"Content-Disposition": name})
