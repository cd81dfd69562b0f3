"""What stations, couriers and clerks find: fictional orders, blanks, places, and helpers."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

from cardservice.domain.places import Collectable, Service
from cardservice.domain.roles import Role
from cardservice.domain.stock import Movement, Stock
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer
from cardservice.registry.delivery import ArriveOrders, DispatchOrders, arrive_orders
from cardservice.registry.delivery import dispatch_orders as send
from cardservice.registry.places import AddPlace, add_place
from cardservice.registry.places_form import PlaceForm
from cardservice.registry.ports import Work
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy
from cardservice.registry.stations import LeaseOrder, lease_order
from cardservice.registry.stations_orders import ReportPersonalized, report_personalized
from cardservice.registry.stock import MoveBlanks, ReceiveBlanks, move_blanks, receive_blanks
from cardservice.registry.stock import stock as stock_now
from tests.registry.offices import BORN, REGION, START, TODAY, Desk

STATION = Actor(UUID(int=0xA1), Role.STATION)
OTHER_STATION = Actor(UUID(int=0xA2), Role.STATION)
PLACE = PlaceForm(
    name="Пункт 1",
    address="ул. Учебная, 1",
    hours=((0, "09:00", "10:00"), (1, "09:00", "09:15")),
    services=frozenset({Service.HAND_OVER}),
    collectables=frozenset({Collectable.CARD}),
)


def keep(desk: Desk, do: Callable[[Work], Any]) -> None:
    """Put rows where the use cases find them."""
    desk.office.database.transaction(do, region=REGION)


def enp(number: int) -> str:
    """Return a number of the form of an ENP; its check digit is no matter here."""
    return f"{number:016}"


def new_policy(desk: Desk, number: int = 1, **person: Any) -> tuple[Policy, Application]:
    """Return a policy and the application of its person, kept."""
    ids = [desk.office.new_id() for _ in range(3)]
    row: dict[str, Any] = {
        "surname": "Пробный",
        "given_name": "Проба",
        "sex": "male",
        "birth_date": BORN,
        "category": "citizen",
        "email": "proba@example.org",
        "created_at": START,
    }
    whose = Person(region=REGION, id=ids[0], **(row | person))
    policy = Policy(
        region=REGION,
        id=ids[1],
        person_id=ids[0],
        enp=enp(number),
        state="active",
        opened_on=TODAY,
        created_at=START,
    )
    application = Application(
        region=REGION,
        id=ids[2],
        number=f"A{number}",
        state="approved",
        channel="office",
        reason="first-policy",
        person_id=ids[0],
        birth_date=BORN,
        draft={},
        entered_by="clerk",
        entered_at=START,
        updated_at=START,
    )

    def add(work: Work) -> None:
        work.people.add(whose)
        work.policies.add(policy)
        work.applications.add(application)

    keep(desk, add)
    return policy, application


def new_order(desk: Desk, number: int = 1, **more: Any) -> Order:
    """Return a queued order for a policy of its own, kept."""
    policy, application = new_policy(desk, number)
    return order_for(desk, policy, **({"application_id": application.id} | more))


def order_for(desk: Desk, policy: Policy, **more: Any) -> Order:
    """Return a queued order for ``policy``, kept; one with a card changes the insurer."""
    row: dict[str, Any] = {"state": "queued", "created_at": START, "updated_at": START}
    if "card_id" in more:
        row["work"] = "change-insurer"
    order = Order(region=REGION, id=desk.office.new_id(), policy_id=policy.id, **(row | more))
    keep(desk, lambda work: work.orders.add(order))
    return order


def new_blanks(desk: Desk, quantity: int = 10, station: Actor = STATION) -> None:
    """Bring blanks to a station."""
    first = quantity * 1000
    receive_blanks(
        desk.office,
        desk.clerk,
        ReceiveBlanks(
            region=REGION, key=desk.key(), series="A", first=first, last=first + quantity - 1
        ),
    )
    move_blanks(
        desk.office,
        desk.clerk,
        MoveBlanks(
            region=REGION,
            key=desk.key(),
            movement=Movement.HAND_TO_STATION,
            quantity=quantity,
            station=station.account,
        ),
    )


def lease(desk: Desk, order: Order | None = None, station: Actor = STATION, **more: Any) -> Answer:
    """Lease an order."""
    wanted = None if order is None else order.id
    command = LeaseOrder(region=REGION, key=desk.key(), order_id=wanted, **more)
    return lease_order(desk.office, station, command)


def personalized(desk: Desk, leased: Answer, station: Actor = STATION, **more: Any) -> Answer:
    """Report the card of a leased order as made."""
    values: dict[str, Any] = {
        "number": int(leased.id) % (1 << 40),
        "chip_serial": b"\1\2",
        "signed_at": START,
    }
    command = ReportPersonalized(
        region=REGION,
        key=desk.key(),
        order_id=leased.id,
        version=leased.version,
        **(values | more),
    )
    return report_personalized(desk.office, station, command)


def made(desk: Desk, order: Order) -> Answer:
    """Lease an order and make its card."""
    return personalized(desk, lease(desk, order))


def new_place(desk: Desk, **changes: Any) -> UUID:
    """Return the id of a point of issue."""
    form = replace(PLACE, **changes)
    return add_place(desk.office, desk.clerk, AddPlace(region=REGION, key=desk.key(), form=form)).id


def dispatch(desk: Desk, place: UUID, *orders: UUID) -> Answer:
    """Send orders to a place."""
    command = DispatchOrders(region=REGION, key=desk.key(), place_id=place, order_ids=orders)
    return send(desk.office, desk.clerk, command)


def arrive(desk: Desk, number: str | None, *orders: UUID) -> Answer:
    """Say that cards of a list are there."""
    command = ArriveOrders(region=REGION, key=desk.key(), dispatch=number or "", order_ids=orders)
    return arrive_orders(desk.office, desk.clerk, command)


def order_now(desk: Desk, id_: UUID) -> Order:
    """Return an order as it is kept."""
    with desk.reading() as work:
        found: Order = work.orders.get(REGION, id_)
    return found


def card_now(desk: Desk, id_: UUID | str) -> Card:
    """Return a card as it is kept."""
    with desk.reading() as work:
        found: Card = work.cards.get(REGION, UUID(str(id_)))
    return found


def stock(desk: Desk) -> Stock:
    """Return how many blanks are where."""
    return stock_now(desk.office, desk.clerk, REGION)


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer | str]:
    """Return what each of ``acts``, begun at one moment, came to: an answer or a refusal's code."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> Answer | str:
        start.wait()
        try:
            return act()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
