"""What FHIR tells a clinic: a person, a policy of theirs and who insures; each look is recorded.

A look belongs to the region of the person, where they are told of it. So the regions are found
first, and then each is read in one transaction together with its looks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import Enp, Snils
from cardservice.registry.actor import Actor
from cardservice.registry.frame import Act, Office
from cardservice.registry.policies_insurers import newest
from cardservice.registry.ports import Work
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy, PolicyInsurer

MERGERS: Final = 8  # records in a row, each merged into the next; more is a ring
MOST: Final = 20  # people who share one SNILS by mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPerson:
    """The person whose row it is."""

    region: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPolicy:
    """The policy whose row it is, and its holder."""

    region: str
    id: UUID


@dataclass(frozen=True, slots=True)
class ByEnp:
    """The policy with this number, and its holder."""

    enp: Enp = field(repr=False)


@dataclass(frozen=True, slots=True)
class BySnils:
    """Everybody with this SNILS."""

    snils: Snils = field(repr=False)


Sought: TypeAlias = ByPerson | ByPolicy | ByEnp | BySnils


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Covered:
    """A person and a policy of theirs.

    Attributes:
        person: the record that others were merged into.
        policy: the one asked about, else ``present``.
        present: the person's active policy, else their newest.
        insurer: who insures under ``policy`` today; else the period that begins last.
    """

    person: Person
    policy: Policy
    present: Policy
    insurer: PolicyInsurer


def look_up(office: Office, actor: Actor, sought: Sought, why: str) -> tuple[Covered, ...]:
    """Return who is found, none if nobody is; erased people and people without a policy are not.

    Args:
        sought: what the clinic knows of them.
        why: a code, recorded with each look.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.COVERAGE_ASK)
    with office.database.reading() as work:
        regions = sorted({person.region for person, _ in _found(work, sought)})
    read = partial(_covered, sought=sought, why=why)
    return tuple(one for region in regions for one in office.look(actor, region, read))


def _covered(act: Act, *, sought: Sought, why: str) -> tuple[Covered, ...]:
    pairs = [one for one in _found(act.work, sought) if one[0].region == act.region]
    found = tuple(one for person, asked in pairs for one in _read(act, person, asked))
    for one in found:
        act.look(one.person.id, why)
    return found


def _read(act: Act, person: Person, asked: Policy | None) -> Iterator[Covered]:
    present = _present(act.work.policies.of_person(person.region, person.id))
    policy = asked or present
    if policy is None or person.erased_at is not None:
        return
    history = act.work.insurers.of_policy(policy.region, policy.id)
    lasting = [one for one in history if one.end_date is None or act.today <= one.end_date]
    today = next((one for one in lasting if one.start_date <= act.today), None)
    insurer = today or newest(history)
    if insurer is not None:
        yield Covered(person=person, policy=policy, present=present or policy, insurer=insurer)


def _present(policies: Iterable[Policy]) -> Policy | None:
    return max(
        policies, key=lambda one: (one.state == PolicyState.ACTIVE, one.opened_on), default=None
    )


def _found(work: Work, sought: Sought) -> tuple[tuple[Person, Policy | None], ...]:
    """Return each person once, with the policy that was named if one was."""
    if isinstance(sought, ByPerson):
        person = work.people.find(sought.region, sought.id)
        # A record that was merged is nobody's any more: who remains has an id of their own.
        return () if person is None or person.merged_into else ((person, None),)
    if isinstance(sought, BySnils):
        rows = [one.person for one in work.people.by_snils(sought.snils)[:MOST]]
        remaining = {one.id: one for one in (_remaining(work, row) for row in rows) if one}
        return tuple((one, None) for one in remaining.values())
    policy = _policy(work, sought)
    if policy is None:
        return ()
    holder = _remaining(work, work.people.get(policy.region, policy.person_id))
    return () if holder is None else ((holder, policy),)


def _policy(work: Work, sought: ByPolicy | ByEnp) -> Policy | None:
    if isinstance(sought, ByPolicy):
        return work.policies.find(sought.region, sought.id)
    found = work.policies.by_enp(sought.enp)
    return None if found is None else found.policy


def _remaining(work: Work, person: Person) -> Person | None:
    """Return the record that this one was merged into, itself if it was not."""
    at: Person | None = person
    for _ in range(MERGERS):
        if at is None or at.merged_into is None:
            return at
        at = work.people.find(at.region, at.merged_into)
    return None
