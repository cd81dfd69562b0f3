"""Cards at every stage of their way, and forms as a browser sends them."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from cardservice.registry.ports import Work
from cardservice.registry.ports_making import Order
from cardservice.registry.ports_places import Booking, Slot
from tests.office_world import World
from tests.registry.offices import REGION, Desk
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
    order_now,
)
from tests.unit.accounts.browser import Browser

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"[^>]* value="([^"]*)"')
GOOD_ENP = "0054910834000015"


def made_order(desk: Desk, number: int = 1) -> Order:
    """Return an order whose card was made."""
    new_blanks(desk, 1 + len(desk.audit()))
    return order_now(desk, made(desk, new_order(desk, number)).id)


def sent_orders(desk: Desk, count: int = 2) -> tuple[str, list[Order]]:
    """Return the number of a list that is on its way, and its orders."""
    orders = [made_order(desk, number) for number in range(1, count + 1)]
    number = dispatch(desk, new_place(desk), *(one.id for one in orders)).number
    assert number is not None
    return number, [order_now(desk, one.id) for one in orders]


def arrived_order(desk: Desk, *, enp: str = GOOD_ENP) -> Order:
    """Return an order whose card waits at a place, for a policy with a good number."""
    policy, application = new_policy(desk, int(enp))
    new_blanks(desk, 1 + len(desk.audit()))
    order = order_for(desk, policy, application_id=application.id)
    id_ = made(desk, order).id
    arrive(desk, dispatch(desk, new_place(desk), id_).number)
    return order_now(desk, id_)


def another_order(desk: Desk, order: Order) -> Order:
    """Return one more order for the same policy, arrived."""
    with desk.reading() as work:
        policy = work.policies.get(REGION, order.policy_id)
    new_blanks(desk, 1 + len(desk.audit()))
    id_ = made(desk, order_for(desk, policy)).id
    arrive(desk, dispatch(desk, new_place(desk), id_).number)
    return order_now(desk, id_)


def book(desk: Desk, place_id: UUID, application_id: UUID, at: datetime, **more: Any) -> None:
    """Book a time at a place for an application."""
    slot = Slot(
        region=REGION,
        id=desk.office.new_id(),
        place_id=place_id,
        starts_at=at,
        minutes=15,
        capacity=1,
        booked=1,
    )
    booking = Booking(
        region=REGION,
        id=desk.office.new_id(),
        slot_id=slot.id,
        application_id=application_id,
        booked_at=desk.clock(),
        **more,
    )

    def add(work: Work) -> None:
        work.slots.add(slot)
        work.bookings.add(booking)

    keep(desk, add)


def send(
    browser: Browser,
    page: str,
    typed: Mapping[str, str | Sequence[str]],
    *,
    to: str | None = None,
) -> httpx.Response:
    """Fill in the form of a page with all its hidden fields, and send it."""
    hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(browser.get(page).text)}
    form: dict[str, str | Sequence[str]] = {**hidden, **typed}
    return browser.send(to or page, form)  # type: ignore[arg-type]


def looks_at(world: World, order: Order) -> list[str]:
    """Return why the person of an order was looked at, each time."""
    with world.desk.reading() as work:
        policy = work.policies.get(REGION, order.policy_id)
        return [one.reason for one in work.looks.at_person(REGION, policy.person_id).rows]
