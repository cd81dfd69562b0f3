"""Made cards that wait to be sent, and the lists on their way."""

from typing import Annotated, Final

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.registry.delivery import DispatchOrders, dispatch_orders
from cardservice.registry.delivery_reading import lists_on_the_way, places_of_issue, to_send
from cardservice.web.api.paging import Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.delivery.names import order_code
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, id_in, ids_in, to_page
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/delivery"
ROWS: Final = 100  # a list is ticked as a whole, so a page is longer than elsewhere
_LIST: Final = "office.delivery"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Carrier = Annotated[Asking, asking(Right.DELIVERY)]
Sender = Annotated[Asking, asking(Right.ORDER_CHANGE)]


@router.get(ADDRESS)
def show_delivery(visit: Visiting, asking: Carrier, cursor: Cursor = "") -> Response:
    """Show what is to be sent and what is on its way."""
    return _page(visit, asking, cursor=cursor)


@router.post(ADDRESS, dependencies=[OurForm])
def send_dispatch(visit: Visiting, asking: Sender, fields: Fields) -> Response:
    """Send the ticked cards to a place, and show their list."""
    try:
        command = DispatchOrders(
            region=asking.region,
            key=fields.text("key"),
            order_ids=ids_in(fields, "order_ids"),
            place_id=id_in(fields, "place_id"),
        )
        answer = dispatch_orders(asking.office, asking.actor, command)
    except Refusal as refusal:
        return _page(visit, asking, sent=Sent(refusal, fields))
    return to_page(f"{ADDRESS}/{answer.number}")


def _page(visit: Visit, asking: Asking, *, cursor: str = "", sent: Sent = FRESH) -> Response:
    office, region, actor = asking.office, asking.region, asking.acting(Right.DELIVERY)
    key = asking.parts.cursor_key
    page = to_send(office, actor, region, ask=ask_for(cursor, ROWS, key=key, of=_LIST))
    return show(
        "delivery/delivery.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        parcels=page.rows,
        places=places_of_issue(office, actor, region),
        lists=lists_on_the_way(office, actor, region),
        may_send=asking.may(Right.ORDER_CHANGE),
        code=order_code,
        is_first=not cursor,
        forward=cursor_of(page.after, key=key, of=_LIST),
    )
