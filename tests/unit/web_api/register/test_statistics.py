"""Figures through the API: orders by state, by place, and how long cards took."""

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.stations_world import new_order
from tests.unit.web_api.cards.stage import arrived, handing
from tests.unit.web_api.steps import V1, clerk

FIGURES = f"{V1}/statistics/orders"


def test_the_figures_count_orders_places_and_days(world: World) -> None:
    order = arrived(world)
    new_order(world.desk, 2)
    program = clerk(world)
    found = program.get(FIGURES).json()
    states = {one["state"]: one["orders"] for one in found["by_state"]}
    assert (states["queued"], states["arrived"], states["spoiled"]) == (1, 1, 0)
    assert found["by_place"] == [{"place": "Пункт 1", "on_the_way": 0, "waiting": 1}]
    assert (found["days"]["cards"], found["days"]["median"]) == (0, None)
    path = f"{V1}/orders/{order.id}/hand-over"
    program.send("POST", path, handing(order), version=order.version)
    days = program.get(FIGURES).json()["days"]
    assert (days["cards"], days["median"], days["steps"][0]["cards"]) == (1, 1, 1)


def test_who_counts_nothing_sees_no_figures(world: World) -> None:
    for role in (Role.STATION, Role.COURIER, Role.CLINIC, Role.EMPLOYER):
        assert world.program(role).get(FIGURES).status_code == 403
