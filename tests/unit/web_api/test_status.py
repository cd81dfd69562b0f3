"""The status of an application, for whoever knows its number and the birth date."""

from dataclasses import replace

import httpx

from cardservice.accounts.buckets import Rate, TokenBuckets
from tests.office_world import World
from tests.registry import forms
from tests.unit.web_api.steps import V1, code, visit

BORN = "1980-02-29"


def question(world: World, number: str | None, birth_date: str = BORN) -> httpx.Response:
    """Ask without being signed in."""
    body = {"number": number, "birth_date": birth_date}
    return visit(world.app, "POST", f"{V1}/application-status", json=body)


def test_who_knows_number_and_birth_date_sees_how_far_it_is(world: World) -> None:
    filed = forms.submitted(world.desk)
    answer = question(world, filed.number)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["orders"]) == ("submitted", [])
    assert "Пробный" not in answer.text


def test_a_wrong_number_and_a_wrong_date_are_answered_alike(world: World) -> None:
    filed = forms.submitted(world.desk)
    one = question(world, "AAAA-AAAA-AAAA-AAAB")
    other = question(world, filed.number, "1980-03-01")
    assert (one.status_code, code(one)) == (404, "not-found")
    assert one.content == other.content


def test_an_address_that_asks_too_often_waits(world: World) -> None:
    context = world.app.state.sign_in
    buckets = TokenBuckets(Rate(burst=2, every_s=60), clock=world.desk.clock)
    world.app.state.sign_in = replace(context, forms=buckets)
    answers = [question(world, "AAAA-AAAA-AAAA-AAAB") for _ in range(3)]
    assert [one.status_code for one in answers] == [404, 404, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
