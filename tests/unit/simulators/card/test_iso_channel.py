"""ISO secure messaging at the card, against the published commands and octet by octet."""

from typing import Any

import pytest

from simulators.card.apdu import parse_command
from simulators.card.iso_channel import IsoChannel
from tests.shared import vectors
from tests.unit.simulators.card.hosts import OK, IsoHost, chip_authenticate, send
from tests.unit.simulators.card.issuing import CHIP_POINT, OWNER, personalized

SM = vectors("sm_aes")
K_ENC = bytes.fromhex(SM["k_enc"])
K_MAC = bytes.fromhex(SM["k_mac"])


@pytest.mark.parametrize("case", SM["command_cases"], ids=lambda case: case["name"])
def test_a_published_protected_command_unwraps_to_its_plain_one(case: dict[str, Any]) -> None:
    channel = IsoChannel(k_enc=K_ENC, k_mac=K_MAC)
    for step in case["steps"]:
        protected = parse_command(bytes.fromhex(step["protected_capdu"]))
        plain = parse_command(bytes.fromhex(step["plain_capdu"]))
        assert protected is not None
        assert plain is not None
        unwrapped = channel.unwrap(protected)
        assert (unwrapped.data, unwrapped.ne) == (plain.data, plain.ne)
        assert unwrapped.wants_all == plain.wants_all


def test_an_answer_is_protected_with_the_next_counter() -> None:
    card = personalized()
    terminal = IsoHost(card, K_ENC, K_MAC)
    channel = IsoChannel(k_enc=K_ENC, k_mac=K_MAC)
    command = parse_command(terminal.wrap("00B00000", le=b"\x00"))
    assert command is not None
    channel.unwrap(command)
    assert terminal.unwrap(channel.wrap(b"data" + b"\x90\x00")) == (b"data", OK)


def test_an_error_comes_protected_and_the_session_goes_on() -> None:
    card = personalized()
    terminal = chip_authenticate(card, CHIP_POINT).host
    assert terminal.send("00A4020C", b"\x09\x09") == (b"", 0x6A82)
    assert terminal.send("00A4040C", b"FOMS_ID") == (b"", OK)


@pytest.mark.parametrize(
    ("header", "sw"),
    [("00FF0000", 0x6D00), ("0CD80000", 0x6E00), ("10B00000", 0x6884), ("0DB00000", 0x6881)],
)
def test_class_and_instruction_errors_are_protected_too(header: str, sw: int) -> None:
    terminal = chip_authenticate(personalized(), CHIP_POINT).host
    assert terminal.send(header) == (b"", sw)
    assert terminal.send("00CADF01", le=b"\x00") == (b"\x0f", OK)


def _selected(card_terminal: IsoHost) -> IsoHost:
    assert card_terminal.send("00A4040C", b"FOMS_ID")[1] == OK
    assert card_terminal.send("00A4020C", b"\x02\x01")[1] == OK
    return card_terminal


def test_a_short_protected_read_gives_at_most_223_octets() -> None:
    from tests.unit.simulators.card.issuing import Content

    card = personalized(Content(owner=b"\x62\x82\x0b\xb4" + bytes(2996)))
    terminal = _selected(chip_authenticate(card, CHIP_POINT).host)
    assert len(terminal.send("00B00000", le=b"\x00")[0]) == 223
    assert len(terminal.send("00B00000", le=b"\xdf")[0]) == 223
    assert terminal.send("00B00000", le=b"\xe0") == (b"", 0x6700)
    assert len(terminal.send("00B00000", le=bytes(2))[0]) == 223


def test_an_extended_protected_read_gives_up_to_2000_octets() -> None:
    from tests.unit.simulators.card.issuing import Content

    card = personalized(Content(owner=b"\x62\x82\x0b\xb4" + bytes(2996)))
    terminal = _selected(chip_authenticate(card, CHIP_POINT).host)
    lengths = [
        len(terminal.send("00B00000", le=le, extended=True)[0])
        for le in (bytes(2), b"\x00", b"\x07\xd0")
    ]
    assert lengths == [2000, 256, 2000]
    assert terminal.send("00B00000", le=b"\x07\xd1", extended=True) == (b"", 0x6700)


def test_the_end_of_the_file_under_secure_messaging_is_6282_only_for_an_explicit_length() -> None:
    terminal = _selected(chip_authenticate(personalized(), CHIP_POINT).host)
    assert terminal.send("00B00000", le=b"\x00") == (OWNER, OK)
    assert terminal.send("00B00000", le=b"\xd0") == (OWNER, 0x6282)


def test_a_secure_messaging_class_without_a_session_is_6985() -> None:
    card = personalized()
    for command in ("0CB0000000", "1C860000", "8CE2880000", "0CA4040C00"):
        assert send(card, command) == (b"", 0x6985)
