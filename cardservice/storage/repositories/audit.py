"""The audit log, which can be added to and read, and nothing else: ``AuditStore``."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select

from cardservice.errors import Refusal, UsageError
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
        fact = entry.fact
        self._scope.require_region(fact.region)
        if not self._follows(entry):
            its = {"its_region": fact.region, "its_number": entry.number}
            if self._scope.connection.execute(_TAKEN, its).first() is not None:
                raise StaleError
        place = {name: getattr(entry, name) for name in _PLACE}
        row = {**_FACT.values(fact), "details": dict(fact.details), **place}
        self._scope.connection.execute(_ADDED, row)
        self._newest = entry

    def _follows(self, entry: AuditEntry) -> bool:
        """Return whether ``entry`` comes next after the newest one that was read."""
        newest = self._newest
        if newest is None or newest.fact.region != entry.fact.region:
            return False
        return entry.number == newest.number + 1 and entry.previous_hash == newest.hash

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
