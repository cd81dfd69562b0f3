"""Dispatch lists through the API: sent, looked at, brought, arrived."""

from typing import Any
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import Program, World
from tests.registry.stations_world import made as made_card
from tests.registry.stations_world import new_blanks, new_order, new_place, order_now
from tests.unit.web_api.cards.stage import holder_of, looked_at, program_of
from tests.unit.web_api.steps import V1, clerk, code

LISTS = f"{V1}/dispatch-lists"


def parcels(world: World, count: int = 2) -> dict[str, Any]:
    """Return a place and made cards that are to go there."""
    new_blanks(world.desk)
    orders = [new_order(world.desk, number) for number in range(1, count + 1)]
    for one in orders:
        made_card(world.desk, one)
    place = new_place(world.desk)
    return {"place_id": str(place), "order_ids": [str(one.id) for one in orders]}


def sent(program: Program, wish: dict[str, Any]) -> str:
    """Return the number of a list that left."""
    return str(program.send("POST", LISTS, wish).json()["number"])


def test_made_cards_leave_on_a_list_and_arrive(world: World) -> None:
    wish, program = parcels(world), clerk(world)
    left = program.send("POST", LISTS, wish, key="list")
    number = left.json()["number"]
    assert (left.status_code, left.headers["location"]) == (201, f"{LISTS}/{number}")
    assert program.send("POST", LISTS, wish, key="list").json() == left.json()
    (way,) = program.get(LISTS).json()["items"]
    assert way == {"dispatch": number, "place_id": wish["place_id"], "orders": 2}
    one = wish["order_ids"][:1]
    there = program.send("POST", f"{LISTS}/{number}/arrivals", {"order_ids": one})
    assert (there.status_code, there.json()["made"]) == (200, {"arrived": "1", "told": "1"})
    rest = program.send("POST", f"{LISTS}/{number}/arrivals", {})
    assert rest.json()["made"]["arrived"] == "1"
    orders = program.get(f"{LISTS}/{number}").json()["items"]
    assert [one["state"] for one in orders] == ["arrived", "arrived"]
    assert program.get(LISTS).json()["items"] == []


def test_a_list_names_no_person_but_whose_door_a_courier_seeks(world: World) -> None:
    wish = parcels(world, count=1)
    number = sent(clerk(world), wish)
    assert "Пробный" not in clerk(world).get(f"{LISTS}/{number}").text
    courier = world.program(Role.COURIER)
    assert courier.get(f"{LISTS}/{number}").status_code == 403
    (one,) = courier.get(f"{LISTS}/{number}/deliveries").json()["items"]
    assert (one["order_id"], one["names"]) == (wish["order_ids"][0], "Пробный Проба")
    assert not {"birth_date", "enp", "snils"} & one.keys()
    with world.desk.reading() as work:
        order = work.orders.queue("00000", "in-delivery").rows[0]
    assert looked_at(world, holder_of(world, order)) == [("courier", "delivery")]


def test_a_station_fills_lists_and_sees_them(world: World) -> None:
    wish = parcels(world, count=1)
    program, _ = program_of(world, Role.STATION)
    number = sent(program, wish)
    assert len(program.get(f"{LISTS}/{number}").json()["items"]) == 1
    assert program.get(f"{LISTS}/{number}/deliveries").status_code == 403


@pytest.mark.parametrize("part", ["", "/deliveries"])
def test_a_list_that_there_is_not_is_not_found(world: World, part: str) -> None:
    answer = clerk(world).get(f"{LISTS}/000009{part}")
    assert (answer.status_code, code(answer)) == (404, "not-found")


def test_what_is_on_no_list_does_not_arrive_with_it(world: World) -> None:
    wish, program = parcels(world, count=1), clerk(world)
    number = sent(program, wish)
    other = program.send("POST", f"{LISTS}/{number}/arrivals", {"order_ids": [str(uuid4())]})
    assert (other.status_code, code(other)) == (409, "not-on-list")
    none = program.send("POST", f"{LISTS}/000099/arrivals", {})
    assert (none.status_code, code(none)) == (409, "list-unknown")


def test_a_list_leaves_wholly_or_not_at_all(world: World) -> None:
    wish, program = parcels(world, count=1), clerk(world)
    queued = new_order(world.desk, 9)
    both = wish | {"order_ids": [*wish["order_ids"], str(queued.id)]}
    refused = program.send("POST", LISTS, both)
    assert (refused.status_code, code(refused)) == (409, "state-order-queued")
    with world.desk.reading() as work:
        assert len(work.orders.queue("00000", "personalized").rows) == 1
    assert order_now(world.desk, queued.id).dispatch is None


@pytest.mark.parametrize(
    "changes",
    [
        {"order_ids": []},
        {"order_ids": ["x"]},
        {"place_id": None},
        {"order_ids": [str(uuid4())] * 201},
    ],
)
def test_a_list_of_another_form_is_refused(world: World, changes: dict[str, object]) -> None:
    wish = {"place_id": str(uuid4()), "order_ids": [str(uuid4())]}
    answer = clerk(world).send("POST", LISTS, wish | changes)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")


def test_the_number_of_a_list_is_digits(world: World) -> None:
    assert clerk(world).get(f"{LISTS}/17").status_code == 422
