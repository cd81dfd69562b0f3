"""The seam: power, reset, ATR, and making cards."""

import pytest

from simulators.card import (
    CardMuteError,
    Interface,
    NonVolatileMemory,
    PowerCut,
    SoftwareCard,
    answer_to_reset,
    blank_card,
)
from simulators.card.making import blank_cells
from tests.unit.simulators.card.hosts import FOMS_ID, OK, chip_authenticate, select_aid, send
from tests.unit.simulators.card.issuing import CHIP_POINT, PIN, SERIAL, new_blank, personalized


def test_the_answer_to_reset_tells_the_interface() -> None:
    card = new_blank()
    assert card.atr == card.power_up() == card.reset() == answer_to_reset.FAST_155_KBIT
    assert new_blank(interface=Interface.CONTACTLESS).atr == answer_to_reset.CONTACTLESS
    assert blank_card(atr=answer_to_reset.FIRST_GENERATION).atr.hex() == (
        "3bf71300008131fe45464f4d534f4d53a9"
    )


@pytest.mark.parametrize(
    "atr",
    [
        answer_to_reset.FIRST_GENERATION,
        answer_to_reset.SECOND_GENERATION,
        answer_to_reset.FAST_155_KBIT,
        answer_to_reset.FAST_300_KBIT,
        answer_to_reset.CONTACTLESS,
    ],
    ids=bytes.hex,
)
def test_every_answer_to_reset_checks_out(atr: bytes) -> None:
    checked = 0
    for octet in atr[1:]:
        checked ^= octet
    assert checked == 0


def test_without_power_the_card_is_mute() -> None:
    card = new_blank()
    card.power_down()
    with pytest.raises(CardMuteError):
        card.execute(bytes.fromhex("00CADF0100"))
    card.power_up()
    assert send(card, "00CADF0100")[1] == OK


def test_a_reset_forgets_the_session_the_selection_and_the_pin() -> None:
    card = personalized()
    select_aid(card, FOMS_ID)
    send(card, "00A4020C020201")
    assert send(card, b"\x00\x20\x00\x01\x08" + PIN.encode().ljust(8, b"\xff"))[1] == OK
    terminal = chip_authenticate(card, CHIP_POINT).host
    card.reset()
    assert send(card, "00B0000000")[1] == 0x6986
    assert send(card, "00A4020C020201")[1] == 0x6A82
    assert send(card, terminal.wrap("00CADF01")) == (b"", 0x6985)


def test_a_cut_of_power_leaves_the_card_mute_until_power_comes() -> None:
    card = personalized()
    card.memory.cut_power_at(card.memory.writes + 1)
    with pytest.raises(PowerCut):
        send(card, b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff")
    with pytest.raises(CardMuteError):
        card.execute(b"")
    card.power_up()
    assert send(card, "00200001")[1] == 0x63C3


def test_a_blank_card_may_be_made_in_given_memory() -> None:
    memory = NonVolatileMemory()
    blank_card(SERIAL, memory=memory)
    assert memory.cells() == blank_cells(SERIAL)


def test_blank_cards_without_a_given_serial_differ() -> None:
    serials = {blank_card().memory.get("chip serial") for _ in range(20)}
    assert len(serials) == 20


def test_a_chip_serial_has_eight_octets() -> None:
    with pytest.raises(ValueError, match="8 octets"):
        blank_card(b"short")


def test_a_memory_that_misses_what_every_card_has_is_6581() -> None:
    assert send(SoftwareCard(NonVolatileMemory()), "00CADF0100") == (b"", 0x6581)
