"""Chip authentication, plainly, inside PACE, and again."""

import pytest

from simulators.card.files import Directory
from simulators.card.tampering import clone_without_chip_key, replace_file
from tests.unit.simulators.card.hosts import (
    CA_OID,
    FOMS_ID,
    FOMS_ROOT,
    OK,
    PaceHost,
    apdu,
    chip_authenticate,
    p256_key,
    point_of,
    select_aid,
    send,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    OWNER,
    PIN,
    Content,
    in_range,
    personalized,
)

MSE = apdu("002241A4", tlv("80", CA_OID))


def _general_authenticate(point: bytes) -> bytes:
    return apdu("00860000", tlv("7C", tlv("80", point)), 0)


def test_plain_chip_authentication_opens_a_session_and_keeps_the_current_file() -> None:
    card = personalized()
    select_aid(card, FOMS_ID)
    send(card, "00A4020C020201")
    terminal = chip_authenticate(card, CHIP_POINT).host
    assert terminal.send("00B00000", le=b"\x00") == (OWNER, OK)


def test_the_answer_comes_under_the_old_keys_and_the_next_command_under_the_new() -> None:
    card = in_range(personalized())
    old = PaceHost(card).run()
    new = chip_authenticate(card, CHIP_POINT, through=old).host
    assert new.send("00CADF01", le=b"\x00") == (b"\x0f", OK)


def test_the_old_keys_are_worthless_after_chip_authentication() -> None:
    card = in_range(personalized())
    old = PaceHost(card).run()
    chip_authenticate(card, CHIP_POINT, through=old)
    assert send(card, old.wrap("00CADF01", le=b"\x00")) == (b"", 0x6988)


def test_chip_authentication_keeps_the_right_of_pace_and_drops_the_pin_state() -> None:
    card = in_range(personalized())
    terminal = PaceHost(card).run()
    assert terminal.send("00200001", PIN.encode().ljust(8, b"\xff"))[1] == OK
    terminal = chip_authenticate(card, CHIP_POINT, through=terminal).host
    assert terminal.send("00200001")[1] == 0x63C3
    terminal.send("00A4040C", FOMS_ID)
    assert terminal.send("00B08100", le=b"\x00") == (OWNER, OK)


def test_chip_authentication_can_be_run_again_in_its_own_session() -> None:
    card = personalized()
    first = chip_authenticate(card, CHIP_POINT).host
    second = chip_authenticate(card, CHIP_POINT, through=first, scalar=555).host
    assert second.send("00CADF01", le=b"\x00") == (b"\x0f", OK)


@pytest.mark.parametrize(
    ("data", "sw"),
    [
        (tlv("80", CA_OID) + tlv("84", b"\x01"), 0x6A88),
        (tlv("80", CA_OID[:-1]), 0x6A80),
        (tlv("80", CA_OID[:-1] + b"\x04"), 0x6A80),
        (b"", 0x6A80),
        (tlv("84", b"\x01"), 0x6A80),
        (tlv("80", CA_OID) * 2, 0x6A80),
        (tlv("80", CA_OID) + tlv("83", b"\x02"), 0x6A80),
        (b"\x80\x0a\x04", 0x6A80),
    ],
)
def test_a_wrong_mse_is_refused_and_prepares_nothing(data: bytes, sw: int) -> None:
    card = personalized()
    assert send(card, apdu("002241A4", data)) == (b"", sw)
    assert send(card, _general_authenticate(CHIP_POINT)) == (b"", 0x6985)


def test_general_authenticate_comes_directly_after_its_mse() -> None:
    card = personalized()
    assert send(card, _general_authenticate(CHIP_POINT))[1] == 0x6985
    assert send(card, MSE)[1] == OK
    send(card, "00CADF0100")
    assert send(card, _general_authenticate(CHIP_POINT))[1] == 0x6985


_GOOD = point_of(p256_key(3))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        tlv("7C", b""),
        tlv("7C", tlv("81", _GOOD)),
        tlv("7C", tlv("80", _GOOD) * 2),
        tlv("7D", tlv("80", _GOOD)),
        tlv("7C", tlv("80", _GOOD[:-1])),
        tlv("7C", tlv("80", _GOOD[:-1] + bytes((_GOOD[-1] ^ 1,)))),
        tlv("7C", tlv("80", b"\x02" + _GOOD[1:33])),
        tlv("7C", tlv("80", b"\x00")),
        tlv("7C", tlv("80", b"\x04" + bytes(64))),
        tlv("7C", tlv("80", _GOOD))[:-1],
    ],
    ids=lambda data: data[:6].hex() + f"-{len(data)}",
)
def test_a_bad_point_or_object_is_6a80_and_the_old_protection_stays(data: bytes) -> None:
    card = personalized()
    terminal = chip_authenticate(card, CHIP_POINT).host
    assert terminal.send("002241A4", tlv("80", CA_OID))[1] == OK
    assert terminal.send("00860000", data, b"\x00") == (b"", 0x6A80)
    assert terminal.send("00860000", tlv("7C", tlv("80", _GOOD)), b"\x00") == (b"", 0x6985)
    assert terminal.send("00CADF01", le=b"\x00") == (b"\x0f", OK)


def test_chip_authentication_is_one_step_and_takes_no_chain() -> None:
    card = personalized()
    send(card, MSE)
    assert send(card, apdu("10860000", tlv("7C", tlv("80", _GOOD)), 0)) == (b"", 0x6883)


@pytest.mark.parametrize("header", ["00860001", "00860100"])
def test_general_authenticate_takes_no_parameters(header: str) -> None:
    card = personalized()
    send(card, MSE)
    assert send(card, apdu(header, tlv("7C", tlv("80", _GOOD)), 0)) == (b"", 0x6A86)


@pytest.mark.parametrize("p1p2", ["4100", "41A6", "C1A6", "0000", "81A6"])
def test_other_environments_are_6a86(p1p2: str) -> None:
    assert send(personalized(), apdu(f"0022{p1p2}", tlv("80", CA_OID)))[1] == 0x6A86


def test_a_private_card_proves_its_chip_after_pace_only() -> None:
    card = personalized(Content(profile=3))
    assert send(card, MSE) == (b"", 0x6982)
    terminal = PaceHost(card).run()
    assert terminal.send("002241A4", tlv("80", CA_OID))[1] == OK


def test_a_clone_without_the_chip_key_cannot_answer_under_the_new_keys() -> None:
    clone = clone_without_chip_key(personalized())
    select_aid(clone, FOMS_ROOT)
    assert send(clone, "00B08E0000")[0].endswith(CHIP_POINT)
    terminal = chip_authenticate(clone, CHIP_POINT).host
    assert send(clone, terminal.wrap("00CADF01", le=b"\x00")) == (b"", 0x6988)


def test_a_replaced_file_is_what_the_card_then_shows() -> None:
    card = personalized()
    replace_file(card, Directory.FOMS_ID, 0x0201, b"\x62\x00")
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B0910000") == (b"\x62\x00", OK)
    replace_file(card, Directory.FOMS_ID, 0x0201, None)
    assert send(card, "00B0910000") == (b"", 0x6A82)
