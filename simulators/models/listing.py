"""What models there are: every number with its source, as ``cardsim models`` shows them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from simulators.card import Interface
from simulators.models.chips import CHIPS, READERS, load_chips, load_readers
from simulators.models.clock import NS_A_MS
from simulators.models.document import Quantity, Table, read_document, shipped
from simulators.models.lines import LINES, Line, load_lines

_RATES: Final = "rates"
_NS_A_US: Final = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """One model: its kind and name, its numbers, and what comes of them.

    Attributes:
        results: for a line, what its numbers come to: microseconds and milliseconds.
    """

    kind: str
    name: str
    numbers: Mapping[str, Quantity]
    results: Mapping[str, float]


def listed_models() -> tuple[Listed, ...]:
    """Return the package's chips, lines and readers, in the order of their files."""
    return (*_plain_models(CHIPS), *_lines(), *_plain_models(READERS))


def _plain_models(kind: str) -> Iterator[Listed]:
    names = load_chips() if kind == CHIPS else load_readers()
    table = read_document(shipped(f"{kind}.toml"), [kind]).table(kind)
    for name in names:
        yield Listed(kind, name, dict(table.table(name).numbers()), {})


def _lines() -> Iterator[Listed]:
    document = read_document(shipped("lines.toml"), [*LINES])
    for one in load_lines().values():
        table = document.table(one.interface.value)
        numbers = {**dict(table.numbers()), **_of_rate(table.table(_RATES), one)}
        yield Listed("lines", one.name, numbers, _results(one))


def _of_rate(rates: Table, one: Line) -> Mapping[str, Quantity]:
    name = one.name.removeprefix(f"{one.interface.value}-")
    if one.interface is Interface.CONTACT:
        return dict(rates.table(name).numbers())
    return {"bit_carriers": rates.quantity(name)}


def _results(one: Line) -> Mapping[str, float]:
    return {
        "octet_us": round(one.octet_ns / _NS_A_US, 2),
        "turn_us": round(one.turn_ns / _NS_A_US, 2),
        "activation_ms": round(one.activation_ns / NS_A_MS, 2),
    }
