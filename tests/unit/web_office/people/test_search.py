"""People found by name, birth date or number, masked, and never by an address."""

from typing import Any

import httpx
import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.forms import SNILS, approved, made
from tests.registry.offices import BORN
from tests.unit.web_office.catalogs import fuzzy_or_unused, untranslated
from tests.unit.web_office.people.records import new_card, new_person, person_page, policy_now
from tests.unit.web_office.queue.pages import fill, hidden_of, words

PEOPLE = "/office/people"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "пробный се"},
        {"birth_date": BORN.isoformat()},
        {"snils": SNILS},
        {"card_number": "20 260 000 001"},
    ],
)
def test_a_person_is_found_and_shown_masked(world: World, typed: dict[str, str]) -> None:
    done = approved(world.desk)
    new_card(world, done)
    answer = fill(world.browser(Role.CLERK), PEOPLE, **typed)
    assert f'href="{person_page(done)}"' in answer.text
    found = answer.text.partition('id="found"')[2]
    assert "П••• С. П." in found
    assert "1980-••-••" in found
    for whole in ("Пробный", "1980-02-29", policy_now(world, done).enp, SNILS):
        assert whole not in found


def test_a_policy_number_finds_its_person(world: World) -> None:
    done = approved(world.desk)
    enp = policy_now(world, done).enp
    spaced = " ".join(enp[at : at + 4] for at in range(0, 16, 4))
    answer = fill(world.browser(Role.CLERK), PEOPLE, enp=spaced)
    assert str(made(done, "person")) in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Give the beginning of a name, or a birth date."),
        ({"enp": "123"}, "instead of 16"),
        ({"card_number": "12a"}, "A card's number"),
        ({"card_number": "9" * 30}, "A card's number"),
        ({"birth_date": "tomorrow"}, "The date is not a day"),
        ({"name": "А", "cursor": "AAAA"}, "cursor"),
    ],
)
def test_a_search_that_cannot_be_is_refused_and_stays_typed(
    world: World, typed: dict[str, str], said: str
) -> None:
    answer = fill(world.browser(Role.CLERK), PEOPLE, **typed)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert said in words(answer)
    for value in (value for name, value in typed.items() if name != "cursor"):
        assert f'value="{value}"' in answer.text


def test_nobody_found_is_said(world: World) -> None:
    assert "Nobody was found." in words(fill(world.browser(Role.CLERK), PEOPLE, name="Никто"))


def test_the_next_page_is_asked_for_without_a_name_in_an_address(world: World) -> None:
    for _ in range(51):
        new_person(world)
    clerk = world.browser(Role.CLERK)
    first = fill(clerk, PEOPLE, name="Пробный")
    assert first.text.count('<th scope="row"') == 50
    more: dict[str, Any] = hidden_of(
        first.text.partition('id="found"')[2].join(("<main", "")), PEOPLE
    )
    second = clerk.send(PEOPLE, more)
    assert second.text.count('<th scope="row"') == 1


def test_only_who_reads_people_searches(world: World) -> None:
    for role in (Role.STATION, Role.AUDITOR, Role.SECURITY_OFFICER, Role.COURIER, Role.CLINIC):
        assert world.browser(role).get(PEOPLE).status_code == httpx.codes.FORBIDDEN


def test_every_text_of_the_pages_is_said_in_russian() -> None:
    assert untranslated("people") == set()
    assert fuzzy_or_unused("people") == set()
