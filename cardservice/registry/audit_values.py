"""An entry of the audit log: who did what, when, to what, on what ground; never a person's data.

Names of fields, ids and codes only: the grammar below has no room for a name, an address or a
telephone number, and texts that look like a number or date of a person are refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from cardservice.errors import UsageError

DIGEST_OCTETS: Final = 32
FIRST_PREVIOUS: Final = bytes(DIGEST_OCTETS)
"""What the first entry of a log names as the hash before it."""

MOST_DETAILS: Final = 32
_CODE: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/,-]{0,127}|")
_REGION: Final = re.compile(r"[0-9]{5}")
# A policy number has 16 digits, SNILS 11, a telephone number 10 or more, a passport 10.
_PERSONAL: Final = re.compile(
    r"(?<![0-9A-Fa-f-])(?:[0-9][._:/,-]?){9,}(?![0-9A-Fa-f-])|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFact:
    """What is to be recorded.

    Attributes:
        region: five digits; each region has a log of its own.
        actor: id of the account or program, ``system`` for the service itself.
        role: in which role.
        action: e.g. ``application.approve``, ``person.look``.
        subject_kind, subject_id: what it was done to.
        ground: code of the ground, perhaps with an id after it.
        details: name → id, code or names of fields; no values of fields.

    Raises:
        UsageError: one of them is not of that grammar, or looks like personal data.
    """

    region: str
    actor: str
    role: str
    action: str
    subject_kind: str
    subject_id: str
    ground: str
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        frozen = MappingProxyType(dict(self.details))
        object.__setattr__(self, "details", frozen)
        if not _REGION.fullmatch(self.region):
            raise UsageError("the region of an audit entry is five digits")
        codes = (self.role, self.action, self.subject_kind, *frozen)
        references = (self.actor, self.subject_id, self.ground, *frozen.values())
        if len(frozen) > MOST_DETAILS or not all(_CODE.fullmatch(one) for one in codes):
            raise UsageError("roles, actions, kinds and names in an audit entry are codes")
        if not all(_is_reference(one) for one in references):
            raise UsageError("an audit entry names ids and fields, never personal values")


def _is_reference(text: str) -> bool:
    return bool(_REFERENCE.fullmatch(text)) and not _PERSONAL.search(_UUID.sub("", text))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A fact in its place in the log.

    Attributes:
        number: 1 for the first of the region, then one more each.
        at: aware, UTC.
        previous_hash: of the entry before, 32 octets.
        hash: SHA-256 of this entry's canonical octets, ``audit_coding``.
    """

    number: int
    at: datetime
    fact: AuditFact
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """A signed statement that the log had this last entry.

    Attributes:
        number, hash: of that entry.
        key: name of the signing key.
        signature: over ``audit_coding.head_octets``.
    """

    region: str
    number: int
    hash: bytes
    at: datetime
    key: str
    signature: bytes = b""


def require_utc(at: datetime) -> datetime:
    """Return ``at`` in UTC; raises UsageError for a time without a zone."""
    if at.tzinfo is None:
        raise UsageError("a time in the audit log has a zone")
    return at.astimezone(UTC)
