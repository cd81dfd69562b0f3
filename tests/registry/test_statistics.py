"""Figures over both databases: what is counted, and what is not."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from cardservice.accounts.rights import GRANTS, Right
from cardservice.domain.lives import OrderState
from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.delivery_reading import day_at_place, lists_on_the_way, to_send
from cardservice.registry.ports import Work
from cardservice.registry.ports_making import Order, Receipt
from cardservice.registry.ports_places import Booking, Slot
from cardservice.registry.statistics import LOOKED_BACK, order_figures
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import (
    arrive,
    dispatch,
    keep,
    made,
    new_blanks,
    new_order,
    new_place,
    order_now,
)

AUDITOR = Actor(UUID(int=0xE1), Role.AUDITOR)


def handed(desk: Desk, number: int, *, ordered: timedelta, ago: timedelta) -> None:
    """Keep an order that was handed over ``ago``, and ordered so long before that."""
    at = desk.clock() - ago
    place = new_place(desk)
    new_blanks(desk, 1 + len(desk.audit()))
    made_one = order_now(desk, made(desk, new_order(desk, number)).id)
    created = replace(made_one, state="handed-over", created_at=at - ordered)
    receipt = receipt_of(desk, made_one, number, place)

    def change(work: Work) -> None:
        work.orders.change(created)
        work.receipts.add(replace(receipt, handed_at=at))

    keep(desk, change)


def receipt_of(desk: Desk, order: Order, number: int, place: UUID) -> Receipt:
    with desk.reading() as work:
        person = work.policies.get(REGION, order.policy_id).person_id
    assert order.card_id is not None
    return Receipt(
        region=REGION,
        id=desk.office.new_id(),
        number=f"{number:06}",
        order_id=order.id,
        card_id=order.card_id,
        person_id=person,
        place_id=place,
        came="self",
        shown="passport_rf",
        old_card="none",
        handed_by="clerk",
        handed_at=desk.clock(),
    )


def test_days_are_counted_from_order_to_hand_over_of_the_last_quarter(either_desk: Desk) -> None:
    desk = either_desk
    desk.clock.pass_days(400)
    handed(desk, 1, ordered=timedelta(days=200), ago=LOOKED_BACK + timedelta(days=1))
    handed(desk, 2, ordered=timedelta(days=10), ago=LOOKED_BACK - timedelta(days=1))
    handed(desk, 3, ordered=timedelta(days=2), ago=timedelta())
    days = order_figures(desk.office, AUDITOR, REGION).days
    assert (days.cards, days.median, days.cut) == (2, 2, False)
    assert {(one.above, one.to): one.cards for one in days.steps if one.cards} == {
        (1, 3): 1,
        (7, 14): 1,
    }


def test_only_the_last_hand_overs_are_looked_at(either_desk: Desk) -> None:
    desk = either_desk
    for number in (1, 2, 3):
        handed(desk, number, ordered=timedelta(days=number), ago=timedelta())
    with desk.reading() as work:
        issued = work.statistics.issued(REGION, since=START - timedelta(days=9), limit=2)
    took = sorted((one.handed_at - one.ordered_at).days for one in issued)
    assert took == [2, 3]


def test_orders_count_in_their_state_and_at_their_place(either_desk: Desk) -> None:
    desk = either_desk
    new_order(desk, 1)
    new_blanks(desk)
    sent = [made(desk, new_order(desk, number)).id for number in (2, 3, 4)]
    number = dispatch(desk, new_place(desk, name="Б"), *sent).number
    arrive(desk, number, sent[0])
    figures = order_figures(desk.office, AUDITOR, REGION)
    assert {one: n for one, n in figures.by_state.items() if n} == {
        OrderState.QUEUED: 1,
        OrderState.IN_DELIVERY: 2,
        OrderState.ARRIVED: 1,
    }
    assert [(one.place, one.on_the_way, one.waiting) for one in figures.by_place] == [("Б", 2, 1)]
    lists = lists_on_the_way(desk.office, desk.clerk, REGION)
    assert [(one.number, one.place, one.orders) for one in lists] == [(number, "Б", 2)]


def test_another_regions_orders_count_nowhere(either_desk: Desk) -> None:
    new_order(either_desk, 1)
    figures = order_figures(either_desk.office, AUDITOR, "99000")
    assert not any(figures.by_state.values())
    assert figures.by_place == ()


def test_a_day_at_a_place_has_its_visits_and_its_cards(either_desk: Desk) -> None:
    desk, place = either_desk, new_place(either_desk)
    order = new_order(desk, 1)
    today = START.replace(hour=0)
    for hours, ended in ((-1, None), (0, None), (23, None), (12, START), (24, None)):
        visit(desk, place, order, at=today + timedelta(hours=hours), ended=ended)
    visit(desk, new_place(desk, name="other"), order, at=today, ended=None)
    day = day_at_place(desk.office, desk.clerk, region=REGION, place_id=place)
    assert [one.starts_at - today for one in day.visits] == [timedelta(), timedelta(hours=23)]
    assert [one.number for one in day.visits] == ["A1"] * 2
    assert day.waiting.rows == ()


def visit(desk: Desk, place: UUID, order: Order, *, at: datetime, ended: datetime | None) -> None:
    assert order.application_id is not None
    id_ = desk.office.new_id()
    slot = Slot(region=REGION, id=id_, place_id=place, starts_at=at, minutes=15, capacity=1)
    booking = Booking(
        region=REGION,
        id=desk.office.new_id(),
        slot_id=slot.id,
        application_id=order.application_id,
        booked_at=START,
        ended_at=ended,
    )

    def add(work: Work) -> None:
        work.slots.add(slot)
        work.bookings.add(booking)

    keep(desk, add)


def test_initials_are_for_those_who_work_with_people(desk: Desk) -> None:
    new_blanks(desk)
    made(desk, new_order(desk))
    courier = Actor(UUID(int=0xC1), Role.COURIER)
    seen = [to_send(desk.office, one, REGION).rows[0].holder for one in (desk.clerk, courier)]
    assert seen == ["П••• П.", ""]


def test_figures_are_for_those_who_have_the_right(desk: Desk) -> None:
    for role in set(Role) - {Role.SERVICE}:
        actor = Actor(UUID(int=0xF1), role)
        if role.value in {one.value for one in GRANTS[Right.STATISTICS]}:
            assert order_figures(desk.office, actor, REGION).days.cards == 0
        else:
            refused("role-not-allowed", partial(order_figures, desk.office, actor, REGION))
