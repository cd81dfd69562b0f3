"""Cards are ticked, sent and ticked off again; a courier sees no person."""

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.stations_world import new_place, order_now
from tests.unit.web_office.catalogs import fuzzy_or_unused, untranslated
from tests.unit.web_office.delivery.stage import made_order, send, sent_orders

PAGE = "/office/delivery"


def test_ticked_cards_go_onto_a_list_of_their_own(world: World) -> None:
    first, second = made_order(world.desk, 1), made_order(world.desk, 2)
    place = new_place(world.desk)
    browser = world.browser(Role.CLERK)
    answer = send(browser, PAGE, {"order_ids": [str(first.id)], "place_id": str(place)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}/000001")
    assert order_now(world.desk, first.id).state == "in-delivery"
    assert order_now(world.desk, second.id).state == "personalized"
    assert "000001" in browser.get(PAGE).text


def test_the_same_form_sent_twice_makes_one_list(world: World) -> None:
    order, place = made_order(world.desk), new_place(world.desk)
    browser = world.browser(Role.CLERK)
    form = {"order_ids": [str(order.id)], "place_id": str(place), "key": "one-key"}
    answers = [send(browser, PAGE, form).headers["location"] for _ in range(2)]
    assert answers == [f"{PAGE}/000001"] * 2


@pytest.mark.parametrize(
    "typed",
    [{"place_id": ""}, {"order_ids": []}, {"order_ids": ["no-id"]}, {"place_id": "\x00"}],
)
def test_what_is_missing_is_said_and_what_was_ticked_stays(
    world: World, typed: dict[str, str | list[str]]
) -> None:
    order, place = made_order(world.desk), new_place(world.desk)
    good = {"order_ids": [str(order.id)], "place_id": str(place)}
    answer = send(world.browser(Role.CLERK), PAGE, good | typed)
    assert answer.status_code == 422
    assert "Nothing is given here" in answer.text
    assert ("checked" in answer.text) == ("order_ids" not in typed)
    assert order_now(world.desk, order.id).state == "personalized"


def test_only_those_that_came_are_ticked_off_and_the_others_stay_visible(world: World) -> None:
    number, (came, missing) = sent_orders(world.desk)
    browser = world.browser(Role.CLERK)
    page = f"{PAGE}/{number}"
    answer = send(browser, page, {"order_ids": [str(came.id)]}, to=page + "/arrival")
    assert answer.status_code == 303
    assert order_now(world.desk, came.id).state == "arrived"
    assert order_now(world.desk, missing.id).state == "in-delivery"
    shown = browser.get(page).text
    assert "1 card of this list has not arrived." in shown
    assert f'value="{missing.id}"' in shown
    assert f'value="{came.id}"' not in shown


def test_nothing_ticked_is_no_arrival_of_everything(world: World) -> None:
    number, orders = sent_orders(world.desk)
    page = f"{PAGE}/{number}"
    answer = send(world.browser(Role.CLERK), page, {}, to=page + "/arrival")
    assert answer.status_code == 422
    assert {order_now(world.desk, one.id).state for one in orders} == {"in-delivery"}


def test_a_courier_sees_orders_place_and_count_and_no_person(world: World) -> None:
    number, _ = sent_orders(world.desk)
    made_order(world.desk, 9)
    browser = world.browser(Role.COURIER)
    shown = browser.get(f"{PAGE}/{number}").text + browser.get(PAGE).text
    assert "Пункт 1" in shown
    assert not [one for one in ("П•••", "Пробный", "1980", "proba@", "A1<") if one in shown]
    assert "П••• П." in world.browser(Role.CLERK).get(f"{PAGE}/{number}").text


def test_a_courier_ticks_off_and_sends_nothing(world: World) -> None:
    number, orders = sent_orders(world.desk)
    order, place = made_order(world.desk, 9), new_place(world.desk)
    browser, page = world.browser(Role.COURIER), f"{PAGE}/{number}"
    ticked = {"order_ids": [str(one.id) for one in orders]}
    assert send(browser, page, ticked, to=page + "/arrival").status_code == 303
    wrong = {"order_ids": [str(order.id)], "place_id": str(place)}
    assert send(browser, page, wrong, to=PAGE).status_code == 403
    assert order_now(world.desk, order.id).state == "personalized"


@pytest.mark.parametrize("number", ["999999", "x", "1", "%00", "0000000000000"])
def test_a_list_that_is_not_there_is_no_server_error(world: World, number: str) -> None:
    assert world.browser(Role.CLERK).get(f"{PAGE}/{number}").status_code in {404, 409, 422}


@pytest.mark.parametrize("area", ["delivery", "orders"])
def test_every_text_of_these_pages_is_said_in_russian(area: str) -> None:
    assert untranslated(area) == set()
    assert fuzzy_or_unused(area) == set()


def test_the_pages_come_in_russian(world: World) -> None:
    sent_orders(world.desk)
    assert "Карты к отправке" in world.browser(Role.CLERK).get(PAGE + "?lang=ru").text
