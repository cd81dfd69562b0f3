"""Cards blocked, reported, terminated and made good again, by those who may."""

from uuid import uuid4

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from tests.office_world import World
from tests.registry.forms import approved
from tests.registry.offices import REGION
from tests.unit.web_office.people.records import card_now, new_card, person_page
from tests.unit.web_office.queue.pages import fill, words


@pytest.mark.parametrize(
    ("change", "reason", "state"),
    [
        ("block", "mislaid", "blocked"),
        ("report", "stolen", "terminated"),
        ("terminate", "damaged", "terminated"),
    ],
)
def test_a_card_is_changed_with_a_reason(
    world: World, change: str, reason: str, state: str
) -> None:
    done = approved(world.desk)
    card = new_card(world, done)
    clerk = world.browser(Role.CLERK)
    answer = fill(clerk, f"/office/cards/{card}/changes/{change}", reason=reason)
    assert answer.headers["location"] == person_page(done)
    assert (card_now(world, card).state, card_now(world, card).reason) == (state, reason)


def test_a_reason_is_needed(world: World) -> None:
    card = new_card(world, approved(world.desk))
    clerk = world.browser(Role.CLERK)
    for typed in ({}, {"reason": "moon"}):
        answer = fill(clerk, f"/office/cards/{card}/changes/block", **typed)
        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert 'href="#reason"' in answer.text
    assert card_now(world, card).state == "active"


def test_an_approver_unblocks_and_a_clerk_does_not(world: World) -> None:
    done = approved(world.desk)
    card = new_card(world, done, state="blocked")
    clerk, path = world.browser(Role.CLERK), f"/office/cards/{card}/unblocking"
    assert path not in clerk.get(person_page(done)).text
    assert clerk.get(path).status_code == httpx.codes.FORBIDDEN
    approver = world.browser(Role.APPROVER)
    assert path in approver.get(person_page(done)).text
    fill(approver, path, reason="found")
    assert card_now(world, card).state == "active"


def test_a_terminated_card_offers_nothing(world: World) -> None:
    done = approved(world.desk)
    card = new_card(world, done, state="terminated", reason="lost")
    page = world.browser(Role.APPROVER).get(person_page(done)).text
    assert f"/office/cards/{card}" not in page
    answer = fill(
        world.browser(Role.CLERK), f"/office/cards/{card}/changes/block", reason="mislaid"
    )
    assert "is in the state" in words(answer)


def test_a_security_officer_sees_the_card_and_no_person(world: World) -> None:
    done = approved(world.desk)
    card = new_card(world, done)
    officer = world.browser(Role.SECURITY_OFFICER)
    page = officer.get(f"/office/cards/{card}")
    assert "Пробный" not in page.text
    assert person_page(done) not in page.text
    answer = fill(officer, f"/office/cards/{card}/changes/block", reason="misuse-suspected")
    assert answer.headers["location"] == f"/office/cards/{card}"
    assert card_now(world, card).state == "blocked"


def test_a_card_that_is_not_there_and_a_change_that_is_none(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    none = "00000000-0000-7000-8000-000000000000"
    assert clerk.get(f"/office/cards/{none}").status_code == httpx.codes.NOT_FOUND
    odd = clerk.get(f"/office/cards/{none}/changes/burn")
    assert odd.status_code == httpx.codes.UNPROCESSABLE_ENTITY


def test_an_applicant_has_no_business_on_these_pages(world: World) -> None:
    card = new_card(world, approved(world.desk))
    subject = Subject(
        id=uuid4(), region=REGION, roles=frozenset({Role.APPLICANT}), label="application"
    )
    browser = world.browser()
    browser.set_cookie(world.accounts.sessions.begin(subject).token)
    for path in (f"/office/cards/{card}", f"/office/cards/{card}/changes/block"):
        assert browser.get(path).status_code == httpx.codes.NOT_FOUND
