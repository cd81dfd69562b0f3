"""Cards in people's hands: looked up, blocked, made good again, reported lost, ended."""

from typing import Annotated
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
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.cards.models import CardFile, OwnCard, card_file, own_card
from cardservice.web.api.cards.reading import card_of_number, own_cards, view_card
from cardservice.web.api.cards.typed import CardNumber
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import NOT_FOUND, Done, Model, PageOf
from cardservice.web.office.asking import Asking, asking

router = APIRouter(responses=NOT_FOUND)
Blocking = Annotated[Asking, asking(Right.CARD_BLOCK)]
Unblocking = Annotated[Asking, asking(Right.CARD_UNBLOCK)]
Owning = Annotated[Asking, asking(Right.APPLICATION_OWN)]


class CardQuestion(Model):
    """The number on the card, as one integer."""

    number: CardNumber


class Block(Model):
    """Why the card is not to be good for a while."""

    reason: BlockReason


class Unblock(Model):
    """Why it is good again."""

    reason: UnblockReason


class Report(Model):
    """What its holder reports."""

    loss: Loss


class Termination(Model):
    """Why it is never to be good again."""

    reason: TerminationReason


@router.post("/cards/searches")
def api_find_card(who: Blocking, question: CardQuestion) -> CardFile:
    """The card with a number; a POST, so that no number stands in an address."""
    return card_file(card_of_number(who, question.number), who.actor)


@router.get("/cards/{card_id:uuid}", response_model=CardFile, responses=SEEN)
def api_show_card(who: Blocking, card_id: UUID, known: Known = None) -> Response:
    """One card without its person, and what can be done to it."""
    found = view_card(who, card_id)
    return answered(card_file(found, who.actor), known, version=found.version)


@router.post("/cards/{card_id:uuid}/block")
def api_block_card(who: Blocking, card_id: UUID, *, sent: Change, block: Block) -> Done:
    """Let it not be good for a while; its holder may do that too."""
    command = BlockCard(
        region=who.region,
        key=sent.key,
        card_id=card_id,
        version=sent.version,
        reason=block.reason,
    )
    return sent.done(block_card(who.office, who.actor, command))


@router.post("/cards/{card_id:uuid}/unblocking")
def api_unblock_card(who: Unblocking, card_id: UUID, *, sent: Change, unblock: Unblock) -> Done:
    """Let a blocked card be good again."""
    command = UnblockCard(
        region=who.region,
        key=sent.key,
        card_id=card_id,
        version=sent.version,
        reason=unblock.reason,
    )
    return sent.done(unblock_card(who.office, who.actor, command))


@router.post("/cards/{card_id:uuid}/loss")
def api_report_card(who: Blocking, card_id: UUID, *, sent: Sent, report: Report) -> Done:
    """End a lost or stolen card at once, whatever it is now; its holder may do that too."""
    command = ReportCard(region=who.region, key=sent.key, card_id=card_id, loss=report.loss)
    return sent.done(report_card(who.office, who.actor, command))


@router.post("/cards/{card_id:uuid}/termination")
def api_terminate_card(
    who: Blocking, card_id: UUID, *, sent: Change, termination: Termination
) -> Done:
    """Let it never be good again."""
    command = TerminateCard(
        region=who.region,
        key=sent.key,
        card_id=card_id,
        version=sent.version,
        reason=termination.reason,
    )
    return sent.done(terminate_card(who.office, who.actor, command))


@router.get("/own-application/cards", response_model=PageOf[OwnCard], responses=SEEN)
def api_list_own_cards(who: Owning, known: Known = None) -> Response:
    """The cards of the person whose application was signed in to."""
    rows = [own_card(one) for one in own_cards(who)]
    return answered(PageOf(items=rows), known)
