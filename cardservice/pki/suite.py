"""Signature suites are values: flows carry one and never ask which algorithm it is.

Suites and digests are compared by identity: there is one object of each issuing suite.

To add ``gost3410-2012-256``, write one more value (RFC 9215 names the identifiers) and put
it into ``ISSUING_SUITES``; key, digest, identifier and verification travel together.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cardservice.errors import AuthenticationError, MalformedDataError, UsageError
from cardservice.pki import der
from cardservice.pki.oids import Oid

Verifier = Callable[[bytes, bytes], None]
"""Takes signature and message; returns or raises AuthenticationError."""

P256_FIELD_OCTETS = 32


@dataclass(frozen=True, slots=True, eq=False)
class DigestAlgorithm:
    """A hash function: its name in ``hashlib``'s words, its identifier, its size in octets."""

    name: str
    oid: str
    size: int
    of: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, eq=False)
class SignatureSuite:
    """Everything that changes when the signature algorithm does.

    Attributes:
        name: stable, for settings and journals.
        digest: of the signed content and of the data groups we issue.
        signature_algorithm: AlgorithmIdentifier, DER.
        verifier: from a SubjectPublicKeyInfo (DER) to the check of one signature; raises
            MalformedDataError for a key that is not of this suite.
    """

    name: str
    digest: DigestAlgorithm
    signature_algorithm: bytes
    verifier: Callable[[bytes], Verifier]


def load_public_key(spki: bytes) -> PublicKeyTypes:
    """Return the public key of a SubjectPublicKeyInfo.

    Raises:
        MalformedDataError: it is none, or one that cannot be used here: explicit curve
            parameters other than a NIST curve's, or an unknown algorithm.
    """
    try:
        return load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise MalformedDataError("public key is malformed or of an unsupported kind") from None


def _ecdsa_p256_verifier(spki: bytes) -> Verifier:
    key = load_public_key(spki)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise MalformedDataError("public key is not on P-256")
    return ecdsa_check(key, ec.ECDSA(SHA256()))


def ecdsa_check(key: ec.EllipticCurvePublicKey, scheme: ec.ECDSA) -> Verifier:
    def check(signature: bytes, message: bytes) -> None:
        try:
            key.verify(signature, message, scheme)
        except InvalidSignature:
            raise AuthenticationError("signature does not verify") from None

    return check


def _sha256(octets: bytes) -> bytes:
    return hashlib.sha256(octets).digest()


SHA_256 = DigestAlgorithm("sha256", Oid.SHA256, 32, _sha256)
ECDSA_P256_SHA256 = SignatureSuite(
    "ecdsa-p256-sha256", SHA_256, der.algorithm(Oid.ECDSA_WITH_SHA256), _ecdsa_p256_verifier
)
ISSUING_SUITES: Mapping[str, SignatureSuite] = MappingProxyType(
    {suite.name: suite for suite in (ECDSA_P256_SHA256,)}
)


def suite_named(name: str) -> SignatureSuite:
    """Return the issuing suite of that name.

    Raises:
        UsageError: there is none.
    """
    try:
        return ISSUING_SUITES[name]
    except KeyError:
        known = ", ".join(ISSUING_SUITES)
        raise UsageError(f"unknown signature suite {name!r}; there are: {known}") from None


def plain_from_der(signature: bytes, *, octets: int = P256_FIELD_OCTETS) -> bytes:
    """Return r‖s, each ``octets`` wide, of a DER ECDSA signature (TR-03110-3, A.4.3).

    Raises:
        MalformedDataError: no DER signature, or one too large for the width.
    """
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(octets) + s.to_bytes(octets)
    except (ValueError, OverflowError):
        raise MalformedDataError("malformed ECDSA signature") from None


def der_from_plain(signature: bytes, *, octets: int = P256_FIELD_OCTETS) -> bytes:
    """Return the DER form of r‖s; each half is exactly ``octets`` wide.

    Raises:
        MalformedDataError: another width.
    """
    if len(signature) != 2 * octets:
        raise MalformedDataError(f"plain ECDSA signature is not {2 * octets} octets")
    r, s = int.from_bytes(signature[:octets]), int.from_bytes(signature[octets:])
    return encode_dss_signature(r, s)
