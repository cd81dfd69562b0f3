"""Policies, who insures under them, and temporary certificates."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cardservice.registry.ports_base import Versioned, VersionedRows


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
    """A period of insurance; the history is all of a policy's, by start date.

    Attributes:
        ground: why it began: ``first``, or the ground of the change of insurer.
        filed_on: the day on which the change was filed; None for the first insurer.
    """

    policy_id: UUID
    ogrn: str
    okato: str
    start_date: date
    end_date: date | None = None
    ground: str
    filed_on: date | None = None
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


class FoundPolicy(Protocol):
    """A policy and whose it is."""

    @property
    def policy(self) -> Policy:
        """The policy."""
        ...


class Policies(VersionedRows[Policy], Protocol):
    """Policies of all regions; the number of one never changes."""

    def by_enp(self, enp: str) -> FoundPolicy | None:
        """Return the policy with this number; None: there is none."""
        ...

    def of_person(self, region: str, person_id: UUID) -> tuple[Policy, ...]:
        """Return a person's policies; more than one only after a merger."""
        ...

    def run_out(self, region: str, states: AbstractSet[str], before: date) -> tuple[Policy, ...]:
        """Return policies in ``states`` whose last day was before ``before``; at most 200."""
        ...


class PolicyInsurers(VersionedRows[PolicyInsurer], Protocol):
    """Who insured under a policy, when."""

    def of_policy(self, region: str, policy_id: UUID) -> tuple[PolicyInsurer, ...]:
        """Return the history, earliest start first."""
        ...


class TemporaryCertificates(VersionedRows[TemporaryCertificate], Protocol):
    """What serves until the policy is made."""

    def by_number(self, region: str, number: str) -> TemporaryCertificate | None:
        """Return the certificate with this number, or None."""
        ...

    def of_application(self, region: str, id_: UUID) -> tuple[TemporaryCertificate, ...]:
        """Return the certificates given for an application."""
        ...

    def run_out(self, region: str, state: str, before: date) -> tuple[TemporaryCertificate, ...]:
        """Return certificates in ``state`` whose last day was before ``before``; at most 200."""
        ...
