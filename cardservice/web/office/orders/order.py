"""One order: where it stands, and what can be done with it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import OrderEvent
from cardservice.domain.terms import Standing, standing
from cardservice.errors import Refusal
from cardservice.registry.commands import Answer
from cardservice.registry.orders_reading import OrderFile, view_order
from cardservice.registry.stations_orders import (
    CancelOrder,
    CancelReason,
    QueueOrderAgain,
    SpoilOrder,
    SpoilReason,
    cancel_order,
    queue_order_again,
    spoil_order,
)
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.delivery.names import order_code
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.orders.listing import ADDRESS as LIST
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, id_of, needed, to_page, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = LIST + "/{order_id}"
# What an office does with an order by hand; the rest follows from what is done elsewhere.
BY_HAND: Final = frozenset({OrderEvent.CANCEL, OrderEvent.QUEUE_AGAIN, OrderEvent.SPOIL})
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.ORDER_READ)]
Changer = Annotated[Asking, asking(Right.ORDER_CHANGE)]


@router.get(ADDRESS)
def show_order(visit: Visiting, asking: Reader, order_id: UUID) -> Response:
    """Show an order with what belongs to it."""
    return _page(visit, asking, order_id)


@router.post(ADDRESS, dependencies=[OurForm])
def send_order_change(visit: Visiting, asking: Changer, order_id: UUID, fields: Fields) -> Response:
    """Cancel an order, have it made again, or say that its card is of no use."""
    try:
        _change(asking, order_id, fields)
    except Refusal as refusal:
        return _page(visit, asking, order_id, Sent(refusal, fields))
    return to_page(f"{LIST}/{order_id}")


def _change(asking: Asking, order_id: UUID, fields: FormFields) -> Answer:
    """Return what the event in the form came to; an unknown one is refused beside its field."""
    office, actor = asking.office, asking.actor
    seen: dict[str, Any] = {
        "region": asking.region,
        "key": fields.text("key"),
        "order_id": order_id,
        "version": version_in(fields),
    }
    event = needed(OrderEvent, fields, "event")
    if event is OrderEvent.CANCEL:
        why = needed(CancelReason, fields, "cancel_reason")
        return cancel_order(office, actor, CancelOrder(**seen, reason=why))
    if event is OrderEvent.SPOIL:
        what = needed(SpoilReason, fields, "spoil_reason")
        again = fields.has("again")
        return spoil_order(office, actor, SpoilOrder(**seen, reason=what, again=again))
    if event is OrderEvent.QUEUE_AGAIN:
        return queue_order_again(office, actor, QueueOrderAgain(**seen))
    raise Refusal("event-not-by-hand", "This is not done by hand.", field="event")


def _page(visit: Visit, asking: Asking, order_id: UUID, sent: Sent = FRESH) -> Response:
    actor = asking.acting(Right.ORDER_READ)
    file = view_order(asking.office, actor, region=asking.region, order_id=order_id)
    return show(
        "orders/order.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        file=file,
        standing=_standing(asking, file),
        station=_station(visit, file.order.station),
        events={one.name for one in file.events & BY_HAND},
        cancel_reasons=tuple(CancelReason),
        spoil_reasons=tuple(SpoilReason),
        code=order_code,
        may_hand_over=asking.may(Right.CARD_HAND_OVER),
        may_read_application=asking.may(Right.APPLICATION_READ),
        may_see_list=asking.may(Right.DELIVERY),
    )


def _station(visit: Visit, name: str | None) -> str:
    """Return the sign-in name of a station; of a program, which has none, the end of its id."""
    id_ = None if name is None else id_of(name)
    if id_ is None:
        return name or ""
    account = visit.context.stores.accounts.by_id(id_)
    return order_code(id_) if account is None else account.name


def _standing(asking: Asking, file: OrderFile) -> Standing | None:
    if file.order.due_on is None or not file.events:
        return None
    days = asking.office.settings.rules.warning_days.value
    return standing(file.order.due_on, asking.office.today, warning_days=days)
