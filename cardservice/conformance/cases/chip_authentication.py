"""CA: chip authentication (card.md 5)."""

from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.channel.chip_authentication import authenticate_chip
from cardservice.channel.reading import select_application
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.told import scratch_of
from cardservice.conformance.cases.words import CHIP_OID, OFF_CURVE, ROOT, SET_CHIP
from cardservice.conformance.preparing import (
    new_ephemeral,
    open_chip,
    open_pace,
    read_chip_point,
    select,
)
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Need, Stage, Where
from cardservice.policycard.layout import Directory
from cardservice.policycard.profile import Profile

chapter: Final = Chapter()

_CHIP: Final = Terms(needs=(Need.CHIP,))
_CAN: Final = Terms(needs=(Need.CAN,))
_ANY_KEY: Final = f"457C438041{OFF_CURVE}"
_TRY: Final = f"00860000{_ANY_KEY}00"


@chapter.case("CA-001", "The chip has the private key of EF.ChipSecurity", "5", _CHIP)
def _proves(terminal: Terminal) -> None:
    open_chip(terminal)


@chapter.case("CA-002", "Chip authentication runs in a session from PACE", "5", _CAN)
def _in_pace(terminal: Terminal) -> None:
    open_pace(terminal)
    open_chip(terminal)


@chapter.case("CA-003", "Chip authentication runs again in its own session", "5", _CHIP)
def _again(terminal: Terminal) -> None:
    open_chip(terminal)
    open_chip(terminal)


for _number, _directory in (
    ("CA-004", Directory.MF),
    ("CA-005", Directory.HOLDER),
    ("CA-006", Directory.INSURERS),
):

    @chapter.case(_number, f"Chip authentication runs in {_directory.name}", "5", _CHIP)
    def _anywhere(terminal: Terminal, directory: Directory = _directory) -> None:
        _open_where_needed(terminal)
        point = read_chip_point(terminal)
        select(directory)(terminal)
        unproved = terminal.run(authenticate_chip(point, ephemeral=new_ephemeral()))
        terminal.run_plain(unproved.prove(select_application(Directory.ROOT.aid)))


def _open_where_needed(terminal: Terminal) -> None:
    if terminal.known.profile is Profile.PRIVATE:
        open_pace(terminal)


@chapter.case(
    "CA-007",
    "EF.ChipSecurity holds the key the chip made when it was personalized",
    "6",
    Terms(needs=(Need.CHIP, Need.SCRATCH)),
)
def _own_key(terminal: Terminal) -> None:
    _open_where_needed(terminal)
    require(read_chip_point(terminal) == scratch_of(terminal).chip_point, "it is another key")


def _refused_in_session(number: str, title: str, clause: str, script: str) -> None:
    """Add the case plain where the profile lets it, and under PACE everywhere."""
    chapter.script(number, title, clause, f"pace; {script}; 00CADF0100 > 9000 #1")


_refused_in_session(
    "CA-008",
    "GENERAL AUTHENTICATE without MSE is 6985, and the old protection stays",
    "5",
    f"{_TRY} > 6985 -",
)
_refused_in_session(
    "CA-009",
    "MSE with DO 84 is 6A88, and the old protection stays",
    "5",
    f"002241A40F{CHIP_OID}840101 > 6A88 -; {_TRY} > 6985 -",
)
_refused_in_session(
    "CA-010",
    "MSE with an unknown protocol is 6A80, and the old protection stays",
    "5",
    f"002241A40C800A04007F00070202030204 > 6A80 -; {_TRY} > 6985 -",
)
_refused_in_session(
    "CA-011",
    "Another command between MSE and GENERAL AUTHENTICATE makes it 6985",
    "5",
    f"{SET_CHIP} > 9000; 00CADF0100 > 9000; {_TRY} > 6985 -",
)
_refused_in_session(
    "CA-012",
    "A key that is not on the curve is 6A80, and the old protection stays",
    "5",
    f"{SET_CHIP} > 9000; {_TRY} > 6A80 -; {_TRY} > 6985 -",
)
_refused_in_session(
    "CA-013",
    "A key that is cut short is 6A80, and the old protection stays",
    "5",
    f"{SET_CHIP} > 9000; 00860000057C0380010400 > 6A80 -; {_TRY} > 6985 -",
)
_refused_in_session(
    "CA-014",
    "Another object than 80 in 7C is 6A80, and the old protection stays",
    "5",
    f"{SET_CHIP} > 9000; 00860000457C438141{OFF_CURVE}00 > 6A80 -",
)
_refused_in_session(
    "CA-015",
    "MSE without a protocol is 6A80",
    "5",
    "002241A403830101 > 6A80 -",
)


@chapter.case("CA-016", "A reset after MSE leaves nothing to go on with", "5", _CHIP)
def _reset(terminal: Terminal) -> None:
    _open_where_needed(terminal)
    terminal.expect(CommandAPDU.parse(bytes.fromhex(SET_CHIP)), SW.OK)
    terminal.reset()
    _open_where_needed(terminal)
    answer = terminal.send(CommandAPDU.parse(bytes.fromhex(_TRY)))
    require_sw(answer, SW.CONDITIONS_NOT_SATISFIED, doing="GENERAL AUTHENTICATE")


@chapter.case("CA-017", "The old keys are gone once the answer was given", "5", _CAN)
def _old_keys(terminal: Terminal) -> None:
    old = open_pace(terminal).session
    point = read_chip_point(terminal)
    terminal.run(authenticate_chip(point, ephemeral=new_ephemeral()))
    command = old.wrap(CommandAPDU(cla=0, ins=Ins.GET_DATA, p1=0xDF, p2=0x01, ne=256))
    answer = terminal.exchange(command.encode())
    require_sw(answer, SW.SM_OBJECTS_INCORRECT, doing="a command under the old keys")


chapter.script(
    "CA-018",
    "A blank card knows no chip authentication",
    "6",
    f"root; {SET_CHIP} > 6985; {_TRY} > 6985",
    Terms(stages=(Stage.BLANK,)),
)


@chapter.case(
    "CA-019",
    "Chip authentication keeps the right from PACE",
    "5",
    Terms(needs=(Need.CAN,), where=Where.GUARDED),
)
def _keeps_right(terminal: Terminal) -> None:
    open_pace(terminal)
    open_chip(terminal)
    select(Directory.HOLDER)(terminal)
    reading = CommandAPDU(cla=0, ins=Ins.READ_BINARY, p1=0x81, ne=4)
    terminal.expect(reading, SW.OK)


chapter.script(
    "CA-020",
    "Where reading needs no right, MSE and GENERAL AUTHENTICATE are taken in the clear",
    "5",
    f"root; {SET_CHIP} > 9000 -; {_TRY} > 6A80 -; 00A4040C{ROOT} > 9000",
    Terms(where=Where.OPEN),
)
