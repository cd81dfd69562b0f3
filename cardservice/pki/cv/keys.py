"""Public keys of CV certificates and what they verify (TR-03110-3, D.3 and A.4.3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardservice.apdu.tlv import encode_object
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError
from cardservice.pki.cv.curves import P256, Domain, recognise
from cardservice.pki.cv.objects import in_order, value
from cardservice.pki.cv.terms import CvTag, KeyTag, SignatureOid
from cardservice.pki.keys import SigningKey
from cardservice.pki.suite import (
    ECDSA_P256_SHA256,
    SignatureSuite,
    der_from_plain,
    ecdsa_check,
    load_public_key,
    plain_from_der,
)

_HASHES: Final[dict[bytes, hashes.HashAlgorithm]] = {
    SignatureOid.ECDSA_SHA_224: hashes.SHA224(),
    SignatureOid.ECDSA_SHA_256: hashes.SHA256(),
    SignatureOid.ECDSA_SHA_384: hashes.SHA384(),
    SignatureOid.ECDSA_SHA_512: hashes.SHA512(),
}
_OID_OF_SUITE: Final[dict[SignatureSuite, SignatureOid]] = {
    ECDSA_P256_SHA256: SignatureOid.ECDSA_SHA_256
}
_ORDER: Final = (CvTag.OBJECT_IDENTIFIER, *KeyTag)
_DOMAIN: Final = frozenset(KeyTag) - {KeyTag.POINT}


@dataclass(frozen=True, slots=True)
class CvPublicKey:
    """A public key as a certificate holds it.

    Attributes:
        algorithm: with what its holder signs: object identifier, contents octets.
        point: 04 ‖ x ‖ y; not checked to be on a curve before it verifies something.
        domain: the curve, in certificates of a CVCA; None below, where it is inherited.
    """

    algorithm: bytes
    point: bytes
    domain: Domain | None = None

    def encode(self) -> bytes:
        """Return DO 7F49."""
        before, after = self.domain.encode() if self.domain else (b"", b"")
        point = encode_object(KeyTag.POINT, self.point)
        oid = encode_object(CvTag.OBJECT_IDENTIFIER, self.algorithm)
        return encode_object(CvTag.PUBLIC_KEY, oid + before + point + after)

    @classmethod
    def parse(cls, content: bytes) -> "CvPublicKey":
        """Return the key with the value ``content`` of DO 7F49.

        Raises:
            MalformedDataError: another structure, an algorithm that is not ECDSA with SHA-2,
                part of a curve, or a curve that is not known.

        Source: TR-03110-3 D.3.3; vectors ``cv_certificates.json``.
        """
        members = in_order(content, _ORDER, optional=_DOMAIN)
        values = {tag: value(content, entry) for tag, entry in members.items()}
        algorithm, point = values.pop(CvTag.OBJECT_IDENTIFIER), values.pop(KeyTag.POINT)
        if algorithm not in _HASHES:
            raise MalformedDataError("the key's algorithm is not ECDSA with SHA-2")
        return cls(algorithm, point, recognise(values) if values else None)

    def without_domain(self) -> "CvPublicKey":
        """Return the key as certificates below a CVCA hold it."""
        return replace(self, domain=None)

    def verify(self, signature: bytes, message: bytes, *, domain: Domain) -> bytes:
        """Return ``message`` if ``signature``, plain r ‖ s, is this key's over it.

        Args:
            signature: twice as many octets as the curve's order has.
            message: the octets as received, not their hash.
            domain: the curve the key is on.

        Raises:
            MalformedDataError: the point is not on that curve.
            AuthenticationError: the signature has another length, or does not verify.

        Source: BSI TR-03111 5.2.1; Wycheproof ``ecdsa_secp256r1_sha256_p1363_test``.
        """
        key = _load(self.point, domain)
        if len(signature) != 2 * domain.coordinate_len:
            raise AuthenticationError("the signature has another length than its curve")
        check = ecdsa_check(key, ec.ECDSA(_HASHES[self.algorithm]))
        check(der_from_plain(signature, octets=domain.coordinate_len), message)
        return message


def public_key_of(key: SigningKey) -> CvPublicKey:
    """Return the public half of an issuing key, with its curve.

    Raises:
        UsageError: a suite that has no identifier in CV certificates.
    """
    if key.suite not in _OID_OF_SUITE:
        raise UsageError(f"no CV certificates with the suite {key.suite.name}")
    loaded = load_public_key(key.public_key)
    point = loaded.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return CvPublicKey(_OID_OF_SUITE[key.suite], point, P256)


def plain_signer(key: SigningKey) -> Callable[[bytes], bytes]:
    """Return the function message → plain r ‖ s, 64 octets, that signs with ``key``.

    Raises:
        UsageError: a suite that has no identifier in CV certificates.
    """
    if key.suite not in _OID_OF_SUITE:
        raise UsageError(f"no CV certificates with the suite {key.suite.name}")
    return lambda message: plain_from_der(key.sign(message))


def _load(point: bytes, domain: Domain) -> ec.EllipticCurvePublicKey:
    # The length rules out compressed points, which the library would take.
    if len(point) != 1 + 2 * domain.coordinate_len:
        raise MalformedDataError("the certificate's key is no uncompressed point")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(domain.library, point)
    except ValueError:
        raise MalformedDataError("the certificate's key is not on its curve") from None
