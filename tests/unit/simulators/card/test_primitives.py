"""The card's AES, padding, key derivation and curve against published vectors."""

from typing import Any

import pytest

from simulators.card.aes import BLOCK, WrongPaddingError, cmac, pad, unpad
from simulators.card.curve import P256, NotOnCurveError
from simulators.card.key_agreement import (
    KdfCounter,
    WrongPointError,
    agree,
    derive_aes_128,
    load_point,
)
from simulators.card.ports import draw_scalar
from simulators.card.scp03_kdf import derive, key_check_value
from tests.shared import vectors
from tests.unit.simulators.card.hosts import p256_key, point_of
from tests.unit.simulators.card.issuing import Drawn

CMAC = vectors("cmac_iso9797")
KDF = vectors("scp03_kdf")


@pytest.mark.parametrize("case", CMAC["cmac"], ids=lambda case: case["mac"])
def test_a_published_cmac_is_reproduced(case: dict[str, str]) -> None:
    assert cmac(bytes.fromhex(case["key"]), bytes.fromhex(case["msg"])).hex() == case["mac"]


@pytest.mark.parametrize(
    "case", [case for case in CMAC["pad"] if case["block"] == BLOCK], ids=lambda case: case["data"]
)
def test_padding_adds_80_and_zeros_to_whole_blocks(case: dict[str, Any]) -> None:
    assert pad(bytes.fromhex(case["data"])).hex() == case["padded"]


@pytest.mark.parametrize("case", CMAC["unpad"], ids=lambda case: case["padded"] or "empty")
def test_padding_is_taken_off_or_refused(case: dict[str, Any]) -> None:
    padded = bytes.fromhex(case["padded"])
    if case.get("error"):
        with pytest.raises(WrongPaddingError):
            unpad(padded)
    else:
        assert unpad(padded) == bytes.fromhex(case["data"])


@pytest.mark.parametrize("case", KDF["kdf"], ids=lambda case: case["out"])
def test_a_published_scp03_derivation_is_reproduced(case: dict[str, Any]) -> None:
    derived = derive(
        bytes.fromhex(case["key"]),
        int(case["constant"], 16),
        case["L_bits"] // 8,
        bytes.fromhex(case["context"]),
    )
    assert derived.hex() == case["out"]


@pytest.mark.parametrize("case", KDF["key_check_value"], ids=lambda case: case["kcv"])
def test_a_published_key_check_value_is_reproduced(case: dict[str, str]) -> None:
    assert key_check_value(bytes.fromhex(case["key"])).hex() == case["kcv"]


@pytest.mark.parametrize(
    "case",
    [one for one in vectors("icao9303_kdf")["vectors"] if one["alg"] == "AES-128"],
    ids=lambda case: case["out"],
)
def test_a_published_session_key_derivation_is_reproduced(case: dict[str, Any]) -> None:
    derived = derive_aes_128(bytes.fromhex(case["key"]), KdfCounter(case["c"]))
    assert derived == bytes.fromhex(case["out"])


@pytest.mark.parametrize("scalar", [1, 2, 7, P256.n - 1, 2**200 + 12345])
def test_a_multiple_of_the_generator_is_the_public_key_others_compute(scalar: int) -> None:
    assert P256.encode(P256.multiply(scalar, P256.g)) == point_of(p256_key(scalar))


def test_adding_a_point_to_itself_doubles_it_and_to_its_negative_is_refused() -> None:
    x, y = P256.g
    assert P256.add(P256.g, P256.g) == P256.multiply(2, P256.g)
    with pytest.raises(NotOnCurveError):
        P256.add(P256.g, (x, P256.p - y))


@pytest.mark.parametrize("octets", [b"", b"\x00", bytes(65), b"\x04" + bytes(64), b"\x02" * 33])
def test_octets_that_are_no_point_are_refused_by_both_arithmetics(octets: bytes) -> None:
    with pytest.raises(NotOnCurveError):
        P256.decode(octets)
    with pytest.raises(WrongPointError):
        load_point(octets)


def test_a_coordinate_outside_the_field_is_refused() -> None:
    # (x + p, y) satisfies the equation, but is not how the point is written.
    x, y = 5, _square_root_of_curve_at_5()
    shifted = (x + P256.p).to_bytes(33, "big")[-32:] + y.to_bytes(32, "big")
    assert P256.decode(P256.encode((x, y))) == (x, y)
    with pytest.raises(NotOnCurveError):
        P256.decode(b"\x04" + shifted)


def _square_root_of_curve_at_5() -> int:
    value = (5**3 + P256.a * 5 + P256.b) % P256.p
    root = pow(value, (P256.p + 1) // 4, P256.p)
    assert root * root % P256.p == value
    return root


def _usable(case: dict[str, Any]) -> bool:
    scalar = int(case["private"], 16)
    return 0 < scalar < P256.n and len(case["public"]) == 130


def _cases() -> list[dict[str, Any]]:
    groups = vectors("wycheproof/ecdh_secp256r1_ecpoint_test")["testGroups"]
    return [case for group in groups for case in group["tests"] if _usable(case)]


def test_key_agreement_gives_the_wycheproof_secrets_and_refuses_their_bad_points() -> None:
    seen = set()
    for case in _cases():
        private = int(case["private"], 16).to_bytes(32, "big")
        point = bytes.fromhex(case["public"])
        seen.add(case["result"])
        if case["result"] == "invalid":
            with pytest.raises(WrongPointError):
                agree(private, point)
            with pytest.raises(NotOnCurveError):
                P256.decode(point)
        else:
            assert agree(private, point).hex() == case["shared"]
    assert {"valid", "invalid"} <= seen


@pytest.mark.parametrize(
    ("drawn", "scalar"), [(1, 1), (P256.n - 1, P256.n - 1), (0, 1), (P256.n, 2)]
)
def test_a_drawn_scalar_is_used_as_it_stands_and_folded_only_outside_the_order(
    drawn: int, scalar: int
) -> None:
    assert draw_scalar(Drawn(drawn.to_bytes(32, "big")), P256.n) == scalar
