"""Key stores that forget, or that everybody knows: for tests and demonstrations only."""

import logging
import secrets
from hashlib import sha256
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from typing_extensions import override

from cardservice.errors import UsageError
from cardservice.keystores.software_keys import AesKey, EcdsaP256Key, generate_key
from cardservice.pki.keys import KeyStoreError, require_name, require_secret_size
from cardservice.pki.suite import ECDSA_P256_SHA256, SignatureSuite

DEMONSTRATION_TRANSPORT_MASTER = bytes.fromhex("404142434445464748494A4B4C4D4E4F")
"""The key that blank demonstration cards carry as version 30 (card.md, section 6)."""

TRANSPORT_MASTER = "transport-master"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SEC 2, 2.4.2

_log = logging.getLogger(__name__)


class InsecureMemoryKeyStore:
    """Keys that live as long as the process.

    Args:
        production: whether the service is set to production, which refuses this store.

    Raises:
        UsageError: in production.
    """

    def __init__(self, *, production: bool) -> None:
        if production:
            raise UsageError(f"{type(self).__name__} is for tests; set up a real key store")
        _log.warning("%s: keys are not protected", type(self).__name__)
        self._signing: dict[str, EcdsaP256Key] = {}
        self._secrets: dict[str, AesKey] = {}

    def names(self) -> tuple[str, ...]:
        return tuple(sorted((*self._signing, *self._secrets)))

    def signing_key(self, name: str) -> EcdsaP256Key:
        """Return the key of that name; raises KeyStoreError if there is none."""
        return _found(self._signing, name)

    def generate(self, name: str, suite: SignatureSuite = ECDSA_P256_SHA256) -> EcdsaP256Key:
        """Return a new key; raises KeyStoreError if the name is taken."""
        return self._signing.setdefault(self._free(name), generate_key(suite))

    def remove(self, name: str) -> None:
        """Forget the signing key of that name; harmless when there is none."""
        self._signing.pop(name, None)

    def secret(self, name: str) -> AesKey:
        """Return the secret key of that name; raises KeyStoreError if there is none."""
        return _found(self._secrets, name)

    def generate_secret(self, name: str, *, octets: int = 16) -> AesKey:
        """Return a new secret key; raises KeyStoreError if the name is taken."""
        return self.put_secret(name, secrets.token_bytes(require_secret_size(octets)))

    def put_secret(self, name: str, value: bytes) -> AesKey:
        """Return the secret key of that value; raises KeyStoreError if the name is taken."""
        return self._secrets.setdefault(self._free(name), AesKey(value))

    def _free(self, name: str) -> str:
        if require_name(name) in (*self._signing, *self._secrets):
            raise KeyStoreError(f"there is a key {name} already", remedy="choose another name")
        return name


class InsecureDemonstrationKeyStore(InsecureMemoryKeyStore):
    """Keys derived from their names by a published rule, the same on every machine.

    Whoever reads this file can sign with them. So demonstrations are repeatable, and a root
    made with them must bear the demonstration marker. The transport master is there from
    the beginning.
    """

    def __init__(self, *, production: bool) -> None:
        super().__init__(production=production)
        self.put_secret(TRANSPORT_MASTER, DEMONSTRATION_TRANSPORT_MASTER)

    @override
    def generate(self, name: str, suite: SignatureSuite = ECDSA_P256_SHA256) -> EcdsaP256Key:
        """Return the published key of that name; raises KeyStoreError if it was made before."""
        if suite is not ECDSA_P256_SHA256:
            raise UsageError(f"no demonstration keys of suite {suite.name}")
        scalar = 1 + int.from_bytes(_published("signing", name)) % (P256_ORDER - 1)
        key = EcdsaP256Key(ec.derive_private_key(scalar, ec.SECP256R1()))
        return self._signing.setdefault(self._free(name), key)

    @override
    def generate_secret(self, name: str, *, octets: int = 16) -> AesKey:
        """Return the published secret of that name; raises KeyStoreError if made before."""
        return self.put_secret(name, _published("secret", name)[: require_secret_size(octets)])


def _published(kind: str, name: str) -> bytes:
    return sha256(f"Insecure demonstration {kind} key: {name}".encode()).digest()


T = TypeVar("T")


def _found(keys: dict[str, T], name: str) -> T:
    try:
        return keys[name]
    except KeyError:
        raise KeyStoreError(f"no key {name}", remedy="generate it first") from None
