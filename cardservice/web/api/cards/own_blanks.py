"""The blank cards that a station was handed, by their chips."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.stock import Movement
from cardservice.registry.stock_chips import blanks_handed
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.cards.typed import ShownSerial
from cardservice.web.api.common import Model, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/stations", tags=["stock"])
Keeping = Annotated[Asking, asking(Right.STOCK)]
_LIST: Final = "own-blanks"


class BlanksHanded(Model):
    """Blanks that came to the station or were taken back from it.

    ``first_chip`` and ``last_chip`` are serial numbers, 16 hexadecimal digits, both included;
    null: the blanks were counted and not named.
    """

    id: UUID
    kind: Movement
    quantity: int
    first_chip: ShownSerial
    last_chip: ShownSerial
    ground: str | None
    at: datetime


@router.get("/own/blanks", response_model=PageOf[BlanksHanded], responses=SEEN)
def api_list_own_blanks(who: Keeping, wish: Wish, known: Known = None) -> Response:
    """What the asking station was handed and what was taken back from it, oldest first."""
    page = blanks_handed(who.office, who.actor, region=who.region, ask=wish.ask(_LIST))
    rows = [BlanksHanded.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)
