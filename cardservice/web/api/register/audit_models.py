"""The audit log as programs see it: ids, codes and names of fields, digests in hexadecimal."""

from datetime import datetime
from uuid import UUID

from cardservice.registry.audit_lines import head_to_line
from cardservice.registry.audit_reading import VerifiedPart
from cardservice.registry.audit_values import AuditEntry, AuditHead
from cardservice.web.api.common import Model


class AuditEntryShown(Model):
    """Who did what, when, to what, on what ground; ``hash`` is over all of it."""

    number: int
    at: datetime
    region: str
    actor: str
    role: str
    action: str
    subject_kind: str
    subject_id: str
    ground: str
    details: dict[str, str]
    previous_hash: str
    hash: str


class AuditEntries(Model):
    """A page of entries; ``is_cut``: the search by actor ended before the oldest entry."""

    items: list[AuditEntryShown]
    next: str | None
    is_cut: bool


class SignedHead(Model):
    """A signed statement that the log had this last entry; ``line`` is for ``audit verify``."""

    number: int
    at: datetime
    key: str
    hash: str
    line: str


class AuditHeadShown(Model):
    """How many entries there are, the last one's hash, and the newest signed head."""

    entries: int
    last_hash: str | None
    signed: SignedHead | None


class VerifiedShown(Model):
    """What the log proved: entries up to ``signed`` stand under signed heads.

    ``after``: the entry that a signed head vouches for and before which nothing was looked at
    again; 0: the whole log was verified.
    """

    entries: int
    signed: int
    after: int
    last_hash: str


class LookShown(Model):
    """Somebody looked at a person."""

    id: UUID
    actor: str
    role: str
    reason: str
    at: datetime


def entry_shown(entry: AuditEntry) -> AuditEntryShown:
    """Return an entry as programs see it."""
    fact = entry.fact
    return AuditEntryShown(
        number=entry.number,
        at=entry.at,
        region=fact.region,
        actor=fact.actor,
        role=fact.role,
        action=fact.action,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        ground=fact.ground,
        details=dict(fact.details),
        previous_hash=entry.previous_hash.hex(),
        hash=entry.hash.hex(),
    )


def head_shown(head: AuditHead | None, last: AuditEntry | None) -> AuditHeadShown:
    """Return the end of a log as programs see it."""
    return AuditHeadShown(
        entries=0 if last is None else last.number,
        last_hash=None if last is None else last.hash.hex(),
        signed=None if head is None else _signed(head),
    )


def verified_shown(part: VerifiedPart) -> VerifiedShown:
    """Return what a log proved as programs see it."""
    return VerifiedShown(
        entries=part.log.entries,
        signed=part.log.signed,
        after=part.after,
        last_hash=part.log.last_hash.hex(),
    )


def _signed(head: AuditHead) -> SignedHead:
    return SignedHead(
        number=head.number,
        at=head.at,
        key=head.key,
        hash=head.hash.hex(),
        line=head_to_line(head),
    )
