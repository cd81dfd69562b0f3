"""Recipients and parameters of notifications, sealed under a key of the key store.

Source: NIST SP 800-38D (AES-256-GCM, random nonces of 96 bits: 2³² messages a key).
"""

import os
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cardservice.errors import CardServiceError
from cardservice.pki.keys import SecretKey
from cardservice.uploads.derivation import derive

NONCE: Final = 12
_FORM: Final = b"\1"  # before the nonce, so that another form can be told from this one


class SealError(CardServiceError):
    """What was sealed does not open: damaged, of another row, or under another key."""


class KeyStoreSealer:
    """The port ``Sealer`` with a secret key of 32 octets; ``dice`` return random octets."""

    def __init__(self, secret: SecretKey, *, dice: Callable[[int], bytes] = os.urandom) -> None:
        self._cipher = AESGCM(derive(secret, "notification"))
        self._dice = dice

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        """Return form octet, nonce, ciphertext and tag: 29 octets more than ``plain``."""
        nonce = self._dice(NONCE)
        return _FORM + nonce + self._cipher.encrypt(nonce, plain, _FORM + context)

    def open(self, sealed: bytes, *, context: bytes) -> bytes:
        """Return what was sealed in that context; raises SealError."""
        nonce, rest = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        try:
            if sealed[:1] != _FORM:
                raise SealError("a notification is sealed in another form")
            return self._cipher.decrypt(nonce, rest, _FORM + context)
        except (InvalidTag, ValueError):
            raise SealError("a sealed notification does not open") from None
