"""The stock of blank cards: received by serial number, moved, spoiled, returned.

Every movement is one row that is never changed, and is refused unless the equation of
``cardservice.domain.stock`` holds before and after it. What is issued, and what a station spoils
while it makes an order, is moved by ``stations_orders``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.domain.stock import Movement, Stock
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_base import MAX_PAGE, Ask
from cardservice.registry.ports_making import StockMovement
from cardservice.registry.stock_balance import (
    Totals,
    at_station,
    stock_of,
    sums_of,
    takes_from_station,
)
from cardservice.registry.stock_chips import ChipRange, chips_of, chips_wrong

MOST_AT_ONCE: Final = 1_000_000  # blanks of one movement; this project's own bound
LAST_SERIAL: Final = 10**12 - 1  # this project's own bound
_SERIES: Final = re.compile(r"[A-Z0-9]{1,20}")
_BATCH: Final = re.compile(r"([A-Z0-9]{1,20}):([0-9]+)-([0-9]+)")
_BY_HAND: Final = frozenset(
    {
        Movement.HAND_TO_STATION,
        Movement.TAKE_BACK,
        Movement.SPOIL_AT_STATION,
        Movement.SPOIL_IN_STOCK,
        Movement.RETURN,
    }
)
_OF_A_STATION: Final = frozenset(
    {Movement.HAND_TO_STATION, Movement.TAKE_BACK, Movement.SPOIL_AT_STATION}
)


@unique
class StockGround(StrEnum):
    """Why blanks are moved."""

    PLANNED = "planned"
    DAMAGED = "damaged"
    FAULTY = "faulty"
    WRONG_DELIVERY = "wrong-delivery"
    LEASE_LOST = "lease-lost"  # the card was made, but its order had gone back to the queue


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveBlanks(OfficeCommand):
    """Blanks came from the maker.

    Attributes:
        series: the maker's, 1 to 20 capitals and digits.
        first, last: serial numbers, both included.
    """

    series: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBlanks(OfficeCommand):
    """Blanks go somewhere by hand.

    Attributes:
        station: account id of the station they go to or come from, where there is one.
        first_chip, last_chip: the chips' serial numbers, 8 octets, both included; as many as are
            moved. None: they are counted and not named.
    """

    movement: Movement
    quantity: int
    station: UUID | None = None
    ground: StockGround = StockGround.PLANNED
    first_chip: bytes | None = field(default=None, repr=False)
    last_chip: bytes | None = field(default=None, repr=False)


def stock(office: Office, actor: Actor, region: str) -> Stock:
    """Return how many blanks are where; raises Refusal ``stock-differs``."""
    actor.require(Right.STOCK)
    with office.database.reading() as kept:
        return stock_of(kept.stock.sums(region))


def stock_at(office: Office, actor: Actor, *, region: str, station: UUID) -> int:
    """Return how many blanks are at a station; a station is told of its own only.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.STOCK)
    if actor.role is Role.STATION and actor.account != station:
        raise Refusal("role-not-allowed", "A station is told of its own blank cards only.")
    with office.database.reading() as kept:
        return at_station(kept.stock.totals(region), str(station))


def receive_blanks(office: Office, actor: Actor, command: ReceiveBlanks) -> Answer:
    """Return the movement that brought blanks in; its number is how many.

    Raises:
        Refusal: ``serials-wrong``; ``serials-known``: one of them was received before;
            ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _receive)


def move_blanks(office: Office, actor: Actor, command: MoveBlanks) -> Answer:
    """Return the movement; a station itself only says what it spoiled.

    Raises:
        Refusal: ``stock-short``, ``movement-wrong``, ``quantity-wrong``, ``station-missing``,
            ``chips-wrong`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _move)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a movement's row says besides how many: with whom, for what, why."""

    station: str | None = None
    order_id: UUID | None = None
    batch: str | None = None
    ground: str = StockGround.PLANNED.value
    chips: ChipRange | None = None


def move(act: Act, movement: Movement, quantity: int, moved: Moved) -> StockMovement:
    """Return the row kept for a movement; the equation holds before and after it.

    No station gives more than it has, whatever other stations have.

    Raises:
        Refusal: ``stock-short`` or ``stock-differs``.
    """
    totals = act.work.stock.totals(act.region)
    after = stock_of(sums_of(totals)).after(movement, quantity)
    after.expect_balance()
    _expect_at_station(totals, movement, quantity, moved.station)
    row = StockMovement(
        region=act.region,
        id=act.new_id(),
        kind=movement.value,
        quantity=quantity,
        station=moved.station,
        order_id=moved.order_id,
        batch=moved.batch,
        first_chip=None if moved.chips is None else moved.chips.first,
        last_chip=None if moved.chips is None else moved.chips.last,
        actor=act.actor.name,
        ground=moved.ground,
        at=act.now,
    )
    act.work.stock.add(row)
    act.record(f"stock.{movement.value}", "stock-movement", row.id, ground=moved.ground)
    return row


def _receive(act: Act, command: ReceiveBlanks) -> Answer:
    _expect_clerk(act)
    if not _SERIES.fullmatch(command.series) or not (
        0 <= command.first <= command.last <= LAST_SERIAL
    ):
        raise Refusal("serials-wrong", "The series or its serial numbers are wrong.", field="first")
    quantity = command.last - command.first + 1
    _expect_quantity(quantity)
    if any(_overlaps(command, batch) for batch in _received(act)):
        sentence = "Some of these blank cards were received before."
        raise Refusal("serials-known", sentence, field="first")
    batch = f"{command.series}:{command.first}-{command.last}"
    return _answer(move(act, Movement.RECEIVE, quantity, Moved(batch=batch)))


def _move(act: Act, command: MoveBlanks) -> Answer:
    act.actor.require(Right.STOCK)
    if command.movement not in _BY_HAND:
        raise Refusal("movement-wrong", "Blank cards are not moved this way by hand.")
    _expect_quantity(command.quantity)
    of_station = command.movement in _OF_A_STATION
    if of_station != (command.station is not None):
        raise Refusal("station-missing", "Say which station, where one takes part.")
    station = None if command.station is None else str(command.station)
    own_spoil = command.movement is Movement.SPOIL_AT_STATION and station == act.actor.name
    if not own_spoil:
        _expect_clerk(act)
    chips = chips_of(command.first_chip, command.last_chip, command.quantity)
    if chips is not None and not of_station:
        raise chips_wrong("Chips are named where blanks go to a station or come from one.")
    moved = Moved(station=station, ground=command.ground.value, chips=chips)
    return _answer(move(act, command.movement, command.quantity, moved))


def _expect_at_station(
    totals: Totals, movement: Movement, quantity: int, station: str | None
) -> None:
    if takes_from_station(movement) and at_station(totals, station or "") < quantity:
        sentence = f"There are not {quantity} blank cards at the station."
        raise Refusal("stock-short", sentence)


def _expect_clerk(act: Act) -> None:
    act.actor.require(Right.STOCK)
    if act.actor.role is Role.STATION:
        raise Refusal("role-not-allowed", "A station moves only what it spoiled itself.")


def _expect_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MOST_AT_ONCE:
        sentence = f"One movement is of 1 to {MOST_AT_ONCE} blank cards."
        raise Refusal("quantity-wrong", sentence, field="quantity")


def _received(act: Act) -> Iterator[str]:
    ask: Ask | None = Ask(limit=MAX_PAGE)
    while ask is not None:
        page = act.work.stock.history(act.region, ask)
        yield from (one.batch for one in page.rows if one.batch is not None)
        ask = None if page.after is None else Ask(limit=MAX_PAGE, after=page.after)


def _overlaps(command: ReceiveBlanks, batch: str) -> bool:
    found = _BATCH.fullmatch(batch)
    if found is None or found[1] != command.series:
        return False
    return command.first <= int(found[3]) and int(found[2]) <= command.last


def _answer(row: StockMovement) -> Answer:
    return Answer(id=row.id, version=1, state=row.kind, number=str(row.quantity))
