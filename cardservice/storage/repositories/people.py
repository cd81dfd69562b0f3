"""Persons: kept, searched, looked at."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select, tuple_
from typing_extensions import override

from cardservice.domain.search_text import name_key, search_form
from cardservice.errors import Refusal
from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page, paged
from cardservice.storage.repositories.base import Rows, Scope, Shape, VersionedRows
from cardservice.storage.repositories.policies import Policies
from cardservice.storage.rows.people import Consent, FoundPerson, Look, Person
from cardservice.storage.tables.applications import applications
from cardservice.storage.tables.people import NAME_KEY_LENGTH, consents, looks, persons
from cardservice.storage.tables.policies import policies, policy_numbers

_PERSON: Final = Shape(persons, Person)
_CONSENT: Final = Shape(consents, Consent)
_LOOK: Final = Shape(looks, Look)
_FORMS_OF: Final = (
    select(applications.c.id)
    .where(
        applications.c.region == bindparam("home"), applications.c.person_id == bindparam("wanted")
    )
    .limit(MAX_PAGE)
)
_BY_NAME: Final = (persons.c.name_key, persons.c.region, persons.c.id)
_PRESENT: Final = _PERSON.selected.where(
    persons.c.merged_into.is_(None), persons.c.erased_at.is_(None)
)
# A range, not LIKE: nothing a clerk types is a pattern, and the index serves it.
_NARROWING: Final[Mapping[str, ColumnElement[bool]]] = {
    "prefix": (persons.c.name_key >= bindparam("prefix")) & (persons.c.name_key < bindparam("end")),
    "born": persons.c.birth_date == bindparam("born"),
    "home": persons.c.region == bindparam("home"),
}
_WANTED: Final[BindParameter[Any]] = bindparam("wanted", expanding=True)
_OF_ENPS: Final = (
    _PERSON.selected.join(
        policies, (policies.c.region == persons.c.region) & (policies.c.person_id == persons.c.id)
    )
    .join(
        policy_numbers,
        (policy_numbers.c.region == policies.c.region) & (policy_numbers.c.id == policies.c.id),
    )
    .where(policy_numbers.c.enp.in_(_WANTED))
)
_BY_SNILS: Final = _PRESENT.where(persons.c.snils == bindparam("wanted")).limit(MAX_PAGE)
_OF_SNILS: Final = _PRESENT.where(persons.c.snils.in_(_WANTED))
_OF_NAMES: Final = _PRESENT.where(tuple_(persons.c.birth_date, persons.c.name_key).in_(_WANTED))
_LAST: Final = chr(0x10FFFF)  # sorts after every character that a name can hold
_KEY: Final = NAME_KEY_LENGTH - len(_LAST)


class People(VersionedRows[Person]):
    """Persons of all regions."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _PERSON, "person")

    @override
    def stored(self, row: Person) -> dict[str, Any]:
        # What is longer than its column is refused below; no time is spent on it here.
        names = (row.surname[:_KEY], row.given_name[:_KEY], (row.patronymic or "")[:_KEY])
        key = name_key(*names)[:_KEY]
        return {**self.shape.values(row), "name_key": key}

    def search(
        self,
        *,
        name: str = "",
        birth_date: date | None = None,
        region: str | None = None,
        ask: Ask = FIRST,
    ) -> Page[FoundPerson]:
        """Return persons by the beginning of their name, their birth date, or both.

        Args:
            name: surname, then given name, then patronymic; the last word may be cut short.
                Case, ё or е, hyphens and accents make no difference.
            birth_date: the day.
            region: only persons kept there.
            ask: which page.

        Merged and erased records are left out.

        Raises:
            Refusal: ``search-empty``: neither a letter nor a date to search for.
        """
        prefix = search_form(name[:NAME_KEY_LENGTH])[:_KEY]
        if not prefix and birth_date is None:
            raise Refusal("search-empty", "Give the beginning of a name, or a birth date.")
        asked = {"prefix": prefix or None, "born": birth_date, "home": region}
        values: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
        statement = _search(frozenset(values), first=ask.after is None)
        if prefix:
            values["end"] = prefix + _LAST
        return self._with_policies(self.page_of(statement, _BY_NAME, ask, values))

    def by_snils(self, snils: str) -> tuple[FoundPerson, ...]:
        """Return persons with this SNILS, as stored: ``NNN-NNN-NNN CC``; two may be duplicates."""
        found = self.all_of(_BY_SNILS, {"wanted": snils})
        return self._with_policies(Page(rows=found, after=None)).rows

    def alike(
        self,
        *,
        enps: Collection[str],
        snils: Collection[str],
        named: Collection[tuple[str, date]],
    ) -> tuple[FoundPerson, ...]:
        """Return persons who have one of these numbers, or one of these names and birth dates.

        Args:
            enps: policy numbers; who has one is returned even when merged or erased.
            snils: ``NNN-NNN-NNN CC``.
            named: the whole name as ``domain.search_text.name_key`` has it, and the day.
        """
        days = [(born, name[:_KEY]) for name, born in named]
        asked = ((_OF_ENPS, list(enps)), (_OF_SNILS, list(snils)), (_OF_NAMES, days))
        found: dict[tuple[str, UUID], Person] = {}
        for statement, wanted in asked:
            if wanted:
                records = self.scope.connection.execute(statement, {"wanted": wanted})
                found |= {(one.region, one.id): one for one in map(self.shape.value, records)}
        return self._with_policies(Page(rows=tuple(found.values()), after=None)).rows

    def merged_into(self, region: str, person_id: UUID) -> tuple[Person, ...]:
        """Return the records that were merged into this one."""
        is_merged = persons.c.region == region, persons.c.merged_into == person_id
        return self.all_of(self.select().where(*is_merged).limit(MAX_PAGE))

    def _with_policies(self, page: Page[Person]) -> Page[FoundPerson]:
        known = Policies(self.scope).of_persons((one.region, one.id) for one in page.rows)
        rows = (
            FoundPerson(person=one, policies=known.get((one.region, one.id), ()))
            for one in page.rows
        )
        return Page(rows=tuple(rows), after=page.after)


@cache
def _search(asked: frozenset[str], *, first: bool) -> Select[Any]:
    return paged(
        _PRESENT.where(*(_NARROWING[name] for name in sorted(asked))), _BY_NAME, first=first
    )


class Consents(VersionedRows[Consent]):
    """What people agreed to."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _CONSENT, "consent")

    def of_person(self, region: str, person_id: UUID) -> tuple[Consent, ...]:
        """Return a person's consents, oldest first."""
        is_theirs = consents.c.region == region, consents.c.person_id == person_id
        return self.all_of(self.select().where(*is_theirs).order_by(consents.c.given_at))

    def of_application(self, region: str, application_id: UUID) -> tuple[Consent, ...]:
        """Return the consents that came with an application, oldest first."""
        its = consents.c.region == region, consents.c.application_id == application_id
        return self.all_of(self.select().where(*its).order_by(consents.c.given_at))


class Looks(Rows[Look]):
    """Who looked at whom."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _LOOK, "look")

    def at_person(self, region: str, person_id: UUID, ask: Ask = FIRST) -> Page[Look]:
        """Return looks at a person, oldest first.

        Those at their applications from before they were in the register are among them.
        """
        forms = self.scope.connection.execute(_FORMS_OF, {"home": region, "wanted": person_id})
        # Their ids first, and not a join: so each half of the condition has its index.
        at_theirs = looks.c.application_id.in_(forms.scalars().all())
        is_at = looks.c.region == region, or_(looks.c.person_id == person_id, at_theirs)
        return self.page(self.select().where(*is_at), ("at", "id"), ask)

    def at_application(self, region: str, application_id: UUID, ask: Ask = FIRST) -> Page[Look]:
        """Return looks at an application while its person was not in the register."""
        is_at = looks.c.region == region, looks.c.application_id == application_id
        return self.page(self.select().where(*is_at), ("at", "id"), ask)
