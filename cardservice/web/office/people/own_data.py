"""A person's own data: given to them, and erased as far as the rules allow."""

import json
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.masking import PersonalField, masked
from cardservice.accounts.masking import Place as Shown
from cardservice.accounts.rights import Right
from cardservice.registry.frame import Act
from cardservice.registry.people_erasing import (
    ErasePerson,
    ProposeErase,
    erase_person,
    propose_erase,
)
from cardservice.registry.people_exporting import export_person
from cardservice.registry.ports_people import Person
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.people.opening import PERSON
from cardservice.web.office.people.proposals import erase_key, proposals, second_of
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, id_of, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ERASURES: Final = "/office/erasures"
ERASURE: Final = ERASURES + "/{person_id}"
_PROPOSE: Final = "person.propose-erase"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.PERSON_READ)]
Eraser = Annotated[Asking, asking(Right.PERSON_ERASE)]


@router.post(PERSON + "/export", dependencies=[OurForm])
def send_person_export(asking: Reader, person_id: UUID) -> Response:
    """Send all that is kept of a person, for them to take along; it is recorded."""
    data = export_person(asking.office, asking.actor, region=asking.region, person_id=person_id)
    octets = json.dumps(data, ensure_ascii=False, indent=1).encode()
    headers = {"Content-Disposition": f'attachment; filename="person-{person_id}.json"'}
    return Response(octets, media_type="application/json", headers=headers)


@router.post(PERSON + "/erasure-proposal", dependencies=[OurForm])
def send_erasure_proposal(asking: Reader, person_id: UUID) -> Response:
    """Propose that a person's data be erased."""
    command = ProposeErase(region=asking.region, key=erase_key(person_id), person_id=person_id)
    propose_erase(asking.office, asking.actor, command)
    return RedirectResponse(PERSON.format(person_id=person_id), HTTPStatus.SEE_OTHER)


@router.get(ERASURES)
def show_erasures(visit: Visiting, asking: Eraser) -> Response:
    """Ask whose record it is about."""
    return show("people/erasures.html", visit, asking=asking, typed=FormFields(), unknown=False)


@router.post(ERASURES, dependencies=[OurForm])
def find_erasure(visit: Visiting, asking: Eraser, fields: Fields) -> Response:
    """Lead to the record with that id."""
    found = id_of(fields.text("person_id").strip())
    if found is None:
        return show("people/erasures.html", visit, asking=asking, typed=fields, unknown=True)
    return RedirectResponse(ERASURE.format(person_id=found), HTTPStatus.SEE_OTHER)


@router.get(ERASURE)
def show_erasure(visit: Visiting, asking: Eraser, person_id: UUID) -> Response:
    """Show what will be erased, and as little as possible of whom."""
    return _page(visit, asking, person_id)


@router.post(ERASURE, dependencies=[OurForm])
def send_erasure(visit: Visiting, asking: Eraser, person_id: UUID, fields: Fields) -> Response:
    """Erase a person's data."""
    return answered(
        partial(_erase, asking, person_id, fields),
        then=ERASURE.format(person_id=person_id),
        again=lambda refusal: _page(visit, asking, person_id, Sent(refusal, fields)),
    )


def _erase(asking: Asking, person_id: UUID, fields: FormFields) -> object:
    command = ErasePerson(
        region=asking.region,
        key=fields.text("key"),
        person_id=person_id,
        version=version_in(fields),
        proposed_by=second_of(proposals(asking, _PROPOSE, person_id)),
        proposed_with=erase_key(person_id),
    )
    return erase_person(asking.office, asking.actor, command, scans=asking.parts.vault)


def _page(visit: Visit, asking: Asking, person_id: UUID, sent: Sent = FRESH) -> Response:
    person = asking.office.look(asking.actor, asking.region, lambda act: _looked_at(act, person_id))
    acts = asking.office.settings.four_eyes.acts
    return show(
        "people/erasure.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        person=person,
        name=_name(person, asking),
        term=asking.office.settings.rules.retention_term.value,
        proposed=proposals(asking, _PROPOSE, person_id),
        wants_two=SecondPersonAct.ERASE_PERSON in acts,
    )


def _looked_at(act: Act, person_id: UUID) -> Person:
    act.actor.require(Right.PERSON_ERASE)
    found = act.work.people.get(act.region, person_id)
    act.look(found.id, "erase")
    return found


def _name(person: Person, asking: Asking) -> str:
    names = " ".join(filter(None, (person.surname, person.given_name, person.patronymic)))
    return masked(names, PersonalField.NAMES, roles=asking.web.roles, place=Shown.RECORD)
