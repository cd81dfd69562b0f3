"""CM: class and instruction, SELECT, GET DATA, the holder's PIN (card.md 7)."""

from typing import Final

from cardservice.apdu.response import SW
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.words import HOLDER, INSURERS, ROOT
from cardservice.conformance.preparing import select
from cardservice.conformance.terminal import Terminal, require
from cardservice.conformance.terms import ANY_STAGE, Effect, Need, Where
from cardservice.policycard.layout import Directory

chapter: Final = Chapter()

_ANY: Final = Terms(stages=ANY_STAGE)
_CLASSES: Final = {
    0x00: frozenset(bytes.fromhex("A4B0CA20242C222A848286")),
    0x0C: frozenset(bytes.fromhex("A4B0CA20242C222A848286")),
    0x10: frozenset(bytes.fromhex("862A")),
    0x1C: frozenset(bytes.fromhex("862A")),
    0x80: frozenset(bytes.fromhex("50CA")),
    0x84: frozenset(bytes.fromhex("82D847E2F0CA")),
    0x04: frozenset(bytes.fromhex("CA")),
    0x8C: frozenset(bytes.fromhex("E2")),
}
"""Class → instructions, the table of the contract."""
_KNOWN: Final = frozenset().union(*_CLASSES.values())
_OF_SESSION: Final = frozenset(bytes.fromhex("82D847E2F0"))
_CHAINED: Final = frozenset({0x10, 0x1C})
_INSTRUCTIONS: Final = [ins for ins in range(0x100) if ins >> 4 not in (0x6, 0x9)]


def expected_of(cla: int, ins: int) -> int | None:
    """Return what the class and instruction alone are answered with; None: it is known there."""
    if ins in _CLASSES[cla]:
        return None
    if ins not in _KNOWN:
        return SW.INSTRUCTION_NOT_SUPPORTED
    if cla in _CHAINED:
        return SW.CHAINING_NOT_SUPPORTED
    if cla == 0x80 and ins in _OF_SESSION:
        return SW.SECURITY_STATUS_NOT_SATISFIED
    return SW.CLASS_NOT_SUPPORTED


_NOT_ANSWERED: Final = (SW.INSTRUCTION_NOT_SUPPORTED, SW.CLASS_NOT_SUPPORTED)

for _at, _cla in enumerate(_CLASSES):

    @chapter.case(
        f"CM-{1 + _at:03}",
        f"In class {_cla:02X} every instruction is known, 6D00 or another as the table says",
        "7",
        _ANY,
    )
    def _sweep(terminal: Terminal, cla: int = _cla) -> None:
        select(Directory.ROOT)(terminal)
        for ins in _INSTRUCTIONS:
            sw = terminal.exchange(bytes((cla, ins, 0, 0))).sw
            expected = expected_of(cla, ins)
            right = sw not in _NOT_ANSWERED if expected is None else sw == expected
            wanted = "no refusal of class or instruction" if expected is None else f"{expected:04X}"
            require(right, f"{cla:02X} {ins:02X}: expected {wanted}, answered {sw:04X}")


for _number, _class in (("CM-009", "20"), ("CM-010", "A0"), ("CM-011", "E0"), ("CM-012", "F0")):
    chapter.script(
        _number,
        f"Class {_class} is 6E00, whatever the instruction",
        "7",
        f"{_class}A4040C > 6E00; {_class}FE0000 > 6E00; {_class}CADF0100 > 6E00",
        _ANY,
    )
for _number, _class in (("CM-013", "01"), ("CM-014", "02"), ("CM-015", "03")):
    chapter.script(
        _number,
        f"Class {_class}, another logical channel, is 6881",
        "7",
        f"{_class}A4040C > 6881; {_class}FE0000 > 6881",
        _ANY,
    )

# SELECT
for _number, _title, _script in (
    ("CM-020", "SELECT with P2 0C gives no data, whatever Le", f"00A4040C{ROOT}00 > 9000 -"),
    (
        "CM-021",
        "SELECT with P2 00 gives 6F, with P2 04 gives 62",
        f"00A40400{ROOT}00 > 9000 6F*; 00A40404{ROOT}00 > 9000 62*",
    ),
    ("CM-022", "The FCP of the MF says 83 3F00", "00A4000400 > 9000 620483023F00"),
    (
        "CM-023",
        "The FCP of a directory says its AID in 84",
        (
            f"00A40404{HOLDER}00 > 9000 62098407464F4D535F4944;"
            f"00A40404{INSURERS}00 > 9000 620A8408464F4D535F494E53"
        ),
    ),
    (
        "CM-024",
        "The FCP of EF.ATR/INFO says its size, transparent, its id, and no SFI",
        "00A4020402 2F01 00 > 9000 620D8002000B82010183022F018800",
    ),
    ("CM-025", "SELECT with another P2 is 6A86", f"00A40408{ROOT} > 6A86; 00A4020102 2F01 > 6A86"),
    ("CM-026", "SELECT with another P1 is 6A86", "00A4010C02 2F01 > 6A86; 00A4080C02 2F01 > 6A86"),
    (
        "CM-027",
        "An unknown AID and a part of one are 6A82",
        "00A4040C0A A000000151000000AABB > 6A82; 00A4040C05 666F6D735F > 6A82",
    ),
    ("CM-028", "SELECT of the MF takes 3F00 or nothing", "00A4000C023F00 > 9000; 00A4000C > 9000"),
    ("CM-029", "SELECT of another id as the MF is 6A82", "00A4000C023F01 > 6A82"),
    (
        "CM-030",
        "A SELECT that fails changes nothing",
        (
            "00A4020C022F01 > 9000; 00A4040C05 A000000001 > 6A82; 00A4020C02FFFF > 6A82;"
            "00B0000002 > 9000 7F66"
        ),
    ),
):
    chapter.script(_number, _title, "7 SELECT", _script, _ANY)
for _number, _title, _script in (
    (
        "CM-031",
        "After SELECT of the MF or an AID no EF is current",
        "00A4020C022F01 > 9000; 00B0000002 > 9000; 00A4000C > 9000; 00B0000002 > 6986",
    ),
    ("CM-032", "After a reset the MF is current and no EF", "root; reset; 00B0000002 > 6986"),
):
    chapter.script(_number, _title, "7 SELECT", _script)
chapter.script(
    "CM-033",
    "The FCP says the size of a file where it may be read",
    "7 SELECT",
    (
        "reading; root; 00A4020402 0102 00 > 9000 62* ; "
        "00A4020402 0101 00 > 9000 620E8002000F82010183020101880108"
    ),
)
chapter.script(
    "CM-034",
    "The FCP says no size where the file may not be read",
    "7 SELECT",
    "root; 00A4020402 0101 00 > 9000 620A820101830201018801 08",
    Terms(where=Where.GUARDED),
)

# GET DATA
for _number, _title, _script in (
    ("CM-040", "GET DATA of an unknown object is 6A88", "00CA123400 > 6A88; 00CA000000 > 6A88"),
    ("CM-041", "GET DATA without Le is as with Le 00", "00CADF01 > 9000 #1; 80CADF01 > 9000 #1"),
    (
        "CM-042",
        "The state is told in every directory, in classes 00 and 80",
        (
            "00CADF0101 > 9000 #1; root; 00CADF0100 > 9000 #1; id; 80CADF0100 > 9000 #1; ins;"
            "00CADF0100 > 9000 #1"
        ),
    ),
    (
        "CM-043",
        "The keys are told in every directory, without any right",
        "00CA00E000 > 9000 E012C00401*; root; 00CA00E000 > 9000 #20; id; 00CA00E000 > 9000 #20",
    ),
):
    chapter.script(_number, _title, "7 GET DATA", _script, _ANY)
for _number, _title, _script in (
    (
        "CM-044",
        "The pointer is told in FOMS_INS only",
        (
            "reading; 00CA01B002 > 6A88; root; 00CA01B002 > 6A88; id; 00CA01B002 > 6A88; ins;"
            "00CA01B002 > 9000 03*; 00CA01B000 > 9000 #2"
        ),
    ),
    ("CM-045", "The pointer with Le 01 is 6700", "reading; ins; 00CA01B001 > 6700"),
):
    chapter.script(_number, _title, "7 GET DATA", _script)
chapter.script(
    "CM-046",
    "Elsewhere than in FOMS_INS the pointer is 6A88 before it is 6982",
    "7 GET DATA",
    "root; 00CA01B002 > 6A88; ins; 00CA01B002 > 6982",
    Terms(where=Where.GUARDED),
)

# GET CHALLENGE
for _number, _title, _script in (
    (
        "CM-050",
        "GET CHALLENGE gives 8 octets for Le 08 and 00",
        "0084000008 > 9000 #8; 0084000000 > 9000 #8",
    ),
    ("CM-051", "GET CHALLENGE with another Le is 6700", "0084000004 > 6700; 0084000010 > 6700"),
    (
        "CM-052",
        "GET CHALLENGE with another P1 or P2 is 6A86",
        "0084010008 > 6A86; 0084000108 > 6A86",
    ),
):
    chapter.script(_number, _title, "5", f"chip; {_script}")

# The holder's PIN. A session is open, as the contract asks of a desk; over the air it must be.
_SURE: Final = "00200001 > 63C3; verify"
"""No try is spent on a card whose tries are not all there, or whose PIN is another."""
_WRONG: Final = "0020000108{wrong_pin} > 63C2"
_PIN_KEPT: Final = Terms(needs=(Need.PIN,))
_CHANGED: Final = Terms(needs=(Need.PIN, Need.PUK), effect=Effect.WRITES)
for _number, _title, _script in (
    (
        "CM-060",
        "VERIFY without data tells the tries left, and does not count",
        "00200001 > 63C3; 00200001 > 63C3",
    ),
    ("CM-061", "VERIFY without data tells the tries also when verified", "verify; 00200001 > 63C3"),
    (
        "CM-062",
        "A wrong PIN counts, and a right one restores the tries",
        f"{_SURE}; {_WRONG}; 00200001 > 63C2; verify; 00200001 > 63C3",
    ),
    (
        "CM-063",
        "A wrong PIN is counted before it is compared, and a reset forgets nothing",
        f"{_SURE}; {_WRONG}; reset; pace; 00200001 > 63C2; verify; 00200001 > 63C3",
    ),
    (
        "CM-064",
        "A PIN of another length is 6700 and is not counted",
        "002000010731323334FFFFFF > 6700; 0020000109313233343536373839 > 6700; 00200001 > 63C3",
    ),
    (
        "CM-065",
        "A malformed PIN is 6A80 and is not counted",
        (
            "00200001083132FFFFFFFFFFFF > 6A80; 002000010831323341FFFFFFFF > 6A80; "
            "002000010831323334FF353637 > 6A80; 00200001 > 63C3"
        ),
    ),
    (
        "CM-066",
        "VERIFY with another P1 or P2 is 6A86",
        "00200101 > 6A86; 00200000 > 6A86; 00200002 > 6A86",
    ),
    (
        "CM-067",
        "P1 and P2 are judged before the length",
        "0020000207313233343536FF > 6A86; 0024000001AA > 6A86; 002C000001AA > 6A86",
    ),
    (
        "CM-068",
        "CHANGE and RESET take 16 octets",
        "002400010831323334FFFFFFFF > 6700; 002C00010831323334FFFFFFFF > 6700",
    ),
):
    chapter.script(_number, _title, "7 VERIFY", f"pace; {_script}", _PIN_KEPT)
for _number, _title, _script in (
    (
        "CM-070",
        "CHANGE REFERENCE DATA sets another PIN and leaves it verified",
        "0024000110{pin}{new_pin} > 9000; 00200001 > 63C3; 0024000110{new_pin}{pin} > 9000; verify",
    ),
    (
        "CM-071",
        "CHANGE with a wrong PIN counts and changes nothing",
        "0024000110{wrong_pin}{new_pin} > 63C2; verify; 00200001 > 63C3",
    ),
    (
        "CM-072",
        "CHANGE with a malformed half is 6A80 and is not counted",
        (
            "0024000110{pin}3132FFFFFFFFFFFF > 6A80; "
            "00240001103132FFFFFFFFFFFF{new_pin} > 6A80; 00200001 > 63C3; verify"
        ),
    ),
    (
        "CM-073",
        "Three wrong PINs block it, and the PUK sets a new one",
        (
            "0020000108{wrong_pin} > 63C2; 0020000108{wrong_pin} > 63C1; "
            "0020000108{wrong_pin} > 63C0; 0020000108{pin} > 6983; 00200001 > 6983; "
            "0024000110{pin}{new_pin} > 6983; 002C000110{puk}{pin} > 9000; 00200001 > 63C3; "
            "verify"
        ),
    ),
    (
        "CM-074",
        "A wrong PUK is 63C9, and a right one restores its tries",
        (
            "002C000110{wrong_puk}{pin} > 63C9; 002C000110{puk}{pin} > 9000; "
            "002C000110{wrong_puk}{pin} > 63C9; 002C000110{puk}{pin} > 9000"
        ),
    ),
    (
        "CM-075",
        "RESET RETRY COUNTER with a malformed half is 6A80 and is not counted",
        (
            "002C000110{puk}3132FFFFFFFFFFFF > 6A80; 002C00011031323334FFFFFFFF{pin} > 6A80; "
            "002C000110{wrong_puk}{pin} > 63C9; 002C000110{puk}{pin} > 9000"
        ),
    ),
):
    chapter.script(_number, _title, "7", f"pace; {_script}", _CHANGED)
chapter.script(
    "CM-076",
    "On contact the PIN is verified without a session, as in the field",
    "7",
    f"{_SURE}; {_WRONG}; verify; 00200001 > 63C3",
    Terms(where=Where.CONTACT),
)
