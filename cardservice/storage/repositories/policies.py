"""Policies by number and person, their insurers, and temporary certificates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, insert, select, tuple_
from typing_extensions import override

from cardservice.storage.paging import MAX_PAGE
from cardservice.storage.repositories.base import Scope, Shape, VersionedRows
from cardservice.storage.rows.people import Person
from cardservice.storage.rows.policies import Policy, PolicyInsurer, TemporaryCertificate
from cardservice.storage.tables.people import persons
from cardservice.storage.tables.policies import (
    policies,
    policy_insurers,
    policy_numbers,
    temporary_certificates,
)

_POLICY: Final = Shape(policies, Policy)
_PERSON: Final = Shape(persons, Person)
_INSURER: Final = Shape(policy_insurers, PolicyInsurer)
_CERTIFICATE: Final = Shape(temporary_certificates, TemporaryCertificate)
_WHOSE: Final = (policies.c.region == persons.c.region) & (policies.c.person_id == persons.c.id)
# The look-up of every desk and page: its statement is built once.
_BY_ENP: Final = (
    select(*_POLICY.columns, *_PERSON.columns)
    .select_from(policy_numbers.join(policies).join(persons, _WHOSE))
    .where(policy_numbers.c.enp == bindparam("wanted"))
)
_KEYS: Final[BindParameter[Any]] = bindparam("keys", expanding=True)
_OF_PERSONS: Final = _POLICY.selected.where(
    tuple_(policies.c.region, policies.c.person_id).in_(_KEYS)
).order_by(policies.c.id)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FoundPolicy:
    """A policy and whose it is."""

    policy: Policy
    person: Person


class Policies(VersionedRows[Policy]):
    """Policies of all regions; the number of one never changes."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _POLICY, "policy")

    @override
    def add(self, *rows: Policy) -> None:
        """Store new policies.

        Raises:
            DuplicateError: of ``policy_numbers``: a number is taken, in this region or another.
                (Raised when the transaction ends, as every such refusal.)
        """
        super().add(*rows)
        numbers = [{"enp": one.enp, "region": one.region, "id": one.id} for one in rows]
        if numbers:
            self.scope.connection.execute(insert(policy_numbers), numbers)

    def by_enp(self, enp: str) -> FoundPolicy | None:
        """Return the policy with this number and its person; None: there is none."""
        found = self.scope.connection.execute(_BY_ENP, {"wanted": enp}).first()
        if found is None:
            return None
        person = _PERSON.value(found, len(_POLICY.columns))
        return FoundPolicy(policy=_POLICY.value(found), person=person)

    def of_person(self, region: str, person_id: UUID) -> tuple[Policy, ...]:
        """Return a person's policies; more than one only after a merger."""
        return self.of_persons([(region, person_id)]).get((region, person_id), ())

    def run_out(self, region: str, states: AbstractSet[str], before: date) -> tuple[Policy, ...]:
        """Return policies in ``states`` whose last day was before ``before``; at most 200."""
        table = policies.c
        is_due = table.region == region, table.state.in_(sorted(states)), table.valid_until < before
        wanted = self.select().where(*is_due).order_by(table.valid_until, table.id)
        return self.all_of(wanted.limit(MAX_PAGE))

    def of_persons(
        self, keys: Iterable[tuple[str, UUID]]
    ) -> Mapping[tuple[str, UUID], tuple[Policy, ...]]:
        """Return the policies of each person that has one, by region and person's id."""
        found: dict[tuple[str, UUID], tuple[Policy, ...]] = defaultdict(tuple)
        wanted = list(keys)
        records = self.scope.connection.execute(_OF_PERSONS, {"keys": wanted}) if wanted else ()
        for one in map(_POLICY.value, records):
            found[one.region, one.person_id] += (one,)
        return found


class PolicyInsurers(VersionedRows[PolicyInsurer]):
    """Who insured under a policy, when."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _INSURER, "insurer of a policy")

    def of_policy(self, region: str, policy_id: UUID) -> tuple[PolicyInsurer, ...]:
        """Return the history, earliest start first."""
        is_its = policy_insurers.c.region == region, policy_insurers.c.policy_id == policy_id
        wanted = self.select().where(*is_its).order_by(policy_insurers.c.start_date)
        return self.all_of(wanted)


class TemporaryCertificates(VersionedRows[TemporaryCertificate]):
    """What serves until the policy is made."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _CERTIFICATE, "temporary certificate")

    def by_number(self, region: str, number: str) -> TemporaryCertificate | None:
        """Return the certificate with this number, or None."""
        table = temporary_certificates.c
        found = self.all_of(self.select().where(table.region == region, table.number == number))
        return found[0] if found else None

    def of_application(self, region: str, id_: UUID) -> tuple[TemporaryCertificate, ...]:
        """Return the certificates given for an application."""
        table = temporary_certificates.c
        its = self.select().where(table.region == region, table.application_id == id_)
        return self.all_of(its.order_by(table.id))

    def run_out(self, region: str, state: str, before: date) -> tuple[TemporaryCertificate, ...]:
        """Return certificates in ``state`` whose last day was before ``before``; at most 200."""
        table = temporary_certificates.c
        is_due = table.region == region, table.state == state, table.valid_until < before
        wanted = self.select().where(*is_due).order_by(table.valid_until, table.id)
        return self.all_of(wanted.limit(MAX_PAGE))
