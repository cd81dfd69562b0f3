"""KDF(K, c) of ICAO Doc 9303-11 9.7.1."""

from typing import Any

import pytest

from cardservice.channel.key_derivation import (
    KeyUse,
    SessionKeys,
    derive_key,
)
from cardservice.errors import UsageError
from tests.shared import vectors

AES = [one for one in vectors("icao9303_kdf")["vectors"] if one["alg"].startswith("AES")]
# Doc 9303-11, appendix G.1.
SECRET = bytes.fromhex("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925")


@pytest.mark.parametrize("case", AES, ids=lambda case: f"{case['alg']}-{case['c']}")
def test_a_published_key_is_derived(case: dict[str, Any]) -> None:
    bits = int(case["alg"].removeprefix("AES-"))
    derived = derive_key(bytes.fromhex(case["key"]), KeyUse(case["c"]), bits)
    assert derived.hex() == case["out"].lower()


@pytest.mark.parametrize("bits", [0, 112, 127, 512])
def test_aes_has_three_key_lengths(bits: int) -> None:
    with pytest.raises(UsageError):
        derive_key(SECRET, KeyUse.ENC, bits)


def test_session_keys_do_not_print_and_are_of_one_length() -> None:
    assert repr(SessionKeys(bytes(16), bytes(16))) == "SessionKeys()"
    with pytest.raises(UsageError):
        SessionKeys(bytes(16), bytes(24))
