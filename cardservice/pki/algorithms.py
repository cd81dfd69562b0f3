"""Signature algorithms of other issuers, as suites to verify with; never to sign with.

SHA-1 and MD5 are not here on purpose: a signature over either proves nothing any more.
"""

import hashlib
from typing import NoReturn

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ObjectIdentifier

from cardservice.apdu.tlv import parse_objects
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki import der
from cardservice.pki.oids import Oid
from cardservice.pki.suite import (
    SHA_256,
    DigestAlgorithm,
    SignatureSuite,
    Verifier,
    ecdsa_check,
    load_public_key,
)

FEWEST_RSA_BITS = 2048  # BSI TR-03116-2: nothing shorter has been in use for years
MOST_SALT_OCTETS = 512  # as much as an RSA key of 4,096 bits has room for, and OpenSSL takes all


def _digest(name: str, oid: Oid, size: int) -> DigestAlgorithm:
    def of(octets: bytes) -> bytes:
        return hashlib.new(name, octets).digest()

    return DigestAlgorithm(name, oid, size, of)


SHA_224 = _digest("sha224", Oid.SHA224, 28)
SHA_384 = _digest("sha384", Oid.SHA384, 48)
SHA_512 = _digest("sha512", Oid.SHA512, 64)

_DIGESTS = {digest.oid: digest for digest in (SHA_224, SHA_256, SHA_384, SHA_512)}
_HASHES: dict[str, hashes.HashAlgorithm] = {
    SHA_224.oid: hashes.SHA224(),
    SHA_256.oid: hashes.SHA256(),
    SHA_384.oid: hashes.SHA384(),
    SHA_512.oid: hashes.SHA512(),
}
_ECDSA: dict[str, DigestAlgorithm] = {
    Oid.ECDSA_WITH_SHA224: SHA_224,
    Oid.ECDSA_WITH_SHA256: SHA_256,
    Oid.ECDSA_WITH_SHA384: SHA_384,
    Oid.ECDSA_WITH_SHA512: SHA_512,
}
_RSA: dict[str, DigestAlgorithm] = {
    Oid.SHA224_WITH_RSA: SHA_224,
    Oid.SHA256_WITH_RSA: SHA_256,
    Oid.SHA384_WITH_RSA: SHA_384,
    Oid.SHA512_WITH_RSA: SHA_512,
}


def digest_with_oid(dotted: str) -> DigestAlgorithm:
    """Return the digest with that object identifier.

    Raises:
        MalformedDataError: unknown, or too weak to prove anything.
    """
    try:
        return _DIGESTS[dotted]
    except KeyError:
        raise MalformedDataError("unsupported digest algorithm") from None


def digest_of_algorithm(identifier: bytes) -> DigestAlgorithm:
    """Return the digest an AlgorithmIdentifier (DER) names, parameters NULL or absent.

    Raises:
        MalformedDataError: malformed, unknown or too weak.
    """
    dotted, parameters = _split(identifier)
    _require_no_parameters(parameters)
    return digest_with_oid(dotted)


def recognise(identifier: bytes, *, digest: DigestAlgorithm = SHA_256) -> SignatureSuite:
    """Return the suite of a signature's AlgorithmIdentifier.

    Args:
        identifier: as received; parameters NULL or absent are both taken.
        digest: the digest where the identifier names none (``rsaEncryption`` in a SignerInfo).

    Raises:
        MalformedDataError: malformed, unknown or too weak.
    """
    dotted, parameters = _split(identifier)
    if dotted == Oid.RSASSA_PSS:
        return _pss(identifier, parameters)
    _require_no_parameters(parameters)
    if dotted in _ECDSA:
        return _ecdsa(identifier, _ECDSA[dotted])
    if dotted in _RSA or dotted == Oid.RSA_ENCRYPTION:
        return _pkcs1(identifier, _RSA.get(dotted, digest))
    raise MalformedDataError("unsupported signature algorithm")


def _split(identifier: bytes) -> tuple[str, bytes]:
    """Return the identifier's OID and the octets of its parameters."""
    try:
        (algorithm,) = parse_objects(identifier)
        first = next(parse_objects(algorithm.value))
        named = first.encode()
        dotted = asn1.decode_der(ObjectIdentifier, named).dotted_string
    except (ValueError, StopIteration):
        raise MalformedDataError("malformed algorithm identifier") from None
    return dotted, algorithm.value[len(named) :]


def _require_no_parameters(parameters: bytes) -> None:
    if parameters not in (b"", der.NULL):
        raise MalformedDataError("unexpected algorithm parameters")


def _ecdsa(identifier: bytes, digest: DigestAlgorithm) -> SignatureSuite:
    def verifier(spki: bytes) -> Verifier:
        key = load_public_key(spki)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            _refuse_key()
        return ecdsa_check(key, ec.ECDSA(_HASHES[digest.oid]))

    return SignatureSuite(f"ecdsa-{digest.name}", digest, identifier, verifier)


def _pkcs1(identifier: bytes, digest: DigestAlgorithm) -> SignatureSuite:
    def verifier(spki: bytes) -> Verifier:
        return _rsa_check(spki, padding.PKCS1v15(), _HASHES[digest.oid])

    return SignatureSuite(f"rsa-{digest.name}", digest, identifier, verifier)


def _pss(identifier: bytes, parameters: bytes) -> SignatureSuite:
    digest, scheme = _pss_parameters(parameters)

    def verifier(spki: bytes) -> Verifier:
        return _rsa_check(spki, scheme, _HASHES[digest.oid])

    return SignatureSuite(f"rsa-pss-{digest.name}", digest, identifier, verifier)


def _pss_parameters(parameters: bytes) -> tuple[DigestAlgorithm, padding.PSS]:
    """Return what RSASSA-PSS-params say; what they leave out is SHA-1, which is refused."""
    try:
        given = algos.RSASSAPSSParams.load(parameters, strict=True)
        digest = digest_with_oid(given["hash_algorithm"]["algorithm"].dotted)
        mask, salt = given["mask_gen_algorithm"], given["salt_length"].native
        mask_digest = digest_with_oid(mask["parameters"]["algorithm"].dotted)
        is_mgf1 = mask["algorithm"].dotted == Oid.MGF1
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise MalformedDataError("malformed RSA-PSS parameters") from None
    if not is_mgf1 or not 0 <= salt <= MOST_SALT_OCTETS:
        raise MalformedDataError("unsupported RSA-PSS parameters")
    return digest, padding.PSS(mgf=padding.MGF1(_HASHES[mask_digest.oid]), salt_length=salt)


def _rsa_check(
    spki: bytes, pad: padding.AsymmetricPadding, scheme: hashes.HashAlgorithm
) -> Verifier:
    key = load_public_key(spki)
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < FEWEST_RSA_BITS:
        _refuse_key()

    def check(signature: bytes, message: bytes) -> None:
        try:
            key.verify(signature, message, pad, scheme)
        except InvalidSignature:
            raise AuthenticationError("signature does not verify") from None

    return check


def _refuse_key() -> NoReturn:
    raise MalformedDataError("public key is too short or not of the signature's kind")
