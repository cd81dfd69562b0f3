"""A dispatch list: printed for the courier, ticked off where it arrives."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from cardservice.errors import Refusal
from cardservice.registry.delivery import ArriveOrders, arrive_orders
from cardservice.registry.delivery_reading import dispatch_sheet
from cardservice.web.office.asking import Asking
from cardservice.web.office.delivery import sending
from cardservice.web.office.delivery.names import order_code
from cardservice.web.office.delivery.sending import Carrier
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, ids_in, to_page
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = sending.ADDRESS + "/{number}"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Number = Annotated[str, Path(pattern=r"^[0-9]{6,12}$")]


@router.get(ADDRESS)
def show_dispatch_list(visit: Visiting, asking: Carrier, number: Number) -> Response:
    """Show a dispatch list; printed, it goes with the cards."""
    return _page(visit, asking, number)


@router.post(ADDRESS + "/arrival", dependencies=[OurForm])
def send_arrival(visit: Visiting, asking: Carrier, number: Number, fields: Fields) -> Response:
    """Say which cards of the list have come; the others stay on their way."""
    try:
        command = ArriveOrders(
            region=asking.region,
            key=fields.text("key"),
            dispatch=number,
            order_ids=ids_in(fields, "order_ids"),
        )
        arrive_orders(asking.office, asking.actor, command)
    except Refusal as refusal:
        return _page(visit, asking, number, Sent(refusal, fields))
    return to_page(f"{sending.ADDRESS}/{number}")


def _page(visit: Visit, asking: Asking, number: str, sent: Sent = FRESH) -> Response:
    return show(
        "delivery/list.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        sheet=dispatch_sheet(asking.office, asking.actor, asking.region, number),
        code=order_code,
    )
