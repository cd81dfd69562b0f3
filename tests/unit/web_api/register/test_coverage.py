"""What a clinic is told about a policy: whether it pays here today, and nothing of the person."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.coverage import insurer_on
from cardservice.registry.ports_policies import PolicyInsurer
from tests.office_world import World
from tests.registry import forms
from tests.registry.offices import REGION, START, TODAY
from tests.registry.stations_world import keep
from tests.unit.web_api.cards.stage import looked_at
from tests.unit.web_api.steps import V1, insured

BORN = "1980-02-29"


def number_of(world: World, made: dict[str, str]) -> str:
    """Return the number of the policy that was made."""
    with world.desk.reading() as work:
        return str(work.policies.get(REGION, UUID(made["policy"])).enp)


def ask(
    world: World, enp: str, born: str = BORN, role: Role = Role.CLINIC, **more: str
) -> httpx.Response:
    """Ask about a policy."""
    question = {"enp": enp, "birth_date": born} | more
    return world.program(role).send("POST", f"{V1}/coverage-questions", question)


def test_in_the_region_of_the_policy_both_programmes_pay(world: World) -> None:
    made = insured(world)
    answer = ask(world, number_of(world, made), okato="45000")
    assert answer.json() == {
        "in_force": True,
        "state": "active",
        "valid_until": None,
        "insurer": {"ogrn": forms.INSURER, "okato": "45000"},
        "programmes": ["basic", "territorial"],
        "asked_on": str(TODAY),
    }
    assert looked_at(world, UUID(made["person"])) == [("clinic", "coverage")]


def test_elsewhere_the_basic_programme_pays(world: World) -> None:
    enp = number_of(world, insured(world))
    assert ask(world, enp).json()["programmes"] == ["basic"]
    assert ask(world, enp, role=Role.CLERK).json()["programmes"] == ["basic"]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "suspended"},
        {"state": "closed"},
        {"valid_until": TODAY - timedelta(days=1)},
        {"opened_on": TODAY + timedelta(days=1)},
    ],
)
def test_a_policy_that_is_not_in_force_pays_nothing(
    world: World, changes: dict[str, object]
) -> None:
    made = insured(world)
    with world.desk.reading() as work:
        policy = work.policies.get(REGION, UUID(made["policy"]))
    keep(world.desk, lambda work: work.policies.change(replace(policy, **changes)))
    found = ask(world, policy.enp, okato="45000").json()
    assert (found["in_force"], found["programmes"]) == (False, [])


def test_a_policy_serves_on_its_last_day(world: World) -> None:
    made = insured(world)
    with world.desk.reading() as work:
        policy = work.policies.get(REGION, UUID(made["policy"]))
    keep(world.desk, lambda work: work.policies.change(replace(policy, valid_until=TODAY)))
    assert ask(world, policy.enp).json()["in_force"] is True


def test_a_wrong_number_and_a_wrong_date_are_answered_alike_and_nobody_is_looked_at(
    world: World,
) -> None:
    made = insured(world)
    wrong = ask(world, number_of(world, made), "1980-03-01")
    unknown = ask(world, forms.enp())
    assert wrong.status_code == 404
    assert wrong.content == unknown.content
    assert looked_at(world, UUID(made["person"])) == []


def test_who_insures_is_told_by_the_day() -> None:
    first = PolicyInsurer(
        region=REGION,
        id=UUID(int=1),
        policy_id=UUID(int=2),
        ogrn=forms.INSURER,
        okato="45000",
        start_date=TODAY - timedelta(days=9),
        end_date=TODAY,
        ground="first",
        recorded_at=START,
    )
    tomorrow = TODAY + timedelta(days=1)
    second = replace(first, id=UUID(int=3), start_date=tomorrow, end_date=None)
    history = (first, second)
    assert insurer_on(history, TODAY) is first
    assert insurer_on(history, tomorrow) is second
    assert insurer_on(history, first.start_date - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": 0}, "birth_date"),
        ({"okato": "4500"}, "okato"),
        ({"enp": None}, "enp"),
        ({"name": "Пробный"}, "body"),
    ],
)
def test_a_question_of_another_form_is_refused(
    world: World, changes: dict[str, object], field: str
) -> None:
    question = {"enp": forms.enp(), "birth_date": BORN} | changes
    answer = world.program(Role.CLINIC).send("POST", f"{V1}/coverage-questions", question)
    assert (answer.status_code, answer.json()["findings"][0]["field"]) == (422, field)
    assert "Пробный" not in answer.text


def test_who_may_not_ask_is_told_nothing(world: World) -> None:
    enp = number_of(world, insured(world))
    for role in (Role.STATION, Role.AUDITOR, Role.EMPLOYER, Role.COURIER):
        assert ask(world, enp, role=role).status_code == 403
