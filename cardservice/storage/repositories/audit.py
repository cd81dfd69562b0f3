"""The audit log, which can be added to and read, and nothing else: ``AuditStore``."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select

from cardservice.errors import Refusal, UsageError
from cardservice.registry.audit import AuditSearch
from cardservice.registry.audit_values import AuditEntry, AuditFact, AuditHead
from cardservice.storage.errors import StaleError
from cardservice.storage.paging import MAX_PAGE
from cardservice.storage.repositories.base import Scope, Shape
from cardservice.storage.tables.audit import audit_entries, audit_heads

_HEAD: Final = Shape(audit_heads, AuditHead)
_FACT: Final = Shape(audit_entries, AuditFact)
_PLACE: Final = ("number", "at", "previous_hash", "hash")
_ENTRIES: Final = select(*_FACT.columns, *(audit_entries.c[name] for name in _PLACE))


# Made once: a log entry is written with every command.
_NEWEST: Final = (
    _ENTRIES.where(audit_entries.c.region == bindparam("its_region"))
    .order_by(audit_entries.c.number.desc())
    .limit(1)
)
_TAKEN: Final = select(audit_entries.c.number).where(
    audit_entries.c.region == bindparam("its_region"),
    audit_entries.c.number == bindparam("its_number"),
)
_TIME: Final = (
    select(audit_entries.c.at)
    .where(
        audit_entries.c.region == bindparam("its_region"),
        audit_entries.c.number >= bindparam("its_number"),
    )
    .order_by(audit_entries.c.number)
    .limit(1)
)
_ADDED: Final = insert(audit_entries)


class Audit:
    """The chain of each region, in this transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._newest: AuditEntry | None = None

    def last(self, region: str) -> AuditEntry | None:
        """Return the newest entry, None before the first.

        In a transaction that has the region for itself nobody else can append before it ends:
        what was read once in it stays the newest until it appends itself.
        """
        if self._newest is None or self._newest.fact.region != region:
            found = self._scope.connection.execute(_NEWEST, {"its_region": region}).first()
            self._newest = None if found is None else _entry(found)
        return self._newest

    def append(self, entry: AuditEntry) -> None:
        """Add an entry.

        Raises:
            StaleError: its number is taken. (By somebody at the same moment: DuplicateError when
                the transaction ends, which cannot happen where it has the region for itself.)
        """
        self.append_all((entry,))

    def append_all(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries of one region that follow each other, all at once; raises as ``append``.

        Raises:
            UsageError: they do not follow each other.
        """
        if not entries:
            return
        first = entries[0]
        self._scope.require_region(first.fact.region)
        if not all(_is_next(one, other) for one, other in pairwise(entries)):
            raise UsageError("entries added at once follow each other")
        if self._newest is None or not _is_next(self._newest, first):
            its = {"its_region": first.fact.region, "its_number": first.number}
            if self._scope.connection.execute(_TAKEN, its).first() is not None:
                raise StaleError
        self._scope.connection.execute(_ADDED, [_columns(one) for one in entries])
        self._newest = entries[-1]

    def entries(self, region: str, *, after: int = 0) -> Iterator[AuditEntry]:
        """Yield the entries after the number ``after``, some hundred read at a time.

        Raises:
            Refusal: ``audit-damaged``: a row was changed into what cannot be an entry.
        """
        table = audit_entries.c
        while True:
            its = _ENTRIES.where(table.region == region, table.number > after)
            found = self._scope.connection.execute(its.order_by(table.number).limit(MAX_PAGE)).all()
            if not found:
                return
            yield from map(_entry, found)
            after = found[-1].number

    def about(self, region: str, subject_id: str) -> tuple[AuditEntry, ...]:
        """Return the newest 200 entries about something, by number."""
        table = audit_entries.c
        its = _ENTRIES.where(table.region == region, table.subject_id == subject_id)
        newest = its.order_by(table.number.desc()).limit(MAX_PAGE)
        return tuple(map(_entry, self._scope.connection.execute(newest)))[::-1]

    def newest(self, region: str, search: AuditSearch) -> tuple[AuditEntry, ...]:
        """Return the entries that are looked for, the newest first."""
        table = audit_entries.c
        between = table.number > search.above, table.number < search.below
        its = _ENTRIES.where(table.region == region, *between)
        if search.actor:
            its = its.where(table.actor == search.actor)
        if search.subject_id:
            its = its.where(table.subject_id == search.subject_id)
        found = its.order_by(table.number.desc()).limit(min(search.limit, MAX_PAGE))
        return tuple(map(_entry, self._scope.connection.execute(found)))

    def first_since(self, region: str, at: datetime) -> int:
        """Return the number of the first entry at ``at`` or later; one beyond the last if none.

        It halves the log, as there is no index by time: some thirty look-ups by number. It takes
        times for sorted, which clocks that were set back may have broken by a little.
        """
        last = self.last(region)
        low, high = 1, (0 if last is None else last.number) + 1
        while low < high:
            middle = (low + high) // 2
            its = {"its_region": region, "its_number": middle}
            found = self._scope.connection.execute(_TIME, its).scalar()
            low, high = (middle + 1, high) if found is not None and found < at else (low, middle)
        return low

    def add_head(self, head: AuditHead) -> None:
        """Add a signed head."""
        self._scope.require_region(head.region)
        self._scope.connection.execute(insert(audit_heads), [_HEAD.values(head)])

    def heads(self, region: str) -> tuple[AuditHead, ...]:
        """Return the signed heads by number."""
        its = _HEAD.selected.where(audit_heads.c.region == region).order_by(audit_heads.c.number)
        return tuple(map(_HEAD.value, self._scope.connection.execute(its)))

    def regions(self) -> tuple[str, ...]:
        """Return the regions that have entries."""
        wanted = select(audit_entries.c.region).distinct().order_by(audit_entries.c.region)
        return tuple(self._scope.connection.execute(wanted).scalars())


def _is_next(one: AuditEntry, other: AuditEntry) -> bool:
    follows = other.number == one.number + 1 and other.previous_hash == one.hash
    return follows and other.fact.region == one.fact.region


def _columns(entry: AuditEntry) -> dict[str, Any]:
    place = {name: getattr(entry, name) for name in _PLACE}
    return {**_FACT.values(entry.fact), "details": dict(entry.fact.details), **place}


def _entry(record: Row[Any]) -> AuditEntry:
    try:
        fact = _FACT.value(record)
    except (UsageError, TypeError, ValueError):
        sentence = f"Entry {record.number} of the audit log was changed: it is no entry any more."
        raise Refusal("audit-damaged", sentence) from None
    return AuditEntry(
        number=record.number,
        at=record.at,
        fact=fact,
        previous_hash=record.previous_hash,
        hash=record.hash,
    )
