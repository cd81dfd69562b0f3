"""The transport card: nothing but its own class of commands, over every class and instruction."""

import pytest

from simulators.zoo.transit import TransitCard


def test_every_command_of_another_class_is_refused() -> None:
    card = TransitCard()
    for cla in range(256):
        for ins in range(0, 256, 5):
            answer = card.execute(bytes((cla, ins, 0, 0, 0)))
            assert answer[-2:] == b"\x6e\x00" if cla != 0x90 else answer[-2] == 0x91


def test_it_tells_its_version_in_its_own_way() -> None:
    assert TransitCard().execute(bytes.fromhex("9060000000")).hex() == "0401010100180591af"
    assert TransitCard().execute(bytes.fromhex("905A000000")).hex() == "911c"


@pytest.mark.parametrize("octets", [b"", b"\x90\x60", b"\x90\x60\x00\x00\x05\x01"])
def test_what_is_no_command_is_a_wrong_length(octets: bytes) -> None:
    assert TransitCard().execute(octets) == b"\x67\x00"


def test_it_is_powered_like_any_card() -> None:
    card = TransitCard()
    card.power_down()
    assert card.power_up() == card.reset() == card.atr == bytes.fromhex("3B8180018080")
