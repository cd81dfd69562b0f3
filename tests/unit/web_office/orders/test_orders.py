"""What is late stands first; an order can be cancelled, made again, spoiled; figures for all."""

from datetime import timedelta

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.ports_making import Order
from tests.office_world import World
from tests.registry.offices import TODAY
from tests.registry.stations_world import new_order, order_now
from tests.unit.accounts.browser import Browser
from tests.unit.web_office.delivery.stage import arrived_order, made_order, send, sent_orders

PAGE = "/office/orders"


@pytest.fixture
def clerk(world: World) -> Browser:
    return world.browser(Role.CLERK)


def change(clerk: Browser, order: Order, **typed: str) -> int:
    return send(clerk, f"{PAGE}/{order.id}", typed).status_code


def test_the_longest_overdue_stands_first_and_what_is_in_time_not_at_all(
    world: World, clerk: Browser
) -> None:
    orders = [
        new_order(world.desk, number, due_on=TODAY + timedelta(days=days))
        for number, days in enumerate((1, -3, 90, -9), 1)
    ]
    shown = clerk.get(PAGE).text
    places = [shown.find(str(one.id)) for one in orders]
    assert places[2] == -1
    assert 0 < places[3] < places[1] < places[0]


def test_the_figures_are_those_of_the_orders(world: World, clerk: Browser) -> None:
    sent_orders(world.desk, 3)
    arrived_order(world.desk)
    shown = clerk.get(PAGE).text
    assert shown.count('<td class="number amount">3</td>') == 2  # on the way: by state, by place
    assert "Пункт 1" in shown
    assert "No card was handed over in the last 90 days." in shown


def test_who_has_no_right_to_orders_sees_the_figures_alone(world: World) -> None:
    order = new_order(world.desk, due_on=TODAY - timedelta(days=3))
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        browser = world.browser(role)
        shown = browser.get(f"{PAGE}?state=queued").text
        assert "Orders by state" in shown
        assert str(order.id) not in shown
        assert browser.get(f"{PAGE}/{order.id}").status_code == 403


def test_orders_of_a_state_are_listed_page_by_page(world: World, clerk: Browser) -> None:
    orders = [new_order(world.desk, number) for number in range(1, 53)]
    first = clerk.get(f"{PAGE}?state=queued").text
    cursor = first.split("cursor=")[1].split('"')[0]
    second = clerk.get(f"{PAGE}?state=queued&cursor={cursor}").text
    on_pages = [sum(f"{PAGE}/{one.id}" in text for one in orders) for text in (first, second)]
    assert on_pages == [50, 2]


@pytest.mark.parametrize("query", ["state=x", "cursor=x&state=queued", "cursor=%00&state=queued"])
def test_a_wrong_question_is_no_server_error(clerk: Browser, query: str) -> None:
    assert clerk.get(f"{PAGE}?{query}").status_code in {409, 422}


def test_an_order_shows_where_it_stands_and_nothing_of_its_person(
    world: World, clerk: Browser
) -> None:
    order = arrived_order(world.desk)
    shown = clerk.get(f"{PAGE}/{order.id}").text
    assert "At the place of issue" in shown
    assert f"/office/delivery/{order.dispatch}" in shown
    assert f"/office/hand-over/{order.id}" in shown
    assert not [one for one in ("Пробный", "1980", "proba@") if one in shown]


def test_a_card_of_no_use_is_made_again_or_not(world: World, clerk: Browser) -> None:
    order, other = made_order(world.desk, 1), made_order(world.desk, 2)
    typed = {"event": "spoil", "spoil_reason": "damaged"}
    assert change(clerk, order, **typed, again="yes") == 303
    assert change(clerk, other, **typed) == 303
    assert order_now(world.desk, order.id).state == "queued"
    assert order_now(world.desk, other.id).state == "spoiled"
    assert change(clerk, other, event="queue-again") == 303
    assert order_now(world.desk, other.id).state == "queued"


def test_an_order_is_cancelled_for_a_reason(world: World, clerk: Browser) -> None:
    order = new_order(world.desk)
    assert change(clerk, order, event="cancel") == 422
    assert order_now(world.desk, order.id).state == "queued"
    assert change(clerk, order, event="cancel", cancel_reason="not-wanted") == 303
    assert order_now(world.desk, order.id).state == "cancelled"
    assert 'name="event"' not in clerk.get(f"{PAGE}/{order.id}").text


@pytest.mark.parametrize(
    "typed",
    [
        {"event": "hand-over"},
        {"event": "dispatch"},
        {"event": "x"},
        {},
        {"event": "cancel", "cancel_reason": "x"},
        {"event": "cancel", "cancel_reason": "not-wanted", "version": "7"},
    ],
)
def test_what_is_not_done_by_hand_is_not_done(
    world: World, clerk: Browser, typed: dict[str, str]
) -> None:
    order = new_order(world.desk)
    assert change(clerk, order, **typed) == 422
    assert order_now(world.desk, order.id) == order


def test_an_auditor_changes_nothing(world: World) -> None:
    order = new_order(world.desk)
    auditor = world.browser(Role.AUDITOR)
    sent = {"event": "cancel", "cancel_reason": "not-wanted", "token": auditor.token(PAGE)}
    assert auditor.send(f"{PAGE}/{order.id}", sent).status_code == 403
    assert order_now(world.desk, order.id).state == "queued"


@pytest.mark.parametrize("id_", ["x", "00000000-0000-7000-8000-00000000ffff"])
def test_an_order_that_is_none_is_not_found(clerk: Browser, id_: str) -> None:
    assert clerk.get(f"{PAGE}/{id_}").status_code in {404, 422}
