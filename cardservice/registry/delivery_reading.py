"""What is to be sent, what is on its way, and what waits at a place of issue.

A line names an order and a place. Who works with people sees the initials too, to tell cards
apart; a courier needs neither name nor number of a person.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from cardservice.accounts.masking import mask_names
from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role as SignedInRole
from cardservice.domain.lives import OrderState
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.frame import Office
from cardservice.registry.ports import Work
from cardservice.registry.ports_base import FIRST, MAX_PAGE, Ask, Page
from cardservice.registry.ports_making import Order
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_places import Place
from cardservice.registry.ports_statistics import Visit

_ALL: Final = Ask(limit=MAX_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A card on its way, or before it.

    Attributes:
        place: name of the place it is for; empty: none was chosen.
        holder: ``И••• П. С.``; empty for who does not work with people.
    """

    order: Order
    place: str
    holder: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A dispatch list of which ``orders`` cards have not arrived."""

    number: str
    place: str
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSheet:
    """A dispatch list, whatever became of its orders; a list has 200 at most."""

    number: str
    place: Place | None
    parcels: tuple[Parcel, ...]

    @property
    def missing(self) -> tuple[Parcel, ...]:
        """Those that have not arrived."""
        return self._in(OrderState.IN_DELIVERY)

    @property
    def arrived(self) -> tuple[Parcel, ...]:
        """Those that wait for their people."""
        return self._in(OrderState.ARRIVED)

    def _in(self, state: OrderState) -> tuple[Parcel, ...]:
        return tuple(one for one in self.parcels if one.order.state == state)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAtPlace:
    """Who comes today, and which cards wait."""

    place: Place
    visits: tuple[Visit, ...]
    waiting: Page[Parcel]


def to_send(office: Office, actor: Actor, region: str, *, ask: Ask = FIRST) -> Page[Parcel]:
    """Return made cards that wait to be sent, the soonest due first.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.DELIVERY)
    with office.database.reading() as kept:
        page = kept.orders.queue(region, OrderState.PERSONALIZED.value, ask)
        return Page(rows=_parcels(kept, actor, page.rows), after=page.after)


def lists_on_the_way(office: Office, actor: Actor, region: str) -> tuple[ListLine, ...]:
    """Return lists with cards that have not arrived, the last one first; at most 200.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.DELIVERY)
    with office.database.reading() as kept:
        return tuple(
            ListLine(
                number=one.dispatch,
                place=_place_name(kept, region, one.place_id),
                orders=one.orders,
            )
            for one in kept.statistics.on_the_way(region)
        )


def dispatch_sheet(office: Office, actor: Actor, region: str, number: str) -> DispatchSheet:
    """Return a dispatch list.

    Raises:
        Refusal: ``list-unknown`` or ``role-not-allowed``.
    """
    actor.require(Right.DELIVERY)
    with office.database.reading() as kept:
        rows = kept.orders.of_dispatch(region, number, _ALL).rows
        if not rows:
            raise Refusal("list-unknown", "There is no such dispatch list.", field="dispatch")
        id_ = rows[0].place_id
        place = None if id_ is None else kept.places.find(region, id_)
        parcels = _parcels(kept, actor, rows)
    return DispatchSheet(number=number, place=place, parcels=parcels)


def places_of_issue(office: Office, actor: Actor, region: str) -> tuple[Place, ...]:
    """Return the open places that hand cards over, by name; raises ``role-not-allowed``."""
    actor.require(Right.DELIVERY)
    today = office.today
    with office.database.reading() as kept:
        return tuple(
            one
            for one in kept.places.of_region(region, _ALL).rows
            if one.collects and (one.closed_on is None or one.closed_on > today)
        )


def day_at_place(
    office: Office, actor: Actor, *, region: str, place_id: UUID, ask: Ask = FIRST
) -> DayAtPlace:
    """Return who has booked a time at a place for today, and which cards wait there.

    Raises:
        Refusal: ``not-found`` or ``role-not-allowed``.
    """
    actor.require(Right.CARD_HAND_OVER)
    from_ = datetime.combine(office.today, time(), office.settings.zone).astimezone(UTC)
    until = from_ + timedelta(days=1)
    with office.database.reading() as kept:
        place = kept.places.get(region, place_id)
        page = kept.statistics.waiting(region, place_id, ask)
        return DayAtPlace(
            place=place,
            visits=kept.statistics.visits(region, place_id, from_=from_, until=until),
            waiting=Page(rows=_parcels(kept, actor, page.rows), after=page.after),
        )


def works_with_people(actor: Actor) -> bool:
    """Return whether the actor may open a person's record."""
    return may({SignedInRole(actor.role.value)}, Right.PERSON_READ)


def names_of(person: Person) -> str:
    """Return surname, given name and patronymic in one line."""
    return " ".join(filter(None, (person.surname, person.given_name, person.patronymic)))


def _parcels(kept: Work, actor: Actor, orders: tuple[Order, ...]) -> tuple[Parcel, ...]:
    shown = works_with_people(actor)
    places = {one.place_id: _place_name(kept, one.region, one.place_id) for one in orders}
    return tuple(
        Parcel(
            order=one,
            place=places[one.place_id],
            holder=_initials(kept, one) if shown else "",
        )
        for one in orders
    )


def _initials(kept: Work, order: Order) -> str:
    policy = kept.policies.get(order.region, order.policy_id)
    return mask_names(names_of(kept.people.get(order.region, policy.person_id)))


def _place_name(kept: Work, region: str, place_id: UUID | None) -> str:
    place = None if place_id is None else kept.places.find(region, place_id)
    return "" if place is None else place.name
