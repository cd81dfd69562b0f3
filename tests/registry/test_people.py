"""Persons: seen only on the record, corrected, merged, given their data, erased by rule."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.errors import Refusal
from cardservice.registry.applications_approving import approve
from cardservice.registry.applications_reading import view_application
from cardservice.registry.commands import Answer
from cardservice.registry.errors import FindingsRefusal
from cardservice.registry.people import (
    CorrectPerson,
    Query,
    correct_person,
    find_people,
    view_person,
)
from cardservice.registry.people_merging import (
    MergePersons,
    ProposeMerge,
    merge_people,
    propose_merge,
    similar_people,
)
from cardservice.registry.policies import move_policy
from tests.registry import forms
from tests.registry.offices import BORN, REGION, Desk, refused
from tests.registry.test_policies import moving, with_card


def version(desk: Desk, person: UUID) -> int:
    with desk.reading() as work:
        found: int = work.people.get(REGION, person).version
        return found


def looks(desk: Desk, person: UUID) -> list[tuple[str, str]]:
    with desk.reading() as work:
        return [(one.actor, one.reason) for one in work.looks.at_person(REGION, person).rows]


def correcting(desk: Desk, person: UUID, **changes: str) -> CorrectPerson:
    return CorrectPerson(
        region=REGION,
        key=desk.key(),
        person_id=person,
        version=version(desk, person),
        changes=changes,
    )


def twins(desk: Desk) -> tuple[Answer, Answer]:
    """Return the approvals of two records of what is one person."""
    first = forms.approved(desk, forms.draft(person=forms.person(snils=forms.snils())))
    second = forms.submitted(desk, forms.draft(person=forms.person(snils=forms.snils())))
    command = forms.approving(desk, second, new_person=True)
    done = approve(desk.office, desk.approver, command)
    # The SNILS was mistyped: only now that it is set right do the two look like one.
    with desk.reading() as work:
        snils = work.people.get(REGION, forms.made(first, "person")).snils
    right = correcting(desk, forms.made(done, "person"), snils=snils or "")
    correct_person(desk.office, desk.clerk, right)
    return first, done


def merging(desk: Desk, keep: Answer, other: Answer, **more: Any) -> MergePersons:
    keep_id, other_id = forms.made(keep, "person"), forms.made(other, "person")
    return MergePersons(
        region=REGION,
        key=desk.key(),
        keep_id=keep_id,
        keep_version=version(desk, keep_id),
        other_id=other_id,
        other_version=version(desk, other_id),
        **more,
    )


def test_a_search_shows_little_and_by_every_number(desk: Desk) -> None:
    number = forms.enp()
    done = forms.approved(desk, enp=number)
    with_card(desk, done)
    queries = (
        Query(name="пробный сем", birth_date=BORN),
        Query(enp=number),
        Query(snils=forms.SNILS),
        Query(card_number=1),
    )
    for query in queries:
        (line,) = find_people(desk.office, desk.clerk, query).rows
        assert line.id == forms.made(done, "person")
        assert (line.name, line.birth_date) == ("П••• С. П.", "1980-••-••")
        assert line.enps[0].endswith(number[-4:])
        assert number not in line.enps
    refused("search-empty", lambda: find_people(desk.office, desk.clerk, Query()))
    refused("role-not-allowed", lambda: find_people(desk.office, desk.officer, Query(name="П")))


def test_every_look_at_a_person_is_recorded(desk: Desk) -> None:
    done = forms.approved(desk)
    person = forms.made(done, "person")
    file = view_person(desk.office, desk.clerk, region=REGION, person_id=person, why="call")
    assert [one.id for one in file.policies] == [forms.made(done, "policy")]
    assert len(file.orders) == len(file.applications) == len(file.certificates) == 1
    view_application(desk.office, desk.approver, region=REGION, application_id=done.id)
    assert looks(desk, person) == [
        (desk.clerk.name, "call"),
        (desk.approver.name, f"application/{done.id}"),
    ]
    with pytest.raises(Refusal) as caught:
        view_person(desk.office, desk.clerk, region=REGION, person_id=person, why="")
    assert caught.value.code == "reason-missing"
    assert len(looks(desk, person)) == 2


def test_a_correction_is_judged_field_by_field_and_recorded_by_name_only(desk: Desk) -> None:
    person = forms.made(forms.approved(desk), "person")
    command = correcting(desk, person, surname="Верный", snils="001-001-001 00", phone="")
    assert correct_person(desk.office, desk.clerk, command).version == command.version + 1
    with desk.reading() as work:
        kept = work.people.get(REGION, person)
    assert (kept.surname, kept.snils) == ("Верный", "001-001-001 00")
    fact = desk.audit()[-1].fact
    assert (fact.action, fact.details) == ("person.correct", {"fields": "surname,snils"})
    bad = correcting(desk, person, surname="", snils="1", birth_date="когда-то")
    with pytest.raises(FindingsRefusal) as caught:
        correct_person(desk.office, desk.clerk, bad)
    assert {one.field for one in caught.value.findings if one.is_error} == {
        "surname",
        "snils",
        "birth_date",
    }
    unknown = correcting(desk, person, merged_into="x")
    refused("field-unknown", lambda: correct_person(desk.office, desk.clerk, unknown))
    stale = replace(command, key=desk.key())
    refused("stale", lambda: correct_person(desk.office, desk.clerk, stale))


def test_merging_closes_the_second_policy_and_keeps_the_history(desk: Desk) -> None:
    first, second = twins(desk)
    card = with_card(desk, second)
    keep, other = forms.made(first, "person"), forms.made(second, "person")
    (proposal,) = similar_people(desk.office, desk.clerk, region=REGION, person_id=keep)
    assert (proposal.keep_id, proposal.other_id) == (keep, other)
    merge_people(desk.office, desk.approver, merging(desk, first, second))
    with desk.reading() as work:
        assert work.people.get(REGION, other).merged_into == keep
        closed = work.policies.get(REGION, forms.made(second, "policy"))
        assert work.cards.get(REGION, card).state == "terminated"
    assert (closed.state, closed.person_id) == ("closed", other)
    file = view_person(desk.office, desk.clerk, region=REGION, person_id=keep, why="check")
    assert [one.state for one in file.policies] == ["active", "closed"]
    assert len(file.applications) == 2
    assert [one.id for one in file.merged] == [other]
    gone = correcting(desk, other, surname="Поздно")
    refused("person-gone", lambda: correct_person(desk.office, desk.clerk, gone))


def test_only_likely_duplicates_are_merged_and_not_with_themselves(desk: Desk) -> None:
    first = forms.approved(desk)
    stranger = forms.person(surname="Иной", given_name="Иной", snils=forms.snils())
    second = forms.approved(desk, forms.draft(person=stranger))
    command = merging(desk, first, second)
    refused("persons-different", lambda: merge_people(desk.office, desk.approver, command))
    same = merging(desk, first, first)
    refused("person-same", lambda: merge_people(desk.office, desk.approver, same))
    refused("role-not-allowed", lambda: merge_people(desk.office, desk.clerk, command))


def test_the_record_with_the_policy_is_the_one_to_keep(desk: Desk) -> None:
    first, second = twins(desk)
    move_policy(
        desk.office,
        desk.clerk,
        moving(desk, forms.made(first, "policy"), PolicyChangeReason.RIGHT_LOST),
    )
    wrong = merging(desk, first, second)
    refused("merge-other-way", lambda: merge_people(desk.office, desk.approver, wrong))
    done = merge_people(desk.office, desk.approver, merging(desk, second, first))
    assert done.id == forms.made(second, "person")


def test_where_the_office_says_so_one_proposes_and_another_merges(desk: Desk) -> None:
    strict = desk.with_second_person(SecondPersonAct.MERGE_PERSONS)
    first, second = twins(strict)
    alone = merging(strict, first, second)
    refused("second-person-needed", lambda: merge_people(strict.office, strict.approver, alone))
    proposal = ProposeMerge(
        region=REGION,
        key="p-1",
        keep_id=forms.made(first, "person"),
        other_id=forms.made(second, "person"),
    )
    by = strict.clerk.account
    unproposed = merging(strict, first, second, proposed_by=by, proposed_with="p-1")
    refused("proposal-unknown", lambda: merge_people(strict.office, strict.approver, unproposed))
    propose_merge(strict.office, strict.clerk, proposal)
    other_way = merging(strict, second, first, proposed_by=by, proposed_with="p-1")
    refused("proposal-unknown", lambda: merge_people(strict.office, strict.approver, other_way))
    done = merge_people(strict.office, strict.approver, unproposed)
    assert done.id == proposal.keep_id
