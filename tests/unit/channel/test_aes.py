"""AES-CMAC and padding method 2."""

from typing import Any

import pytest

from cardservice.channel.aes import (
    check_key_lengths,
    cmac,
    decrypt_cbc,
    encrypt_cbc,
    pad,
    unpad,
)
from cardservice.errors import MalformedDataError, UsageError
from tests.shared import vectors

VECTORS = vectors("cmac_iso9797")
WYCHEPROOF = [
    (group["tagSize"] // 8, test)
    for group in vectors("wycheproof/aes_cmac_test")["testGroups"]
    for test in group["tests"]
]


@pytest.mark.parametrize("case", VECTORS["cmac"], ids=lambda case: case["mac"][:8])
def test_a_published_mac(case: dict[str, Any]) -> None:
    assert cmac(bytes.fromhex(case["key"]), bytes.fromhex(case["msg"])).hex() == case["mac"]


def test_wycheproof_agrees_on_every_mac_and_every_key_length() -> None:
    def verdict(size: int, test: dict[str, Any]) -> str:
        mac_key = bytes.fromhex(test["key"])
        try:
            check_key_lengths(mac_key)
        except UsageError:
            return "invalid"
        computed = cmac(mac_key, bytes.fromhex(test["msg"]))[:size]
        return "valid" if computed.hex() == test["tag"] else "invalid"

    assert len(WYCHEPROOF) == 311
    wrong = [test["tcId"] for size, test in WYCHEPROOF if verdict(size, test) != test["result"]]
    assert wrong == []


@pytest.mark.parametrize(
    "case", [one for one in VECTORS["pad"] if one["block"] == 16], ids=lambda case: case["padded"]
)
def test_a_message_is_padded_as_published(case: dict[str, Any]) -> None:
    assert pad(bytes.fromhex(case["data"])).hex() == case["padded"].lower()


@pytest.mark.parametrize("case", VECTORS["unpad"], ids=lambda case: case["padded"] or "empty")
def test_padding_is_taken_off_or_refused_as_published(case: dict[str, Any]) -> None:
    padded = bytes.fromhex(case["padded"])
    if "error" in case:
        with pytest.raises(MalformedDataError):
            unpad(padded)
    else:
        assert unpad(padded).hex() == case["data"].lower()


def test_more_than_a_block_of_padding_is_taken_off() -> None:
    assert unpad(b"\x01\x80" + bytes(30)) == b"\x01"
    assert unpad(b"\x80" + bytes(16)) == b""


CBC_KEY = bytes(range(16))


def test_encrypted_data_come_in_whole_blocks() -> None:
    encrypted = encrypt_cbc(CBC_KEY, bytes(32))
    assert decrypt_cbc(CBC_KEY, encrypted) == bytes(32)
    with pytest.raises(MalformedDataError):
        decrypt_cbc(CBC_KEY, encrypted[:-1])


@pytest.mark.parametrize("lengths", [(15,), (0,), (16, 24), ()])
def test_a_set_of_keys_has_one_aes_length(lengths: tuple[int, ...]) -> None:
    with pytest.raises(UsageError):
        check_key_lengths(*map(bytes, lengths))
