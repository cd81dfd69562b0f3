"""Keys under a passphrase: scrypt, then AES-256; what lies in the files of a key folder.

Signing keys are EncryptedPrivateKeyInfo (PKCS#8, PBES2), which ``openssl pkey`` reads. Secret
keys have no such standard, so their form is this project's: one JSON object, AES-256-GCM,
its header (with the key's name) authenticated, so that files cannot trade places.

Source: RFC 5958, 3; RFC 8018, 6.2; RFC 7914, 7 (scrypt in PBES2); NIST SP 800-38D.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.x509 import ObjectIdentifier

from cardservice.errors import UsageError

SALT_OCTETS = 16
KEY_OCTETS = 32
BLOCK_OCTETS = 16
NONCE_OCTETS = 12
MOST_WORK = 1 << 22  # N·r·p; six times the default, so a damaged file cannot stall the service
SEALED_FORMAT = "policy-card-secret/1"

_PBES2 = ObjectIdentifier("1.2.840.113549.1.5.13")
_SCRYPT = ObjectIdentifier("1.3.6.1.4.1.11591.4.11")
_AES_256_CBC = ObjectIdentifier("2.16.840.1.101.3.4.1.42")


class UnsealError(ValueError):
    """Wrong passphrase, or octets that are not what was sealed; which of them is not known."""


@dataclass(frozen=True, slots=True)
class KdfCost:
    """Parameters of scrypt; the default costs 16 MiB and about a quarter of a second.

    It is one of the equivalents OWASP's password storage guidance recommends, and the one
    whose memory ``openssl`` allows when it opens the file.
    """

    n: int = 1 << 14
    r: int = 8
    p: int = 5

    def __post_init__(self) -> None:
        if min(self.n, self.r, self.p) < 1 or self.n * self.r * self.p > MOST_WORK:
            raise UsageError("scrypt parameters are out of range")

    def derive(self, passphrase: str, salt: bytes) -> bytes:
        """Return a 32-octet key.

        Raises:
            ValueError: n is no power of two above one.
        """
        kdf = Scrypt(salt=salt, length=KEY_OCTETS, n=self.n, r=self.r, p=self.p)
        return kdf.derive(passphrase.encode())


@asn1.sequence
class _ScryptParameters:
    salt: bytes
    n: int
    r: int
    p: int
    key_length: int | None


@asn1.sequence
class _Kdf:
    oid: ObjectIdentifier
    parameters: _ScryptParameters


@asn1.sequence
class _Encryption:
    oid: ObjectIdentifier
    initial_vector: bytes


@asn1.sequence
class _Pbes2Parameters:
    kdf: _Kdf
    encryption: _Encryption


@asn1.sequence
class _Algorithm:
    oid: ObjectIdentifier
    parameters: _Pbes2Parameters


@asn1.sequence
class _EncryptedPrivateKeyInfo:
    algorithm: _Algorithm
    encrypted: bytes


def seal_private_key(plain: bytes, *, passphrase: str, cost: KdfCost) -> bytes:
    """Return an EncryptedPrivateKeyInfo, DER, over a PrivateKeyInfo."""
    salt, initial_vector = secrets.token_bytes(SALT_OCTETS), secrets.token_bytes(BLOCK_OCTETS)
    padder = PKCS7(AES256.block_size).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(AES256(cost.derive(passphrase, salt)), CBC(initial_vector)).encryptor()
    scrypt = _ScryptParameters(salt=salt, n=cost.n, r=cost.r, p=cost.p, key_length=KEY_OCTETS)
    parameters = _Pbes2Parameters(
        kdf=_Kdf(oid=_SCRYPT, parameters=scrypt),
        encryption=_Encryption(oid=_AES_256_CBC, initial_vector=initial_vector),
    )
    algorithm = _Algorithm(oid=_PBES2, parameters=parameters)
    encrypted = encryptor.update(padded) + encryptor.finalize()
    return asn1.encode_der(_EncryptedPrivateKeyInfo(algorithm=algorithm, encrypted=encrypted))


def open_private_key(sealed: bytes, *, passphrase: str) -> bytes:
    """Return the PrivateKeyInfo.

    Raises:
        UnsealError: wrong passphrase or damaged. CBC authenticates nothing: a caller compares
            the public key with the certificate's.
    """
    try:
        info = asn1.decode_der(_EncryptedPrivateKeyInfo, sealed)
        parameters = info.algorithm.parameters
        _require_form(info, parameters)
        scrypt = parameters.kdf.parameters
        key = KdfCost(scrypt.n, scrypt.r, scrypt.p).derive(passphrase, scrypt.salt)
        cbc = CBC(parameters.encryption.initial_vector)
        decryptor = Cipher(AES256(key), cbc).decryptor()
        padded = decryptor.update(info.encrypted) + decryptor.finalize()
        unpadder = PKCS7(AES256.block_size).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except (ValueError, TypeError):
        raise UnsealError("wrong passphrase or damaged key") from None


def _require_form(info: _EncryptedPrivateKeyInfo, parameters: _Pbes2Parameters) -> None:
    found = (info.algorithm.oid, parameters.kdf.oid, parameters.encryption.oid)
    if found != (_PBES2, _SCRYPT, _AES_256_CBC):
        raise UnsealError("key is encrypted in another way")


def seal_secret(name: str, value: bytes, *, passphrase: str, cost: KdfCost) -> bytes:
    """Return the JSON object that holds the secret key of that name."""
    salt, nonce = secrets.token_bytes(SALT_OCTETS), secrets.token_bytes(NONCE_OCTETS)
    header = {
        "format": SEALED_FORMAT,
        "name": name,
        "scrypt": {"n": cost.n, "r": cost.r, "p": cost.p, "salt": salt.hex()},
        "nonce": nonce.hex(),
    }
    sealed = AESGCM(cost.derive(passphrase, salt)).encrypt(nonce, value, _associated(header))
    return json.dumps({**header, "sealed": sealed.hex()}, indent=1).encode() + b"\n"


def open_secret(name: str, octets: bytes, *, passphrase: str) -> bytes:
    """Return the secret key of that name.

    Raises:
        UnsealError: wrong passphrase, damaged, or the file of another name.
    """
    try:
        header = json.loads(octets)
        sealed = bytes.fromhex(header.pop("sealed"))
        if (header["format"], header["name"]) != (SEALED_FORMAT, name):
            raise UnsealError("another format or another key's file")
        scrypt = header["scrypt"]
        cost = KdfCost(int(scrypt["n"]), int(scrypt["r"]), int(scrypt["p"]))
        key = cost.derive(passphrase, bytes.fromhex(scrypt["salt"]))
        return AESGCM(key).decrypt(bytes.fromhex(header["nonce"]), sealed, _associated(header))
    except (ValueError, TypeError, KeyError, AttributeError, InvalidTag, RecursionError):
        raise UnsealError("wrong passphrase or damaged key") from None


def _associated(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
