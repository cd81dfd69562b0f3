"""SM: ISO secure messaging, in sessions from PACE and from chip authentication (card.md 5)."""

from collections.abc import Callable
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.words import ROOT
from cardservice.conformance.preparing import open_chip, open_pace, prepare, select
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import ANY_STAGE, Need, Where
from cardservice.policycard.layout import Directory

chapter: Final = Chapter()

_SESSIONS: Final = (("pace", "PACE"), ("chip", "chip authentication"))
_CAN: Final = Terms(needs=(Need.CAN,))
_CAN_GUARDED: Final = Terms(needs=(Need.CAN,), where=Where.GUARDED)
_GET_STATE: Final = CommandAPDU(cla=0, ins=Ins.GET_DATA, p1=0xDF, p2=0x01, ne=256)
_CHECKSUM_LEN: Final = 10  # 8E 08 and eight octets
_CHECKSUM: Final = b"\x8e\x08"

for _at, (_word, _name) in enumerate(_SESSIONS):
    chapter.script(
        f"SM-{1 + _at:03}",
        f"A plain command in a session from {_name} is 6987, unprotected, and ends it",
        "5",
        f"{_word}; ~00CADF0100 > 6987 -; ~0CCADF0100 > 6985; plain; 00CADF0100 > 9000",
    )
    chapter.script(
        f"SM-{3 + _at:03}",
        f"An unknown command in the clear in a session from {_name} is 6987 too",
        "5, 7",
        f"{_word}; ~00FE0000 > 6987 -; plain; 00FE0000 > 6D00",
    )
    chapter.script(
        f"SM-{5 + _at:03}",
        f"A protected command without 8E in a session from {_name} is 6987 and ends it",
        "5",
        f"{_word}; ~0CCADF010397010000 > 6987 -; plain; 0CCADF0100 > 6985",
    )
    chapter.script(
        f"SM-{7 + _at:03}",
        f"The session from {_name} outlives SELECT",
        "5",
        f"{_word}; root; id; ins; mf; 00CADF0100 > 9000 #1",
    )
    chapter.script(
        f"SM-{9 + _at:03}",
        f"Refusals in a session from {_name} are protected and keep it",
        "5, 7",
        _word + "; root; 00A4020C02FFFF > 6A82 -; 00CA123400 > 6A88 -; 00A4080C > 6A86 -;"
        "00FE0000 > 6D00 -; 00D8000000 > 6E00 -; 00CADF0100 > 9000 #1",
    )
chapter.script(
    "SM-011",
    "The classes of secure messaging without a session are 6985",
    "5, 6",
    f"root; 0CA4040C{ROOT} > 6985; 0CCADF0100 > 6985; 1C860000027C0000 > 6985;"
    f"8CE2880008{'00' * 8} > 6985",
    Terms(stages=ANY_STAGE),
)

Spoiling = Callable[[bytes], bytes]


def _spoil_mac(octets: bytes) -> bytes:
    return octets[:-2] + bytes((octets[-2] ^ 1, octets[-1]))


def _spoil_header(octets: bytes) -> bytes:
    return octets[:3] + b"\x02" + octets[4:]


def _add_object(octets: bytes) -> bytes:
    at = octets.rindex(_CHECKSUM)
    return octets[:4] + bytes((octets[4] + 3,)) + octets[5:at] + b"\x99\x01\x00" + octets[at:]


def _require_dead(terminal: Terminal, response: ResponseAPDU, *words: int) -> None:
    require_sw(response, *words, doing="the spoiled command")
    require(not response.data, "the refusal carries data")
    terminal.forget()
    answer = terminal.exchange(bytes.fromhex("0CCADF0100"))
    require_sw(answer, SW.CONDITIONS_NOT_SATISFIED, doing="the next protected command")


def _case(number: str, title: str, spoil: Spoiling, word: str) -> None:
    needs = Need.CAN if word == "pace" else Need.CHIP

    @chapter.case(number, title, "5", Terms(needs=(needs,)))
    def _spoiled(terminal: Terminal) -> None:
        prepare(terminal, word)
        session = terminal.protection
        if session is None:
            raise ValueError("no session")
        octets = spoil(session.wrap(_GET_STATE).encode())
        _require_dead(terminal, terminal.exchange(octets), SW.SM_OBJECTS_INCORRECT)


for _at, (_word, _name) in enumerate(_SESSIONS):
    _case(
        f"SM-{12 + _at:03}",
        f"A wrong MAC in a session from {_name} is 6988 and ends it",
        _spoil_mac,
        _word,
    )
    _case(
        f"SM-{14 + _at:03}",
        f"The MAC in a session from {_name} covers the header",
        _spoil_header,
        _word,
    )
    _case(
        f"SM-{16 + _at:03}",
        f"An object the MAC does not cover is 6988 in a session from {_name}",
        _add_object,
        _word,
    )


@chapter.case("SM-018", "A protected command sent again is 6988 and ends the session", "5", _CAN)
def _replay(terminal: Terminal) -> None:
    session = open_pace(terminal).session
    octets = session.wrap(_GET_STATE).encode()
    session.unwrap(terminal.exchange(octets))
    _require_dead(terminal, terminal.exchange(octets), SW.SM_OBJECTS_INCORRECT)


@chapter.case("SM-019", "After a broken session the right from PACE is gone", "5", _CAN_GUARDED)
def _right_gone(terminal: Terminal) -> None:
    open_pace(terminal)
    select(Directory.HOLDER)(terminal)
    require_sw(terminal.exchange(_GET_STATE.encode()), SW.SM_OBJECTS_MISSING, doing="a plain one")
    terminal.forget()
    answer = terminal.exchange(bytes.fromhex("00B0810004"))
    require_sw(answer, SW.SECURITY_STATUS_NOT_SATISFIED, doing="reading afterwards")


@chapter.case(
    "SM-020", "After a broken session the current DF is kept", "5", Terms(needs=(Need.CHIP,))
)
def _directory_kept(terminal: Terminal) -> None:
    open_chip(terminal)
    select(Directory.HOLDER)(terminal)
    require_sw(terminal.exchange(_GET_STATE.encode()), SW.SM_OBJECTS_MISSING, doing="a plain one")
    terminal.forget()
    answer = terminal.exchange(bytes.fromhex("00A4020C020201"))
    require_sw(answer, SW.OK, doing="selecting the owner EF, which only FOMS_ID has")


chapter.script(
    "SM-021",
    "Under secure messaging with short lengths Le 00 gives at most 223 octets",
    "7 READ BINARY",
    "pace; id; 00B0810000 > 9000 #223; 00B08100DF > 9000 #223; 00B08100E0 > 6700 -;"
    "00B0810100 > 9000 #223",
    Terms(needs=(Need.SCRATCH,)),
)
chapter.script(
    "SM-022",
    "Under secure messaging with extended lengths a reading gives at most 2,000 octets",
    "7 READ BINARY",
    "pace; id; 00B08100000000 > 9000 #2000; 00B081000007D0 > 9000 #2000;00B081000007D1 > 6700 -",
    Terms(needs=(Need.SCRATCH,)),
)
chapter.script(
    "SM-023",
    "A chained class with another instruction is 6884, protected",
    "7",
    "pace; 10A4040C01AA > 6884 -; 10CADF0100 > 6884 -; 00CADF0100 > 9000 #1",
)
chapter.script("SM-024", "A reset ends secure messaging", "5", "pace; reset; 0CCADF0100 > 6985")
chapter.script(
    "SM-025",
    "A protected answer without data has 99 and 8E only, and its word is the outer one",
    "5",
    f"chip; 00A4040C{ROOT} > 9000 -; 00A4020C02FFFF > 6A82 -",
)
