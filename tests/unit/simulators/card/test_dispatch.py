"""Every class with every instruction, against the table of card.md §7 written out again here."""

import pytest

from simulators.card import SoftwareCard, image
from simulators.card.tampering import copy_of
from tests.unit.simulators.card.hosts import OK, chip_authenticate, send
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    TRANSPORT,
    issuer_keys_in,
    new_blank,
    open_session,
    personalized,
)

ROWS = {
    0x00: "A4 B0 CA 20 24 2C 22 2A 84 82 86",
    0x0C: "A4 B0 CA 20 24 2C 22 2A 84 82 86",
    0x10: "86 2A",
    0x1C: "86 2A",
    0x80: "50 CA",
    0x84: "82 D8 47 E2 F0 CA",
    0x04: "CA",
    0x8C: "E2",
}
TABLE = {cla: bytes.fromhex(row) for cla, row in ROWS.items()}
KNOWN = frozenset(b"".join(TABLE.values()))
NEEDS_A_SESSION = (0x0C, 0x1C, 0x84, 0x8C, 0x04)
REFUSALS = frozenset({0x6881, 0x6E00, 0x6D00, 0x6884, 0x6982})


def _on_other_channel(cla: int) -> bool:
    return cla in range(0x40, 0x80) or (cla in (*range(0x20), *range(0x80, 0x90)) and cla % 4 > 0)


def _refusal(cla: int, ins: int) -> int | None:
    """What §7 says about the pair alone; None when the table has it."""
    if _on_other_channel(cla):
        return 0x6881
    if cla not in TABLE:
        return 0x6E00
    if ins not in KNOWN:
        return 0x6D00
    if ins in TABLE[cla]:
        return None
    if cla in (0x10, 0x1C):
        return 0x6884
    return 0x6982 if cla == 0x80 and ins in TABLE[0x84] else 0x6E00


def _plain_answer(card: SoftwareCard, cla: int, ins: int) -> int:
    return send(card, bytes((cla, ins, 0xFF, 0xFF)))[1]


def _expected_in_plain(cla: int, ins: int, handled: dict[int, int]) -> int:
    refused = _refusal(cla, ins)
    if refused is not None:
        return refused
    return 0x6985 if cla in NEEDS_A_SESSION else handled.get(cla << 8 | ins, handled[-1])


def _card_in(life_cycle: int) -> SoftwareCard:
    return copy_of(personalized(), changes={image.LIFE_CYCLE: bytes((life_cycle,))})


# With P1-P2 FFFF a command that gets past class, instruction and life cycle is 6A86; GET DATA
# reads them as a tag (6A88), and 6985 is what the life cycle says.
PERSONALIZED = {-1: 0x6A86, 0x00CA: 0x6A88, 0x80CA: 0x6A88}
BLANK = {-1: 0x6985, 0x00A4: 0x6A86, 0x00CA: 0x6A88, 0x80CA: 0x6A88, 0x8050: 0x6A86}
BLOCKED = {-1: 0x6985, 0x00A4: 0x6A86, 0x8050: 0x6A86}
TERMINATED = {-1: 0x6985, 0x00A4: 0x6285}


@pytest.mark.parametrize(
    ("life_cycle", "handled"),
    [(0x0F, PERSONALIZED), (0x07, BLANK), (0x83, BLOCKED), (0xFF, TERMINATED)],
    ids=["personalized", "blank", "blocked", "terminated"],
)
def test_every_class_and_instruction_without_a_session_gets_the_answer_of_the_table(
    life_cycle: int, handled: dict[int, int]
) -> None:
    card = _card_in(life_cycle)
    wrong = {
        f"{cla:02X} {ins:02X}"
        for cla in range(256)
        for ins in range(256)
        if _plain_answer(card, cla, ins) != _expected_in_plain(cla, ins, handled)
    }
    assert wrong == set()


@pytest.mark.parametrize("cla", [0x0C, 0x1C, 0x8C, 0x0D, 0x9C, 0x1F])
def test_every_protected_instruction_in_an_iso_session_is_answered_protected(cla: int) -> None:
    terminal = chip_authenticate(personalized(), CHIP_POINT).host
    for ins in range(256):
        _, sw = terminal.send(f"{cla:02X}{ins:02X}FFFF")
        refused = _refusal(cla, ins)
        assert sw == refused if refused else sw not in REFUSALS, f"{ins:02X}"


def _has_sm_bits(cla: int) -> bool:
    if cla in range(0x40, 0x80):
        return cla & 0x20 > 0
    return cla & 0x0C == 0x0C


@pytest.mark.parametrize("ins", [0xA4, 0x82, 0x50, 0xFF])
def test_a_command_without_secure_messaging_bits_in_an_iso_session_is_6987(ins: int) -> None:
    card = personalized()
    for cla in [cla for cla in range(256) if not _has_sm_bits(cla)]:
        card.reset()
        terminal = chip_authenticate(card, CHIP_POINT).host
        assert send(card, bytes((cla, ins, 0, 0))) == (b"", 0x6987), f"{cla:02X}"
        assert send(card, terminal.wrap("00CADF01", le=b"\x00")) == (b"", 0x6985)


def test_every_instruction_of_class_84_in_an_scp03_session_gets_the_answer_of_the_table() -> None:
    card = new_blank()
    issuer_keys_in(card)
    for ins in range(256):
        host = open_session(card)
        _, sw = host.send(f"84{ins:02X}FFFF")
        refused = _refusal(0x84, ins)
        assert sw == refused if refused else sw not in REFUSALS, f"{ins:02X}"


@pytest.mark.parametrize("ins", [0xA4, 0xCA, 0xE2, 0x50, 0xFF, 0x20])
def test_any_other_class_ends_an_scp03_session_with_6982(ins: int) -> None:
    card = new_blank()
    issuer_keys_in(card)
    executed = {(0x00, 0xA4), (0x80, 0x50), (0x84, ins)}
    for cla in [cla for cla in range(256) if (cla, ins) not in executed]:
        host = open_session(card)
        assert send(card, bytes((cla, ins, 0, 0))) == (b"", 0x6982), f"{cla:02X}"
        assert send(card, host.wrap("84CADF01")) == (b"", 0x6985)


def test_select_ends_an_scp03_session_and_is_executed() -> None:
    card = new_blank()
    host = open_session(card, TRANSPORT)
    assert send(card, "00A4040C07464F4D535F4944") == (b"", OK)
    assert send(card, host.wrap("84CADF01")) == (b"", 0x6985)


def test_get_data_is_taken_under_class_04_in_an_scp03_session() -> None:
    host = open_session(new_blank(), TRANSPORT)
    assert host.send("04CADF01", le=0) == (b"\x07", OK)
    assert host.send("84CADF01", le=0) == (b"\x07", OK)


def test_octets_that_are_no_command_are_6700_and_end_a_session() -> None:
    card = personalized()
    assert send(card, "00A404") == (b"", 0x6700)
    terminal = chip_authenticate(card, CHIP_POINT).host
    assert send(card, "00A404") == (b"", 0x6700)
    assert send(card, terminal.wrap("00CADF01", le=b"\x00")) == (b"", 0x6985)
