"""Passwords of PACE and the keys made of them."""

import pytest

from cardservice.channel.pace_password import PacePassword, PasswordReference
from cardservice.errors import UsageError
from tests.shared import vectors

KDF = vectors("icao9303_kdf")["vectors"]
EXAMPLE = vectors("icao9303_pace")["examples"][0]
PASSWORD_KEYS = [
    (one["key"], int(one["alg"].removeprefix("AES-")), one["out"]) for one in KDF if one["c"] == 3
]


@pytest.mark.parametrize(("secret", "bits", "out"), PASSWORD_KEYS)
def test_password_keys_are_the_published_ones(secret: str, bits: int, out: str) -> None:
    password = PacePassword(PasswordReference.MRZ, bytes.fromhex(secret))
    assert password.key(bits).hex() == out.lower()


def test_a_zone_is_hashed_first() -> None:
    password = PacePassword.mrz(EXAMPLE["mrz_information"])
    assert password.reference is PasswordReference.MRZ
    assert password.secret.hex().upper() == EXAMPLE["K"]
    assert password.key(128).hex().upper() == EXAMPLE["kpi"]


def test_digits_are_taken_as_characters() -> None:
    assert PacePassword.can("123456") == PacePassword(PasswordReference.CAN, b"123456")
    assert PacePassword.pin("12345678").reference is PasswordReference.PIN
    assert PacePassword.puk("1234567890").reference is PasswordReference.PUK


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345a", "１２３４５６", "12345²", "12 456"]
)
def test_a_can_is_six_ascii_digits(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        PacePassword.can(typed)
    assert not typed or typed not in str(refused.value)


@pytest.mark.parametrize("make", [PacePassword.pin, PacePassword.puk])
@pytest.mark.parametrize("typed", ["", "12345x"])
def test_pin_and_puk_are_digits(make: object, typed: str) -> None:
    assert callable(make)
    with pytest.raises(UsageError):
        make(typed)


def test_a_zone_with_foreign_characters_is_refused_without_naming_them() -> None:
    with pytest.raises(UsageError) as refused:
        PacePassword.mrz("ПОЛИС")
    assert "ПОЛИС" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_no_password_prints_and_none_is_empty() -> None:
    assert "123456" not in repr(PacePassword.can("123456"))
    with pytest.raises(UsageError):
        PacePassword(PasswordReference.CAN, b"")
