"""Overdue orders first; then charts, and orders by state."""

from typing import Annotated, Final

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import OrderState
from cardservice.registry.orders_reading import late_orders, orders_in
from cardservice.registry.ports_base import Page
from cardservice.registry.ports_making import Order
from cardservice.registry.statistics import LOOKED_BACK, order_figures
from cardservice.web.api.paging import PAGE_ROWS, Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.delivery.names import order_code
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.orders.charts import place_bars, state_bars, step_bars
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting

ADDRESS: Final = "/office/orders"
_LIST: Final = "office.orders"
_NONE: Final[Page[Order]] = Page(rows=(), after=None)
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.STATISTICS)]


@router.get(ADDRESS)
def show_orders(
    visit: Visiting, asking: Reader, state: OrderState | None = None, cursor: Cursor = ""
) -> Response:
    """Show what is late, the charts, and the orders of one state."""
    figures = order_figures(asking.office, asking.actor, asking.region)
    key = asking.parts.cursor_key
    page = _in_state(asking, state, cursor) if state else _NONE
    may_read = asking.may(Right.ORDER_READ)
    return show(
        "orders/orders.html",
        visit,
        asking=asking,
        late=_late(asking) if may_read else (),
        may_read=may_read,
        states=state_bars(figures.by_state),
        days=figures.days,
        steps=step_bars(figures.days.steps),
        places=place_bars(figures.by_place),
        looked_back=LOOKED_BACK.days,
        all_states=tuple(OrderState),
        state_shown=state,
        orders=page.rows,
        code=order_code,
        is_first=not cursor,
        forward=cursor_of(page.after, key=key, of=f"{_LIST}.{state}"),
    )


def _in_state(asking: Asking, state: OrderState, cursor: str) -> Page[Order]:
    if not asking.may(Right.ORDER_READ):
        return _NONE
    ask = ask_for(cursor, PAGE_ROWS, key=asking.parts.cursor_key, of=f"{_LIST}.{state}")
    actor = asking.acting(Right.ORDER_READ)
    return orders_in(asking.office, actor, region=asking.region, state=state, ask=ask)


def _late(asking: Asking) -> object:
    return late_orders(asking.office, asking.acting(Right.ORDER_READ), asking.region)
