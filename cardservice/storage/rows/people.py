"""Persons and what they agreed to. No printed form, so that no log carries a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cardservice.storage.rows.base import Record, Versioned
from cardservice.storage.rows.policies import Policy


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
    """Somebody looked at a person: who, when, why."""

    person_id: UUID
    actor: str
    role: str
    reason: str
    at: datetime
