"""An audit log that forgets with its process: for tests and demonstrations only."""

import threading
from collections.abc import Iterable, Sequence

from cardservice.errors import Refusal, UsageError
from cardservice.registry.audit_values import AuditEntry, AuditHead


class InsecureMemoryAuditStore:
    """The port ``AuditStore`` in memory; raises UsageError in production."""

    def __init__(self, *, production: bool) -> None:
        if production:
            raise UsageError(f"{type(self).__name__} forgets; set up a database")
        self._entries: dict[str, list[AuditEntry]] = {}
        self._heads: dict[str, list[AuditHead]] = {}
        self._lock = threading.Lock()

    def last(self, region: str) -> AuditEntry | None:
        found = self._entries.get(region)
        return found[-1] if found else None

    def append(self, entry: AuditEntry) -> None:
        with self._lock:
            kept = self._entries.setdefault(entry.fact.region, [])
            if entry.number != len(kept) + 1:
                raise Refusal("stale", "The number of the entry is taken.")
            kept.append(entry)

    def add_head(self, head: AuditHead) -> None:
        self._heads.setdefault(head.region, []).append(head)

    def entries(self, region: str) -> Iterable[AuditEntry]:
        return tuple(self._entries.get(region, ()))

    def heads(self, region: str) -> Sequence[AuditHead]:
        return tuple(self._heads.get(region, ()))
