"""Signatures of a module's keys, and the public keys that belong to them.

Source: PKCS#11 v2.40 current mechanisms, 2.3 (CKM_ECDSA gives r ‖ s; CKA_EC_POINT is an OCTET
STRING, which modules of version 2.11 left away); BSI TR-03111, 5.2.
"""

import os
from collections.abc import Iterator
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pkcs11 import Attribute, Mechanism, ObjectClass, SignMixin

from cardservice.errors import PeerError
from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_objects import id_of
from cardservice.keystores.pkcs11_session import Opened
from cardservice.pki.suite import P256_FIELD_OCTETS, SignatureSuite, der_from_plain

_POINT_OCTETS: Final = 1 + 2 * P256_FIELD_OCTETS
_OCTET_STRING: Final = bytes((0x04, _POINT_OCTETS))
_CHALLENGE_OCTETS: Final = 32


def sign_with(key: SignMixin, suite: SignatureSuite, data: bytes) -> bytes:
    """Return SEQUENCE{r, s}, DER, over the suite's digest of ``data``.

    Raises:
        ModuleError: the module gave something that is no signature.
    """
    plain = key.sign(suite.digest.of(data), mechanism=Mechanism.ECDSA)
    try:
        return der_from_plain(plain)
    except PeerError:
        raise ModuleError(ModuleFault.FAILED, "signature of another size") from None


def public_half(opened: Opened, key: SignMixin, suite: SignatureSuite, name: str) -> bytes:
    """Return the SubjectPublicKeyInfo, DER, that verifies what ``key`` signs.

    Public objects can be put onto a token by anybody who reaches it, so the right one is known
    by a signature over a challenge and not by its label.

    Raises:
        ModuleError: there is none.
    """
    challenge = os.urandom(_CHALLENGE_OCTETS)
    signature = sign_with(key, suite, challenge)
    for spki in _public_keys(opened, id_of(key), name):
        try:
            suite.verifier(spki)(signature, challenge)
        except PeerError:
            continue
        return spki
    raise ModuleError(ModuleFault.KEY_FOREIGN, name)


def spki_of_point(point: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo, DER, of a P-256 point as a module tells it.

    Args:
        point: uncompressed, in an OCTET STRING, or bare as older modules have it.

    Raises:
        ValueError: another form, or not on the curve.
    """
    bare = point.removeprefix(_OCTET_STRING) if len(point) != _POINT_OCTETS else point
    if len(bare) != _POINT_OCTETS:
        raise ValueError("not an uncompressed point of P-256")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bare)
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _public_keys(opened: Opened, key_id: bytes, name: str) -> Iterator[bytes]:
    wanted: dict[Attribute, Any] = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.LABEL: name}
    if key_id:
        wanted[Attribute.ID] = key_id
    for one in opened.find(wanted):
        try:
            yield spki_of_point(one[Attribute.EC_POINT])
        except ValueError:
            continue
