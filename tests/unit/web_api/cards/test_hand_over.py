"""The hand-over through the API: found, compared, done, and its receipt."""

from typing import Any
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.stations_world import card_now, new_order, order_now
from tests.unit.web_api.cards.stage import arrived, handing, holder_of, looked_at
from tests.unit.web_api.steps import V1, clerk, code


def test_a_card_leads_to_its_hand_over_by_number_policy_or_order(world: World) -> None:
    order, program = arrived(world), clerk(world)
    number = card_now(world.desk, str(order.card_id)).number
    for question in ({"card_number": number}, {"order_id": str(order.id)}):
        found = program.send("POST", f"{V1}/hand-overs/searches", question)
        assert (found.status_code, found.json()["order_id"]) == (200, str(order.id))
    nothing = program.send("POST", f"{V1}/hand-overs/searches", {})
    assert (nothing.status_code, code(nothing)) == (404, "not-found")
    wrong = program.send("POST", f"{V1}/hand-overs/searches", {"enp": "17"})
    assert (wrong.status_code, code(wrong)) == (409, "enp-length")


def test_what_is_compared_is_shown_and_the_look_recorded(world: World) -> None:
    order = arrived(world)
    answer = clerk(world).get(f"{V1}/orders/{order.id}/hand-over")
    found = answer.json()
    assert found["holder"]["names"] == "Пробный Проба"
    assert (found["can_be_handed_over"], found["old_cards"]) == (True, [])
    assert answer.headers["etag"].startswith(f'"{order.version}-')
    assert ("clerk", "card.hand-over") in looked_at(world, holder_of(world, order))


def test_a_courier_sees_less_of_the_person_than_a_clerk(world: World) -> None:
    order = arrived(world)
    path = f"{V1}/orders/{order.id}/hand-over"
    holder = world.program(Role.COURIER).get(path).json()["holder"]
    assert holder != clerk(world).get(path).json()["holder"]
    assert holder["birth_date"] is None


def test_a_card_is_handed_over_once_with_a_receipt(world: World) -> None:
    order, program = arrived(world), clerk(world)
    path = f"{V1}/orders/{order.id}"
    assert program.get(f"{path}/receipt").status_code == 404
    said = handing(order)
    done = program.send("POST", f"{path}/hand-over", said, version=order.version, key="given")
    again = program.send("POST", f"{path}/hand-over", said, version=order.version, key="given")
    assert (done.status_code, done.json()["state"]) == (200, "handed-over")
    assert again.json() == done.json()
    receipt = program.get(f"{path}/receipt").json()
    assert (receipt["number"], receipt["shown"]) == (done.json()["number"], "passport_rf")
    assert card_now(world.desk, done.json()["made"]["card"]).state == "active"


def test_a_courier_hands_over_at_the_door(world: World) -> None:
    order = arrived(world)
    path = f"{V1}/orders/{order.id}/hand-over"
    done = world.program(Role.COURIER).send("POST", path, handing(order), version=order.version)
    assert done.json()["state"] == "handed-over"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"matched": False}, "identity-not-confirmed"),
        ({"shown": "snils"}, "identity-document"),
        ({"place_id": str(uuid4())}, "other-place"),
    ],
)
def test_without_a_check_of_who_came_nothing_is_handed_over(
    world: World, changes: dict[str, Any], wanted: str
) -> None:
    order = arrived(world)
    path = f"{V1}/orders/{order.id}/hand-over"
    answer = clerk(world).send("POST", path, handing(order, **changes), version=order.version)
    assert (answer.status_code, code(answer)) == (409, wanted)
    assert order_now(world.desk, order.id).state == "arrived"


def test_a_hand_over_on_an_old_version_or_of_nothing_is_refused(world: World) -> None:
    order, program = arrived(world), clerk(world)
    old = program.send("POST", f"{V1}/orders/{order.id}/hand-over", handing(order), version=1)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send("POST", f"{V1}/orders/{uuid4()}/hand-over", handing(order), version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"matched": "yes"}, "matched"),
        ({"came": "neighbour"}, "came"),
        ({"old_card": ""}, "old_card"),
        ({"place_id": None}, "place_id"),
    ],
)
def test_a_hand_over_of_another_form_is_refused(
    world: World, changes: dict[str, Any], field: str
) -> None:
    order = new_order(world.desk)
    body = handing(order, place_id=str(uuid4())) | changes
    answer = clerk(world).send("POST", f"{V1}/orders/{order.id}/hand-over", body, version=1)
    assert (answer.status_code, answer.json()["findings"][0]["field"]) == (422, field)


def test_a_day_at_a_place_says_which_cards_wait(world: World) -> None:
    order = arrived(world)
    path = f"{V1}/places/{order.place_id}/day"
    day = clerk(world).get(path).json()
    assert [one["order"]["id"] for one in day["waiting"]] == [str(order.id)]
    assert (day["waiting"][0]["holder"], day["visits"], day["next"]) == ("П••• П.", [], None)
    (line,) = world.program(Role.COURIER).get(path).json()["waiting"]
    assert line["holder"] == ""
    assert clerk(world).get(f"{V1}/places/{uuid4()}/day").status_code == 404


def test_who_may_not_hand_over_may_not(world: World) -> None:
    order = arrived(world)
    path = f"{V1}/orders/{order.id}/hand-over"
    for role in (Role.STATION, Role.AUDITOR, Role.CLINIC):
        program = world.program(role)
        assert program.get(path).status_code == 403
        answer = program.send("POST", path, handing(order), version=order.version)
        assert answer.status_code == 403
