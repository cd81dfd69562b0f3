"""Every class with every instruction, P1-P2 0000 and no data: without a session and inside both.

The answers are written from card.md §6 and §7 alone: which pairs there are, in which order a card
judges, and what is then wrong with a command that has neither parameters nor data. (The unit tests
of the dispatcher do the same with P1-P2 FFFF.)
"""

from collections.abc import Callable, Iterator, Mapping

import pytest

from simulators.card import CountedClock, Interface, SoftwareCard
from tests.adversarial.card.stage import Stage
from tests.unit.simulators.card.hosts import OK, IsoHost, PaceHost, Scp03Host, chip_authenticate
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    Drawn,
    new_blank,
    open_session,
    personalized,
)

ROWS = """
00 A4 B0 CA 20 24 2C 22 2A 84 82 86
0C A4 B0 CA 20 24 2C 22 2A 84 82 86
10 86 2A
1C 86 2A
80 50 CA
84 82 D8 47 E2 F0 CA
04 CA
8C E2
"""
"""Source: card.md §7, the table of class × instruction."""

OCTETS = range(256)
TABLE = {row[0]: row[1:] for row in map(bytes.fromhex, ROWS.strip().splitlines())}
KNOWN = frozenset(b"".join(TABLE.values()))
NO_SESSION = frozenset({0x04, 0x0C, 0x1C, 0x84, 0x8C})
"""Without the session of its kind each of these is 6985 (§6)."""

AFTER_PARAMETERS: Mapping[int, int] = {
    0xA4: OK,  # the MF, by nothing at all
    0xB0: 0x6700,  # no Le
    0xCA: 0x6A88,  # no data object 0000
    0x20: 0x6A86,
    0x24: 0x6A86,
    0x2C: 0x6A86,
    0x22: 0x6A86,
    0x2A: 0x6A86,
    0x84: OK,  # a missing Le counts as 00
    0x82: 0x6700,  # of a terminal: no signature
    0x86: 0x6985,  # no MSE directly before
    0x50: 0x6700,  # no host challenge
    0xD8: 0x6A86,
    0xE2: 0x6A86,
    0xF0: 0x6A86,
}
"""What an allowed command of each instruction is answered with P1-P2 0000, no data and no Le.

Source: card.md §7, the order of checks (P1-P2, length, security, state, data) and the forms.
"""


def _on_other_channel(cla: int) -> bool:
    """ISO 7816-4:2013 5.4.1: channels 1 to 3 in the low bits, 4 to 19 in classes 40 to 7F."""
    numbered = cla < 0x20 or 0x80 <= cla < 0x90
    return 0x40 <= cla < 0x80 or (numbered and cla & 0x03 > 0)


def _refused(cla: int, ins: int) -> int | None:
    """What class and instruction alone are refused with; None when the table has them."""
    if _on_other_channel(cla):
        return 0x6881
    if cla not in TABLE:
        return 0x6E00
    if ins not in KNOWN:
        return 0x6D00
    if ins in TABLE[cla]:
        return None
    if cla in {0x10, 0x1C}:
        return 0x6884
    return 0x6982 if cla == 0x80 and ins in TABLE[0x84] else 0x6E00


ONLY_OF_A_BLANK_CARD = {0xA4, 0xCA, 0x50}
LIFE_CYCLES: Mapping[str, Callable[[int], int | None]] = {
    "blank": lambda ins: None if ins in ONLY_OF_A_BLANK_CARD else 0x6985,
    "personalized": lambda _: None,
    "blocked": lambda ins: {0xA4: 0x6283, 0x50: None}.get(ins, 0x6985),
    "terminated": lambda ins: 0x6285 if ins == 0xA4 else 0x6985,
}
"""What the life cycle says to an instruction in the clear; None when it says nothing (§6)."""


def _expected_in_the_clear(life_cycle: str, interface: Interface, cla: int, ins: int) -> int:
    refused = _refused(cla, ins)
    if refused is not None:
        return refused
    if cla in NO_SESSION:
        return 0x6985
    if ins == 0x50 and interface is Interface.CONTACTLESS and life_cycle != "blank":
        return 0x6985  # on contact only, once it is personalized
    said = LIFE_CYCLES[life_cycle](ins)
    return AFTER_PARAMETERS[ins] if said is None else said


def _card_in(life_cycle: str) -> SoftwareCard:
    if life_cycle == "blank":
        return new_blank()
    card = personalized()
    if life_cycle != "personalized":
        wanted = {"blocked": "84F04083", "terminated": "84F040FF"}[life_cycle]
        assert open_session(card).send(wanted)[1] == OK
    return card


def _at(interface: Interface, card: SoftwareCard) -> SoftwareCard:
    return SoftwareCard(card.memory, interface=interface, entropy=Drawn(), clock=CountedClock())


def _pairs() -> Iterator[tuple[int, int]]:
    return ((cla, ins) for cla in OCTETS for ins in OCTETS)


def _shown(wrong: Mapping[tuple[int, int], tuple[int, int]]) -> list[str]:
    return [
        f"{cla:02X} {ins:02X} is {got:04X}, should be {expected:04X}"
        for (cla, ins), (got, expected) in wrong.items()
    ]


@pytest.mark.parametrize("interface", Interface, ids=lambda interface: interface.value)
@pytest.mark.parametrize("life_cycle", LIFE_CYCLES)
def test_every_class_and_instruction_in_the_clear_is_answered_as_the_contract_says(
    life_cycle: str, interface: Interface
) -> None:
    card, wrong = _at(interface, _card_in(life_cycle)), {}
    before = card.memory.cells()
    for cla, ins in _pairs():
        answer = int.from_bytes(card.execute(bytes((cla, ins, 0, 0)))[-2:], "big")
        expected = _expected_in_the_clear(life_cycle, interface, cla, ins)
        if answer != expected:
            wrong[cla, ins] = answer, expected
    assert _shown(wrong) == []
    assert card.memory.cells() == before


def _has_sm_bits(cla: int) -> bool:
    """ISO 7816-4:2013 5.4.1: bits 4 and 3, in classes 40 to 7F bit 6 alone."""
    return bool(cla & 0x20) if 0x40 <= cla < 0x80 else cla & 0x0C == 0x0C


def _in_iso_session(interface: Interface) -> tuple[Stage, IsoHost]:
    card = _at(interface, personalized())
    if interface is Interface.CONTACT:
        return Stage(card), chip_authenticate(card, CHIP_POINT).host
    return Stage(card), PaceHost(card).run()


# A host of ours sets bits 4 and 3 whatever it is given, so these are all it can protect.
PROTECTABLE = [cla for cla in OCTETS if _has_sm_bits(cla) and cla & 0x0C == 0x0C]


def _expected_in_iso_session(cla: int, ins: int) -> int:
    """STORE DATA here is 8C and has no rights, yet its P1 is wrong before that is looked at."""
    refused = _refused(cla, ins)
    return AFTER_PARAMETERS[ins] if refused is None else refused


@pytest.mark.parametrize("interface", Interface, ids=lambda interface: interface.value)
def test_every_protected_class_and_instruction_in_an_iso_session_is_answered_protected(
    interface: Interface,
) -> None:
    _, host = _in_iso_session(interface)
    wrong = {}
    for cla in PROTECTABLE:
        for ins in OCTETS:
            answer, expected = (
                host.send(f"{cla:02X}{ins:02X}0000")[1],
                _expected_in_iso_session(cla, ins),
            )
            if answer != expected:
                wrong[cla, ins] = answer, expected
    assert _shown(wrong) == []


@pytest.mark.parametrize("interface", Interface, ids=lambda interface: interface.value)
def test_every_class_without_secure_messaging_ends_an_iso_session_with_6987(
    interface: Interface,
) -> None:
    stage, host = _in_iso_session(interface)
    stage.terminal.iso = host
    moment, wrong = stage.freeze(), {}
    for cla in [cla for cla in OCTETS if not _has_sm_bits(cla)]:
        for ins in OCTETS:
            stage.thaw(moment)
            answer = stage.card.execute(bytes((cla, ins, 0, 0)))
            ended = stage.card._chip.session.channel is None
            if answer != b"\x69\x87" or not ended:
                wrong[cla, ins] = int.from_bytes(answer[-2:], "big"), 0x6987
    assert _shown(wrong) == []


IN_SCP03: Mapping[int, int] = {
    **AFTER_PARAMETERS,
    0x82: 0x6985,  # a new INITIALIZE UPDATE is needed first
    0x47: 0x6985,  # only while blank
}


def _expected_in_scp03_session(cla: int, ins: int) -> tuple[int, bool]:
    """The status word, and whether the session goes on."""
    if (cla, ins) in {(0x00, 0xA4), (0x80, 0x50)}:
        return AFTER_PARAMETERS[ins], False
    if cla == 0x84 or (cla, ins) == (0x04, 0xCA):
        refused = _refused(cla, ins)
        return (IN_SCP03[ins] if refused is None else refused), True
    return 0x6982, False


def test_every_class_and_instruction_in_an_scp03_session_is_answered_as_the_contract_says() -> None:
    card = personalized()
    host, stage = open_session(card), Stage(card)
    stage.terminal.scp03 = host
    moment, wrong = stage.freeze(), {}
    for cla, ins in _pairs():
        stage.thaw(moment)
        answer = _sent_with_mac(stage, cla, ins)
        goes_on = stage.card._chip.session.channel is not None
        expected = _expected_in_scp03_session(cla, ins)
        if (answer, goes_on) != expected:
            wrong[cla, ins] = answer, expected[0]
    assert _shown(wrong) == []


def _sent_with_mac(stage: Stage, cla: int, ins: int) -> int:
    """Send the command under the session's keys, if its class is one of theirs; return the SW."""
    header = bytes((cla, ins, 0, 0))
    host = stage.terminal.scp03
    assert isinstance(host, Scp03Host)
    if cla in {0x84, 0x04}:
        return host.send(header.hex())[1]
    return int.from_bytes(stage.card.execute(header)[-2:], "big")


@pytest.mark.parametrize("ins", sorted(TABLE[0x84]), ids=lambda ins: f"{ins:02X}")
def test_an_instruction_of_the_issuer_with_a_wrong_mac_is_6982_and_ends_the_session(
    ins: int,
) -> None:
    card = personalized()
    host = open_session(card)
    assert card.execute(bytes((0x84, ins, 0, 0, 8)) + bytes(8)) == b"\x69\x82"
    assert card.execute(host.wrap("84CADF01")) == b"\x69\x85"
