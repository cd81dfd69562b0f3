"""What a courier sees: lists on their way, and whose door each card is for."""

from dataclasses import fields, replace
from functools import partial
from uuid import UUID

from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.delivery import (
    ArriveOrders,
    DispatchOrders,
    arrive_orders,
    dispatch_list,
    dispatch_orders,
)
from cardservice.registry.delivery_list import Delivery, delivery_list, dispatch_lists
from cardservice.registry.ports_base import Ask
from cardservice.registry.ports_making import Card
from tests.registry.offices import BORN, REGION, START, Desk, refused
from tests.registry.stations_world import (
    arrive,
    dispatch,
    keep,
    made,
    new_blanks,
    new_order,
    new_place,
    new_policy,
    order_for,
)

COURIER = Actor(UUID(int=0xC1), Role.COURIER)
EMPLOYER = Actor(UUID(int=0xE1), Role.EMPLOYER)


def on_its_way(desk: Desk) -> tuple[str, UUID]:
    """Return the number of a list with one card on it, and the person's policy."""
    new_blanks(desk)
    policy, application = new_policy(
        desk,
        address="Пробноград, ул. Пробная, 1",
        phone="+79000000001",
        patronymic="Пробовна",
        snils="000-000-001 00",
    )
    done = made(desk, order_for(desk, policy, application_id=application.id))
    return dispatch(desk, new_place(desk), done.id).number or "", policy.id


def test_a_courier_sees_which_lists_are_on_their_way(either_desk: Desk) -> None:
    desk = either_desk
    number, _ = on_its_way(desk)
    place = new_place(desk)
    more = [made(desk, new_order(desk, one)).id for one in (2, 3)]
    second = dispatch(desk, place, *more).number
    shown = dispatch_lists(desk.office, COURIER, REGION)
    assert [(one.dispatch, one.orders) for one in shown] == [(number, 1), (second, 2)]
    assert shown[1].place_id == place
    arrive(desk, number)
    assert [one.dispatch for one in dispatch_lists(desk.office, COURIER, REGION)] == [second]


def test_a_courier_is_shown_a_door_and_a_name_and_no_number_of_the_person(desk: Desk) -> None:
    number, _ = on_its_way(desk)
    (row,) = delivery_list(desk.office, COURIER, REGION, number).rows
    assert row.names == "Пробный Проба Пробовна"
    assert (row.address, row.phone) == ("Пробноград, ул. Пробная, 1", "+79000000001")
    assert (row.state, row.application, row.has_card) == ("in-delivery", "A1", False)
    told = str([getattr(row, one.name) for one in fields(Delivery)])
    for hidden in (BORN.isoformat(), repr(BORN), "000-000-001", f"{1:016}", "proba@example.org"):
        assert hidden not in told
    assert "Пробн" not in repr(row)


def test_a_courier_knows_to_ask_for_the_old_card(desk: Desk) -> None:
    number, policy_id = on_its_way(desk)
    old = Card(
        region=REGION,
        id=desk.office.new_id(),
        number=1,
        policy_id=policy_id,
        state="active",
        created_at=START,
        updated_at=START,
    )
    keep(desk, lambda work: work.cards.add(old))
    (row,) = delivery_list(desk.office, COURIER, REGION, number).rows
    assert row.has_card


def test_every_look_at_a_list_is_recorded(desk: Desk) -> None:
    number, policy_id = on_its_way(desk)
    delivery_list(desk.office, COURIER, REGION, number)
    with desk.reading() as work:
        person_id = work.policies.get(REGION, policy_id).person_id
        looks = work.looks.at_person(REGION, person_id).rows
    assert [(one.actor, one.role, one.reason) for one in looks] == [
        (COURIER.name, "courier", "delivery")
    ]


def test_what_is_not_being_brought_is_not_shown(desk: Desk) -> None:
    number, _ = on_its_way(desk)
    refused("not-found", lambda: delivery_list(desk.office, COURIER, REGION, "000009"))
    with desk.reading() as work:
        (order,) = work.orders.of_dispatch(REGION, number, Ask()).rows
    keep(desk, lambda work: work.orders.change(replace(order, state="handed-over")))
    assert delivery_list(desk.office, COURIER, REGION, number).rows == ()


def test_a_courier_records_an_arrival_and_sends_nothing(desk: Desk) -> None:
    number, _ = on_its_way(desk)
    command = ArriveOrders(region=REGION, key="there", dispatch=number)
    assert arrive_orders(desk.office, COURIER, command).made["arrived"] == "1"
    ready = made(desk, new_order(desk, 2)).id
    send = DispatchOrders(region=REGION, key="send", place_id=new_place(desk), order_ids=(ready,))
    refused("role-not-allowed", lambda: dispatch_orders(desk.office, COURIER, send))


def test_who_does_not_deliver_sees_no_list(desk: Desk) -> None:
    number, _ = on_its_way(desk)
    for actor in (desk.applicant, desk.officer, EMPLOYER):
        refused("role-not-allowed", partial(dispatch_lists, desk.office, actor, REGION))
        refused("role-not-allowed", partial(delivery_list, desk.office, actor, REGION, number))
        refused("role-not-allowed", partial(dispatch_list, desk.office, actor, REGION, number))
