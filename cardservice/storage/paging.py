"""Pages by key: each begins after the last row of the one before, however many rows there are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Row, Select, bindparam, tuple_

from cardservice.errors import UsageError
from cardservice.registry.ports_base import FIRST, MAX_PAGE, Ask, Mark, Page

__all__ = ["FIRST", "MAX_PAGE", "Ask", "Mark", "Page", "mark_after", "page_values", "paged"]


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
