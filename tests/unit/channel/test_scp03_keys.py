"""Key derivation of SCP03 and diversification of this project's cards."""

from typing import Any

import pytest

from cardservice.channel.aes import cmac
from cardservice.channel.scp03 import StaticKeys, derive, diversify, key_check_value
from cardservice.channel.scp03.keys import Scp03Keys, wrap_dek
from cardservice.errors import UsageError
from tests.shared import vectors

VECTORS = vectors("scp03_kdf")
MASTER = bytes.fromhex("404142434445464748494A4B4C4D4E4F")
DATA = b"FM" + bytes(range(1, 9))


@pytest.mark.parametrize("case", VECTORS["kdf"], ids=lambda case: f"{case['out'][:8]}")
def test_a_published_value_is_derived(case: dict[str, Any]) -> None:
    derived = derive(
        bytes.fromhex(case["key"]),
        int(case["constant"], 16),
        bytes.fromhex(case["context"]),
        case["L_bits"],
    )
    assert derived.hex() == case["out"]


@pytest.mark.parametrize("case", VECTORS["key_check_value"], ids=lambda case: case["kcv"])
def test_a_published_key_check_value(case: dict[str, Any]) -> None:
    assert key_check_value(bytes.fromhex(case["key"])).hex() == case["kcv"]


@pytest.mark.parametrize("bits", [0, 4, 129, 0xFF * 128 + 8])
def test_a_length_that_cannot_be_derived_is_our_own_mistake(bits: int) -> None:
    with pytest.raises(UsageError):
        derive(MASTER, 4, b"", bits)


@pytest.mark.parametrize(("bits", "length"), [(128, "0080"), (192, "00C0"), (256, "0100")])
def test_a_cards_keys_are_diversified_as_the_contract_says(bits: int, length: str) -> None:
    keys = diversify(MASTER, DATA, bits)
    for constant, made in ((1, keys.enc), (2, keys.mac), (3, keys.dek)):
        rounds = b"".join(
            cmac(
                MASTER,
                bytes(11) + bytes((constant, 0)) + bytes.fromhex(length) + bytes((i,)) + DATA,
            )
            for i in (1, 2)
        )
        assert made == rounds[: bits // 8]
    assert keys.key_bits == bits


def test_cards_with_other_serials_have_other_keys() -> None:
    assert diversify(MASTER, DATA) != diversify(MASTER, DATA[:-1] + b"\x00")


@pytest.mark.parametrize("size", [0, 9, 11])
def test_diversification_data_have_ten_octets(size: int) -> None:
    with pytest.raises(UsageError):
        diversify(MASTER, bytes(size))


def test_keys_do_not_print() -> None:
    keys = diversify(MASTER, DATA)
    assert repr(keys) == "StaticKeys()"
    assert repr(Scp03Keys(bytes(16), bytes(16), bytes(16))) == "Scp03Keys()"


def test_a_key_set_has_one_key_length() -> None:
    with pytest.raises(UsageError):
        StaticKeys(enc=bytes(16), mac=bytes(16), dek=bytes(32))


@pytest.mark.parametrize("size", [0, 15, 17])
def test_sensitive_data_come_in_whole_blocks(size: int) -> None:
    with pytest.raises(UsageError):
        wrap_dek(MASTER, bytes(size))
