"""What can be done to a card: blocked, reported, terminated, made good again."""

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.registry.cards import (
    BlockCard,
    BlockReason,
    Loss,
    ReportCard,
    TerminateCard,
    TerminationReason,
    UnblockCard,
    UnblockReason,
    block_card,
    report_card,
    terminate_card,
    unblock_card,
)
from cardservice.registry.cards_service import HELD
from cardservice.texts.office.labels import label
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.people.card_changes import (
    REASONS,
    UNBLOCK,
    CardChange,
    changes_of,
)
from cardservice.web.office.people.opening import open_card, page_of_policy
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, choice_in, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/cards/{card_id}"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Blocker = Annotated[Asking, asking(Right.CARD_BLOCK)]
Unblocker = Annotated[Asking, asking(Right.CARD_UNBLOCK)]


@router.get(ADDRESS)
def show_card(visit: Visiting, asking: Blocker, card_id: UUID) -> Response:
    """Show a card without its person, and what can be done to it."""
    card = open_card(asking, card_id)
    changes = changes_of(card, asking)
    person = page_of_policy(asking, card.policy_id, otherwise="")
    return show(
        "people/card.html",
        visit,
        asking=asking,
        card=card,
        changes=changes,
        person=person,
        may_serve=card.state in HELD and asking.may(Right.CARD_SERVE),
    )


@router.get(ADDRESS + "/unblocking")
def show_card_unblocking(visit: Visiting, asking: Unblocker, card_id: UUID) -> Response:
    """Ask why a card is good again."""
    return _page(visit, asking, card_id, UNBLOCK)


@router.post(ADDRESS + "/unblocking", dependencies=[OurForm])
def send_card_unblocking(
    visit: Visiting, asking: Unblocker, card_id: UUID, fields: Fields
) -> Response:
    """Make a blocked card good again."""
    return _sent(visit, asking, card_id, UNBLOCK, fields)


@router.get(ADDRESS + "/changes/{change}")
def show_card_change(
    visit: Visiting, asking: Blocker, card_id: UUID, change: CardChange
) -> Response:
    """Ask why a card is blocked or ended."""
    return _page(visit, asking, card_id, change)


@router.post(ADDRESS + "/changes/{change}", dependencies=[OurForm])
def send_card_change(
    visit: Visiting, asking: Blocker, card_id: UUID, change: CardChange, fields: Fields
) -> Response:
    """Block, report or terminate a card."""
    return _sent(visit, asking, card_id, change, fields)


def _sent(visit: Visit, asking: Asking, card_id: UUID, change: str, fields: FormFields) -> Response:
    card = open_card(asking, card_id)
    itself = ADDRESS.format(card_id=card_id)
    return answered(
        partial(_do, asking, card_id, change, fields),
        then=page_of_policy(asking, card.policy_id, otherwise=itself),
        again=lambda refusal: _page(visit, asking, card_id, change, Sent(refusal, fields)),
    )


def _do(asking: Asking, card_id: UUID, change: str, fields: FormFields) -> object:
    office, actor = asking.office, asking.actor
    named: dict[str, Any] = {
        "region": asking.region,
        "key": fields.text("key"),
        "card_id": card_id,
    }
    if change == CardChange.REPORT:
        return report_card(
            office, actor, ReportCard(**named, loss=choice_in(Loss, fields, "reason"))
        )
    named["version"] = version_in(fields)
    if change == CardChange.BLOCK:
        block = BlockCard(**named, reason=choice_in(BlockReason, fields, "reason"))
        return block_card(office, actor, block)
    if change == UNBLOCK:
        unblock = UnblockCard(**named, reason=choice_in(UnblockReason, fields, "reason"))
        return unblock_card(office, actor, unblock)
    terminate = TerminateCard(**named, reason=choice_in(TerminationReason, fields, "reason"))
    return terminate_card(office, actor, terminate)


def _page(visit: Visit, asking: Asking, card_id: UUID, change: str, sent: Sent = FRESH) -> Response:
    card = open_card(asking, card_id)
    itself = ADDRESS.format(card_id=card_id)
    return show(
        "people/card_change.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        card=card,
        change=str(change),
        reasons=[(one.value, label(one, visit.language)) for one in REASONS[change]],
        back=page_of_policy(asking, card.policy_id, otherwise=itself),
    )
