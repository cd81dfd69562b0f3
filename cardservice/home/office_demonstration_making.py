"""The demonstration's cards: made, sent, handed over, blocked and lost."""

import secrets
from typing import Final
from uuid import UUID

from cardservice.accounts.roles import Role
from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.home.office_demonstration_stage import Stage
from cardservice.registry.cards import (
    BlockCard,
    BlockReason,
    Loss,
    ReportCard,
    block_card,
    report_card,
)
from cardservice.registry.commands import Answer
from cardservice.registry.delivery import (
    ArriveOrders,
    DispatchOrders,
    arrive_orders,
    dispatch_orders,
)
from cardservice.registry.delivery_hand_over import HandOver, OldCard, hand_over
from cardservice.registry.stations import LeaseOrder, lease_order
from cardservice.registry.stations_orders import (
    CancelOrder,
    CancelReason,
    ReportPersonalized,
    SpoilOrder,
    SpoilReason,
    cancel_order,
    report_personalized,
    spoil_order,
)

_NUMBER_OCTETS: Final = 6  # list number and index of a card
_SERIAL_OCTETS: Final = 8
_DAY_MINUTES: Final = 24 * 60


def make_cards(stage: Stage) -> None:
    """Make most of the cards; spoil one, cancel one, leave some in the queue."""
    orders, stage.orders = stage.orders, []
    for one in orders[:24]:
        stage.orders.append(_made(stage, _leased(stage, one)))
    spoiled = _leased(stage, orders[24])
    damaged = SpoilOrder(
        region=stage.region,
        key=stage.key(),
        order_id=spoiled.id,
        version=spoiled.version,
        reason=SpoilReason.DAMAGED,
        again=False,
    )
    spoil_order(*stage.by(Role.STATION), damaged)
    unwanted = CancelOrder(
        region=stage.region,
        key=stage.key(),
        order_id=orders[25].id,
        version=1,
        reason=CancelReason.NOT_WANTED,
    )
    cancel_order(*stage.by(Role.CLERK), unwanted)


def _leased(stage: Stage, order: Answer) -> Answer:
    return lease_order(
        *stage.by(Role.STATION), LeaseOrder(region=stage.region, key=stage.key(), order_id=order.id)
    )


def _made(stage: Stage, leased: Answer) -> Answer:
    command = ReportPersonalized(
        region=stage.region,
        key=stage.key(),
        order_id=leased.id,
        version=leased.version,
        number=int.from_bytes(secrets.token_bytes(_NUMBER_OCTETS)),
        chip_serial=secrets.token_bytes(_SERIAL_OCTETS),
        signed_at=stage.office.clock(),
    )
    return report_personalized(*stage.by(Role.STATION), command)


def hand_over_first(stage: Stage) -> None:
    """Hand the first cards over."""
    first, stage.orders = stage.orders[:11], stage.orders[11:]
    _arrived(stage, first)
    for one in first[:10]:
        stage.cards.append(_handed_over(stage, one))


def send_more(stage: Stage) -> None:
    """Let more arrive, and some be on their way."""
    second, stage.orders = stage.orders[:6], stage.orders[6:]
    _arrived(stage, second)
    _send(stage, stage.orders[:4])


def _arrived(stage: Stage, orders: list[Answer]) -> None:
    sent = _send(stage, orders)
    command = ArriveOrders(region=stage.region, key=stage.key(), dispatch=sent.number or "")
    arrive_orders(*stage.by(Role.CLERK), command)


def _send(stage: Stage, orders: list[Answer]) -> Answer:
    ids = tuple(one.id for one in orders)
    command = DispatchOrders(
        region=stage.region, key=stage.key(), place_id=stage.place, order_ids=ids
    )
    return dispatch_orders(*stage.by(Role.CLERK), command)


def _handed_over(stage: Stage, order: Answer) -> Answer:
    with stage.office.database.reading() as kept:
        version = kept.orders.get(stage.region, order.id).version
    command = HandOver(
        region=stage.region,
        key=stage.key(),
        order_id=order.id,
        version=version,
        place_id=stage.place,
        came=Applicant.SELF,
        shown=DocumentType.PASSPORT_RF,
        matched=True,
        old_card=OldCard.NONE,
    )
    return hand_over(*stage.by(Role.CLERK), command)


def lease_one(stage: Stage) -> None:
    """Let the station have an order for a day."""
    command = LeaseOrder(region=stage.region, key=stage.key(), minutes=_DAY_MINUTES)
    lease_order(*stage.by(Role.STATION), command)


def lose_some(stage: Stage) -> None:
    """Block two cards; report one lost and one stolen."""
    ids = [UUID(one.made["card"]) for one in stage.cards]
    for card_id in ids[:2]:
        with stage.office.database.reading() as kept:
            version = kept.cards.get(stage.region, card_id).version
        mislaid = BlockCard(
            region=stage.region,
            key=stage.key(),
            card_id=card_id,
            version=version,
            reason=BlockReason.MISLAID,
        )
        block_card(*stage.by(Role.CLERK), mislaid)
    for card_id, loss in zip(ids[2:4], Loss, strict=True):
        report_card(
            *stage.by(Role.CLERK),
            ReportCard(region=stage.region, key=stage.key(), card_id=card_id, loss=loss),
        )
