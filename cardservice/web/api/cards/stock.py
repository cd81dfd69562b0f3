"""The stock of blank cards: how many are where, what moved them, and moving some."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.domain.stock import Movement
from cardservice.errors import Refusal
from cardservice.registry.stock import (
    LAST_SERIAL,
    MOST_AT_ONCE,
    MoveBlanks,
    ReceiveBlanks,
    StockGround,
    move_blanks,
    receive_blanks,
    stock,
    stock_at,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.cards.typed import BlankSerial, ShownSerial, octets_of
from cardservice.web.api.commands import Sent
from cardservice.web.api.common import NOT_FOUND, Done, Model, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/stock", tags=["stock"])
Keeping = Annotated[Asking, asking(Right.STOCK)]
Serial = Annotated[int, Field(strict=True, ge=0, le=LAST_SERIAL)]
_MOVEMENTS: Final = "stock/movements"
_LIST: Final = "stock-movements"


class StockShown(Model):
    """Blanks: received = in stock + at a station + issued + spoiled + returned."""

    received: int
    in_stock: int
    at_station: int
    issued: int
    spoiled: int
    returned: int


class StationStock(Model):
    """How many blanks are at a station."""

    station: UUID
    blanks: int


class MovementShown(Model):
    """Blanks that were moved; ``batch`` is ``SERIES:FIRST-LAST`` of what the maker sent."""

    id: UUID
    kind: Movement
    quantity: int
    first_chip: ShownSerial
    last_chip: ShownSerial
    station: str | None
    order_id: UUID | None
    batch: str | None
    actor: str
    ground: str | None
    at: datetime


class Received(Model):
    """What the maker sent: series, first and last serial number, both included."""

    series: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,20}$")] = Field(examples=["A"])
    first: Serial
    last: Serial


class Moving(Model):
    """Which way, how many, from or to which station (the id of its account), why.

    The first and the last chip may be named where a station takes part: as many as are moved.
    """

    movement: Movement
    quantity: Annotated[int, Field(strict=True, ge=1, le=MOST_AT_ONCE)]
    station: UUID | None = None
    ground: StockGround = StockGround.PLANNED
    first_chip: BlankSerial | None = None
    last_chip: BlankSerial | None = None


@router.get("", response_model=StockShown, responses=SEEN)
def api_show_stock(who: Keeping, known: Known = None) -> Response:
    """How many blanks are where."""
    found = stock(who.office, who.actor, who.region)
    return answered(StockShown.model_validate(found), known)


@router.get("/stations/{station:uuid}", response_model=StationStock, responses=SEEN)
def api_show_stock_at_station(who: Keeping, station: UUID, known: Known = None) -> Response:
    """How many blanks are at a station; a station is told of its own only."""
    found = stock_at(who.office, who.actor, region=who.region, station=station)
    return answered(StationStock(station=station, blanks=found), known)


@router.get("/movements", response_model=PageOf[MovementShown], responses=SEEN)
def api_list_stock_movements(who: Keeping, wish: Wish, known: Known = None) -> Response:
    """Every movement there was, oldest first."""
    _expect_no_station(who)
    with who.office.database.reading() as work:
        page = work.stock.history(who.region, wish.ask(_LIST))
    rows = [MovementShown.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.get(
    "/movements/{movement_id:uuid}", response_model=MovementShown, responses=SEEN | NOT_FOUND
)
def api_show_stock_movement(who: Keeping, movement_id: UUID, known: Known = None) -> Response:
    """One movement; a station is told of its own only."""
    with who.office.database.reading() as work:
        found = work.stock.get(who.region, movement_id)
    if found.actor != who.actor.name:
        _expect_no_station(who)
    return answered(MovementShown.model_validate(found), known)


@router.post("/receipts", status_code=201)
def api_receive_blanks(who: Keeping, sent: Sent, received: Received) -> Done:
    """Note what came from the maker; ``number`` is how many."""
    command = ReceiveBlanks(region=who.region, key=sent.key, **received.model_dump())
    return sent.created(receive_blanks(who.office, who.actor, command), under=_MOVEMENTS)


@router.post("/movements", status_code=201)
def api_move_blanks(who: Keeping, sent: Sent, moving: Moving) -> Done:
    """Move blanks by hand; a station says only what it spoiled itself."""
    named = {
        "first_chip": octets_of(moving.first_chip),
        "last_chip": octets_of(moving.last_chip),
    }
    command = MoveBlanks(region=who.region, key=sent.key, **(moving.model_dump() | named))
    return sent.created(move_blanks(who.office, who.actor, command), under=_MOVEMENTS)


def _expect_no_station(who: Asking) -> None:
    if who.actor.role is Role.STATION:
        raise Refusal("role-not-allowed", "A station is told of its own blank cards only.")
