"""Twins: found, compared, proposed by one and merged by another."""

from uuid import UUID

import httpx
import pytest

from cardservice.accounts.four_eyes import Act
from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.forms import approved, made
from tests.unit.web_office.people.records import new_person, person_now, person_page
from tests.unit.web_office.queue.cases import looked_at, with_second_person
from tests.unit.web_office.queue.pages import fill, words


@pytest.fixture
def twins(world: World) -> tuple[UUID, UUID]:
    """Two records of one person; the first has the policy."""
    done = approved(world.desk)
    return made(done, "person"), new_person(world, phone="+7 000 000-00-00")


def pair(twins: tuple[UUID, UUID]) -> str:
    """Return the page where both stand side by side."""
    return f"/office/people/{twins[0]}/similar/{twins[1]}"


def test_a_twin_is_found_with_what_speaks_for_it(world: World, twins: tuple[UUID, UUID]) -> None:
    page = world.browser(Role.CLERK).get(f"/office/people/{twins[0]}/similar")
    assert pair(twins) in page.text
    for sign in ("The full name is the same", "The birth date is the same"):
        assert sign in words(page)
    assert ("clerk", "compare") in looked_at(world, twins[1])


def test_two_records_stand_side_by_side(world: World, twins: tuple[UUID, UUID]) -> None:
    page = world.browser(Role.CLERK).get(pair(twins))
    assert "Telephone ≠ differs — +7 000 000-00-00" in words(page)
    assert f"/office/people/{twins[1]}/similar/{twins[0]}" in page.text


def test_an_approver_merges_where_one_person_will_do(
    world: World, twins: tuple[UUID, UUID]
) -> None:
    approver = world.browser(Role.APPROVER)
    answer = fill(approver, pair(twins), f"{pair(twins)}/merge")
    assert answer.headers["location"] == f"/office/people/{twins[0]}"
    assert person_now(world, twins[1]).merged_into == twins[0]
    assert person_now(world, twins[0]).phone == "+7 000 000-00-00"


def test_a_clerk_only_proposes(world: World, twins: tuple[UUID, UUID]) -> None:
    clerk = world.browser(Role.CLERK)
    page = clerk.get(pair(twins)).text
    assert f"{pair(twins)}/merge" not in page
    forced = clerk.send(f"{pair(twins)}/merge", {"token": clerk.token(pair(twins))})
    assert forced.status_code == httpx.codes.FORBIDDEN
    assert fill(clerk, pair(twins), f"{pair(twins)}/proposal").status_code == 303
    assert "You proposed this" in words(clerk.get(pair(twins)))
    assert person_now(world, twins[1]).merged_into is None


def test_where_two_are_wanted_one_proposes_and_another_merges(
    world: World, twins: tuple[UUID, UUID]
) -> None:
    with_second_person(world, Act.MERGE_PERSONS)
    first, second = world.browser(Role.APPROVER), world.browser(Role.APPROVER, Role.CLERK)
    assert "This office wants two people for it" in words(first.get(pair(twins)))
    fill(first, pair(twins), f"{pair(twins)}/proposal")
    assert f"{pair(twins)}/merge" not in first.get(pair(twins)).text
    assert "Proposed by a colleague" in words(second.get(pair(twins)))
    assert fill(second, pair(twins), f"{pair(twins)}/merge").status_code == 303
    assert person_now(world, twins[1]).merged_into == twins[0]


def test_merging_without_a_proposal_is_refused_where_two_are_wanted(
    world: World, twins: tuple[UUID, UUID]
) -> None:
    approver = world.browser(Role.APPROVER)
    form = {
        "token": approver.token(pair(twins)),
        "key": "merge",
        "keep_version": "1",
        "other_version": "1",
    }
    with_second_person(world, Act.MERGE_PERSONS)
    answer = approver.send(f"{pair(twins)}/merge", form)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert person_now(world, twins[1]).merged_into is None


def test_the_record_with_the_policy_is_the_one_to_keep(
    world: World, twins: tuple[UUID, UUID]
) -> None:
    turned = (twins[1], twins[0])
    answer = fill(world.browser(Role.APPROVER), pair(turned), f"{pair(turned)}/merge")
    assert "Only the other record has a policy" in words(answer)


def test_different_people_are_not_merged(world: World) -> None:
    done = approved(world.desk)
    other = new_person(world, surname="Иной", given_name="Иван")
    two = (made(done, "person"), other)
    assert "Another person" in words(world.browser(Role.CLERK).get(pair(two)))
    answer = fill(world.browser(Role.APPROVER), pair(two), f"{pair(two)}/merge")
    assert "Nothing says that the two records are one person" in words(answer)
    assert "no other record like this one" in words(
        world.browser(Role.CLERK).get(f"{person_page(done)}/similar")
    )
