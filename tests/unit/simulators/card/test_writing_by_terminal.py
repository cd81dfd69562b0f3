"""STORE DATA in secure messaging: a new insurer by a terminal with the holder's PIN."""

from dataclasses import replace

import pytest

from simulators.card import image
from tests.unit.simulators.card.desks import Desk, desk_at
from tests.unit.simulators.card.hosts import (
    FOMS_INS,
    OK,
    chip_authenticate,
    dgi,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    NEW_INSURER,
    NEW_SOD,
    PIN,
    PUK,
    TERMINAL,
)


def _insurer_stream() -> bytes:
    return dgi("0302", NEW_INSURER) + dgi("011D", NEW_SOD) + dgi("01B0", b"\x03\x02")


def _store(desk: Desk, stream: bytes) -> int:
    half = len(stream) // 2
    sw = desk.host.send("80E20800", stream[:half])[1]
    return desk.host.send("80E28801", stream[half:])[1] if sw == OK else sw


def _enter_pin(desk: Desk) -> int:
    return desk.host.send("00200001", PIN.encode().ljust(8, b"\xff"))[1]


def test_a_terminal_with_the_right_and_the_holders_pin_writes_a_new_insurer() -> None:
    desk = desk_at()
    assert desk.authenticate() == OK
    assert _enter_pin(desk) == OK
    assert _store(desk, _insurer_stream()) == OK
    assert desk.read(FOMS_INS, "82") == OK
    assert desk.host.card.memory.get(image.POINTER) == b"\x03\x02"


def test_the_right_without_the_pin_and_the_pin_without_the_right_are_6982() -> None:
    desk = desk_at()
    assert desk.authenticate() == OK
    assert _store(desk, _insurer_stream()) == 0x6982
    reader_only = desk_at()
    assert reader_only.authenticate(replace(TERMINAL, chat=0x03)) == OK
    assert _enter_pin(reader_only) == OK
    assert _store(reader_only, _insurer_stream()) == 0x6982


@pytest.mark.parametrize(
    "stream", [dgi("0201", b"x"), dgi("8010", bytes(16)), dgi("D001", b"\x01"), dgi("7777", b"x")]
)
def test_a_terminal_writes_insurers_and_nothing_else(stream: bytes) -> None:
    desk = desk_at()
    assert desk.authenticate() == OK
    assert _enter_pin(desk) == OK
    assert _store(desk, stream) == 0x6985


def test_a_terminal_without_any_right_may_still_offer_the_pin_but_write_nothing() -> None:
    desk = desk_at()
    assert _enter_pin(desk) == 0x6982
    assert desk.authenticate(replace(TERMINAL, chat=0x00)) == OK
    assert _enter_pin(desk) == OK
    assert _store(desk, _insurer_stream()) == 0x6982


def test_a_wrong_pin_or_a_new_chip_authentication_takes_the_verified_state_back() -> None:
    desk = desk_at()
    assert desk.authenticate() == OK
    assert _enter_pin(desk) == OK
    assert desk.host.send("00200001", b"0000\xff\xff\xff\xff")[1] == 0x63C2
    assert _store(desk, _insurer_stream()) == 0x6982
    assert _enter_pin(desk) == OK
    again = Desk(chip_authenticate(desk.host.card, CHIP_POINT, through=desk.host, scalar=77))
    assert again.authenticate() == OK
    assert _store(again, _insurer_stream()) == 0x6982
    assert _enter_pin(again) == OK
    assert _store(again, _insurer_stream()) == OK


def test_a_new_pin_by_the_old_one_is_verified_and_by_the_puk_is_not() -> None:
    new, old, puk = (one.encode().ljust(8, b"\xff") for one in ("1357", PIN, PUK))
    desk = desk_at()
    assert desk.authenticate() == OK
    assert desk.host.send("00240001", old + new)[1] == OK
    assert desk.host.send("002C0001", puk + old)[1] == OK
    assert _store(desk, _insurer_stream()) == 0x6982
    assert desk.host.send("00240001", old + new)[1] == OK
    assert _store(desk, _insurer_stream()) == OK
