"""Persons and what they agreed to. No printed form, so that no log carries a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cardservice.errors import UsageError
from cardservice.registry.ports_base import (
    FIRST,
    Ask,
    Page,
    Record,
    Rows,
    Versioned,
    VersionedRows,
)
from cardservice.registry.ports_policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person(Versioned):
    """One human being; ``merged_into`` names the record that took over from a duplicate."""

    surname: str
    given_name: str
    patronymic: str | None = None
    sex: str
    birth_date: date
    birth_place: str | None = None
    citizenship_code: str | None = None
    citizenship_name: str | None = None
    category: str
    snils: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    merged_into: UUID | None = None
    created_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FoundPerson:
    """A line of a search's answer: the person and their policies, mostly one."""

    person: Person
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Versioned):
    """Agreement of a person to a purpose, in a wording kept by its name."""

    person_id: UUID | None = None
    application_id: UUID | None = None
    purpose: str
    wording: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Record):
    """Somebody looked at a person: who, when, why.

    Attributes:
        person_id: whom they looked at; None: somebody who was not in the register yet.
        application_id: in that case, the application that the person was seen in.

    Raises:
        UsageError: both are named, or neither.
    """

    person_id: UUID | None = None
    application_id: UUID | None = None
    actor: str
    role: str
    reason: str
    at: datetime

    def __post_init__(self) -> None:
        if (self.person_id is None) == (self.application_id is None):
            raise UsageError("a look is at a person or at an application")


class People(VersionedRows[Person], Protocol):
    """Persons of all regions."""

    def search(
        self,
        *,
        name: str = "",
        birth_date: date | None = None,
        region: str | None = None,
        ask: Ask = FIRST,
    ) -> Page[FoundPerson]:
        """Return persons by the beginning of their name, their birth date, or both.

        Raises:
            Refusal: ``search-empty``.
        """
        ...

    def by_snils(self, snils: str) -> tuple[FoundPerson, ...]:
        """Return persons with this SNILS, ``NNN-NNN-NNN CC``."""
        ...

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
        ...

    def merged_into(self, region: str, person_id: UUID) -> tuple[Person, ...]:
        """Return the records that were merged into this one."""
        ...


class Consents(VersionedRows[Consent], Protocol):
    """What people agreed to."""

    def of_person(self, region: str, person_id: UUID) -> tuple[Consent, ...]:
        """Return a person's consents, oldest first."""
        ...

    def of_application(self, region: str, application_id: UUID) -> tuple[Consent, ...]:
        """Return the consents that came with an application, oldest first."""
        ...


class Looks(Rows[Look], Protocol):
    """Who looked at whom."""

    def at_person(self, region: str, person_id: UUID, ask: Ask = FIRST) -> Page[Look]:
        """Return looks at a person, oldest first.

        Those at their applications from before they were in the register are among them.
        """
        ...

    def at_application(self, region: str, application_id: UUID, ask: Ask = FIRST) -> Page[Look]:
        """Return looks at an application while its person was not in the register."""
        ...
