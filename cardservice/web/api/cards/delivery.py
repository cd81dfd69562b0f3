"""The way of cards to a point of issue: lists that leave, and what arrived."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from cardservice.accounts.rights import Right
from cardservice.registry.delivery import (
    LONGEST_LIST,
    ArriveOrders,
    DispatchOrders,
    arrive_orders,
    dispatch_list,
    dispatch_orders,
)
from cardservice.registry.delivery_list import delivery_list, dispatch_lists
from cardservice.registry.errors import not_found
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.cards.models import OrderLine
from cardservice.web.api.cards.typed import ListNumber
from cardservice.web.api.commands import Sent
from cardservice.web.api.common import API, NOT_FOUND, Done, Model, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.office.asking import Asking, asking

UNDER: Final = "dispatch-lists"
router = APIRouter(prefix=f"/{UNDER}", tags=["delivery"], responses=NOT_FOUND)
Sending = Annotated[Asking, asking(Right.ORDER_CHANGE)]
Reading = Annotated[Asking, asking(Right.ORDER_READ)]
Delivering = Annotated[Asking, asking(Right.DELIVERY)]
_LIST: Final = "dispatch-list"
_DELIVERIES: Final = "deliveries"


class Dispatch(Model):
    """Where to, and which orders, each once."""

    place_id: UUID
    order_ids: list[UUID] = Field(min_length=1, max_length=LONGEST_LIST)


class Arrival(Model):
    """Which orders are there; empty: all of the list that are on their way."""

    order_ids: list[UUID] = Field(default=[], max_length=LONGEST_LIST)


class DispatchListShown(Model):
    """A list with cards on their way, and how many of them have not arrived."""

    dispatch: str
    place_id: UUID
    orders: int


class DeliveryShown(Model):
    """One card to be brought; ``has_card``: the person has one in use, to be asked for."""

    order_id: UUID
    version: int
    state: str
    place_id: UUID | None
    application: str | None
    names: str
    address: str | None
    phone: str | None
    has_card: bool


@router.post("", status_code=201)
def api_dispatch_orders(who: Sending, sent: Sent, dispatch: Dispatch) -> Done:
    """Send made cards to a place; ``number`` is the dispatch list's, ``id`` the place's."""
    command = DispatchOrders(
        region=who.region,
        key=sent.key,
        place_id=dispatch.place_id,
        order_ids=tuple(dispatch.order_ids),
    )
    done = sent.done(dispatch_orders(who.office, who.actor, command))
    sent.response.headers["Location"] = f"{API}/{UNDER}/{done.number}"
    return done


@router.get("", response_model=PageOf[DispatchListShown], responses=SEEN)
def api_list_dispatch_lists(who: Delivering, known: Known = None) -> Response:
    """The lists with cards that have not arrived, by number; 200 at most."""
    found = dispatch_lists(who.office, who.actor, who.region)
    rows = [DispatchListShown.model_validate(one) for one in found]
    return answered(PageOf(items=rows), known)


@router.get("/{number}", response_model=PageOf[OrderLine], responses=SEEN)
def api_show_dispatch_list(
    who: Reading, number: ListNumber, *, wish: Wish, known: Known = None
) -> Response:
    """The orders on a list, whatever became of them; nothing of their persons."""
    ask = wish.ask(_LIST)
    page = dispatch_list(who.office, who.actor, who.region, number, ask=ask)
    if not page.rows and ask.after is None:
        raise not_found("dispatch list")
    rows = [OrderLine.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.get("/{number}/deliveries", response_model=PageOf[DeliveryShown], responses=SEEN)
def api_list_deliveries(
    who: Delivering, number: ListNumber, *, wish: Wish, known: Known = None
) -> Response:
    """Whom the cards of a list are for that are not handed over; each look is recorded."""
    page = delivery_list(who.office, who.actor, who.region, number, ask=wish.ask(_DELIVERIES))
    rows = [DeliveryShown.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _DELIVERIES)), known)


@router.post("/{number}/arrivals")
def api_arrive_orders(who: Delivering, number: ListNumber, *, sent: Sent, there: Arrival) -> Done:
    """Note which cards are there; ``made`` says how many, and how many people were told."""
    command = ArriveOrders(
        region=who.region, key=sent.key, dispatch=number, order_ids=tuple(there.order_ids)
    )
    return sent.done(arrive_orders(who.office, who.actor, command))
