"""A session as a value, and who acts in it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from cardservice.accounts.roles import Role


@unique
class Stage(StrEnum):
    """How far the sign-in came; only ``full`` gives rights."""

    SECOND_FACTOR = "second-factor"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a session or a token stands for.

    Attributes:
        id: of the account, the program, or the application an applicant asks about.
        label: what the page greets with and the audit log writes; never a person's name for
            an applicant.
    """

    id: UUID
    region: str
    roles: frozenset[Role]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signed-in browser; the token itself is stored nowhere.

    Attributes:
        token_hash: SHA-256 of the token, 32 octets.
        authenticated_at: when the sign-in was; a changed token keeps it.
    """

    token_hash: bytes = field(repr=False)
    subject: Subject
    stage: Stage
    authenticated_at: datetime
    seen_at: datetime
