"""A person's own data, all of it given to them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.registry.actor import Actor
from cardservice.registry.applications_person import KIND
from cardservice.registry.complaints import contact_of
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.people import PersonFile, file_of
from cardservice.registry.ports_base import MAX_PAGE, Ask
from cardservice.registry.ports_people import Look

MOST_LOOKS: Final = 10_000  # of one record; a person who is looked at daily has them in 27 years
# Keys, and names of files under a key of ours: no data of the person, and of use to a thief.
_LEFT_OUT: Final = frozenset({"wrapped_key", "content_hash", "sealed", "contact"})


def export_person(
    office: Office, actor: Actor, *, region: str, person_id: UUID
) -> Mapping[str, object]:
    """Return all that is kept of one person: kind → rows, in values that JSON has.

    ``person`` is one object, everything else a list, so that an edge can send it part by part;
    looks come last, at most 10,000 of each record, and ``looks_complete`` says whether these are
    all. Dates and times are in ISO 8601, octets hexadecimal. Scans lie elsewhere and are given
    with it by their documents' ids; keys are left out. The look and the export are recorded.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """

    def read(act: Act) -> Mapping[str, object]:
        actor.require(Right.PERSON_READ)
        found = act.work.people.find(region, person_id)
        if found is None:
            raise not_found("person")
        given = _given(act, file_of(act.work, found))
        act.look(person_id, "export")
        act.record("person.export", KIND, person_id)
        return given

    return office.run(actor, region, read)


def _given(act: Act, file: PersonFile) -> Mapping[str, object]:
    parts: dict[str, Any] = {one.name: _plain(getattr(file, one.name)) for one in fields(file)}
    for given, complaint in zip(parts["complaints"], file.complaints, strict=True):
        given["contact"] = contact_of(act.office, complaint)
    numbers = {one.number for one in file.applications}
    numbers |= {one.number for one in file.complaints}
    notices = act.work.notifications.about(act.region, numbers)
    looks = [tuple(_looks(act, one.id)) for one in (file.person, *file.merged)]
    return {
        **parts,
        "notifications": _plain(notices),
        "looks_complete": all(len(one) < MOST_LOOKS for one in looks),
        "looks": [_plain(look) for one in looks for look in one],
    }


def _looks(act: Act, person_id: UUID) -> Iterator[Look]:
    ask: Ask | None = Ask(limit=MAX_PAGE)
    for _ in range(MOST_LOOKS // MAX_PAGE):
        if ask is None:
            return
        page = act.work.looks.at_person(act.region, person_id, ask)
        yield from page.rows
        ask = None if page.after is None else Ask(limit=MAX_PAGE, after=page.after)


def _plain(value: object) -> Any:
    if is_dataclass(value):
        names = (one.name for one in fields(value) if one.name not in _LEFT_OUT)
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(one) for one in value]
    return _plain_leaf(value)


def _plain_leaf(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, UUID) else value
