"""A person's own data: given to them, and erased by the security officer."""

import json
from datetime import date
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


def erasure(person_id: UUID) -> str:
    """Return the page of an erasure."""
    return f"/office/erasures/{person_id}"


def test_all_data_of_a_person_are_given_to_them_and_that_is_recorded(world: World) -> None:
    done = approved(world.desk)
    clerk = world.browser(Role.CLERK)
    answer = fill(clerk, person_page(done), f"{person_page(done)}/export")
    assert answer.headers["content-disposition"].startswith("attachment")
    given = json.loads(answer.content)
    assert given["person"]["surname"] == "Пробный"
    assert len(given["policies"]) == len(given["applications"]) == 1
    assert "wrapped_key" not in answer.text
    assert ("clerk", "export") in looked_at(world, made(done, "person"))
    assert "person.export" in world.desk.actions()


def test_the_officer_sees_no_more_of_a_person_than_is_needed(world: World) -> None:
    person = new_person(world)
    page = world.browser(Role.SECURITY_OFFICER).get(erasure(person))
    assert "П••• С. П." in words(page)
    assert "Пробный" not in page.text
    assert "1980" not in words(page)
    assert ("security-officer", "erase") in looked_at(world, person)


def test_an_officer_erases_a_person_without_a_policy(world: World) -> None:
    person = new_person(world)
    officer = world.browser(Role.SECURITY_OFFICER)
    assert fill(officer, erasure(person)).status_code == httpx.codes.SEE_OTHER
    assert person_now(world, person).erased_at is not None
    assert "The data of this person were erased." in words(officer.get(erasure(person)))
    page = world.browser(Role.CLERK).get(f"/office/people/{person}")
    assert "The data of this person were erased." in words(page)


def test_an_insured_person_is_not_erased(world: World) -> None:
    person = made(approved(world.desk), "person")
    answer = fill(world.browser(Role.SECURITY_OFFICER), erasure(person))
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "The person has a policy" in words(answer)
    assert person_now(world, person).birth_date == date(1980, 2, 29)


def test_where_two_are_wanted_a_clerk_proposes_and_the_officer_erases(world: World) -> None:
    with_second_person(world, Act.ERASE_PERSON)
    person = new_person(world)
    officer, clerk = world.browser(Role.SECURITY_OFFICER), world.browser(Role.CLERK)
    alone = fill(officer, erasure(person))
    assert alone.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    page = f"/office/people/{person}"
    fill(clerk, page, f"{page}/erasure-proposal")
    assert "Proposed by a colleague (Clerk)" in words(officer.get(erasure(person)))
    assert fill(officer, erasure(person)).status_code == httpx.codes.SEE_OTHER
    assert person_now(world, person).erased_at is not None


def test_a_record_is_opened_by_its_id(world: World) -> None:
    person = new_person(world)
    officer = world.browser(Role.SECURITY_OFFICER)
    found = fill(officer, "/office/erasures", person_id=f" {person} ")
    assert found.headers["location"] == erasure(person)
    wrong = fill(officer, "/office/erasures", person_id="Пробный")
    assert "This is no id of a record." in words(wrong)


@pytest.mark.parametrize("role", [Role.CLERK, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_the_security_officer_erases(world: World, role: Role) -> None:
    answer = world.browser(role).get(erasure(new_person(world)))
    assert answer.status_code == httpx.codes.FORBIDDEN
