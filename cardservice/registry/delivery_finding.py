"""From a card or a number to its hand-over; what the clerk must see to check who came."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.accounts.masking import PersonalField, Shown, masked, shown_to
from cardservice.accounts.masking import Place as ShownIn
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role as SignedInRole
from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application as Draft
from cardservice.domain.lives import CardState, OrderState
from cardservice.domain.numbers import parse_enp
from cardservice.registry.actor import Actor
from cardservice.registry.applications import draft_of
from cardservice.registry.delivery_reading import names_of, works_with_people
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports import Work
from cardservice.registry.ports_applications import Document
from cardservice.registry.ports_making import Card, Order, Receipt
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_places import Place
from cardservice.registry.ports_policies import Policy

LOOK: Final = "card.hand-over"
RECEIPT_LOOK: Final = "card.receipt"
_IN_USE: Final = frozenset({CardState.ACTIVE.value, CardState.BLOCKED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a hand-over is found by; the first that is told counts.

    Attributes:
        number: list number and index of the card as one integer.
    """

    order_id: UUID | None = None
    number: int | None = field(default=None, repr=False)
    enp: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where to go from a card.

    Attributes:
        order_id: of the card that waits for its person here; None: none does.
        person_id: whose policy it is; None for who does not work with people.
    """

    order_id: UUID | None
    person_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HolderShown:
    """As much of the person as the role sees; a text that is not shown is empty or dots."""

    names: str
    birth_date: date | None
    enp: str
    snils: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DocumentShown:
    """A document that came with the application; the number as much as the role sees."""

    kind: str
    number: str
    issued_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandOverFile:
    """What the clerk must see at a hand-over.

    Attributes:
        old_cards: cards in use that this one replaces.
        applied: who applied for the person, as the application says; None: it does not.
        photo_id: the document that is the person's photo; None: there is none, or the actor does
            not work with people.
        documents: those of the application.
        receipts: one, once it was handed over.
    """

    order: Order
    policy: Policy
    card: Card | None
    place: Place | None
    holder: HolderShown
    old_cards: tuple[Card, ...]
    applied: Applicant | None
    photo_id: UUID | None
    documents: tuple[DocumentShown, ...]
    receipts: tuple[Receipt, ...]

    @property
    def can_be_handed_over(self) -> bool:
        """Whether the card waits for its person."""
        return self.order.state == OrderState.ARRIVED


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReceiptFile:
    """A receipt, to be printed."""

    receipt: Receipt
    place: Place | None
    holder: HolderShown


def find_hand_over(office: Office, actor: Actor, region: str, wanted: Wanted) -> Found:
    """Return the hand-over that a card or number leads to, in the actor's own region.

    The order whose card waits goes before others; the last one made counts.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``, or the number is none.
    """
    actor.require(Right.CARD_HAND_OVER)
    with office.database.reading() as kept:
        if wanted.order_id is not None:
            kept.orders.get(region, wanted.order_id)
            return Found(order_id=wanted.order_id, person_id=None)
        policy = next(_policies(kept, region, wanted), None)
        if policy is None:
            raise not_found("card")
        orders = kept.orders.of_policy(region, policy.id)
    waiting = [one.id for one in orders if one.state == OrderState.ARRIVED]
    return Found(
        order_id=waiting[-1] if waiting else None,
        person_id=policy.person_id if works_with_people(actor) else None,
    )


def view_hand_over(office: Office, actor: Actor, *, region: str, order_id: UUID) -> HandOverFile:
    """Return what a hand-over is done with; the look at the person is recorded.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """

    def read(act: Act) -> HandOverFile:
        actor.require(Right.CARD_HAND_OVER)
        work = act.work
        order = work.orders.get(region, order_id)
        policy = work.policies.get(region, order.policy_id)
        act.look(policy.person_id, LOOK)
        draft = _draft(work, order)
        documents = _documents(work, actor, order)
        return HandOverFile(
            order=order,
            policy=policy,
            card=None if order.card_id is None else work.cards.find(region, order.card_id),
            place=_place(work, region, order.place_id),
            holder=_shown(actor, work.people.get(region, policy.person_id), policy),
            old_cards=tuple(_old_cards(work, order)),
            applied=None if draft is None else draft.applicant,
            photo_id=next(
                (one.id for one in documents if draft and draft.photo == str(one.id)), None
            ),
            documents=tuple(map(_document, documents)),
            receipts=work.receipts.of_order(region, order.id),
        )

    return office.look(actor, region, read)


def view_receipt(office: Office, actor: Actor, *, region: str, order_id: UUID) -> ReceiptFile:
    """Return the receipt of an order that was handed over; the look is recorded.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """

    def read(act: Act) -> ReceiptFile:
        actor.require(Right.CARD_HAND_OVER)
        work = act.work
        receipts = work.receipts.of_order(region, order_id)
        if not receipts:
            raise not_found("receipt")
        policy = work.policies.get(region, work.orders.get(region, order_id).policy_id)
        act.look(receipts[-1].person_id, RECEIPT_LOOK)
        return ReceiptFile(
            receipt=receipts[-1],
            place=_place(work, region, receipts[-1].place_id),
            holder=_shown(actor, work.people.get(region, receipts[-1].person_id), policy),
        )

    return office.look(actor, region, read)


def _policies(kept: Work, region: str, wanted: Wanted) -> Iterator[Policy]:
    if wanted.number is not None:
        for card in kept.cards.by_number(wanted.number):
            if card.region == region and card.policy_id is not None:
                yield kept.policies.get(region, card.policy_id)
    elif wanted.enp:
        found = kept.policies.by_enp(parse_enp(wanted.enp))
        if found is not None and found.policy.region == region:
            yield found.policy


def _place(work: Work, region: str, place_id: UUID | None) -> Place | None:
    return None if place_id is None else work.places.find(region, place_id)


def _old_cards(work: Work, order: Order) -> Iterator[Card]:
    for one in work.cards.of_policy(order.region, order.policy_id):
        if one.id != order.card_id and one.state in _IN_USE:
            yield one


def _draft(work: Work, order: Order) -> Draft | None:
    if order.application_id is None:
        return None
    return draft_of(work.applications.get(order.region, order.application_id))


def _documents(work: Work, actor: Actor, order: Order) -> tuple[Document, ...]:
    # Who works with people compares the number too; nobody else is told that there are any.
    if order.application_id is None or not works_with_people(actor):
        return ()
    found = work.documents.of_application(order.region, order.application_id)
    return tuple(one for one in found if one.erased_at is None)


def _document(one: Document) -> DocumentShown:
    return DocumentShown(kind=one.kind, number=one.number or "", issued_on=one.issued_on)


def _shown(actor: Actor, person: Person, policy: Policy) -> HolderShown:
    roles = frozenset({SignedInRole(actor.role.value)})

    def as_seen(text: str | None, what: PersonalField) -> str:
        return masked(text, what, roles=roles, place=ShownIn.RECORD)

    born = shown_to(roles, PersonalField.BIRTH_DATE, ShownIn.RECORD) is Shown.ALL
    return HolderShown(
        names=as_seen(names_of(person), PersonalField.NAMES),
        birth_date=person.birth_date if born else None,
        enp=as_seen(policy.enp, PersonalField.ENP),
        snils=as_seen(person.snils, PersonalField.SNILS),
        address=as_seen(person.address, PersonalField.ADDRESS),
        phone=as_seen(person.phone, PersonalField.PHONE),
    )
