"""Tokens of programs: a station, a clinic's information system, a fund's exchange."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from cardservice.accounts.dice import Clock, Dice, NewId, draw_token, hash_token
from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import STAFF, Role
from cardservice.accounts.session import Subject
from cardservice.errors import Refusal, UsageError

MARK: Final = "epc"  # what a scanner for leaked secrets can look for
LONGEST: Final = timedelta(days=366)  # this project's own: a program's token is renewed yearly
LABEL_LENGTH: Final = 100
MOST_SHOWN: Final = 200  # tokens of a list; a region has some dozens of programs
_PREFIX: Final = 8  # characters shown in lists; 48 of 256 bits, which leaves enough
_FORM: Final = re.compile(r"epc_[A-Za-z0-9_-]{43}")
# A program may do what its role may; who runs the service itself is a person.
PROGRAMS: Final = STAFF - {Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A program's standing permission; the token itself was shown once and is stored nowhere.

    Attributes:
        prefix: the first characters, so that people can tell tokens apart.
        scopes: what of its role's rights the program may use.
    """

    id: UUID
    region: str
    label: str
    role: Role
    scopes: frozenset[Right]
    prefix: str
    token_hash: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class ApiTokenStore(Protocol):
    """Tokens by id and by the SHA-256 of the token."""

    def find(self, token_hash: bytes) -> ApiToken | None: ...

    def by_id(self, token: UUID) -> ApiToken | None: ...

    def of_region(self, region: str) -> tuple[ApiToken, ...]:
        """Return the newest tokens of a region, ended ones too; ``MOST_SHOWN`` at most."""
        ...

    def put(self, token: ApiToken) -> None: ...


@dataclass(frozen=True, slots=True)
class Program:
    """A program that calls: whom it stands for, and what it may do."""

    subject: Subject
    scopes: frozenset[Right]


class ApiTokens:
    """Issues, recognises and revokes tokens."""

    def __init__(self, store: ApiTokenStore, *, clock: Clock, dice: Dice, new_id: NewId) -> None:
        self._store = store
        self._clock = clock
        self._dice = dice
        self._new_id = new_id

    def issue(
        self, label: str, *, role: Role, scopes: frozenset[Right], region: str, lasts: timedelta
    ) -> tuple[ApiToken, str]:
        """Return a new token's record and the token, ``epc_`` and 43 characters, to show once.

        Raises:
            Refusal: ``token-role``, ``token-scopes``, ``token-term`` or ``token-label``.
        """
        _verify_wish(label, role, scopes, lasts)
        token, now = f"{MARK}_{draw_token(self._dice)}", self._clock()
        record = ApiToken(
            id=self._new_id(),
            region=region,
            label=label,
            role=role,
            scopes=scopes,
            prefix=token[: len(MARK) + 1 + _PREFIX],
            token_hash=hash_token(token),
            created_at=now,
            expires_at=now + lasts,
        )
        self._store.put(record)
        return record, token

    def recognise(self, token: str) -> Program | None:
        """Return the program of a token that is good now, else None."""
        if not _FORM.fullmatch(token):
            return None
        record = self._store.find(hash_token(token))
        if record is None or record.revoked_at is not None or self._clock() >= record.expires_at:
            return None
        return program(record)

    def of_region(self, region: str) -> tuple[ApiToken, ...]:
        """Return the newest tokens of a region, ended ones too; ``MOST_SHOWN`` at most."""
        return self._store.of_region(region)

    def find(self, region: str, token: UUID) -> ApiToken:
        """Return the record of a token; raises Refusal ``not-found``, also for another region's."""
        record = self._store.by_id(token)
        if record is None or record.region != region:
            raise Refusal("not-found", "There is no such token.")
        return record

    def revoke(self, token: UUID) -> None:
        """Revoke a token at once; nothing happens if there is none or it is revoked."""
        record = self._store.by_id(token)
        if record is not None and record.revoked_at is None:
            self._store.put(replace(record, revoked_at=self._clock()))


def program(record: ApiToken) -> Program:
    """Return the program that a record stands for."""
    subject = Subject(
        id=record.id, region=record.region, roles=frozenset({record.role}), label=record.label
    )
    return Program(subject, record.scopes)


def _verify_wish(label: str, role: Role, scopes: frozenset[Right], lasts: timedelta) -> None:
    if not 0 < len(label) <= LABEL_LENGTH or not label.isprintable():
        raise Refusal("token-label", "A token needs a name of 100 characters or fewer.")
    if role not in PROGRAMS:
        raise Refusal("token-role", "A program cannot have this role.")
    if not scopes or not all(may({role}, one) for one in scopes):
        raise Refusal("token-scopes", "A token's scopes are rights of its role.")
    if not timedelta(0) < lasts <= LONGEST:
        raise Refusal("token-term", "A token lasts at most a year.")


class InsecureMemoryApiTokens:
    """An ``ApiTokenStore`` that lives as long as the process; refused in production."""

    def __init__(self, *, production: bool = False) -> None:
        if production:
            raise UsageError(f"{type(self).__name__} is for tests; set up a real store")
        self._rows: dict[UUID, ApiToken] = {}

    def find(self, token_hash: bytes) -> ApiToken | None:
        rows = list(self._rows.values())
        return next((one for one in rows if one.token_hash == token_hash), None)

    def by_id(self, token: UUID) -> ApiToken | None:
        return self._rows.get(token)

    def of_region(self, region: str) -> tuple[ApiToken, ...]:
        rows = [one for one in self._rows.values() if one.region == region]
        newest = sorted(rows, key=lambda one: (one.created_at, one.id), reverse=True)
        return tuple(newest[:MOST_SHOWN])

    def put(self, token: ApiToken) -> None:
        self._rows[token.id] = token
