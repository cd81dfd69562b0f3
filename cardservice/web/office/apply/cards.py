"""Pages: the person's own cards; one is reported lost, and a duplicate applied for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from cardservice.accounts.rights import Right
from cardservice.domain.reasons import DuplicateCause
from cardservice.errors import Refusal
from cardservice.registry.cards import Loss, ReportCard, report_card
from cardservice.web.office.apply.entry import OWN
from cardservice.web.office.apply.own import Own
from cardservice.web.office.apply.owned import owned_by
from cardservice.web.office.apply.pages import understood
from cardservice.web.office.apply.starting import begin_own, duplicate_draft
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
CARDS = f"{OWN}/cards"


@router.get(CARDS)
def show_own_cards(visit: Visiting, asking: Own) -> Response:
    """Show the person's cards: state and last digits."""
    return _page(visit, asking)


@router.post(f"{CARDS}/lost", dependencies=[OurForm])
def send_own_loss(
    visit: Visiting,
    asking: Annotated[Asking, asking(Right.CARD_BLOCK)],
    fields: Fields,
    card_id: Annotated[UUID, Form()],
) -> Response:
    """End a card at once."""
    try:
        loss = _loss(fields.text("loss"))
        command = ReportCard(
            region=asking.region, key=fields.text("key"), card_id=card_id, loss=loss
        )
        report_card(asking.office, asking.actor, command)
    except Refusal as refusal:
        return _page(visit, asking, refusal=understood(refusal))
    return _page(visit, asking, ended=loss)


@router.post(f"{CARDS}/duplicate", dependencies=[OurForm])
def send_own_duplicate(visit: Visiting, asking: Own, fields: Fields) -> Response:
    """Begin an application for a duplicate, with the person's data of this one."""
    because = fields.text("because")
    cause = DuplicateCause(because if because in tuple(DuplicateCause) else DuplicateCause.LOST)
    draft = duplicate_draft(owned_by(asking).draft, cause)
    try:
        return begin_own(visit, draft, key=fields.text("key"))
    except Refusal as refusal:
        return _page(visit, asking, refusal=understood(refusal))


def _loss(text: str) -> Loss:
    if text not in tuple(Loss):
        raise Refusal("loss-missing", "Say whether it is lost or stolen.", field="loss")
    return Loss(text)


def _page(
    visit: Visit, asking: Asking, *, refusal: Refusal | None = None, ended: Loss | None = None
) -> Response:
    owned = owned_by(asking)
    return show("apply/cards.html", visit, asking=asking, refusal=refusal, owned=owned, ended=ended)
