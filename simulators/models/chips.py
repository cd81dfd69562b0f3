"""How long chips and readers take, as the model files say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from simulators.card import Operation
from simulators.models.clock import nanoseconds
from simulators.models.document import Quantity, Table, read_document, shipped

CHIPS: Final = "chips"
READERS: Final = "readers"
"""The tables of a model file."""

_SYMMETRIC_OCTETS: Final = "symmetric_octets"
_SUFFIX: Final = "_ms"


@dataclass(frozen=True, slots=True)
class ChipModel:
    """A chip: milliseconds an operation, each with its source.

    Attributes:
        symmetric_octets: how long a command or its answer may be for one ``Operation.SYMMETRIC``;
            a longer one is paid for in pieces.
    """

    name: str
    times: Mapping[Operation, Quantity]
    symmetric_octets: Quantity

    def cost_ns(self, operation: Operation) -> int:
        """Return nanoseconds of one operation, symmetric ones on short octets."""
        return nanoseconds(self.times[operation].value)

    def pieces(self, octets: int) -> int:
        """Return how many symmetric operations a command or answer of ``octets`` counts as."""
        return max(1, -(-octets // round(self.symmetric_octets.value)))


@dataclass(frozen=True, slots=True)
class ReaderModel:
    """A reader: milliseconds a command, over what chip and line take."""

    name: str
    command_ms: Quantity

    @property
    def command_ns(self) -> int:
        """Nanoseconds of one command."""
        return nanoseconds(self.command_ms.value)


def load_chips(path: Path | None = None) -> dict[str, ChipModel]:
    """Return the chips of a model file by name; of the package's own when none is given.

    Raises:
        ModelError: the file cannot be used; the message says where and why.
    """
    return chips_in(_models(path or shipped("chips.toml"), CHIPS))


def load_readers(path: Path | None = None) -> dict[str, ReaderModel]:
    """Return the readers of a model file by name; of the package's own when none is given.

    Raises:
        ModelError: the file cannot be used; the message says where and why.
    """
    return readers_in(_models(path or shipped("readers.toml"), READERS))


def chips_in(chips: Table) -> dict[str, ChipModel]:
    """Return the chips of the table ``chips`` by name."""
    return {name: _chip(name, chips.table(name)) for name in chips.names}


def readers_in(readers: Table) -> dict[str, ReaderModel]:
    """Return the readers of the table ``readers`` by name."""
    commands = {name: readers.table(name).quantities(["command_ms"]) for name in readers.names}
    return {name: ReaderModel(name, one["command_ms"]) for name, one in commands.items()}


@cache
def chip(name: str) -> ChipModel:
    """Return one of the package's own chips: ``fastest``, ``median`` or ``slowest``."""
    return load_chips()[name]


@cache
def reader(name: str = "usual") -> ReaderModel:
    """Return one of the package's own readers."""
    return load_readers()[name]


def _models(path: Path, kind: str) -> Table:
    models = read_document(path, [kind]).table(kind)
    if not models.names:
        raise models.error("there is none")
    return models


def _chip(name: str, table: Table) -> ChipModel:
    members = {operation.value + _SUFFIX: operation for operation in Operation}
    found = table.quantities([*members, _SYMMETRIC_OCTETS])
    if found[_SYMMETRIC_OCTETS].value < 1:
        raise table.error(f"{_SYMMETRIC_OCTETS} must be 1 or more")
    times = {operation: found[member] for member, operation in members.items()}
    return ChipModel(name, times, found[_SYMMETRIC_OCTETS])
