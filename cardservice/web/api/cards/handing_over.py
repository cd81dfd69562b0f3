"""The hand-over: found by a card or number, looked at, done, and its receipt."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.registry.delivery_finding import (
    Wanted,
    find_hand_over,
    view_hand_over,
    view_receipt,
)
from cardservice.registry.delivery_hand_over import HandOver, OldCard, hand_over
from cardservice.registry.delivery_reading import day_at_place
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.cards.handing_models import (
    DayShown,
    FoundHandOver,
    HandOverShown,
    ReceiptShown,
    day_shown,
    hand_over_shown,
    receipt_shown,
)
from cardservice.web.api.cards.typed import CardNumber
from cardservice.web.api.commands import Change
from cardservice.web.api.common import NOT_FOUND, Done, Model
from cardservice.web.api.paging import Wish
from cardservice.web.api.typed import Flag, ShortLine
from cardservice.web.office.asking import Asking, asking

router = APIRouter(tags=["delivery"], responses=NOT_FOUND)
Handing = Annotated[Asking, asking(Right.CARD_HAND_OVER)]
_DAY: Final = "day-at-place"


class HandOverQuestion(Model):
    """What the hand-over is found by; the first that is told counts."""

    order_id: UUID | None = None
    card_number: CardNumber | None = None
    enp: ShortLine | None = None


class HandingOver(Model):
    """Who came, what they showed, what became of the old card.

    ``matched``: it was seen that the document is this person's and that the card is right.
    """

    place_id: UUID
    came: Applicant
    shown: DocumentType
    matched: Flag
    old_card: OldCard


@router.post("/hand-overs/searches")
def api_find_hand_over(who: Handing, question: HandOverQuestion) -> FoundHandOver:
    """The order that a card or number leads to; a POST, so that neither stands in an address."""
    wanted = Wanted(
        order_id=question.order_id, number=question.card_number, enp=question.enp or None
    )
    return FoundHandOver.model_validate(find_hand_over(who.office, who.actor, who.region, wanted))


@router.get("/orders/{order_id:uuid}/hand-over", response_model=HandOverShown, responses=SEEN)
def api_show_hand_over(who: Handing, order_id: UUID, known: Known = None) -> Response:
    """What is compared when somebody comes for a card; the look at the person is recorded."""
    file = view_hand_over(who.office, who.actor, region=who.region, order_id=order_id)
    return answered(hand_over_shown(file), known, version=file.order.version)


@router.post("/orders/{order_id:uuid}/hand-over")
def api_hand_over(who: Handing, order_id: UUID, *, sent: Change, handing: HandingOver) -> Done:
    """Give a card to who came for it: it is good, the old one ends; ``number`` is the receipt's."""
    command = HandOver(
        region=who.region,
        key=sent.key,
        order_id=order_id,
        version=sent.version,
        **handing.model_dump(),
    )
    return sent.done(hand_over(who.office, who.actor, command))


@router.get("/orders/{order_id:uuid}/receipt", response_model=ReceiptShown, responses=SEEN)
def api_show_receipt(who: Handing, order_id: UUID, known: Known = None) -> Response:
    """The receipt of a card that was handed over; the look at the person is recorded."""
    file = view_receipt(who.office, who.actor, region=who.region, order_id=order_id)
    return answered(receipt_shown(file), known)


@router.get("/places/{place_id:uuid}/day", response_model=DayShown, responses=SEEN)
def api_show_day_at_place(
    who: Handing, place_id: UUID, *, wish: Wish, known: Known = None
) -> Response:
    """Who has booked a time for today, and a page of the cards that wait at the place."""
    ask = wish.ask(_DAY)
    day = day_at_place(who.office, who.actor, region=who.region, place_id=place_id, ask=ask)
    return answered(day_shown(day, wish.after(day.waiting.after, _DAY)), known)
