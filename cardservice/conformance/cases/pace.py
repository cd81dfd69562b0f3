"""PA: PACE with the CAN, step by step (card.md 5; ICAO Doc 9303-11, 4.4)."""

from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.channel.pace_password import PacePassword
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.pace_steps import PaceSteps
from cardservice.conformance.cases.words import (
    CAN_REFERENCE,
    FIRST_STEP,
    OFF_CURVE,
    PACE_OID,
    ROOT,
    SET_PACE,
)
from cardservice.conformance.known import another
from cardservice.conformance.preparing import open_pace, select
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Need
from cardservice.policycard.layout import Directory

chapter: Final = Chapter()

_CAN: Final = Terms(needs=(Need.CAN,))
_NO_STATE: Final = SW.CONDITIONS_NOT_SATISFIED
_FREE_TRIES: Final = 5  # failed runs before a card begins to wait
_AGAIN: Final = "; pace"
"""Cases that leave a run unfinished end with a right one: the count of failed runs is 0 again."""


@chapter.case(
    "PA-001", "PACE with the right CAN opens a session, and the card's token is right", "5", _CAN
)
def _opens(terminal: Terminal) -> None:
    open_pace(terminal)
    select(Directory.ROOT)(terminal)


@chapter.case("PA-002", "The last answer is 7C{86} and names no trust point", "5", _CAN)
def _last_answer(terminal: Terminal) -> None:
    cars = open_pace(terminal).cars
    require(not cars, "the last answer holds more than 86")


@chapter.case("PA-003", "The nonce and the card's keys are new in every run", "5", _CAN)
def _fresh(terminal: Terminal) -> None:
    runs = []
    for _ in range(2):
        terminal.reset()
        steps = PaceSteps(terminal)
        steps.to_keys()
        runs.append((steps.hidden_nonce, steps.card_mapping, steps.card_key))
    same = any(one == other for one, other in zip(*runs, strict=True))
    require(not same, "something of a run came again")
    _restored(terminal)


for _number, _word in (("PA-004", "root"), ("PA-005", "id"), ("PA-006", "ins")):
    chapter.script(
        _number,
        f"PACE runs in {_word if _word == 'root' else _word.upper()} as in the MF",
        "5",
        f"{_word}; pace; root",
    )
for _number, _data, _sw, _what in (
    ("PA-007", f"0F800A04007F00070202040204{CAN_REFERENCE}", "6A80", "an unknown protocol"),
    ("PA-008", f"03{CAN_REFERENCE}", "6A80", "no protocol"),
    ("PA-009", f"0C{PACE_OID}", "6A80", "no password reference"),
    ("PA-010", f"0F{PACE_OID}830101", "6A88", "the MRZ as password"),
    ("PA-011", f"0F{PACE_OID}830103", "6A88", "the PIN as password"),
    ("PA-012", f"0F{PACE_OID}830104", "6A88", "the PUK as password"),
    ("PA-013", f"12{PACE_OID}{CAN_REFERENCE}84010D", "6A80", "another domain in 84"),
):
    chapter.script(
        _number,
        f"MSE:Set AT with {_what} is {_sw}, and no run has begun",
        "5",
        f"0022C1A4{_data} > {_sw}; {FIRST_STEP} > 6985",
    )
chapter.script(
    "PA-014",
    "MSE:Set AT takes 84 = 0C",
    "5",
    f"0022C1A412{PACE_OID}{CAN_REFERENCE}84010C > 9000",
)
chapter.script(
    "PA-015",
    "MSE:Set AT takes a CHAT and ignores it",
    "5",
    f"0022C1A420{PACE_OID}{CAN_REFERENCE}7F4C0E060904007F000703010201530107 > 9000",
)
chapter.script(
    "PA-016",
    "GENERAL AUTHENTICATE without MSE:Set AT is 6985",
    "5",
    f"{FIRST_STEP} > 6985",
)
chapter.script(
    "PA-017",
    "The first step without the chaining mark is 6883 and ends the run",
    "5",
    f"{SET_PACE} > 9000; 00860000027C0000 > 6883; {FIRST_STEP} > 6985",
)
chapter.script(
    "PA-018",
    "A step before its turn is 6985 and ends the run",
    "5",
    f"{SET_PACE} > 9000; 10860000457C438141{OFF_CURVE}00 > 6985; {FIRST_STEP} > 6985",
)
chapter.script(
    "PA-019",
    "A first step that is no empty 7C is 6A80 and ends the run",
    "5",
    f"{SET_PACE} > 9000; 10860000027D0000 > 6A80; {FIRST_STEP} > 6985",
)
for _number, _octets, _what in (
    ("PA-020", f"00A4040C{ROOT}", "SELECT"),
    ("PA-021", "00CADF0100", "GET DATA"),
    ("PA-022", "00B09C0000", "READ BINARY"),
):
    chapter.script(
        _number,
        f"{_what} after MSE:Set AT ends the run of PACE",
        "5",
        f"{SET_PACE} > 9000; {_octets} > 9000; {FIRST_STEP} > 6985",
    )
chapter.script(
    "PA-023",
    "MSE:Set AT for PACE in a session from PACE is 6985",
    "5",
    f"pace; {SET_PACE} > 6985; root",
)
chapter.script(
    "PA-024",
    "A reset after the nonce ends the run, and the next one succeeds",
    "5",
    f"{SET_PACE} > 9000; {FIRST_STEP} > 9000 7C128010*; reset; {FIRST_STEP} > 6985" + _AGAIN,
    _CAN,
)
chapter.script(
    "PA-025",
    "Another command after the nonce ends the run",
    "5",
    f"{SET_PACE} > 9000; {FIRST_STEP} > 9000; 00CADF0100 > 9000;"
    f"10860000457C438141{OFF_CURVE}00 > 6985" + _AGAIN,
    _CAN,
)
for _number, _body, _sw, _what in (
    ("PA-026", f"457C438141{OFF_CURVE}", "6A80", "a mapping key that is not on the curve"),
    ("PA-027", "057C03810104", "6A80", "a mapping key that is cut short"),
    ("PA-028", "057C03810100", "6A80", "the point at infinity as mapping key"),
    ("PA-029", f"457C438241{OFF_CURVE}", "6A80|6985", "another object"),
):
    chapter.script(
        _number,
        f"The second step with {_what} is refused and ends the run",
        "5",
        f"{SET_PACE} > 9000; {FIRST_STEP} > 9000; 10860000{_body}00 > {_sw};"
        f"10860000{_body}00 > 6985" + _AGAIN,
        _CAN,
    )


def _restored(terminal: Terminal) -> None:
    terminal.reset()
    open_pace(terminal)


@chapter.case(
    "PA-030", "An ephemeral key that is not on the curve is 6A80 and ends the run", "5", _CAN
)
def _bad_ephemeral(terminal: Terminal) -> None:
    steps = PaceSteps(terminal)
    steps.to_mapping()
    off_curve = bytes.fromhex(OFF_CURVE)
    require_sw(steps.step(0x83, off_curve), SW.WRONG_DATA, doing="the third step")
    require_sw(steps.send_key(), _NO_STATE, doing="the third step once more")
    _restored(terminal)


@chapter.case("PA-031", "A wrong token is 6300 and ends the run", "5", _CAN)
def _wrong_token(terminal: Terminal) -> None:
    steps = PaceSteps(terminal)
    steps.to_keys()
    require_sw(steps.send_token(spoiled=True), SW.AUTHENTICATION_FAILED, doing="the token")
    require_sw(steps.send_token(), _NO_STATE, doing="the right token afterwards")
    _restored(terminal)


@chapter.case(
    "PA-032", "The fourth step with the chaining mark is 6883 and ends the run", "5", _CAN
)
def _marked_token(terminal: Terminal) -> None:
    steps = PaceSteps(terminal)
    steps.to_keys()
    chain = SW.LAST_COMMAND_OF_CHAIN_EXPECTED
    require_sw(steps.send_token(marked=True), chain, doing="a marked fourth step")
    require_sw(steps.send_token(), _NO_STATE, doing="the right one afterwards")
    _restored(terminal)


@chapter.case("PA-033", "A step that was done cannot be done again", "5", _CAN)
def _step_again(terminal: Terminal) -> None:
    steps = PaceSteps(terminal)
    steps.to_mapping()
    require_sw(steps.send_mapping(), _NO_STATE, doing="the second step once more")
    require_sw(steps.send_key(), _NO_STATE, doing="the third step afterwards")
    _restored(terminal)


@chapter.case("PA-034", "A wrong CAN is 6300, and the right one still opens", "4", _CAN)
def _wrong_can(terminal: Terminal) -> None:
    _run_with_wrong_can(terminal)
    _restored(terminal)


@chapter.case("PA-035", "The CAN does not block: it opens after five wrong ones", "4", _CAN)
def _never_blocks(terminal: Terminal) -> None:
    for _ in range(_FREE_TRIES):
        _run_with_wrong_can(terminal)
        terminal.reset()
    _restored(terminal)


def _run_with_wrong_can(terminal: Terminal) -> None:
    can = PacePassword.can(another(terminal.known.can or ""))
    steps = PaceSteps(terminal, password=can)
    steps.to_keys()
    require_sw(steps.send_token(), SW.AUTHENTICATION_FAILED, doing="PACE with a wrong CAN")


@chapter.case(
    "PA-036", "A reset between any two steps of PACE leaves no session and no run", "5", _CAN
)
def _reset_anywhere(terminal: Terminal) -> None:
    for reached in (PaceSteps.to_nonce, PaceSteps.to_mapping, PaceSteps.to_keys):
        terminal.reset()
        steps = PaceSteps(terminal)
        reached(steps)
        terminal.reset()
        require_sw(steps.send_token(), _NO_STATE, doing="the last step after a reset")
    _restored(terminal)


@chapter.case("PA-037", "PACE gives the right to read the owner, and takes none", "5", _CAN)
def _right(terminal: Terminal) -> None:
    open_pace(terminal)
    select(Directory.HOLDER)(terminal)
    reading = CommandAPDU(cla=0, ins=Ins.READ_BINARY, p1=0x81, ne=4)
    terminal.expect(reading, SW.OK)


chapter.script(
    "PA-038",
    "MSE with another protocol between MSE and the nonce ends the run of PACE",
    "5",
    f"{SET_PACE} > 9000; 0022C1A403{CAN_REFERENCE} > 6A80; {FIRST_STEP} > 6985",
)


@chapter.case("PA-039", "A wrong object in the fourth step is refused and ends the run", "5", _CAN)
def _other_object(terminal: Terminal) -> None:
    steps = PaceSteps(terminal)
    steps.to_keys()
    answer = steps.step(0x86, bytes(8), marked=False)
    require(answer.sw in (SW.WRONG_DATA, _NO_STATE), f"answered {answer.sw:04X}")
    require_sw(steps.send_token(), _NO_STATE, doing="the right token afterwards")
    _restored(terminal)
