"""What is wrong in a record set right: only what was changed is sent on."""

from collections.abc import Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.holder import Category, Sex
from cardservice.registry.people import CORRECTABLE, CorrectPerson, correct_person
from cardservice.registry.ports_people import Person
from cardservice.texts.office.labels import choices
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.people.opening import PERSON, open_person
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = PERSON + "/correction"
_WHY: Final = "person.correct"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Changer = Annotated[Asking, asking(Right.POLICY_CHANGE)]


@router.get(ADDRESS)
def show_correction(visit: Visiting, asking: Changer, person_id: UUID) -> Response:
    """Show the record to be corrected."""
    return _page(visit, asking, person_id)


@router.post(ADDRESS, dependencies=[OurForm])
def send_correction(visit: Visiting, asking: Changer, person_id: UUID, fields: Fields) -> Response:
    """Keep the corrected record."""

    def correct() -> object:
        person = open_person(asking, person_id, why=_WHY).person
        command = CorrectPerson(
            region=asking.region,
            key=fields.text("key"),
            person_id=person_id,
            version=version_in(fields),
            changes=_changes(person, fields),
        )
        return correct_person(asking.office, asking.actor, command)

    return answered(
        correct,
        then=PERSON.format(person_id=person_id),
        again=lambda refusal: _page(visit, asking, person_id, Sent(refusal, fields)),
    )


def written(person: Person) -> Mapping[str, str]:
    """Return the fields of a record that can be corrected, as a form has them."""
    values = {name: getattr(person, name) for name in CORRECTABLE}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _changes(person: Person, fields: FormFields) -> dict[str, str]:
    kept = written(person)
    sent = {name: fields.text(name) for name in CORRECTABLE if name in fields.values}
    return {name: text for name, text in sent.items() if text.strip() != kept[name]}


def _page(visit: Visit, asking: Asking, person_id: UUID, sent: Sent = FRESH) -> Response:
    person = open_person(asking, person_id, why=_WHY).person
    typed = {name: sent.typed.text(name) for name in CORRECTABLE if name in sent.typed.values}
    return show(
        "people/correction.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        person=person,
        values={**written(person), **typed},
        sexes=choices(Sex, visit.language),
        categories=choices(Category, visit.language),
    )
