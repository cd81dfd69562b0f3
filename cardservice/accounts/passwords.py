"""Passwords at rest: Argon2id, never more of them at once than the memory has room for.

Source: RFC 9106 (Argon2), section 4; RFC 8265, section 4.2 (OpaqueString).
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Final, Protocol
from unicodedata import category, normalize

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_MAX: Final = 256  # characters, looked at before any hash; long passphrases fit


class Hasher(Protocol):
    """The part of a password hash function that is used here."""

    def hash(self, password: str) -> str: ...

    def verify(self, hash: str, password: str) -> bool: ...  # noqa: A002 - argon2-cffi's name

    def check_needs_rehash(self, hash: str) -> bool: ...  # noqa: A002


@dataclass(frozen=True, slots=True, kw_only=True)
class Argon2Settings:
    """Parameters of Argon2id; a changed one takes effect at each person's next sign-in.

    The defaults are the second recommended option, for machines with less memory.

    Attributes:
        time_cost: passes over the memory.
        memory_kib: KiB that one hash takes.
        parallelism: lanes.
        salt_octets: random octets of a salt.
        hash_octets: octets of the result.
        at_once: how many may be computed at the same time; times ``memory_kib`` is the memory.

    Source: RFC 9106, section 4, "SECOND RECOMMENDED option".
    """

    time_cost: int = 3
    memory_kib: int = 64 * 1024
    parallelism: int = 4
    salt_octets: int = 16
    hash_octets: int = 32
    at_once: int = 4


def argon2id(settings: Argon2Settings) -> PasswordHasher:
    """Return the hash function with these parameters."""
    return PasswordHasher(
        time_cost=settings.time_cost,
        memory_cost=settings.memory_kib,
        parallelism=settings.parallelism,
        hash_len=settings.hash_octets,
        salt_len=settings.salt_octets,
        type=Type.ID,
    )


def prepare(password: str) -> str | None:
    """Return a password in the form that is hashed: NFC, any blank a plain one.

    None: it cannot be a password: empty, too long, or with a control character.
    """
    if not 0 < len(password) <= PASSWORD_MAX:
        return None
    if any(category(one) in {"Cc", "Cs", "Cn"} for one in password):
        return None
    plain = "".join(" " if category(one) == "Zs" else one for one in password)
    return normalize("NFC", plain)


class Passwords:
    """Hashes and verifies; whatever it is asked, it does one hash's worth of work."""

    def __init__(
        self,
        settings: Argon2Settings | None = None,
        *,
        hasher: Callable[[Argon2Settings], Hasher] = argon2id,
    ) -> None:
        settings = settings or Argon2Settings()
        self._hasher = hasher(settings)
        self._gate = BoundedSemaphore(settings.at_once)
        # What unknown accounts are compared with. Its parameters are today's, as those of an
        # account that signs in often; nobody knows a text that fits it.
        self._nobody = self._hasher.hash("\x00")

    def hash(self, prepared: str) -> str:
        """Return the Argon2id text of a password that ``prepare`` returned."""
        with self._gate:
            return self._hasher.hash(prepared)

    def rehash(self, typed: str) -> str:
        """Return a new hash of a password that ``verify`` has just found right."""
        return self.hash(prepare(typed) or typed)

    def verify(self, stored: str | None, typed: str) -> bool:
        """Return whether ``typed`` is the password; with no ``stored`` hash it never is.

        Unknown accounts, accounts without a password and texts that cannot be a password take
        the same path through one verification.
        """
        prepared = prepare(typed)
        known = stored is not None and prepared is not None
        fits = self._matches(stored if stored is not None else self._nobody, prepared or " ")
        return known and fits

    def is_outdated(self, stored: str) -> bool:
        """Return whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str, password: str) -> bool:
        with self._gate:
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False
