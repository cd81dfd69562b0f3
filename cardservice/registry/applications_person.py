"""From an approved application to the record of its person: made, or brought up to date."""

from dataclasses import fields, replace
from typing import Final

from cardservice.domain.application import Application as Draft
from cardservice.domain.application import Person as DraftPerson
from cardservice.domain.numbers import parse_snils
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.texts import tidy
from cardservice.errors import Refusal
from cardservice.registry.applications_finding import number_or_none
from cardservice.registry.frame import Act
from cardservice.registry.ports_people import Person

KIND: Final = "person"
_OWN_COLUMNS: Final = frozenset(
    {"region", "id", "version", "created_at", "merged_into", "erased_at"}
)
# A second application may bring these along; what a card shows changes by a reissue only.
_CONTACT: Final = ("category", "citizenship_code", "citizenship_name", "address", "phone", "email")


def make_person(act: Act, draft: Draft) -> Person:
    """Keep and return a new person as the draft has them."""
    person = _person(act, draft.person)
    act.work.people.add(person)
    act.record("person.make", KIND, person.id)
    return person


def update_person(act: Act, kept: Person, draft: Draft) -> Person:
    """Return the person brought up to date by a draft; nothing that is known gets lost."""
    said = _person(act, draft.person)
    names = list(_CONTACT) if draft.reason is not ApplyReason.REISSUE else _PERSONAL
    if kept.snils is None:
        names = [*names, "snils"]
    changes = {name: getattr(said, name) for name in names if getattr(said, name) is not None}
    return change_person(act, kept, replace(kept, **changes), "person.update")


def change_person(act: Act, before: Person, after: Person, action: str) -> Person:
    """Keep a changed person and record which fields are others; nothing if none is."""
    changed = changed_fields(before, after)
    if not changed:
        return before
    kept = act.work.people.change(after)
    act.record(action, KIND, kept.id, fields=",".join(changed))
    return kept


def changed_fields(before: Person, after: Person) -> list[str]:
    """Return the names of fields that are others, as the audit log writes them."""
    names = (one.name for one in fields(before) if one.name != "version")
    return [
        name.replace("_", "-") for name in names if getattr(before, name) != getattr(after, name)
    ]


def _person(act: Act, said: DraftPerson) -> Person:
    if said.sex is None or said.birth_date is None or said.category is None:
        raise Refusal("application-incomplete", "Something of the person is missing.")
    return Person(
        region=act.region,
        id=act.new_id(),
        surname=tidy(said.surname),
        given_name=tidy(said.given_name),
        patronymic=tidy(said.patronymic) or None,
        sex=said.sex.value,
        birth_date=said.birth_date,
        birth_place=tidy(said.birth_place) or None,
        citizenship_code=tidy(said.citizenship_code) or None,
        citizenship_name=tidy(said.citizenship_name) or None,
        category=said.category.value,
        snils=number_or_none(parse_snils, said.snils),
        address=tidy(said.address) or None,
        phone=tidy(said.phone) or None,
        email=tidy(said.email) or None,
        created_at=act.now,
    )


_PERSONAL: Final = [one.name for one in fields(Person) if one.name not in _OWN_COLUMNS]
