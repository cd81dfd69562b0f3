"""The audit log: entries are added, never changed; each holds the hash of the one before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from cardservice.errors import Refusal
from cardservice.pki.keys import SigningKey
from cardservice.registry.audit_coding import entry_hash, head_octets
from cardservice.registry.audit_values import (
    FIRST_PREVIOUS,
    AuditEntry,
    AuditFact,
    AuditHead,
    require_utc,
)

MOST_TRIES: Final = 20  # writers that take the same number at once; each time one of them wins
HEAD_EVERY: Final = 1_000  # entries after which a head is due, besides the one at closing


class AuditStore(Protocol):
    """Where entries and heads are kept; nothing in it changes or removes one."""

    def last(self, region: str) -> AuditEntry | None:
        """Return the entry with the highest number of that region."""
        ...

    def append(self, entry: AuditEntry) -> None:
        """Keep ``entry``; raises Refusal ``stale`` when its number is taken."""
        ...

    def add_head(self, head: AuditHead) -> None:
        """Keep ``head``."""
        ...

    def entries(self, region: str) -> Iterable[AuditEntry]:
        """Return all entries of that region in the order of their numbers."""
        ...

    def heads(self, region: str) -> Sequence[AuditHead]:
        """Return all heads of that region in the order of their numbers."""
        ...


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The use cases of the log; ``clock`` gives aware times."""

    store: AuditStore
    clock: Callable[[], datetime]

    def record(self, fact: AuditFact) -> AuditEntry:
        """Return the entry kept for ``fact``, in the transaction of what it tells of.

        Raises:
            Refusal: ``audit-busy``: too many writers took the number; nothing was kept.
        """
        for _ in range(MOST_TRIES):
            entry = self._next(fact)
            try:
                self.store.append(entry)
            except Refusal as refusal:
                if refusal.code != "stale":
                    raise
            else:
                return entry
        raise Refusal("audit-busy", "Too much is recorded at once; try again.")

    def sign_head(self, region: str, *, key_name: str, key: SigningKey) -> AuditHead | None:
        """Return the head signed for the last entry; None if there is no entry, or it has one."""
        last, heads = self.store.last(region), self.store.heads(region)
        if last is None or (heads and heads[-1].number >= last.number):
            return None
        at = require_utc(self.clock())
        bare = AuditHead(region=region, number=last.number, hash=last.hash, at=at, key=key_name)
        head = replace(bare, signature=key.sign(head_octets(bare)))
        self.store.add_head(head)
        return head

    def is_head_due(self, region: str) -> bool:
        """Return whether ``HEAD_EVERY`` entries were added since the last head."""
        last, heads = self.store.last(region), self.store.heads(region)
        signed = heads[-1].number if heads else 0
        return last is not None and last.number - signed >= HEAD_EVERY

    def _next(self, fact: AuditFact) -> AuditEntry:
        last = self.store.last(fact.region)
        number = 1 if last is None else last.number + 1
        previous = FIRST_PREVIOUS if last is None else last.hash
        at = require_utc(self.clock())
        digest = entry_hash(number=number, at=at, fact=fact, previous_hash=previous)
        return AuditEntry(number=number, at=at, fact=fact, previous_hash=previous, hash=digest)
