"""Work on a card that its holder has, ordered with a small form: what, and why."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.cards_service import (
    GROUNDS,
    OrderCardService,
    ServiceGround,
    order_card_service,
)
from cardservice.registry.commands import Answer
from cardservice.texts.office.labels import label
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.orders.listing import ADDRESS as ORDERS
from cardservice.web.office.people.opening import open_card, page_of_policy
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, expect_chosen, needed, to_page, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

CARD: Final = "/office/cards/{card_id}"
ADDRESS: Final = CARD + "/service"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Server = Annotated[Asking, asking(Right.CARD_SERVE)]


@router.get(ADDRESS)
def show_card_service(visit: Visiting, asking: Server, card_id: UUID) -> Response:
    """Ask what is to be done to a card, and why."""
    return _page(visit, asking, card_id)


@router.post(ADDRESS, dependencies=[OurForm])
def send_card_service(visit: Visiting, asking: Server, card_id: UUID, fields: Fields) -> Response:
    """Order the work; what follows is the page of the order."""
    try:
        done = _order(asking, card_id, fields)
    except Refusal as refusal:
        return _page(visit, asking, card_id, Sent(refusal, fields))
    # Who may order work may look at orders.
    return to_page(f"{ORDERS}/{done.id}")


def _order(asking: Asking, card_id: UUID, fields: FormFields) -> Answer:
    expect_chosen(fields, {"work": CardWork, "ground": ServiceGround})
    command = OrderCardService(
        region=asking.region,
        key=fields.text("key"),
        card_id=card_id,
        version=version_in(fields),
        work=needed(CardWork, fields, "work"),
        ground=needed(ServiceGround, fields, "ground"),
    )
    return order_card_service(asking.office, asking.actor, command)


def _page(visit: Visit, asking: Asking, card_id: UUID, sent: Sent = FRESH) -> Response:
    card = open_card(asking, card_id)
    itself = CARD.format(card_id=card_id)
    return show(
        "orders/service.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        card=card,
        works=[(one.value, label(one, visit.language)) for one in GROUNDS],
        reasons=[
            (label(work, visit.language), [label(one, visit.language) for one in grounds])
            for work, grounds in GROUNDS.items()
        ],
        grounds=[(one.value, label(one, visit.language)) for one in ServiceGround],
        back=page_of_policy(asking, card.policy_id, otherwise=itself),
    )
