"""Life cycle, chip key, key information."""

import pytest

from cardservice.channel.card_management import (
    KeyInformation,
    LifeCycle,
    generate_chip_key,
    read_key_information,
    read_life_cycle,
    set_life_cycle,
)
from cardservice.channel.flow import drive
from cardservice.errors import MalformedDataError, StatusError
from tests.shared import golden
from tests.unit.channel.script import Script

POINT = golden("chip-security")["fields"]["public_key"]
GENERATE = "80470000 00"


@pytest.mark.parametrize("state", LifeCycle)
def test_a_known_state_has_its_name(state: LifeCycle) -> None:
    card = Script(("00CADF0100", f"{state:02X}9000"))
    assert drive(read_life_cycle(), card) is state


def test_an_unknown_state_stays_a_number() -> None:
    assert drive(read_life_cycle(), Script(("00CADF0100", "429000"))) == 0x42


@pytest.mark.parametrize("answer", ["9000", "07079000"])
def test_a_state_has_one_octet(answer: str) -> None:
    with pytest.raises(MalformedDataError):
        drive(read_life_cycle(), Script(("00CADF0100", answer)))


def test_a_card_that_knows_no_states_says_so() -> None:
    with pytest.raises(StatusError):
        drive(read_life_cycle(), Script(("00CADF0100", "6A88")))


def test_a_state_is_set_without_data() -> None:
    card = Script(("80F0400F", "9000"))
    drive(set_life_cycle(LifeCycle.PERSONALIZED), card)
    assert card.left == []


def test_a_refused_state_is_named() -> None:
    with pytest.raises(StatusError, match="TERMINATED"):
        drive(set_life_cycle(LifeCycle.TERMINATED), Script(("80F040FF", "6985")))


def test_the_cards_new_key_comes_back_as_a_point() -> None:
    card = Script((GENERATE, f"7F49438641{POINT}9000"))
    assert drive(generate_chip_key(), card).hex().upper() == POINT


@pytest.mark.parametrize(
    "answer",
    [
        "",
        f"7F49438641{POINT[:-2]}FF",
        f"7F49438641{POINT}00",
        f"8641{POINT}",
        f"7F4923862102{POINT[2:66]}",
        f"7F49438741{POINT}",
        "7F49038601 00".replace(" ", ""),
    ],
    ids=["empty", "off the curve", "more", "bare", "compressed", "other tag", "infinity"],
)
def test_anything_but_a_point_of_p256_is_malformed(answer: str) -> None:
    with pytest.raises(MalformedDataError):
        drive(generate_chip_key(), Script((GENERATE, answer + "9000")))


def test_key_information_is_read_in_the_cards_order() -> None:
    card = Script(("00CA00E000", "E012 C00401318810 C00402318810 C00403318810 9000"))
    assert drive(read_key_information(), card) == tuple(
        KeyInformation(key_id, 0x31, 0x88, 0x10) for key_id in (1, 2, 3)
    )


@pytest.mark.parametrize(
    "answer", ["9000", "E0079000", "E005C0030131889000", "E006C104013188109000"]
)
def test_bad_key_information_is_malformed(answer: str) -> None:
    with pytest.raises(MalformedDataError):
        drive(read_key_information(), Script(("00CA00E000", answer)))
