"""The canonical octets of the audit log's entries and heads; documented in docs/audit.md.

A label, then every member as its length (4 octets, big-endian) and its octets. So no two entries
have the same octets, and no member can run over into its neighbour.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from typing import Final

from cardservice.registry.audit_values import AuditEntry, AuditFact, AuditHead

ENTRY_LABEL: Final = "policy-card-audit-entry/1"
HEAD_LABEL: Final = "policy-card-audit-head/1"
_LENGTH_OCTETS: Final = 4


def entry_hash(*, number: int, at: datetime, fact: AuditFact, previous_hash: bytes) -> bytes:
    """Return SHA-256 of an entry's canonical octets, 32 octets."""
    return sha256(entry_octets(number, at, fact, previous_hash)).digest()


def hash_of(entry: AuditEntry) -> bytes:
    """Return what the hash of ``entry`` should be."""
    return entry_hash(
        number=entry.number, at=entry.at, fact=entry.fact, previous_hash=entry.previous_hash
    )


def entry_octets(number: int, at: datetime, fact: AuditFact, previous_hash: bytes) -> bytes:
    """Return label, region, number, time, actor, role, action, subject, ground, details, hash."""
    details = sorted(fact.details.items())
    texts = (
        ENTRY_LABEL,
        fact.region,
        str(number),
        time_text(at),
        fact.actor,
        fact.role,
        fact.action,
        fact.subject_kind,
        fact.subject_id,
        fact.ground,
        str(len(details)),
        *chain.from_iterable(details),
    )
    return b"".join(_members(*texts)) + _member(previous_hash)


def head_octets(head: AuditHead) -> bytes:
    """Return what the signature of a head is over: label, region, number, hash, time, key."""
    before = b"".join(_members(HEAD_LABEL, head.region, str(head.number)))
    after = b"".join(_members(time_text(head.at), head.key))
    return before + _member(head.hash) + after


def time_text(at: datetime) -> str:
    """Return the time in UTC to the microsecond: ``2026-11-22T13:05:34.000000Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _members(*texts: str) -> Iterator[bytes]:
    return (_member(one.encode("utf-8", "surrogatepass")) for one in texts)


def _member(octets: bytes) -> bytes:
    return len(octets).to_bytes(_LENGTH_OCTETS) + octets
