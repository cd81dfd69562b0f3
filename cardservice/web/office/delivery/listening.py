"""What lies on the clerk's reader, and which page that leads to.

The answer names a page, never a person: whose card it is stays in the service until the page is
opened, and then the look is recorded.
"""

from threading import BoundedSemaphore
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from cardservice.errors import Refusal
from cardservice.registry.delivery_finding import find_hand_over
from cardservice.web.desk.hub import DeskBusyError
from cardservice.web.office.asking import Asking
from cardservice.web.office.delivery.finding import NO_EVENT, Hander, address_of, wanted_on
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.parts import SeenCard

WAIT_S: Final = 5.0  # a stopping service waits for its answers no longer
MOST_WAITING: Final = 8  # pages at once: each holds one of the threads that serve everybody
_MOST_EVENTS: Final = 2**31 - 1
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
_waiting: Final = BoundedSemaphore(MOST_WAITING)
After = Annotated[int, Query(ge=NO_EVENT, le=_MOST_EVENTS)]


@router.get("/office/reader")
def tell_reader(asking: Hander, after: After = NO_EVENT) -> JSONResponse:
    """Say how many events there were, and where the card on the reader leads.

    ``code``: ``ready``: nothing lies there; ``open``: go to ``page``; ``unread``: the card does
    not say whose it is; otherwise why it leads nowhere.

    Raises:
        DeskBusyError: as many pages wait as may.
    """
    reader = asking.parts.reader
    if reader is None:
        return JSONResponse({"events": 0, "code": "no-reader", "page": None})
    if not _waiting.acquire(blocking=False):
        raise DeskBusyError(f"{MOST_WAITING} pages listen to this reader already")
    try:
        events, card = reader.wait(after=after, timeout_s=WAIT_S)
    finally:
        _waiting.release()
    code, page = _leads(asking, card)
    return JSONResponse({"events": events, "code": code, "page": page})


def _leads(asking: Asking, card: SeenCard | None) -> tuple[str, str | None]:
    if card is None:
        return "ready", None
    try:
        found = find_hand_over(asking.office, asking.actor, asking.region, wanted_on(card))
        return "open", address_of(found)
    except Refusal as refusal:
        return refusal.code, None
