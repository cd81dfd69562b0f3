"""Orders and cards as programs see them; nothing of a person is in them."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import Field

from cardservice.domain.lives import CARD, CardEvent, CardState, OrderEvent
from cardservice.domain.terms import Standing
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import Actor
from cardservice.registry.orders_reading import OrderFile
from cardservice.registry.ports_making import Card, Order
from cardservice.web.api.common import Model

_TAIL: Final = 10_000  # the last four digits tell one's own cards apart


class OrderLine(Model):
    """An order; ``work`` says what is to be done, ``ground`` why if it was ordered by itself.

    ``card_id``: the card that was made for it, or that the work is done to. ``station`` is making
    it until ``leased_until``; ``dispatch`` is the list it travels with.
    """

    id: UUID
    version: int
    application_id: UUID | None
    policy_id: UUID
    card_id: UUID | None
    place_id: UUID | None
    work: CardWork
    ground: str | None
    state: str
    station: str | None
    leased_until: datetime | None
    dispatch: str | None
    attempts: int
    due_on: date | None
    created_at: datetime
    updated_at: datetime


class QueuedOrder(OrderLine):
    """A line of the queue; ``standing`` says whether it is late, null when nothing presses."""

    standing: Standing | None


class CardShown(Model):
    """A card; ``number`` is list number and index of EF.CardID as one integer of 48 bits."""

    id: UUID
    version: int
    number: int = Field(examples=[1234567])
    policy_id: UUID | None
    order_id: UUID | None
    state: str
    reason: str | None
    signed_at: datetime | None
    activated_at: datetime | None
    terminated_at: datetime | None
    valid_until: date | None


class CardFile(CardShown):
    """A card, opened; ``events`` are what the asker may do with it now."""

    events: list[CardEvent]


class OwnCard(Model):
    """A card of one's own; ``tail`` is the last four digits of its number."""

    id: UUID
    version: int
    tail: str
    state: str
    reason: str | None
    valid_until: date | None


class CertificateLine(Model):
    """A temporary certificate that serves until the card is there."""

    id: UUID
    version: int
    state: str
    valid_until: date


class PlaceLine(Model):
    """Where the card is handed over."""

    id: UUID
    name: str
    address: str


class OrderShown(OrderLine):
    """An order with what belongs to it; ``events`` are what the asker may do with it.

    ``application`` is a number.
    """

    application: str | None
    place: PlaceLine | None
    card: CardShown | None
    certificates: list[CertificateLine]
    events: list[OrderEvent]


def order_shown(file: OrderFile) -> OrderShown:
    """Return an order as programs see it."""
    place, card = file.place, file.card
    return OrderShown(
        **OrderLine.model_validate(file.order).model_dump(),
        application=file.application,
        place=None if place is None else PlaceLine.model_validate(place),
        card=None if card is None else CardShown.model_validate(card),
        certificates=[CertificateLine.model_validate(one) for one in file.certificates],
        events=sorted(file.events),
    )


def queued(order: Order, standing: Standing | None) -> QueuedOrder:
    """Return a line of the queue."""
    return QueuedOrder(**OrderLine.model_validate(order).model_dump(), standing=standing)


def card_file(card: Card, actor: Actor) -> CardFile:
    """Return a card, opened by ``actor``."""
    possible = CARD.possible(CardState(card.state), actor.role)
    events = sorted({row.event for row in possible})
    return CardFile(**CardShown.model_validate(card).model_dump(), events=events)


def own_card(card: Card) -> OwnCard:
    """Return a card as its holder sees it: enough to tell one's own cards apart."""
    return OwnCard(
        id=card.id,
        version=card.version,
        tail=f"{card.number % _TAIL:04}",
        state=card.state,
        reason=card.reason,
        valid_until=card.valid_until,
    )
