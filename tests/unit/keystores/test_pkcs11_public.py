"""Points and signatures as modules tell them."""

from unittest.mock import Mock

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_public import sign_with, spki_of_point
from cardservice.pki.suite import ECDSA_P256_SHA256

KEY = ec.derive_private_key(5, ec.SECP256R1()).public_key()
POINT = KEY.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
SPKI = KEY.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("told", [POINT, b"\x04\x41" + POINT], ids=["bare", "octet string"])
def test_both_forms_of_a_point_give_its_spki(told: bytes) -> None:
    assert spki_of_point(told) == SPKI


@pytest.mark.parametrize(
    "told",
    [
        b"",
        POINT[:-1],
        POINT + b"\0",
        b"\x04\x40" + POINT,
        b"\x04" + bytes(64),
        KEY.public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(told: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        spki_of_point(told)


def test_a_plain_signature_becomes_der_with_its_leading_zeros_gone() -> None:
    r, s = bytes(31) + b"\x05", b"\x80" + bytes(31)
    signature = sign_with(Mock(**{"sign.return_value": r + s}), ECDSA_P256_SHA256, b"m")
    assert decode_dss_signature(signature) == (5, 1 << 255)


def test_the_module_gets_the_digest_and_not_the_message() -> None:
    key = Mock(**{"sign.return_value": bytes(64)})
    sign_with(key, ECDSA_P256_SHA256, b"message")
    assert key.sign.call_args.args == (ECDSA_P256_SHA256.digest.of(b"message"),)


@pytest.mark.parametrize("plain", [b"", bytes(63), bytes(65), bytes(96)])
def test_a_signature_of_another_size_is_refused(plain: bytes) -> None:
    with pytest.raises(ModuleError) as caught:
        sign_with(Mock(**{"sign.return_value": plain}), ECDSA_P256_SHA256, b"m")
    assert caught.value.fault == ModuleFault.FAILED
