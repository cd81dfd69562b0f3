"""A local account as a value."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from unicodedata import normalize
from uuid import UUID

from cardservice.accounts.roles import STAFF, Role
from cardservice.domain.texts import is_showable
from cardservice.errors import Refusal

NAME_LENGTH: Final = 64  # characters of a sign-in name; this project's own
_NAME: Final = re.compile(r"[\w][\w.@+-]*")


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """An enrolled TOTP device.

    Attributes:
        sealed: the shared secret, sealed by the account service's ``Sealer``.
        last_step: the number of the 30 s step whose code was used last; no older one counts.
    """

    sealed: bytes = field(repr=False)
    last_step: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody of the staff who signs in.

    Attributes:
        region: five digits; with ``id`` the key of the row.
        name: as ``normal_name`` returns it; unique.
        password_hash: an Argon2id text; None: this account has no password.
        pending: the sealed secret of a second factor that is being enrolled.
        recovery: 32-octet hashes of the recovery codes that are left.
        issuer: with ``subject`` the person's identity at an OpenID provider; unique together.
        version: counts the changes; a save of another version than the stored one is refused.
    """

    id: UUID
    region: str
    name: str
    roles: frozenset[Role]
    password_hash: str | None = field(default=None, repr=False)
    password_at: datetime | None = None
    second_factor: SecondFactor | None = field(default=None, repr=False)
    pending: bytes | None = field(default=None, repr=False)
    recovery: tuple[bytes, ...] = field(default=(), repr=False)
    issuer: str | None = None
    subject: str | None = field(default=None, repr=False)
    disabled: bool = False
    version: int = 0


def normal_name(typed: str) -> str | None:
    """Return a sign-in name in the form it is stored: NFKC, lower case; None: it is no name."""
    if len(typed) > NAME_LENGTH:
        return None
    name = normalize("NFKC", normalize("NFKC", typed.strip()).casefold())
    fits = len(name) <= NAME_LENGTH and is_showable(name) and _NAME.fullmatch(name)
    return name if fits else None


def parse_name(typed: str) -> str:
    """Return the name of a new account.

    Raises:
        Refusal: ``account-name``.
    """
    name = normal_name(typed)
    if name is None:
        sentence = "A sign-in name has letters, digits and . _ - + @ only, 64 at most."
        raise Refusal("account-name", sentence, field="name")
    return name


def require_staff(roles: frozenset[Role]) -> frozenset[Role]:
    """Return ``roles`` if an account may have them.

    Raises:
        Refusal: ``account-roles``: none, or one that no account can have.
    """
    if not roles or not roles <= STAFF:
        raise Refusal("account-roles", "An account needs a role of the staff.", field="roles")
    return roles
