"""What all repositories share: rows by their key, changes with their version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    insert,
    select,
    update,
)

from cardservice.errors import UsageError
from cardservice.storage.errors import MissingError, StaleError
from cardservice.storage.paging import Ask, Page, mark_after, page_values, paged
from cardservice.storage.rows.base import Record, Versioned

R = TypeVar("R", bound=Record)
V = TypeVar("V", bound=Versioned)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """The transaction a repository works in.

    Attributes:
        connection: in a transaction.
        region: the one that may be written; None: nothing may.
    """

    connection: Connection
    region: str | None

    def require_region(self, region: str) -> None:
        """Raise UsageError unless rows of ``region`` may be written."""
        if region != self.region:
            raise UsageError(f"this transaction does not write region {region}")


# Names of values in statements; no column is called so.
_REGION: Final = "its_region"
_ID: Final = "its_id"
_SEEN: Final = "version_seen"


def _key_of(table: Table) -> tuple[ColumnElement[bool], ...]:
    return table.c.region == bindparam(_REGION), table.c.id == bindparam(_ID)


def _change_of(table: Table) -> Update | None:
    if "version" not in table.c:
        return None
    return update(table).where(*_key_of(table), table.c.version == bindparam(_SEEN))


class Shape(Generic[T]):
    """How a table's columns become a row's fields, by their names.

    Args:
        kinds: what makes a field's value of its column's, where they are not the same.
    """

    def __init__(
        self, table: Table, row: type[T], *, kinds: Mapping[str, Callable[[Any], Any]] | None = None
    ) -> None:
        names = [one.name for one in fields(row)]  # type: ignore[arg-type]
        self.table = table
        self.columns = [table.c[name] for name in names]
        self.selected: Select[Any] = select(*self.columns)
        # Made once: making a statement anew costs as much as sending it.
        self.by_key = self.selected.where(*_key_of(table)) if "id" in table.c else self.selected
        self.added = insert(table)
        self.changed = _change_of(table)
        self._names = names
        self._row = row
        self._kinds = kinds or {}

    def value(self, record: Row[Any], start: int = 0) -> T:
        """Return the row whose columns begin at ``start`` of ``record``."""
        end = start + len(self._names)
        values = dict(zip(self._names, record[start:end], strict=True))
        for name, kind in self._kinds.items():
            values[name] = kind(values[name])
        return self._row(**values)

    def values(self, row: T) -> dict[str, Any]:
        """Return column name → value."""
        return {name: getattr(row, name) for name in self._names}


class Rows(Generic[R]):
    """Rows of one table, by region and id."""

    def __init__(self, scope: Scope, shape: Shape[R], kind: str) -> None:
        self.scope = scope
        self.shape = shape
        self.table = shape.table
        self.kind = kind

    def find(self, region: str, id_: UUID) -> R | None:
        """Return the row, or None."""
        key = {_REGION: region, _ID: id_}
        found = self.scope.connection.execute(self.shape.by_key, key).first()
        return None if found is None else self.shape.value(found)

    def get(self, region: str, id_: UUID) -> R:
        """Return the row.

        Raises:
            MissingError: there is none.
        """
        found = self.find(region, id_)
        if found is None:
            raise MissingError(self.kind)
        return found

    def add(self, *rows: R) -> None:
        """Store new rows."""
        for row in rows:
            self.scope.require_region(row.region)
        if rows:
            self.scope.connection.execute(self.shape.added, [self.stored(row) for row in rows])

    def stored(self, row: R) -> dict[str, Any]:
        """Return what the columns hold for ``row``."""
        return self.shape.values(row)

    def select(self) -> Select[Any]:
        """Return the statement that reads rows, to be narrowed."""
        return self.shape.selected

    def all_of(
        self, statement: Select[Any], values: Mapping[str, Any] | None = None
    ) -> tuple[R, ...]:
        """Return the rows of a narrowed ``select()``, with ``values`` for its own names."""
        return tuple(map(self.shape.value, self.scope.connection.execute(statement, values)))

    def page(self, statement: Select[Any], by: Sequence[str], ask: Ask) -> Page[R]:
        """Return one page of a narrowed ``select()``, sorted by the columns named."""
        columns = [self.table.c[name] for name in by]
        return self.page_of(paged(statement, columns, first=ask.after is None), columns, ask)

    def page_of(
        self,
        statement: Select[Any],
        by: Sequence[Column[Any]],
        ask: Ask,
        values: Mapping[str, Any] | None = None,
    ) -> Page[R]:
        """Return the page of a statement that ``paged`` made, with ``values`` for its own names."""
        wanted = {**(values or {}), **page_values(by, ask)}
        records = self.scope.connection.execute(statement, wanted).all()
        rows = tuple(map(self.shape.value, records[: ask.limit]))
        return Page(rows=rows, after=mark_after(records, by, ask))


class VersionedRows(Rows[V]):
    """Rows that change."""

    def change(self, row: V) -> V:
        """Store ``row`` in place of the one with its id; return it with its new version.

        Raises:
            StaleError: somebody changed it since ``row`` was read.
            MissingError: there is none.
        """
        self.scope.require_region(row.region)
        changed = replace(row, version=row.version + 1)
        seen = {_REGION: row.region, _ID: row.id, _SEEN: row.version}
        values = {**self.stored(changed), **seen}
        if self.shape.changed is None:
            raise UsageError(f"a {self.kind} never changes")
        if self.scope.connection.execute(self.shape.changed, values).rowcount == 1:
            return changed
        if self.find(row.region, row.id) is None:
            raise MissingError(self.kind)
        raise StaleError
