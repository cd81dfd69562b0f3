"""Pages by key: each begins after the last row of the one before, however many rows there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from sqlalchemy import Column, Row, Select, bindparam, tuple_

from cardservice.errors import UsageError

MAX_PAGE: Final = 200  # rows; a screen shows fifty

R = TypeVar("R")
Mark: TypeAlias = tuple[Any, ...]
"""Where a page ended: the values of the columns it is sorted by. To be given back as it is."""


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


def paged(statement: Select[Any], by: Sequence[Column[Any]], *, first: bool) -> Select[Any]:
    """Return ``statement`` for one row more than a page has, sorted by ``by``.

    What it is executed with comes from ``page_values``, so that it can be built once and kept.
    """
    if not first:
        mark = [bindparam(f"after_{number}", type_=one.type) for number, one in enumerate(by)]
        statement = statement.where(tuple_(*by) > tuple_(*mark))
    return statement.add_columns(*by).order_by(*by).limit(bindparam("one_more"))


def page_values(by: Sequence[Column[Any]], ask: Ask) -> dict[str, Any]:
    """Return the values that a statement of ``paged`` is executed with.

    Raises:
        UsageError: ``after`` is not from a page of this kind.
    """
    after = ask.after or ()
    if ask.after is not None and len(after) != len(by):
        raise UsageError("this mark is of another list")
    return {"one_more": ask.limit + 1} | {f"after_{n}": one for n, one in enumerate(after)}


def mark_after(rows: Sequence[Row[Any]], by: Sequence[Column[Any]], ask: Ask) -> Mark | None:
    """Return the mark of the page's last row, None when nothing comes after it."""
    if len(rows) <= ask.limit:
        return None
    last = rows[ask.limit - 1]._mapping  # noqa: SLF001 - public in spite of its name
    return tuple(last[column] for column in by)
