"""What who brings cards is shown: which lists are on their way, and whose door each card is for.

Of a person only what finds them: no birth date, no SNILS, no policy number. Each look is recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import CardState, OrderState
from cardservice.registry.actor import Actor
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_making import DispatchList, Order
from cardservice.registry.ports_people import Person

_LOOK_REASON: Final = "delivery"
_IN_USE: Final = frozenset({CardState.ACTIVE, CardState.BLOCKED})
_BROUGHT: Final = frozenset({OrderState.IN_DELIVERY, OrderState.ARRIVED})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Delivery:
    """One card to be brought to its holder.

    Attributes:
        order_id, version, state: what ``HandOver`` names.
        place_id: where the card arrived, or is to arrive.
        application: number of the application, None if there was none.
        names: surname, given name and patronymic.
        has_card: the person has a card in use, which the courier asks for.
    """

    order_id: UUID
    version: int
    state: str
    place_id: UUID | None
    application: str | None
    names: str
    address: str | None
    phone: str | None
    has_card: bool


def dispatch_lists(office: Office, actor: Actor, region: str) -> tuple[DispatchList, ...]:
    """Return the lists with cards that have not arrived, by number; 200 at most.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.DELIVERY)
    with office.database.reading() as kept:
        return kept.orders.on_the_way(region, OrderState.IN_DELIVERY)


def delivery_list(
    office: Office, actor: Actor, region: str, number: str, *, ask: Ask = FIRST
) -> Page[Delivery]:
    """Return whom the cards of a dispatch list are for that are not handed over yet.

    A page of the list has fewer rows than asked for when others of its cards are handed over.
    The looks at the persons are recorded.

    Raises:
        Refusal: ``not-found``: there is no such list; ``role-not-allowed``.
    """

    def read(act: Act) -> Page[Delivery]:
        actor.require(Right.DELIVERY)
        page = act.work.orders.of_dispatch(region, number, ask)
        if not page.rows and ask.after is None:
            raise not_found("dispatch list")
        return Page(rows=tuple(_deliveries(act, page.rows)), after=page.after)

    return office.look(actor, region, read)


def _deliveries(act: Act, orders: tuple[Order, ...]) -> Iterator[Delivery]:
    for order in orders:
        if order.state in _BROUGHT:
            policy = act.work.policies.get(order.region, order.policy_id)
            person = act.work.people.get(order.region, policy.person_id)
            act.look(person.id, _LOOK_REASON)
            yield _delivery(act, order, person)


def _delivery(act: Act, order: Order, person: Person) -> Delivery:
    names = (person.surname, person.given_name, person.patronymic)
    return Delivery(
        order_id=order.id,
        version=order.version,
        state=order.state,
        place_id=order.place_id,
        application=_application(act, order),
        names=" ".join(one for one in names if one),
        address=person.address,
        phone=person.phone,
        has_card=_has_card(act, order),
    )


def _application(act: Act, order: Order) -> str | None:
    if order.application_id is None:
        return None
    return act.work.applications.get(order.region, order.application_id).number


def _has_card(act: Act, order: Order) -> bool:
    cards = act.work.cards.of_policy(order.region, order.policy_id)
    return any(one.id != order.card_id and one.state in _IN_USE for one in cards)
