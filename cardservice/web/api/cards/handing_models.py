"""Hand-overs as programs see them; of a person as much as the asker's role is shown."""

from datetime import date, datetime
from uuid import UUID

from cardservice.domain.applicants import Applicant
from cardservice.registry.delivery_finding import HandOverFile, ReceiptFile
from cardservice.registry.delivery_reading import DayAtPlace
from cardservice.web.api.cards.models import CardShown, OrderLine, PlaceLine
from cardservice.web.api.common import Model


class FoundHandOver(Model):
    """``order_id``: of the card that waits, null: none does; ``person_id``: for clerks only."""

    order_id: UUID | None
    person_id: UUID | None


class HolderLine(Model):
    """The person as the role sees them; a text that is not shown is empty or dots."""

    names: str
    birth_date: date | None
    enp: str
    snils: str
    address: str
    phone: str


class ShownDocument(Model):
    """A document that came with the application."""

    kind: str
    number: str
    issued_on: date | None


class ReceiptLine(Model):
    """That the card was handed over: to whom, against what, by whom, when."""

    id: UUID
    number: str
    order_id: UUID
    card_id: UUID
    place_id: UUID
    came: str
    shown: str
    old_card: str
    handed_by: str
    handed_at: datetime


class HandOverShown(Model):
    """What is compared at a hand-over; ``old_cards`` are in use and replaced by this one.

    ``applied`` is who applied for the person; ``photo_id`` is the document that is their photo.
    """

    order: OrderLine
    card: CardShown | None
    place: PlaceLine | None
    holder: HolderLine
    old_cards: list[CardShown]
    applied: Applicant | None
    photo_id: UUID | None
    documents: list[ShownDocument]
    receipts: list[ReceiptLine]
    can_be_handed_over: bool


class ReceiptShown(ReceiptLine):
    """A receipt, to be printed."""

    place: PlaceLine | None
    holder: HolderLine


class VisitLine(Model):
    """A booked time; ``number`` is the application's that comes."""

    starts_at: datetime
    minutes: int
    application_id: UUID
    number: str


class WaitingCard(Model):
    """A card that waits for its person; ``holder`` are initials, empty for couriers."""

    order: OrderLine
    holder: str


class DayShown(Model):
    """A day at a place; ``next`` is the cursor of the following page of waiting cards."""

    place: PlaceLine
    visits: list[VisitLine]
    waiting: list[WaitingCard]
    next: str | None


def hand_over_shown(file: HandOverFile) -> HandOverShown:
    """Return a hand-over as programs see it."""
    return HandOverShown(
        order=OrderLine.model_validate(file.order),
        card=None if file.card is None else CardShown.model_validate(file.card),
        place=None if file.place is None else PlaceLine.model_validate(file.place),
        holder=HolderLine.model_validate(file.holder),
        old_cards=[CardShown.model_validate(one) for one in file.old_cards],
        applied=file.applied,
        photo_id=file.photo_id,
        documents=[ShownDocument.model_validate(one) for one in file.documents],
        receipts=[ReceiptLine.model_validate(one) for one in file.receipts],
        can_be_handed_over=file.can_be_handed_over,
    )


def receipt_shown(file: ReceiptFile) -> ReceiptShown:
    """Return a receipt as programs see it."""
    return ReceiptShown(
        **ReceiptLine.model_validate(file.receipt).model_dump(),
        place=None if file.place is None else PlaceLine.model_validate(file.place),
        holder=HolderLine.model_validate(file.holder),
    )


def day_shown(day: DayAtPlace, following: str | None) -> DayShown:
    """Return a day at a place as programs see it."""
    waiting = [
        WaitingCard(order=OrderLine.model_validate(one.order), holder=one.holder)
        for one in day.waiting.rows
    ]
    return DayShown(
        place=PlaceLine.model_validate(day.place),
        visits=[VisitLine.model_validate(one) for one in day.visits],
        waiting=waiting,
        next=following,
    )
