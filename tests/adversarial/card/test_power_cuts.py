"""The power goes while a card is used or ended: the old state or the new, and no try comes back.

Personalization and change of insurer have a folder of their own, ``cuts``.
"""

import pytest

from simulators.card import PowerCut, image
from tests.adversarial.card.cuts.scenes import (
    HOLDER_CODES,
    LINK_CERTIFICATE,
    TERMINATION,
    Cells,
    Scene,
)
from tests.unit.simulators.card.hosts import PaceHost, pace_mse, send
from tests.unit.simulators.card.issuing import PIN, new_blank

# In VERIFY and its kin the counter is stored first: that is a state of its own, and a safe one.
_COUNTERS = frozenset({image.PIN_TRIES, image.PUK_TRIES})


def _without_counters(cells: Cells) -> Cells:
    return {name: value for name, value in cells.items() if name not in _COUNTERS}


@pytest.mark.parametrize(
    "scene", [TERMINATION, LINK_CERTIFICATE, HOLDER_CODES], ids=lambda scene: scene.name
)
def test_after_a_cut_at_any_write_the_card_is_as_before_the_command_or_as_after(
    scene: Scene,
) -> None:
    recorder = scene.recorded()
    for write in recorder.writes:
        card = scene.cut_at(write)
        card.power_up()
        found = _without_counters(card.memory.cells())
        allowed = map(_without_counters, recorder.old_and_new_at(write))
        assert found in list(allowed), f"write {write}"


def test_a_cut_in_a_comparison_never_gives_a_try_back() -> None:
    wrong = b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff"
    right = b"\x00\x20\x00\x01\x08" + PIN.encode().ljust(8, b"\xff")
    for command, write, left in ((wrong, 1, 0x63C3), (right, 1, 0x63C3), (right, 2, 0x63C2)):
        card = HOLDER_CODES.card()
        card.memory.cut_power_at(card.memory.writes + write)
        with pytest.raises(PowerCut):
            send(card, command)
        card.power_up()
        assert send(card, "00200001")[1] == left


def test_pulling_the_card_after_each_wrong_pin_blocks_it_all_the_same() -> None:
    card = HOLDER_CODES.card()
    for _ in range(3):
        send(card, b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff")
        card.power_down()
        card.power_up()
    assert send(card, b"\x00\x20\x00\x01\x08" + PIN.encode().ljust(8, b"\xff"))[1] == 0x6983


def test_pulling_the_card_before_the_token_still_counts_the_run() -> None:
    card = HOLDER_CODES.card()
    for count in range(1, 4):
        send(card, pace_mse())
        PaceHost(card).step("10", "", b"")
        card.reset()
        assert card.memory.get(image.PACE_FAILURES) == bytes((count,))


def test_a_challenge_whose_counter_was_not_stored_never_left_the_card() -> None:
    card = new_blank()
    send(card, "00A4040C09666F6D735F726F6F74")
    card.memory.cut_power_at(card.memory.writes + 1)
    with pytest.raises(PowerCut):
        send(card, "8050300008" + "11" * 8)
    card.power_up()
    send(card, "00A4040C09666F6D735F726F6F74")
    assert send(card, "8050300008" + "11" * 8)[0][-3:] == b"\x00\x00\x01"
