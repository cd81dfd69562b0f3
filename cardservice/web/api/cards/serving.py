"""Work on a card that its holder has, ordered by a clerk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from cardservice.accounts.rights import Right
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.cards_service import (
    OrderCardService,
    ServiceGround,
    order_card_service,
)
from cardservice.web.api.commands import Change
from cardservice.web.api.common import NOT_FOUND, Done, Model
from cardservice.web.office.asking import Asking, asking

router = APIRouter(responses=NOT_FOUND)
Serving = Annotated[Asking, asking(Right.CARD_SERVE)]


class ServiceWish(Model):
    """What is to be done to the card, and why.

    ``new-card`` and ``change-insurer`` follow from a change of the policy and are refused here.
    """

    work: CardWork
    ground: ServiceGround


@router.post("/cards/{card_id:uuid}/service-orders", status_code=201)
def api_order_card_service(who: Serving, card_id: UUID, *, sent: Change, wish: ServiceWish) -> Done:
    """Order work on a card that its holder has: new PIN or CAN, unblocked, terminated."""
    command = OrderCardService(
        region=who.region,
        key=sent.key,
        card_id=card_id,
        version=sent.version,
        work=wish.work,
        ground=wish.ground,
    )
    return sent.created(order_card_service(who.office, who.actor, command), under="orders")
