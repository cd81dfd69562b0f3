"""What this package asks of a store; SQL and in-memory implementations share these Protocols."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cardservice.accounts.account import Account
from cardservice.accounts.session import Session
from cardservice.errors import Refusal


class StaleAccountError(Refusal):
    """Somebody else changed the account in the meantime; read it again."""

    def __init__(self) -> None:
        super().__init__("account-stale", "Somebody else changed this account. Load it again.")


class AccountStore(Protocol):
    """Accounts by id, name and OpenID identity."""

    def by_id(self, account: UUID) -> Account | None: ...

    def by_name(self, name: str) -> Account | None: ...

    def by_subject(self, issuer: str, subject: str) -> Account | None: ...

    def of_region(self, region: str, *, after: str = "", limit: int = 50) -> tuple[Account, ...]:
        """Return at most ``limit`` accounts of a region whose names come after ``after``."""
        ...

    def add(self, account: Account) -> None:
        """Store a new account; Refusal ``account-exists`` if id, name or identity is taken."""
        ...

    def save(self, account: Account) -> Account:
        """Store a changed account and return it with its version one higher.

        Raises:
            StaleAccountError: the stored version is not ``account.version``.
        """
        ...


class SessionStore(Protocol):
    """Sessions by the SHA-256 of their token."""

    def find(self, token_hash: bytes) -> Session | None: ...

    def put(self, session: Session) -> None:
        """Store a new session, or one that was seen again."""
        ...

    def touch(self, token_hash: bytes, seen_at: datetime) -> None:
        """Note when a session was seen last; nothing happens if it has ended meanwhile."""
        ...

    def end(self, token_hash: bytes) -> bool:
        """End a session; whether there was one. Of two at once exactly one hears True."""
        ...

    def end_all(self, subject: UUID, *, but: bytes | None = None) -> int:
        """End every session of a subject except ``but``; how many there were."""
        ...

    def prune(self, *, created_before: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Wrong tries in a row at one name or from one address."""

    failures: int
    last_at: datetime
    not_before: datetime


class AttemptStore(Protocol):
    """Counters of wrong tries by a key of 32 octets that tells no name."""

    def get(self, key: bytes) -> Attempts | None: ...

    def replace(self, key: bytes, old: Attempts | None, new: Attempts | None) -> bool:
        """Store ``new`` if ``old`` still stands there, in one step; whether it did."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A one-time code that was sent, or, with no ``subject``, only seemed to be.

    Attributes:
        id: SHA-256 of the token that the asking browser holds.
        subject: the application; None: nothing matched, and no code fits.
        code_mac: HMAC-SHA-256 of the code under the browser's token, which is not stored.
        tries_left: how many codes may still be tried.
    """

    id: bytes
    region: str
    subject: UUID | None
    code_mac: bytes = field(repr=False)
    until: datetime
    tries_left: int


class ChallengeStore(Protocol):
    """One-time codes on their way."""

    def put(self, challenge: Challenge) -> None: ...

    def find(self, challenge_id: bytes) -> Challenge | None: ...

    def replace(self, old: Challenge, new: Challenge | None) -> bool:
        """Store ``new`` (None: forget it) if ``old`` still stands there; whether it did."""
        ...


class Sealer(Protocol):
    """Keeps the secrets of second factors unreadable at rest, under a key of the key store."""

    def seal(self, plain: bytes, *, context: bytes) -> bytes: ...

    def open(self, sealed: bytes, *, context: bytes) -> bytes: ...
