"""The audit log as its commands need it: readable without a passphrase, signed with one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardservice.registry.audit_values import AuditEntry, AuditHead
from cardservice.storage.engine import Database


@dataclass(frozen=True, slots=True)
class DatabaseAuditLog:
    """The port ``AuditStore``, each call a transaction of its own; for who is not in one."""

    database: Database

    def last(self, region: str) -> AuditEntry | None:
        """Return the newest entry of a region, None before the first."""
        with self.database.reading() as work:
            return work.audit.last(region)

    def append(self, entry: AuditEntry) -> None:
        """Add an entry; raises Refusal ``stale`` when its number is taken."""
        self.database.transaction(lambda work: work.audit.append(entry), region=entry.fact.region)

    def add_head(self, head: AuditHead) -> None:
        """Add a signed head."""
        self.database.transaction(lambda work: work.audit.add_head(head), region=head.region)

    def entries(self, region: str) -> Iterable[AuditEntry]:
        """Yield the entries of a region by number, all of one moment."""
        with self.database.reading() as work:
            yield from work.audit.entries(region)

    def heads(self, region: str) -> Sequence[AuditHead]:
        """Return the signed heads of a region by number."""
        with self.database.reading() as work:
            return work.audit.heads(region)
