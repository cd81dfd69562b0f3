"""Policies, who insures under them, and temporary certificates."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from cardservice.storage.rows.base import Versioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Versioned):
    """A person's policy; its number (ENP) is unique in all regions."""

    person_id: UUID
    enp: str = field(repr=False)
    state: str
    reason: str | None = None
    opened_on: date
    closed_on: date | None = None
    valid_until: date | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInsurer(Versioned):
    """A period of insurance; the history is all of a policy's, by start date."""

    policy_id: UUID
    ogrn: str
    okato: str
    start_date: date
    end_date: date | None = None
    reason: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryCertificate(Versioned):
    """What serves until the policy is made; ``number`` has nine digits."""

    number: str = field(repr=False)
    application_id: UUID
    person_id: UUID | None = None
    state: str
    issued_on: date
    valid_until: date
