"""The audit log: entries are added, never changed; each holds the hash of the one before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from typing_extensions import override

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch:
    """Which entries are looked for, the newest first.

    Attributes:
        above, below: numbers between which they lie, neither of them among them.
        actor: id of who acted; empty: anybody.
        subject_id: what it was done to; empty: anything.
        limit: how many at most.
    """

    above: int = 0
    below: int
    actor: str = ""
    subject_id: str = ""
    limit: int


class AuditEntries(AuditStore, Protocol):
    """A log that can also be searched."""

    @override
    def entries(self, region: str, *, after: int = 0) -> Iterable[AuditEntry]:
        """Return the entries of that region after the number ``after``, by number."""
        ...

    def append_all(self, entries: Sequence[AuditEntry]) -> None:
        """Keep entries of one region that follow each other; raises as ``append``."""
        ...

    def about(self, region: str, subject_id: str) -> tuple[AuditEntry, ...]:
        """Return the newest 200 entries about something, by number."""
        ...

    def newest(self, region: str, search: AuditSearch) -> tuple[AuditEntry, ...]:
        """Return the entries that are looked for, the newest first."""
        ...

    def first_since(self, region: str, at: datetime) -> int:
        """Return the number of the first entry at ``at`` or later; one beyond the last if none.

        It takes times for sorted, which clocks that were set back may have broken by a little.
        """
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
        return _entry_after(self.store.last(fact.region), fact, require_utc(self.clock()))


def record_together(
    store: AuditEntries, region: str, facts: Iterable[AuditFact], *, at: datetime
) -> None:
    """Keep the entries of ``facts``, in their order, in the transaction of what they tell of.

    For a transaction that has the region for itself: the end of the log is read once, and all
    that is new goes to the store at once.

    Args:
        store: the log.
        region: of all the facts.
        facts: what is to be recorded.
        at: when, aware.

    Raises:
        Refusal: ``stale``: somebody else wrote to the log; nothing was kept.
    """
    moment, last, new = require_utc(at), store.last(region), list[AuditEntry]()
    for fact in facts:
        last = _entry_after(last, fact, moment)
        new.append(last)
    store.append_all(new)


def _entry_after(last: AuditEntry | None, fact: AuditFact, at: datetime) -> AuditEntry:
    number = 1 if last is None else last.number + 1
    previous = FIRST_PREVIOUS if last is None else last.hash
    digest = entry_hash(number=number, at=at, fact=fact, previous_hash=previous)
    return AuditEntry(number=number, at=at, fact=fact, previous_hash=previous, hash=digest)
