"""What the issuer asks of a key store; ``cardservice.keystores`` has the answers.

The shape is that of a security module: keys are named, are generated inside, and never
come out. So a PKCS#11 module fits behind it without a change to any caller.
"""

import re
from typing import Protocol, runtime_checkable

from cardservice.errors import CardServiceError, UsageError
from cardservice.pki.suite import ECDSA_P256_SHA256, SignatureSuite

KEY_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""Names are file names, labels and log words at once, so they are plain."""

CMAC_OCTETS = 16
SECRET_OCTETS = (16, 24, 32)  # AES-128, AES-192, AES-256


class KeyStoreError(CardServiceError):
    """A key cannot be had or made; ``remedy`` says what to do."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message} ({remedy})")
        self.remedy = remedy


class SigningKey(Protocol):
    """A private key that signs where it lives."""

    @property
    def suite(self) -> SignatureSuite: ...

    @property
    def public_key(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data`` (not its hash); for ECDSA SEQUENCE{r, s}, DER."""
        ...


class SecretKey(Protocol):
    """An AES key that authenticates where it lives.

    CMAC is all that SP 800-108 derivation of card keys needs, so a master key need never
    leave its module.
    """

    def cmac(self, data: bytes) -> bytes:
        """Return AES-CMAC of ``data``, 16 octets, not truncated (NIST SP 800-38B)."""
        ...


class KeyStore(Protocol):
    """Named keys; a name holds one key for ever and is never overwritten."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all keys, sorted, signing and secret."""
        ...

    def signing_key(self, name: str) -> SigningKey:
        """Return the signing key of that name; raises KeyStoreError."""
        ...

    def generate(self, name: str, suite: SignatureSuite = ECDSA_P256_SHA256) -> SigningKey:
        """Return a new signing key, stored before this returns; raises KeyStoreError."""
        ...

    def secret(self, name: str) -> SecretKey:
        """Return the secret key of that name; raises KeyStoreError."""
        ...

    def generate_secret(self, name: str, *, octets: int = 16) -> SecretKey:
        """Return a new secret key of 16, 24 or 32 octets; raises KeyStoreError."""
        ...

    def put_secret(self, name: str, value: bytes) -> SecretKey:
        """Return the secret key stored from ``value``, e.g. a card maker's transport key."""
        ...


@runtime_checkable
class RemovableKeys(Protocol):
    """A store whose signing keys may go: those of a desk, which end; an issuer's stay."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all keys, sorted."""
        ...

    def remove(self, name: str) -> None:
        """Destroy the signing key of that name for good; harmless when there is none.

        Raises:
            KeyStoreError: the disk, or the module, refused; the key may still be there.
        """
        ...


def require_name(name: str) -> str:
    """Return ``name``; raises UsageError unless it is lower case letters, digits, hyphens."""
    if not KEY_NAME.fullmatch(name):
        raise UsageError("a key name is 1 to 63 of a-z, 0-9 and '-', not beginning with '-'")
    return name


def require_secret_size(octets: int) -> int:
    """Return ``octets``; raises UsageError unless an AES key can be that long."""
    if octets not in SECRET_OCTETS:
        raise UsageError("a secret key has 16, 24 or 32 octets")
    return octets
