"""Keys in this process's memory, behind the ports of ``cardservice.pki.keys``.

Python cannot wipe them: whoever reads the process's memory has them. A security module is
the remedy, and the ports are made for one.
"""

from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from cardservice.errors import UsageError
from cardservice.pki.keys import require_secret_size
from cardservice.pki.suite import ECDSA_P256_SHA256, SignatureSuite

_SCHEME = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class EcdsaP256Key:
    """A P-256 private key; ``public_key`` is its SubjectPublicKeyInfo, DER."""

    private_key: ec.EllipticCurvePrivateKey = field(repr=False)
    public_key: bytes = field(init=False, repr=False)
    suite: SignatureSuite = field(init=False, default=ECDSA_P256_SHA256)

    def __post_init__(self) -> None:
        public_key = self.private_key.public_key()
        spki = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        object.__setattr__(self, "public_key", spki)

    def sign(self, data: bytes) -> bytes:
        """Return SEQUENCE{r, s}, DER, over SHA-256 of ``data``."""
        return self.private_key.sign(data, _SCHEME)

    def private_octets(self) -> bytes:
        """Return the plain PKCS#8 PrivateKeyInfo, DER, for a store to encrypt."""
        return self.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def generate_key(suite: SignatureSuite) -> EcdsaP256Key:
    """Return a new key of that suite.

    Raises:
        UsageError: software keys exist for ``ecdsa-p256-sha256`` only.
    """
    if suite is not ECDSA_P256_SHA256:
        raise UsageError(f"no software keys of suite {suite.name}")
    return EcdsaP256Key(ec.generate_private_key(ec.SECP256R1()))


def load_key(private_octets: bytes) -> EcdsaP256Key:
    """Return the key of a plain PKCS#8 PrivateKeyInfo, DER.

    Raises:
        ValueError: it is none, not of P-256, or its public half is not its own.
    """
    try:
        key = load_der_private_key(private_octets, password=None)
    except (TypeError, UnsupportedAlgorithm):
        raise ValueError("not a private key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 key")  # noqa: TRY004 - of the octets, not of the caller
    return EcdsaP256Key(key)


@dataclass(frozen=True, slots=True)
class AesKey:
    """An AES key of 16, 24 or 32 octets; raises UsageError for another length."""

    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        require_secret_size(len(self.value))

    def cmac(self, data: bytes) -> bytes:
        """Return AES-CMAC of ``data``, 16 octets."""
        mac = CMAC(AES(self.value))
        mac.update(data)
        return mac.finalize()
