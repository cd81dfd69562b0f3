"""What every stored row has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | bool | None"
"""What JSON can say, less fractions: money and measures are whole numbers here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row that is written once.

    Attributes:
        region: five digits; with ``id`` the primary key, so that tables can be parted by it.
        id: UUIDv7, made by the caller.
    """

    region: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned(Record):
    """A row that changes; ``version`` is the one that was read, 1 for a new row."""

    version: int = 1
