"""The access table, whole: every object × interface × profile × every set of rights.

The table of the card's contract is written out again here, and a terminal truly gains each set of
rights by PACE, by terminal authentication, by both or by neither.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from simulators.card import Interface, SoftwareCard
from simulators.card.protocol_events import Event, Fact
from simulators.card.tampering import copy_of
from tests.adversarial.card.stage import Stage
from tests.adversarial.card.terminal import PIN_BLOCK, Plain
from tests.unit.simulators.card.hosts import FOMS_ID, FOMS_INS, FOMS_ROOT, OK, dgi, tlv
from tests.unit.simulators.card.issuing import (
    DV,
    INSURER,
    NEW_INSURER,
    NEW_SOD,
    TERMINAL,
    Content,
    certificate,
    in_range,
    personalized,
    trust_point,
)

E = Event
CURRENT = 1
MF = b""
PUBLIC, CHIP_SECURITY, PERSONAL, HISTORY = "public", "chip security", "personal", "history"
FILES: dict[str, tuple[bytes, str, str, str]] = {
    "EF.CardAccess": (MF, "011C", "9C", PUBLIC),
    "EF.ATR/INFO": (MF, "2F01", "", PUBLIC),
    "EF.ICCID": (FOMS_ROOT, "0101", "81", PERSONAL),
    "EF.CardID": (FOMS_ROOT, "0102", "82", PERSONAL),
    "EF.ChipSecurity": (FOMS_ROOT, "010E", "8E", CHIP_SECURITY),
    "EF.CVCA": (FOMS_ROOT, "011C", "9C", PUBLIC),
    "EF.SOD": (FOMS_ROOT, "011D", "9D", PERSONAL),
    "owner, alias": (FOMS_ROOT, "", "91", PERSONAL),
    "insurer, alias": (FOMS_ROOT, "", "92", PERSONAL),
    "owner": (FOMS_ID, "0201", "81", PERSONAL),
    **{
        f"insurer {place}": (
            FOMS_INS,
            f"03{place:02X}",
            f"{0x80 + place:02X}",
            PERSONAL if place == CURRENT else HISTORY,
        )
        for place in range(1, 11)
    },
}
"""Name → DF, id (empty: an alias), P1 of READ BINARY by SFI (empty: no SFI), kind."""

PACE = (E.MSE_PACE, E.NONCE, E.MAP, E.AGREE, E.TOKEN)
CHIP = (E.MSE_CA, E.CA_POINT)


def _may_read(kind: str, interface: Interface, profile: int, rights: int, *, pace: bool) -> bool:
    """Say what card.md §5 says: one line of its table for each line here."""
    in_range_column = interface is Interface.CONTACTLESS or profile >= 2
    return {
        PUBLIC: True,
        CHIP_SECURITY: profile < 3 or pace,
        PERSONAL: not in_range_column or bool(rights & 1) or pace,
        HISTORY: bool(rights & 2),
    }[kind]


def _card(profile: int, interface: Interface) -> SoftwareCard:
    history = {f"file:FOMS_INS/03{place:02X}": INSURER for place in range(2, 11)}
    base = personalized(Content(profile=profile, cvca=trust_point()))
    card = copy_of(base, changes=history)
    return in_range(card) if interface is Interface.CONTACTLESS else card


def _authenticate(stage: Stage, rights: int) -> None:
    """Give the terminal these rights by a certificate that has them."""
    desk = replace(TERMINAL, chat=rights)
    assert stage.perform(E.MSE_DST_CVCA, E.PSO_DV, E.MSE_DST_DV) == OK
    imported = Plain("002A00BE", certificate(desk, DV))
    assert stage.terminal.exchange(imported, stage.state)[1] == OK
    assert stage.perform(E.MSE_AT, E.GET_CHALLENGE, E.TERMINAL_PROOF) == OK


def _terminals(profile: int, interface: Interface) -> Iterator[tuple[Stage, int, bool]]:
    """Yield a stage for each set of rights: PACE or not, and none or all of the CHAT's eight."""
    for pace in (False, True):
        stage = Stage(_card(profile, interface))
        if pace:
            assert stage.perform(*PACE) == OK
        yield stage, 0, pace
        if stage.perform(*CHIP) != OK:
            # A private card proves its chip after PACE only, so without it nobody has rights.
            assert (profile, pace) == (3, False)
            continue
        moment = stage.freeze()
        for rights in range(8):
            stage.thaw(moment)
            _authenticate(stage, rights)
            assert Fact.AUTHENTICATED in stage.state
            yield stage, rights, pace


def _sw(stage: Stage, command: Plain) -> int:
    return stage.terminal.exchange(command, stage.state)[1]


def _select(stage: Stage, directory: bytes) -> None:
    header = "00A4040C" if directory else "00A4000C"
    assert _sw(stage, Plain(header, directory)) == OK


def _read(stage: Stage, fid: str, p1: str) -> set[int]:
    """Read by SFI, and by id after SELECT, as far as the file has them."""
    words = set()
    if p1:
        words.add(_sw(stage, Plain(f"00B0{p1}00", le=b"\x00")))
    if fid:
        assert _sw(stage, Plain("00A4020C", bytes.fromhex(fid))) == OK
        words.add(_sw(stage, Plain("00B00000", le=b"\x00")))
    return words


PROFILES = (1, 2, 3)


@pytest.mark.parametrize("interface", Interface)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_file_is_read_by_exactly_those_whom_the_access_table_lets(
    profile: int, interface: Interface
) -> None:
    for stage, rights, pace in _terminals(profile, interface):
        for name, (directory, fid, p1, kind) in FILES.items():
            _select(stage, directory)
            allowed = _may_read(kind, interface, profile, rights, pace=pace)
            expected = {OK if allowed else 0x6982}
            assert _read(stage, fid, p1) == expected, f"{name} {rights:03b} {pace}"


@pytest.mark.parametrize("interface", Interface)
@pytest.mark.parametrize("profile", PROFILES)
def test_the_pointer_and_the_size_of_a_file_are_told_to_those_who_may_read(
    profile: int, interface: Interface
) -> None:
    for stage, rights, pace in _terminals(profile, interface):
        allowed = _may_read(PERSONAL, interface, profile, rights, pace=pace)
        _select(stage, FOMS_INS)
        pointer = _sw(stage, Plain("00CA01B0", le=b"\x02"))
        assert pointer == (OK if allowed else 0x6982)
        for fid, kind in (("0301", PERSONAL), ("0302", HISTORY)):
            shown = _may_read(kind, interface, profile, rights, pace=pace)
            told, _ = stage.terminal.exchange(
                Plain("00A40204", bytes.fromhex(fid), b"\x00"), stage.state
            )
            assert told.startswith(tlv("62", b"")[:1])
            assert (told[2:4] == b"\x80\x02") == shown


CHANGE = dgi("0302", NEW_INSURER) + dgi("011D", NEW_SOD) + dgi("01B0", b"\x03\x02")
STORE = tuple(
    Plain(f"8CE2{'88' if last else '08'}{number:02X}", CHANGE[start : start + 200])
    for number, start in enumerate(range(0, len(CHANGE), 200))
    for last in (start + 200 >= len(CHANGE),)
)


@pytest.mark.parametrize("interface", Interface)
@pytest.mark.parametrize("profile", PROFILES)
def test_an_insurer_is_written_only_with_the_right_to_and_the_holders_pin(
    profile: int, interface: Interface
) -> None:
    for stage, rights, pace in _terminals(profile, interface):
        if Fact.ISO not in stage.state:
            assert _sw(stage, STORE[0]) == 0x6985
            continue
        moment = stage.freeze()
        for verified in (False, True):
            stage.thaw(moment)
            pin = _sw(stage, Plain("00200001", PIN_BLOCK)) if verified else 0
            before = stage.card.memory.cells()
            words = [_sw(stage, block) for block in STORE]
            right = pin == OK and bool(rights & 4)
            assert set(words) == {OK if right else 0x6982}, f"{rights:03b} {pace} {verified}"
            assert (stage.card.memory.cells() != before) == right
