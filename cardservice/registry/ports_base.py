"""What every stored row has, pages of rows, and the ports that are the same for every table.

Rows are frozen values: texts as given; states are the values of the domain's enumerations; times
are aware and UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

from cardservice.errors import UsageError

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | bool | None"
"""What JSON can say, less fractions: money and measures are whole numbers here."""

Mark: TypeAlias = tuple[Any, ...]
"""Where a page ended: the values of the columns it is sorted by. To be given back as it is."""

MAX_PAGE: Final = 200  # rows; a screen shows fifty


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


R = TypeVar("R")
V = TypeVar("V", bound=Versioned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[R]):
    """Rows in their order; ``after`` is None on the last page."""

    rows: tuple[R, ...]
    after: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Which page is asked for.

    Attributes:
        limit: rows, 1 to 200.
        after: ``after`` of the page before, None for the first.
    """

    limit: int = 50
    after: Mark | None = None

    def __post_init__(self) -> None:
        """Raise UsageError for a limit out of bounds."""
        if not 1 <= self.limit <= MAX_PAGE:
            raise UsageError(f"a page has 1 to {MAX_PAGE} rows")


FIRST: Final = Ask()


class Rows(Protocol[R]):
    """Rows that are written once, by region and id."""

    def find(self, region: str, id_: UUID) -> R | None:
        """Return the row, or None."""
        ...

    def get(self, region: str, id_: UUID) -> R:
        """Return the row; raises Refusal ``not-found``."""
        ...

    def add(self, *rows: R) -> None:
        """Keep new rows."""
        ...


class VersionedRows(Rows[V], Protocol[V]):
    """Rows that change."""

    def change(self, row: V) -> V:
        """Keep ``row`` in place of the one with its id; return it with its new version.

        Raises:
            Refusal: ``stale``: somebody changed it since ``row`` was read.
        """
        ...
