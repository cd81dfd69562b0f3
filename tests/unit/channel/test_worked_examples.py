"""A few worked examples of the standards as constants: a checkout alone checks these."""

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.channel.aes import cmac, keyed_cmac
from cardservice.channel.key_derivation import SessionKeys, derive_session_keys
from cardservice.channel.secure_messaging import SecureMessaging

# RFC 4493, section 4: the four examples.
RFC_4493_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
RFC_4493_MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC_4493 = {
    0: "bb1d6929e95937287fa37d129b756746",
    16: "070a16b46b4d4144f79bdd9dd04a287c",
    40: "dfa66747de9ae63030ca32611497c827",
    64: "51f0bebf7e3b9d92fc49741779363cfe",
}


@pytest.mark.parametrize(("size", "expected"), RFC_4493.items())
def test_the_examples_of_rfc_4493(size: int, expected: str) -> None:
    assert cmac(RFC_4493_KEY, RFC_4493_MESSAGE[:size]).hex() == expected


def test_a_keyed_mac_starts_afresh_for_each_message() -> None:
    mac = keyed_cmac(RFC_4493_KEY)
    assert [mac(RFC_4493_MESSAGE[:size]).hex() for size in RFC_4493] == list(RFC_4493.values())


# ICAO Doc 9303-11, appendix G.1.
SECRET = bytes.fromhex("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925")


def test_the_session_keys_of_the_worked_example_are_derived() -> None:
    keys = derive_session_keys(SECRET)
    assert keys.enc.hex().upper() == "F5F0E35C0D7161EE6724EE513A0D9A7F"
    assert keys.mac.hex().upper() == "FE251C7858B356B24514B3BD5F4297D1"


# AusweisApp2, test_SecureMessaging.cpp.
WORKED_KEYS = SessionKeys(b"F1234567890ABCDE", b"1234567890ABCDEF")


def test_the_worked_example_of_a_command_with_data_and_le() -> None:
    plain = CommandAPDU.parse(bytes.fromhex("0010203004D0D1D2D300"))
    assert SecureMessaging(WORKED_KEYS).wrap(plain).encode().hex().upper() == (
        "0C10203020871101CC30C03DBE01213486B74CE1F48F5C499701008E085F5F415D7BCDB09200"
    )
