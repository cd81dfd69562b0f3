"""AT: the access table, every row with every kind of right (card.md 5)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.conformance.authority import Wish
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.told import scratch_of, store
from cardservice.conformance.cases.words import SET_CHIP
from cardservice.conformance.preparing import (
    authenticate,
    open_chip,
    open_pace,
    select,
    verify_pin,
)
from cardservice.conformance.scratch import OLD_INSURER_ID
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Need, Where
from cardservice.pki.cv.terms import ALL_RIGHTS, TerminalRights
from cardservice.policycard.layout import CardFile, Directory, insurer_file
from cardservice.policycard.profile import Profile

chapter: Final = Chapter()

_ATR_INFO_ID: Final = 0x2F01
_CURRENT_INSURER_ALIAS: Final = 0x12
_POLICY: Final = TerminalRights.READ_POLICY
_HISTORY: Final = TerminalRights.READ_HISTORY


@unique
class Right(StrEnum):
    """Columns of the table: what a reading needs."""

    NONE = "always readable"
    POLICY = "readable on contact, over the air with bit 0"
    HISTORY = "readable with bit 1"
    CHIP = "always readable but in profile 03"


@dataclass(frozen=True, slots=True)
class Row:
    """One object of the table: where it is, and how one octet of it is asked for."""

    name: str
    right: Right
    directory: Directory
    sfi: int | None = None

    def ask(self, terminal: Terminal) -> int:
        """Return the status word of a reading."""
        select(self.directory)(terminal)
        if self.name == _POINTER:
            command = CommandAPDU(cla=0, ins=Ins.GET_DATA, p1=0x01, p2=0xB0, ne=2)
        elif self.sfi is None:
            file_id = _ATR_INFO_ID.to_bytes(2)
            selecting = CommandAPDU(cla=0, ins=Ins.SELECT, p1=0x02, p2=0x0C, data=file_id)
            terminal.expect(selecting, SW.OK)
            command = CommandAPDU(cla=0, ins=Ins.READ_BINARY, ne=1)
        else:
            command = CommandAPDU(cla=0, ins=Ins.READ_BINARY, p1=0x80 | self.sfi, ne=1)
        return terminal.send(command).sw


def _file(name: str, right: Right, file: CardFile) -> Row:
    return Row(name, right, file.spec.directory, file.spec.sfi)


_POINTER: Final = "the pointer"
_CVCA: Final = "EF.CVCA"
_ROWS: Final = (
    _file("EF.CardAccess", Right.NONE, CardFile.CARD_ACCESS),
    _file("EF.ATR/INFO", Right.NONE, CardFile.ATR_INFO),
    _file("EF.ChipSecurity", Right.CHIP, CardFile.CHIP_SECURITY),
    _file(_CVCA, Right.NONE, CardFile.CVCA),
    _file("the owner EF", Right.POLICY, CardFile.OWNER),
    Row("the current insurer EF", Right.POLICY, Directory.ROOT, _CURRENT_INSURER_ALIAS),
    Row(_POINTER, Right.POLICY, Directory.INSURERS),
    _file("EF.CardID", Right.POLICY, CardFile.CARD_ID),
    _file("EF.ICCID", Right.POLICY, CardFile.ICCID),
    _file("EF.SOD", Right.POLICY, CardFile.SECURITY_OBJECT),
    Row("an older insurer EF", Right.HISTORY, Directory.INSURERS, insurer_file(OLD_INSURER_ID).sfi),
)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who reads: what is done before, and the right it gives."""

    name: str
    needs: tuple[Need, ...]
    opening: Callable[[Terminal], None]
    rights: TerminalRights
    shows_can: bool = False


def _nobody(_: Terminal) -> None:
    """Open nothing."""


def _by_can(terminal: Terminal) -> None:
    open_pace(terminal)


def _by_terminal(rights: TerminalRights) -> Callable[[Terminal], None]:
    def opening(terminal: Terminal) -> None:
        open_chip(terminal)
        authenticate(terminal, scratch_of(terminal).authority.enrol(Wish(rights=rights)))

    return opening


_NO_RIGHTS: Final = TerminalRights(0)
_READERS: Final = (
    Who("nobody in particular", (), _nobody, _NO_RIGHTS),
    Who("who knows the CAN", (Need.CAN,), _by_can, _POLICY, shows_can=True),
    Who("a terminal with bit 0", (Need.AUTHORITY,), _by_terminal(_POLICY), _POLICY),
    Who("a terminal with bit 1 alone", (Need.AUTHORITY,), _by_terminal(_HISTORY), _HISTORY),
)


def is_readable(row: Row, who: Who, terminal: Terminal) -> bool:
    """Say what the table says, for this presentation and profile."""
    profile, rights = terminal.known.profile, who.rights
    # In profile 03 a terminal had to show the CAN before chip authentication.
    knows_can = who.shows_can or (profile is Profile.PRIVATE and who.rights != _NO_RIGHTS)
    if knows_can:
        rights |= _POLICY
    match row.right:
        case Right.NONE:
            return True
        case Right.CHIP:
            return profile is not Profile.PRIVATE or knows_can
        case Right.POLICY:
            return not terminal.is_guarded or bool(rights & _POLICY)
        case Right.HISTORY:
            return bool(rights & _HISTORY)


def _add(number: str, row: Row, who: Who) -> None:
    needs = (*who.needs, Need.SCRATCH) if row.right is Right.HISTORY else who.needs
    title = f"{row.name[0].upper()}{row.name[1:]} is {row.right}: tried by {who.name}"

    @chapter.case(number, title, "5 access table", Terms(needs=needs))
    def _tried(terminal: Terminal) -> None:
        who.opening(terminal)
        refusal = SW.SECURITY_STATUS_NOT_SATISFIED
        answered = row.ask(terminal)
        # A card without D010 has no EF.CVCA, and only the run that made it knows.
        if answered == SW.FILE_NOT_FOUND and row.name == _CVCA and terminal.known.scratch is None:
            return
        expected = SW.OK if is_readable(row, who, terminal) else refusal
        require_answer(answered, expected, row.name)


def require_sw_of(row: Row, terminal: Terminal, expected: int) -> None:
    """Raise CaseFailedError unless a reading of the row is answered as expected."""
    answered = row.ask(terminal)
    require_answer(answered, expected, row.name)


def require_answer(answered: int, expected: int, what: str) -> None:
    """Raise CaseFailedError unless the two are the same."""
    require(answered == expected, f"{what}: expected {expected:04X}, answered {answered:04X}")


for _column, _who in enumerate(_READERS):
    for _line, _row in enumerate(_ROWS):
        _add(f"AT-{1 + _column * 20 + _line:03}", _row, _who)

_WRITING: Final = Terms(needs=(Need.AUTHORITY, Need.PIN))


def _change(terminal: Terminal) -> list[tuple[int, bytes]]:
    scratch = scratch_of(terminal)
    return [(0x011D, scratch.signed(scratch.insurers[scratch.pointer]))]


@chapter.case(
    "AT-081", "A terminal with bit 2 writes nothing without the holder's PIN", "5", _WRITING
)
def _no_pin(terminal: Terminal) -> None:
    _by_terminal(ALL_RIGHTS)(terminal)
    sw = store(terminal, _change(terminal))
    require_answer(sw, SW.SECURITY_STATUS_NOT_SATISFIED, "STORE DATA")


@chapter.case(
    "AT-082", "With the holder's PIN a terminal without bit 2 writes nothing", "5", _WRITING
)
def _no_bit(terminal: Terminal) -> None:
    _by_terminal(_POLICY | _HISTORY)(terminal)
    verify_pin(terminal)
    sw = store(terminal, _change(terminal))
    require_answer(sw, SW.SECURITY_STATUS_NOT_SATISFIED, "STORE DATA")


@chapter.case(
    "AT-083",
    "With the CAN and the PIN alone nothing is written",
    "5",
    Terms(needs=(Need.CAN, Need.PIN, Need.SCRATCH)),
)
def _can_and_pin(terminal: Terminal) -> None:
    open_pace(terminal)
    verify_pin(terminal)
    sw = store(terminal, _change(terminal))
    require_answer(sw, SW.SECURITY_STATUS_NOT_SATISFIED, "STORE DATA")


chapter.script(
    "AT-084",
    "Over the air the PIN is asked for after PACE only",
    "7",
    "~0020000108{pin} > 6982; ~00200001 > 6982; ~0024000110{pin}{new_pin} > 6982;"
    "~002C000110{puk}{new_pin} > 6982; ~00200001073132333435FFFF > 6700",
    Terms(where=Where.CONTACTLESS, needs=(Need.PIN, Need.PUK)),
)
chapter.script(
    "AT-085",
    "After terminal authentication the PIN is asked for on every interface",
    "7",
    "terminal; 00200001 > 63C3; verify",
)
chapter.script(
    "AT-086",
    "After PACE the PIN is asked for on every interface",
    "7",
    "pace; 00200001 > 63C3; verify",
)


@chapter.case(
    "AT-087",
    "Rights add up: the CAN's bit 0 and a terminal's bit 1",
    "5",
    Terms(needs=(Need.CAN, Need.AUTHORITY)),
)
def _sum(terminal: Terminal) -> None:
    open_pace(terminal)
    _by_terminal(_HISTORY)(terminal)
    for row in (_ROWS[4], _ROWS[-1]):
        require_sw_of(row, terminal, SW.OK)


@chapter.case(
    "AT-088",
    "A new chip authentication drops terminal rights and keeps PACE's",
    "5",
    Terms(needs=(Need.CAN, Need.AUTHORITY)),
)
def _dropped(terminal: Terminal) -> None:
    open_pace(terminal)
    _by_terminal(_HISTORY)(terminal)
    open_chip(terminal)
    require_sw_of(_ROWS[-1], terminal, SW.SECURITY_STATUS_NOT_SATISFIED)
    require_sw_of(_ROWS[4], terminal, SW.OK)


@chapter.case(
    "AT-089",
    "The rights of a terminal are no more than its verifier has",
    "5",
    Terms(needs=(Need.AUTHORITY,)),
)
def _chain(terminal: Terminal) -> None:
    open_chip(terminal)
    wish = Wish(rights=ALL_RIGHTS, verifier_rights=_POLICY)
    authenticate(terminal, scratch_of(terminal).authority.enrol(wish))
    require_sw_of(_ROWS[-1], terminal, SW.SECURITY_STATUS_NOT_SATISFIED)
    require_sw_of(_ROWS[4], terminal, SW.OK)


@chapter.case(
    "AT-090", "A reset takes every right", "5", Terms(needs=(Need.CAN,), where=Where.GUARDED)
)
def _reset(terminal: Terminal) -> None:
    open_pace(terminal)
    terminal.reset()
    require_sw_of(_ROWS[4], terminal, SW.SECURITY_STATUS_NOT_SATISFIED)


@chapter.case(
    "AT-091", "In profile 03 MSE for chip authentication is 6982 before PACE", "5 profile 03"
)
def _private(terminal: Terminal) -> None:
    private = terminal.known.profile is Profile.PRIVATE
    expected = SW.SECURITY_STATUS_NOT_SATISFIED if private else SW.OK
    answer = terminal.exchange(bytes.fromhex(SET_CHIP))
    require_sw(answer, expected, doing="MSE:Set AT for chip authentication")


@chapter.case("AT-092", "Selecting never needs a right", "7 SELECT", Terms())
def _selecting(terminal: Terminal) -> None:
    for file in (CardFile.OWNER, CardFile.CARD_ID, CardFile.SECURITY_OBJECT):
        select(file.spec.directory)(terminal)
        data = file.spec.file_id.to_bytes(2)
        terminal.expect(CommandAPDU(cla=0, ins=Ins.SELECT, p1=0x02, p2=0x0C, data=data), SW.OK)
