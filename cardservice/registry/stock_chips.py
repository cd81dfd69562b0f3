"""Blanks by the serial numbers of their chips, as a station tells them apart."""

from dataclasses import dataclass, field
from typing import Final

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.domain.stock import Movement
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.frame import Office
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_making import StockMovement

CHIP_OCTETS: Final = 8
_HANDED: Final = frozenset({Movement.HAND_TO_STATION.value, Movement.TAKE_BACK.value})


@dataclass(frozen=True, slots=True)
class ChipRange:
    """Serial numbers of chips, 8 octets each, both included."""

    first: bytes = field(repr=False)
    last: bytes = field(repr=False)


def chips_of(first: bytes | None, last: bytes | None, quantity: int) -> ChipRange | None:
    """Return the chips from ``first`` to ``last``, None if neither is named.

    Raises:
        Refusal: ``chips-wrong``: one is missing or has not 8 octets, or they are not ``quantity``.
    """
    if first is None and last is None:
        return None
    if first is None or last is None or {len(first), len(last)} != {CHIP_OCTETS}:
        raise chips_wrong(f"Name the first and the last chip, each by {CHIP_OCTETS} octets.")
    if int.from_bytes(last) - int.from_bytes(first) + 1 != quantity:
        raise chips_wrong("From the first to the last chip there are not as many as are moved.")
    return ChipRange(first, last)


def chips_wrong(sentence: str) -> Refusal:
    """Return the refusal of chips that cannot be what was moved."""
    return Refusal("chips-wrong", sentence, field="first_chip")


def blanks_handed(
    office: Office, actor: Actor, *, region: str, ask: Ask = FIRST
) -> Page[StockMovement]:
    """Return what the asking station was handed and what was taken back from it, oldest first.

    Raises:
        Refusal: ``role-not-allowed``: no station asks.
    """
    actor.require(Right.STOCK)
    if actor.role is not Role.STATION:
        raise Refusal("role-not-allowed", "Only a station has blank cards of its own.")
    with office.database.reading() as kept:
        return kept.stock.of_station(region, actor.name, _HANDED, ask)
