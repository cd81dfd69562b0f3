from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardservice.errors import MalformedDataError
from cardservice.papers.statement import cose
from cardservice.pki.suite import ECDSA_P256_SHA256, der_from_plain
from tests.unit.papers.examples import key

SIGNED = cose.sign1(b"payload", typ="x.test+cwt", key=key())
PARTS: list[Any] = cbor2.loads(SIGNED).value
HEADERS: dict[int, Any] = cbor2.loads(PARTS[0])


def test_nothing_deeper_than_ours_is_read() -> None:
    assert cose.decode_cbor(b"\x81" * 3 + b"\x00") == (((0,),),)
    with pytest.raises(MalformedDataError):
        cose.decode_cbor(b"\x81" * 5 + b"\x00")


def test_what_was_signed_is_read_and_verifies() -> None:
    signed = cose.read_sign1(SIGNED)
    assert (signed.payload, signed.typ) == (b"payload", "x.test+cwt")
    assert signed.kid == cose.thumbprint(key().public_key)
    ECDSA_P256_SHA256.verifier(key().public_key)(signed.signature, signed.to_be_signed)


def test_the_octets_to_be_signed_are_those_of_the_standards_example() -> None:
    # RFC 9052, appendix C.2.1, with key "11" of appendix C.7.1.
    x = "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
    y = "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"
    signature = (
        "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
        "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
    )
    numbers = ec.EllipticCurvePublicNumbers(int(x, 16), int(y, 16), ec.SECP256R1())
    spki = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signed_octets = cose._sig_structure(bytes.fromhex("a10126"), b"This is the content.")
    assert signed_octets.startswith(bytes.fromhex("846a5369676e617475726531"))
    ECDSA_P256_SHA256.verifier(spki)(der_from_plain(bytes.fromhex(signature)), signed_octets)


def test_the_signature_is_64_octets_at_the_end() -> None:
    assert PARTS[3] == SIGNED[-cose.SIGNATURE_OCTETS :]


def _other(headers: dict[Any, Any]) -> list[Any]:
    return [cose.encode_cbor(headers), *PARTS[1:]]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(PARTS[:3], id="three parts"),
        pytest.param([*PARTS, b""], id="five parts"),
        pytest.param([PARTS[0], {4: b"kid"}, *PARTS[2:]], id="unprotected headers"),
        pytest.param([PARTS[0], [], *PARTS[2:]], id="an array for headers"),
        pytest.param([PARTS[0], {}, None, PARTS[3]], id="no payload"),
        pytest.param([PARTS[0], {}, "text", PARTS[3]], id="text for payload"),
        pytest.param([PARTS[0], {}, PARTS[2], None], id="no signature"),
        pytest.param([PARTS[0], {}, PARTS[2], PARTS[3][:-1]], id="63 octets of signature"),
        pytest.param([None, *PARTS[1:]], id="no protected headers"),
        pytest.param([b"", *PARTS[1:]], id="empty protected headers"),
        pytest.param([b"\x80", *PARTS[1:]], id="protected headers that are an array"),
        pytest.param(_other({**HEADERS, 2: [1]}), id="one more header"),
        pytest.param(_other({1: -7, 4: b"kid"}), id="no typ"),
        pytest.param(_other({**HEADERS, 1: -8}), id="another algorithm"),
        pytest.param(_other({**HEADERS, 4: "kid"}), id="a kid of text"),
        pytest.param(_other({**HEADERS, 16: 61}), id="a typ of a number"),
    ],
)
def test_another_shape_is_malformed(parts: list[Any]) -> None:
    with pytest.raises(MalformedDataError):
        cose.read_sign1(cose.encode_cbor(cbor2.CBORTag(cose.SIGN1_TAG, parts)))


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(SIGNED[1:], id="no tag"),
        pytest.param(b"\xd1" + SIGNED[1:], id="tag of COSE_Mac0"),
        pytest.param(b"\xd8\x12" + SIGNED[1:], id="tag in two octets"),
        pytest.param(SIGNED + b"\x00", id="octets after the end"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xd2\x9f" + SIGNED[2:] + b"\xff", id="array of indefinite length"),
    ],
)
def test_what_is_not_written_canonically_is_malformed(octets: bytes) -> None:
    with pytest.raises(MalformedDataError):
        cose.read_sign1(octets)
