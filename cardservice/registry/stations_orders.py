"""What becomes of an order: a card was made for it, it was spoiled, queued again, or cancelled."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import CARD, CardEvent, CardState, OrderEvent, OrderState
from cardservice.domain.stock import Movement
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.stations import (
    back_in_queue,
    expect_lease,
    moved_order,
    order_answer,
)
from cardservice.registry.stations_cancelling import cancelled, end_made_card, made_card
from cardservice.registry.stations_numbers import expect_own_number
from cardservice.registry.stations_spoiling import was_spoiled
from cardservice.registry.stock import Moved, move
from cardservice.registry.stock_chips import chips_of

LAST_CARD_NUMBER: Final = (1 << 48) - 1  # list number and index of EF.CardID, six octets
LONGEST_CHIP_SERIAL: Final = 32  # octets, more than any chip has


@unique
class SpoilReason(StrEnum):
    """Why a card, or the blank that was to be one, is of no use."""

    DAMAGED = "damaged"
    FAULTY = "faulty"
    WRONG_DATA = "wrong-data"
    LOST_ON_THE_WAY = "lost-on-the-way"


@unique
class CancelReason(StrEnum):
    """Why no card is to be made or handed over."""

    NOT_WANTED = "not-wanted"
    POLICY_CLOSED = "policy-closed"
    ORDERED_BY_MISTAKE = "ordered-by-mistake"
    NEVER_COLLECTED = "never-collected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPersonalized(OfficeCommand):
    """A station made the card.

    Attributes:
        number: list number and index of EF.CardID as one integer, 48 bits.
        chip_serial: of the chip, 1 to 32 octets.
        signed_at: ``signingTime`` of the security object on the card.
        valid_until: last day of the card; None: unlimited.
    """

    order_id: UUID
    version: int
    number: int
    chip_serial: bytes
    signed_at: datetime
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoilOrder(OfficeCommand):
    """The card made for an order, or the blank begun for it, is of no use.

    Attributes:
        again: queue the order at once; otherwise it waits for somebody to decide.
        chip_serial: of the blank that a station began, 8 octets; None: it is counted, not named.
    """

    order_id: UUID
    version: int
    reason: SpoilReason
    again: bool = True
    chip_serial: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOrderAgain(OfficeCommand):
    """A spoiled order is to be made after all."""

    order_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder(OfficeCommand):
    """No card is to be made, or handed over, for this order."""

    order_id: UUID
    version: int
    reason: CancelReason


def report_personalized(office: Office, actor: Actor, command: ReportPersonalized) -> Answer:
    """Return the order with ``made["card"]``, which is not valid before its hand-over.

    A lease that ended but whose order nobody else has got serves still: the card is there. The
    same card reported again is answered as done, whatever became of the order since.

    Raises:
        Refusal: ``lease-not-yours``; ``order-is-update``: no card is to be made for it;
            ``card-number-wrong``, ``chip-serial-wrong``; ``card-number-of-another-order``;
            ``duplicate``: the region has a card of this number; ``stock-short``, ``stale``,
            ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _personalized)


def spoil_order(office: Office, actor: Actor, command: SpoilOrder) -> Answer:
    """Return the order, spoiled or queued again; a card made for it is terminated.

    Work on a card that failed costs no blank, and the card that its holder has stays as it was.
    What is queued again and can come to nothing any more is cancelled, see ``back_in_queue``. A
    station that reports the same chip, or on the same version, again is answered as done.

    Raises:
        Refusal: ``lease-not-yours``, ``state-order-…``, ``stale``, ``stock-short``,
            ``chips-wrong``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _spoil)


def queue_order_again(office: Office, actor: Actor, command: QueueOrderAgain) -> Answer:
    """Return the order, in the queue; cancelled if it can come to nothing any more.

    Raises:
        Refusal: ``state-order-…``, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _again)


def cancel_order(office: Office, actor: Actor, command: CancelOrder) -> Answer:
    """Return the order, cancelled; a card made for it is terminated.

    Raises:
        Refusal: ``state-order-…``: handed over, cancelled already, or leased by a station, which
            gives it back first; ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _cancel)


def _personalized(act: Act, command: ReportPersonalized) -> Answer:
    act.actor.require(Right.ORDER_MAKE)
    order = act.work.orders.get(act.region, command.order_id)
    earlier = _reported(act, order, command)
    if earlier is not None:
        return order_answer(order, card=str(earlier.id))
    expect_lease(act, order)
    expect_version(order, command.version)
    if order.work != CardWork.NEW_CARD:
        sentence = "This order is for work on a card that there is; no new one is made for it."
        raise Refusal("order-is-update", sentence)
    card = _card(act, order, command)
    expect_own_number(act, order, command.number)
    act.work.cards.add(card)
    act.record("card.personalize", "card", card.id, order=str(order.id))
    made = moved_order(
        act,
        order,
        OrderEvent.PERSONALIZE,
        card_id=card.id,
        leased_until=None,
        attempts=order.attempts + 1,
    )
    move(act, Movement.ISSUE, 1, Moved(station=act.actor.name, order_id=order.id))
    return order_answer(made, card=str(card.id))


def _reported(act: Act, order: Order, command: ReportPersonalized) -> Card | None:
    """Return the card if the station has reported this very one; None: it has not."""
    card = made_card(act, order)
    if card is None or order.station != act.actor.name:
        return None
    told = command.number, command.chip_serial, command.signed_at
    return card if told == (card.number, card.chip_serial, card.signed_at) else None


def _card(act: Act, order: Order, command: ReportPersonalized) -> Card:
    if not 0 <= command.number <= LAST_CARD_NUMBER:
        raise Refusal("card-number-wrong", "A card's number has 48 bits.", field="number")
    if not 1 <= len(command.chip_serial) <= LONGEST_CHIP_SERIAL:
        sentence = f"A chip's serial number has 1 to {LONGEST_CHIP_SERIAL} octets."
        raise Refusal("chip-serial-wrong", sentence, field="chip_serial")
    return Card(
        region=act.region,
        id=act.new_id(),
        number=command.number,
        chip_serial=command.chip_serial,
        policy_id=order.policy_id,
        order_id=order.id,
        state=CARD.after(CardState.BLANK, CardEvent.PERSONALIZE, role=act.actor.role).value,
        signed_at=command.signed_at,
        valid_until=command.valid_until,
        created_at=act.now,
        updated_at=act.now,
    )


def _spoil(act: Act, command: SpoilOrder) -> Answer:
    act.actor.require(Right.ORDER_CHANGE)
    order = act.work.orders.get(act.region, command.order_id)
    if was_spoiled(act, order, version=command.version, chip=command.chip_serial):
        return order_answer(order)
    if order.state == OrderState.LEASED:
        act.actor.require(Right.ORDER_MAKE)
        expect_lease(act, order)
    expect_version(order, command.version)
    if _began_blank(order):
        moved = Moved(
            station=act.actor.name,
            order_id=order.id,
            ground=command.reason.value,
            chips=chips_of(command.chip_serial, command.chip_serial, 1),
        )
        move(act, Movement.SPOIL_AT_STATION, 1, moved)
    spoiled = _spoiled(act, order, command.reason, again=command.again)
    is_faulty = command.reason in {SpoilReason.FAULTY, SpoilReason.WRONG_DATA}
    event = CardEvent.FIND_FAULTY if is_faulty else CardEvent.FIND_DAMAGED
    end_made_card(act, order, event, reason=command.reason.value)
    return order_answer(spoiled)


def _spoiled(act: Act, order: Order, reason: SpoilReason, *, again: bool) -> Order:
    spoiled = moved_order(
        act,
        order,
        OrderEvent.SPOIL,
        ground=reason.value,
        card_id=None if made_card(act, order) else order.card_id,
        dispatch=None,
        spoiled_by=act.actor.name,
        spoiled_version=order.version,
        station=None,
        leased_until=None,
        attempts=order.attempts + _began_blank(order),
    )
    return back_in_queue(act, spoiled, OrderEvent.QUEUE_AGAIN) if again else spoiled


def _began_blank(order: Order) -> bool:
    return order.state == OrderState.LEASED and order.work == CardWork.NEW_CARD


def _again(act: Act, command: QueueOrderAgain) -> Answer:
    order = _found(act, command.order_id, command.version)
    return order_answer(back_in_queue(act, order, OrderEvent.QUEUE_AGAIN))


def _cancel(act: Act, command: CancelOrder) -> Answer:
    order = _found(act, command.order_id, command.version)
    return order_answer(cancelled(act, order, ground=command.reason.value))


def _found(act: Act, order_id: UUID, version: int) -> Order:
    act.actor.require(Right.ORDER_CHANGE)
    order = act.work.orders.get(act.region, order_id)
    expect_version(order, version)
    return order
