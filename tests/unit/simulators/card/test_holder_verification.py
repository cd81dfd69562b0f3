"""VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER."""

import pytest

from simulators.card import SoftwareCard
from simulators.card.image import PIN_TRIES, PUK_TRIES
from tests.unit.simulators.card.hosts import OK, PaceHost, chip_authenticate, send
from tests.unit.simulators.card.issuing import CHIP_POINT, PIN, PUK, in_range, personalized


def _code(digits: str) -> bytes:
    return digits.encode().ljust(8, b"\xff")


def _verify(card: SoftwareCard, digits: str) -> int:
    return send(card, b"\x00\x20\x00\x01\x08" + _code(digits))[1]


def _change(card: SoftwareCard, old: str, new: str, *, ins: int = 0x24) -> int:
    return send(card, bytes((0, ins, 0, 1, 16)) + _code(old) + _code(new))[1]


def _reset(card: SoftwareCard, puk: str, new: str) -> int:
    return _change(card, puk, new, ins=0x2C)


def _tries(card: SoftwareCard) -> int:
    return send(card, "00200001")[1]


def test_the_right_pin_is_verified_and_gives_the_tries_back() -> None:
    card = personalized()
    assert _verify(card, "0000") == 0x63C2
    assert _verify(card, PIN) == OK
    assert _tries(card) == 0x63C3


def test_wrong_pins_count_down_to_a_blocked_pin_that_the_right_one_does_not_open() -> None:
    card = personalized()
    assert [_verify(card, "0000") for _ in range(4)] == [0x63C2, 0x63C1, 0x63C0, 0x6983]
    assert _verify(card, PIN) == 0x6983
    assert _tries(card) == 0x6983
    assert _change(card, PIN, "1111") == 0x6983


def test_the_tries_survive_a_reset() -> None:
    card = personalized()
    _verify(card, "0000")
    card.reset()
    assert _tries(card) == 0x63C2


def test_the_puk_opens_a_blocked_pin_with_a_new_one() -> None:
    card = personalized()
    for _ in range(3):
        _verify(card, "0000")
    assert _reset(card, PUK, "13579") == OK
    assert _tries(card) == 0x63C3
    assert _verify(card, PIN) == 0x63C2
    assert _verify(card, "13579") == OK


def test_wrong_puks_count_down_from_ten() -> None:
    card = personalized()
    answers = [_reset(card, "00000000", "1111") for _ in range(11)]
    assert answers == [*range(0x63C9, 0x63BF, -1), 0x6983]
    assert _reset(card, PUK, "1111") == 0x6983
    assert _tries(card) == 0x63C3


def test_a_right_puk_gives_its_own_tries_back() -> None:
    card = personalized()
    _reset(card, "00000000", "1111")
    assert _reset(card, PUK, "1111") == OK
    assert card.memory.get(PUK_TRIES) == b"\x0a"


def test_the_pin_is_changed_given_the_old_one() -> None:
    card = personalized()
    assert _change(card, "0000", "1111") == 0x63C2
    assert _change(card, PIN, "12345678") == OK
    assert _tries(card) == 0x63C3
    assert _verify(card, "12345678") == OK


@pytest.mark.parametrize(
    "octets",
    [
        b"123\xff\xff\xff\xff\xff",
        b"12a4\xff\xff\xff\xff",
        b"\xff" * 8,
        bytes(8),
        b"1234\xff5\xff\xff",
        b"2580\x00\x00\x00\x00",
    ],
)
def test_a_malformed_pin_is_6a80_and_not_counted(octets: bytes) -> None:
    card = personalized()
    good = _code(PIN)
    assert send(card, b"\x00\x20\x00\x01\x08" + octets)[1] == 0x6A80
    assert send(card, b"\x00\x24\x00\x01\x10" + octets + good)[1] == 0x6A80
    assert send(card, b"\x00\x24\x00\x01\x10" + good + octets)[1] == 0x6A80
    assert send(card, b"\x00\x2c\x00\x01\x10" + _code(PUK) + octets)[1] == 0x6A80
    assert _tries(card) == 0x63C3
    assert card.memory.get(PUK_TRIES) == b"\x0a"


def test_a_puk_has_eight_digits() -> None:
    assert _reset(personalized(), "1234567", "1111") == 0x6A80


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("0020000107" + "31" * 7, 0x6700),
        ("0020000109" + "31" * 9, 0x6700),
        ("00240001", 0x6700),
        ("0024000108" + "31" * 8, 0x6700),
        ("002C0001", 0x6700),
        ("00200002", 0x6A86),
        ("00200101", 0x6A86),
        ("00240002", 0x6A86),
        ("002C0000", 0x6A86),
    ],
)
def test_wrong_parameters_and_lengths_are_refused(command: str, sw: int) -> None:
    assert send(personalized(), command)[1] == sw


def test_a_blocked_pin_is_6983_before_its_form_is_judged() -> None:
    card = personalized()
    for _ in range(3):
        _verify(card, "0000")
    assert send(card, b"\x00\x20\x00\x01\x08" + bytes(8))[1] == 0x6983


def test_in_range_holder_codes_are_taken_after_pace_only() -> None:
    card = in_range(personalized())
    assert _verify(card, PIN) == _tries(card) == 0x6982
    assert _change(card, PIN, "1111") == _reset(card, PUK, "1111") == 0x6982
    terminal = chip_authenticate(card, CHIP_POINT).host
    assert terminal.send("00200001", _code(PIN))[1] == 0x6982
    card.reset()
    terminal = PaceHost(card).run()
    assert terminal.send("00200001", _code(PIN))[1] == OK
    assert card.memory.get(PIN_TRIES) == b"\x03"


def test_the_codes_are_in_no_representation_of_the_card() -> None:
    card = personalized()
    _verify(card, PIN)
    text = repr(vars(card)) + repr(card)
    assert PIN not in text
    assert PUK not in text
