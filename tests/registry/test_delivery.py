"""Dispatch lists: what leaves for a place, what arrives, who is told."""

from functools import partial
from uuid import UUID

from cardservice.registry.delivery import (
    ArriveOrders,
    DispatchOrders,
    arrive_orders,
    dispatch_list,
    dispatch_orders,
)
from cardservice.registry.outbox_values import NoticeChannel, Template
from cardservice.registry.places import ClosePlace, close_place
from tests.registry.offices import REGION, TODAY, Desk, refused
from tests.registry.stations_world import (
    STATION,
    arrive,
    dispatch,
    made,
    new_blanks,
    new_order,
    new_place,
    new_policy,
    order_for,
    order_now,
)


def made_cards(desk: Desk, count: int) -> list[UUID]:
    new_blanks(desk)
    return [made(desk, new_order(desk, number)).id for number in range(1, count + 1)]


def test_cards_travel_on_a_numbered_list_to_a_place(desk: Desk) -> None:
    place, cards = new_place(desk), made_cards(desk, 3)
    first = dispatch(desk, place, *cards[:2])
    second = dispatch(desk, place, cards[2])
    assert (first.number, second.number) == ("000001", "000002")
    page = dispatch_list(desk.office, desk.clerk, REGION, "000001")
    assert [one.id for one in page.rows] == cards[:2]
    assert {(one.state, one.place_id) for one in page.rows} == {("in-delivery", place)}


def test_whose_card_arrived_is_told_in_the_same_transaction(desk: Desk) -> None:
    place, cards = new_place(desk), made_cards(desk, 2)
    number = dispatch(desk, place, *cards).number
    assert desk.outbox() == ()
    answer = arrive(desk, number)
    assert answer.made == {"arrived": "2", "told": "2"}
    assert {order_now(desk, one).state for one in cards} == {"arrived"}
    notices = desk.outbox()
    assert {(one.template, one.channel) for one in notices} == {
        (Template.READY_FOR_COLLECTION, NoticeChannel.EMAIL)
    }
    assert all("Учебная".encode() in one.sealed or b"\\u0423" in one.sealed for one in notices)
    assert b"A1" in notices[0].sealed


def test_who_can_not_be_reached_is_no_reason_to_refuse_an_arrival(desk: Desk) -> None:
    new_blanks(desk)
    policy, application = new_policy(desk, 1, email=None, phone=None)
    silent = made(desk, order_for(desk, policy, application_id=application.id)).id
    policy, _ = new_policy(desk, 2)
    without = made(desk, order_for(desk, policy)).id
    number = dispatch(desk, new_place(desk), silent, without).number
    assert arrive(desk, number).made == {"arrived": "2", "told": "0"}
    assert desk.outbox() == ()


def test_what_did_not_arrive_stays_on_its_way(desk: Desk) -> None:
    cards = made_cards(desk, 2)
    number = dispatch(desk, new_place(desk), *cards).number
    assert arrive(desk, number, cards[0]).made["arrived"] == "1"
    assert [order_now(desk, one).state for one in cards] == ["arrived", "in-delivery"]
    assert arrive(desk, number).made["arrived"] == "1"
    refused("state-order-arrived", lambda: arrive(desk, number, cards[0]))
    assert len(desk.outbox()) == 2


def test_an_arrival_reported_twice_with_one_key_tells_people_once(desk: Desk) -> None:
    cards = made_cards(desk, 1)
    number = dispatch(desk, new_place(desk), *cards).number or ""
    command = ArriveOrders(region=REGION, key="once", dispatch=number)
    first = arrive_orders(desk.office, desk.clerk, command)
    assert arrive_orders(desk.office, desk.clerk, command) == first
    assert len(desk.outbox()) == 1


def test_a_list_with_an_order_that_cannot_leave_does_not_leave(desk: Desk) -> None:
    place, cards = new_place(desk), made_cards(desk, 1)
    queued = new_order(desk, 9)
    before = desk.audit()
    refused("state-order-queued", lambda: dispatch(desk, place, *cards, queued.id))
    assert order_now(desk, cards[0]).state == "personalized"
    assert desk.audit() == before
    assert dispatch(desk, place, *cards).number == "000001"


def test_a_list_has_orders_each_once(desk: Desk) -> None:
    place, cards = new_place(desk), made_cards(desk, 1)
    for ids in ((), (cards[0], cards[0]), tuple(UUID(int=n) for n in range(201))):
        refused("list-length", partial(dispatch, desk, place, *ids))


def test_cards_go_where_they_can_be_collected(desk: Desk) -> None:
    cards = made_cards(desk, 1)
    office_only = new_place(desk, collectables=frozenset())
    refused("place-does-not-hand-over", lambda: dispatch(desk, office_only, *cards))
    closed = new_place(desk)
    command = ClosePlace(region=REGION, key="close", place_id=closed, version=1, on=TODAY)
    close_place(desk.office, desk.clerk, command)
    refused("place-closed", lambda: dispatch(desk, closed, *cards))
    refused("not-found", lambda: dispatch(desk, UUID(int=1), *cards))


def test_only_what_is_on_a_list_arrives_with_it(desk: Desk) -> None:
    place, cards = new_place(desk), made_cards(desk, 2)
    first = dispatch(desk, place, cards[0]).number
    dispatch(desk, place, cards[1])
    refused("not-on-list", lambda: arrive(desk, first, cards[1]))
    refused("list-unknown", lambda: arrive(desk, "000009"))


def test_a_station_sends_and_does_not_receive(desk: Desk) -> None:
    place, cards = new_place(desk), made_cards(desk, 1)
    sent = dispatch_orders(
        desk.office,
        STATION,
        DispatchOrders(region=REGION, key="send", place_id=place, order_ids=tuple(cards)),
    )
    command = ArriveOrders(region=REGION, key="there", dispatch=sent.number or "")
    refused("role-not-allowed", lambda: arrive_orders(desk.office, STATION, command))
    refused(
        "role-not-allowed",
        lambda: dispatch_list(desk.office, desk.applicant, REGION, sent.number or ""),
    )
