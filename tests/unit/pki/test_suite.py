"""Suites against Wycheproof's ECDSA vectors, and the two forms of a signature."""

from typing import Any

import pytest

from cardservice.errors import AuthenticationError, MalformedDataError, UsageError
from cardservice.pki.algorithms import recognise
from cardservice.pki.suite import (
    ECDSA_P256_SHA256,
    der_from_plain,
    plain_from_der,
    suite_named,
)
from tests.shared import vectors
from tests.unit.pki.office import key


def cases(name: str) -> list[Any]:
    return [
        pytest.param(bytes.fromhex(group["publicKeyDer"]), test, id=f"{test['tcId']}")
        for group in vectors(f"wycheproof/{name}")["testGroups"]
        for test in group["tests"]
    ]


def verdict(spki: bytes, signature: bytes, message: bytes) -> str:
    try:
        ECDSA_P256_SHA256.verifier(spki)(signature, message)
    except AuthenticationError:
        return "invalid"
    return "valid"


@pytest.mark.parametrize(("spki", "test"), cases("ecdsa_secp256r1_sha256_test"))
def test_der_signatures_are_judged_as_wycheproof_does(spki: bytes, test: Any) -> None:
    found = verdict(spki, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
    assert found == test["result"]


@pytest.mark.parametrize(("spki", "test"), cases("ecdsa_secp256r1_sha256_p1363_test"))
def test_plain_signatures_are_judged_as_wycheproof_does(spki: bytes, test: Any) -> None:
    try:
        signature = der_from_plain(bytes.fromhex(test["sig"]))
    except MalformedDataError:
        assert test["result"] == "invalid"
    else:
        assert verdict(spki, signature, bytes.fromhex(test["msg"])) == test["result"]


@pytest.mark.parametrize("r", [1, 0x80, 1 << 248, (1 << 256) - 1])
def test_plain_signatures_are_fixed_width_whatever_their_numbers(r: int) -> None:
    plain = r.to_bytes(32) + (1).to_bytes(32)
    assert plain_from_der(der_from_plain(plain)) == plain


@pytest.mark.parametrize("octets", [b"", bytes(63), bytes(65)])
def test_a_plain_signature_of_another_width_is_malformed(octets: bytes) -> None:
    with pytest.raises(MalformedDataError, match="64 octets"):
        der_from_plain(octets)


@pytest.mark.parametrize(
    "octets",
    [b"", b"\x30\x00", bytes.fromhex("3006020101020101FF"), b"\x30\x26\x02\x21\x01" + bytes(32)],
)
def test_a_der_signature_that_is_none_is_malformed(octets: bytes) -> None:
    with pytest.raises(MalformedDataError):
        plain_from_der(octets)


def test_a_der_signature_too_large_for_the_width_is_malformed() -> None:
    large = der_from_plain(b"\x01" + bytes(32) + bytes(32) + b"\x01", octets=33)
    with pytest.raises(MalformedDataError):
        plain_from_der(large)


def test_a_suite_is_found_by_the_name_settings_use() -> None:
    assert suite_named("ecdsa-p256-sha256") is ECDSA_P256_SHA256


def test_an_unknown_suite_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="ecdsa-p256-sha256"):
        suite_named("rsa")


@pytest.mark.parametrize("spki", [b"", b"\x30\x00", bytes(91)])
def test_a_public_key_that_is_none_is_malformed(spki: bytes) -> None:
    with pytest.raises(MalformedDataError):
        ECDSA_P256_SHA256.verifier(spki)


def test_a_key_of_another_curve_is_not_of_the_suite() -> None:
    from tests.unit.pki.foreign import ec_key

    with pytest.raises(MalformedDataError, match="P-256"):
        ECDSA_P256_SHA256.verifier(ec_key("secp384r1").spki)


def test_a_recognised_algorithm_verifies_what_the_suite_signs() -> None:
    signer = key("suite")
    verify = recognise(ECDSA_P256_SHA256.signature_algorithm).verifier(signer.public_key)
    signature = signer.sign(b"message")
    verify(signature, b"message")
    with pytest.raises(AuthenticationError):
        verify(signature, b"massage")
