"""Merging duplicates: one person has one policy, so one of two records takes over the other.

Nothing is deleted: the other record and its history stay, and say where they went.

Source: domain.md, "Rules with teeth", 1, and "States": policy closed as a merged duplicate.
"""

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.rights import Right
from cardservice.domain.identity import Comparison, Match, compare
from cardservice.domain.suspension import PolicyChange, PolicyChangeReason
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications_finding import Record, find_records
from cardservice.registry.applications_person import KIND, change_person
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office
from cardservice.registry.people import present
from cardservice.registry.people_proposals import expect_proposed, first_person
from cardservice.registry.policies import close
from cardservice.registry.ports_people import Person

# What the kept record takes from the other where it has nothing itself.
_TAKEN_OVER: Final = ("patronymic", "birth_place", "snils", "address", "phone", "email")
_GROUND: Final = PolicyChangeReason.MERGED_DUPLICATE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two records that may be one person; ``comparison`` says what speaks for it and against."""

    keep_id: UUID
    other_id: UUID
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMerge(OfficeCommand):
    """Say that two records are one person, so that a second person can decide."""

    keep_id: UUID
    other_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePersons(OfficeCommand):
    """Let one record take over another.

    Attributes:
        proposed_by, proposed_with: who proposed it (``ProposeMerge``), and the key they did it
            with; needed where the office wants a second person.
    """

    keep_id: UUID
    keep_version: int
    other_id: UUID
    other_version: int
    proposed_by: UUID | None = None
    proposed_with: str = ""


def similar_people(
    office: Office, actor: Actor, *, region: str, person_id: UUID
) -> tuple[Proposal, ...]:
    """Return the records of the region that may be the same person; the looks are recorded.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """

    def read(act: Act) -> tuple[Proposal, ...]:
        actor.require(Right.PERSON_READ)
        sought = _record(act, act.work.people.get(region, person_id))
        found = find_records(act.work, sought.identity)
        others = [
            one for one in (*found.same, *found.maybe) if one.key[0] == region and one != sought
        ]
        for one in (sought, *others):
            act.look(one.person.id, "compare")
        return tuple(
            Proposal(
                keep_id=person_id,
                other_id=one.person.id,
                comparison=compare(sought.identity, one.identity),
            )
            for one in others
        )

    return office.look(actor, region, read)


def propose_merge(office: Office, actor: Actor, command: ProposeMerge) -> Answer:
    """Return the record that is to be kept; nothing is merged yet.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``, ``persons-different``, ``person-same``.
    """

    def do(act: Act, command: ProposeMerge) -> Answer:
        actor.require(Right.PERSON_READ)
        keep = act.work.people.get(act.region, command.keep_id)
        other = act.work.people.get(act.region, command.other_id)
        _expect_similar(act, keep, other)
        act.record("person.propose-merge", KIND, keep.id, other=str(other.id))
        return Answer(id=keep.id, version=keep.version)

    return office.carry_out(actor, command, do)


def merge_people(office: Office, actor: Actor, command: MergePersons) -> Answer:
    """Return the record that was kept, with the policy that goes on.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``second-person-needed``,
            ``proposal-unknown``, ``persons-different``, ``person-same``, ``person-gone``;
            ``merge-other-way``: the record with the policy is the one to keep.
    """
    return office.carry_out(actor, command, _merge)


def _merge(act: Act, command: MergePersons) -> Answer:
    act.actor.require(Right.PERSON_MERGE)
    _expect_second_person(act, command)
    keep = present(act, command.keep_id, command.keep_version)
    other = present(act, command.other_id, command.other_version)
    _expect_similar(act, keep, other)
    _close_policies(act, _record(act, keep), _record(act, other))
    act.work.people.change(replace(other, merged_into=keep.id))
    act.record("person.merge", KIND, other.id, into=str(keep.id))
    taken: dict[str, Any] = {
        name: getattr(other, name) for name in _TAKEN_OVER if getattr(keep, name) is None
    }
    kept = change_person(act, keep, replace(keep, **taken), "person.update")
    return Answer(id=kept.id, version=kept.version, made={"merged": str(other.id)})


def _expect_second_person(act: Act, command: MergePersons) -> None:
    """Return if a second person is not wanted, or another one proposed exactly this."""
    first = first_person(act, SecondPersonAct.MERGE_PERSONS, command.proposed_by)
    if first is None:
        return
    proposal = ProposeMerge(
        region=act.region,
        key=command.proposed_with,
        keep_id=command.keep_id,
        other_id=command.other_id,
    )
    expect_proposed(act, first, proposal)


def _expect_similar(act: Act, keep: Person, other: Person) -> None:
    if keep.id == other.id:
        raise Refusal("person-same", "This is one record, not two.", field="other_id")
    found = compare(_record(act, keep).identity, _record(act, other).identity)
    if found.match is Match.DIFFERENT:
        sentence = "Nothing says that the two records are one person."
        raise Refusal("persons-different", sentence)


def _close_policies(act: Act, keep: Record, other: Record) -> None:
    if other.open_policies and not keep.open_policies:
        sentence = "Only the other record has a policy; that one is to be kept."
        raise Refusal("merge-other-way", sentence, field="keep_id")
    reason = PolicyChangeReason.MERGED_DUPLICATE
    for policy in other.open_policies:
        change = PolicyChange(reason=reason, happened_on=act.today)
        close(act, policy, change, words=_GROUND)


def _record(act: Act, person: Person) -> Record:
    return Record(person, act.work.policies.of_person(person.region, person.id))
