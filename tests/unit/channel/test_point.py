"""Point arithmetic against published points, schoolbook arithmetic and Wycheproof."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.channel.curves import BRAINPOOL_P256R1, CURVES, P256, P384, Curve
from cardservice.channel.point import (
    Point,
    add,
    agree,
    decode_point,
    multiply,
    multiply_generator,
)
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError
from tests.shared import vectors
from tests.unit.channel.pace_card import PARAMETERS, times

EXAMPLE = vectors("icao9303_pace")["examples"][0]
ECDH: list[dict[str, Any]] = [
    test
    for group in vectors("wycheproof/ecdh_secp256r1_ecpoint_test")["testGroups"]
    for test in group["tests"]
]
VALID = [test for test in ECDH if test["result"] == "valid"]
REFUSED = [test for test in ECDH if test["result"] != "valid"]
every_curve = pytest.mark.parametrize("curve", CURVES.values(), ids=lambda curve: curve.name)


def point(name: str) -> Point:
    return decode_point(bytes.fromhex(EXAMPLE[name]), BRAINPOOL_P256R1)


def is_on_curve(one: Point) -> bool:
    curve = one.curve
    return (one.y**2 - one.x**3 - curve.a * one.x - curve.b) % curve.p == 0


@every_curve
def test_multiples_of_the_generator_satisfy_the_equation_with_these_parameters(
    curve: Curve,
) -> None:
    assert all(is_on_curve(multiply_generator(scalar, curve)) for scalar in range(1, 6))


@every_curve
def test_a_multiple_is_a_repeated_sum(curve: Curve) -> None:
    base = multiply_generator(7, curve)
    total = add(base, base)
    for scalar in range(2, 6):
        assert multiply(scalar, base) == total
        total = add(total, base)


@every_curve
def test_the_last_multiples_before_the_identity_mirror_the_first(curve: Curve) -> None:
    base = multiply_generator(11, curve)
    for scalar in (1, 2, 3):
        one, mirrored = multiply(scalar, base), multiply(curve.n - scalar, base)
        assert (one.x, one.y) == (mirrored.x, curve.p - mirrored.y)


@settings(max_examples=25, deadline=None)
@given(scalar=st.integers(1, P256.n - 1), base=st.integers(1, P256.n - 1))
def test_a_product_has_both_coordinates_of_schoolbook_arithmetic(scalar: int, base: int) -> None:
    p, a, _, generator = PARAMETERS[12]
    start = times(base, generator, p, a)
    assert start is not None
    product = multiply(scalar, Point(P256, *start))
    assert (product.x, product.y) == times(scalar, start, p, a)


def test_the_published_mapping_comes_out_to_the_octet() -> None:
    shared = multiply(int(EXAMPLE["map_sk_ifd"], 16), point("map_pk_ic"))
    assert shared.encode().hex().upper() == EXAMPLE["shared_secret_H"]
    mapped = add(multiply_generator(int(EXAMPLE["nonce"], 16), BRAINPOOL_P256R1), shared)
    assert mapped.encode().hex().upper() == EXAMPLE["mapped_generator"]


def test_the_sum_of_a_point_and_its_mirror_is_refused_as_identity() -> None:
    one = multiply_generator(5, P256)
    with pytest.raises(AuthenticationError, match="identity"):
        add(one, multiply_generator(P256.n - 5, P256))


def test_points_of_two_curves_have_no_sum() -> None:
    with pytest.raises(UsageError):
        add(multiply_generator(5, P256), multiply_generator(5, BRAINPOOL_P256R1))


@pytest.mark.parametrize("scalar", [0, -1, P256.n, P256.n + 1], ids=["0", "-1", "n", "n+1"])
def test_a_scalar_out_of_range_is_refused_and_not_named(scalar: int) -> None:
    base = multiply_generator(3, P256)
    for use in (multiply, agree):
        with pytest.raises(UsageError) as refused:
            use(scalar, base)
        assert str(P256.n) not in str(refused.value)
    with pytest.raises(UsageError):
        multiply_generator(scalar, P256)


@pytest.mark.parametrize("test", VALID, ids=lambda test: f"tc{test['tcId']}")
def test_wycheproof_secrets_are_agreed_on_both_ways(test: dict[str, Any]) -> None:
    scalar = int(test["private"], 16)
    theirs = decode_point(bytes.fromhex(test["public"]), P256)
    product = multiply(scalar, theirs)
    assert agree(scalar, theirs).hex() == product.x_octets().hex() == test["shared"]
    assert is_on_curve(product)


@pytest.mark.parametrize("test", REFUSED, ids=lambda test: f"tc{test['tcId']}")
def test_wycheproof_points_off_the_curve_or_compressed_are_refused(test: dict[str, Any]) -> None:
    with pytest.raises(MalformedDataError):
        decode_point(bytes.fromhex(test["public"]), P256)


@pytest.mark.parametrize("first", range(256), ids="{:02x}".format)
def test_no_first_octet_but_04_makes_a_point(first: int) -> None:
    octets = multiply_generator(9, P256).encode()
    if first == 0x04:
        assert decode_point(octets, P256).encode() == octets
        return
    with pytest.raises(MalformedDataError):
        decode_point(bytes((first,)) + octets[1:], P256)


def test_a_point_of_another_curve_is_refused() -> None:
    for other in (BRAINPOOL_P256R1, P384):
        with pytest.raises(MalformedDataError):
            decode_point(multiply_generator(9, other).encode(), P256)


def test_coordinates_with_leading_zeros_keep_their_width() -> None:
    narrow = next(
        candidate
        for candidate in (multiply_generator(scalar, P256) for scalar in range(1, 2000))
        if candidate.x < 1 << 248
    )
    assert narrow.x_octets()[0] == 0
    assert len(narrow.encode()) == P256.point_len == 65
    assert decode_point(narrow.encode(), P256) == narrow


def test_a_point_does_not_print_its_coordinates() -> None:
    one = multiply_generator(5, P256)
    assert str(one.x) not in repr(one)
