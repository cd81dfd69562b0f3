"""CM-1xx: READ BINARY (card.md 7)."""

from typing import Final

from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.terms import ANY_STAGE, Need, Stage, Where

chapter: Final = Chapter()

_ANY: Final = Terms(stages=ANY_STAGE)
_OPEN: Final = Terms(where=Where.OPEN)
_LONG: Final = Terms(where=Where.OPEN, needs=(Need.SCRATCH,))
_GUARDED: Final = Terms(where=Where.GUARDED)
_FILE: Final = "00A4020C022F01 > 9000"

for _number, _title, _script in (
    ("CM-101", "READ BINARY without Le is 6700", f"{_FILE}; 00B00000 > 6700"),
    (
        "CM-103",
        "An offset at the end or beyond is 6B00",
        f"{_FILE}; 00B0000B01 > 6B00; 00B07FFF00 > 6B00",
    ),
    (
        "CM-104",
        "Le 00 gives the rest with 9000",
        f"{_FILE}; 00B0000000 > 9000 #11; 00B0000A00 > 9000 #1",
    ),
    ("CM-105", "Le 0000 gives the rest with 9000", f"{_FILE}; 00B00000000000 > 9000 #11"),
    (
        "CM-106",
        "An explicit Le beyond the end gives the rest with 6282",
        f"{_FILE}; 00B000000C > 6282 #11; 00B0000A02 > 6282 #1",
    ),
    (
        "CM-107",
        "An explicit Le up to the end gives as many with 9000",
        f"{_FILE}; 00B000000B > 9000 #11; 00B0000204 > 9000 08020208",
    ),
    (
        "CM-108",
        "A Le above 2,000 is 6700",
        f"{_FILE}; 00B000000007D1 > 6700; 00B000000007D0 > 6282 #11",
    ),
):
    chapter.script(_number, _title, "7 READ BINARY", _script, _ANY)
chapter.script(
    "CM-102",
    "READ BINARY without a current EF is 6986",
    "7 READ BINARY",
    "00B0000000 > 6986; root; 00B0000000 > 6986",
)
for _number, _title, _script in (
    (
        "CM-110",
        "A SFI that is not there is 6A82",
        "root; 00B0830004 > 6A82; id; 00B0820004 > 6A82; ins; 00B08B0004 > 6A82",
    ),
    (
        "CM-111",
        "A file read by its SFI becomes current",
        (
            "root; 00B0820001 > 9000 61; 00B0000001 > 9000 61; 00B0810001 > 9000 60; "
            "00B0000001 > 9000 60"
        ),
    ),
    (
        "CM-112",
        "A SFI comes with an offset in P2",
        "root; 00B0820002 > 9000 611F; 00B0820101 > 9000 1F; 00B082FF01 > 6B00",
    ),
    (
        "CM-113",
        "A SFI that is not there leaves the current EF",
        "root; 00B0820001 > 9000; 00B0830004 > 6A82; 00B0000001 > 9000 61",
    ),
):
    chapter.script(_number, _title, "7 READ BINARY", _script, _OPEN)
for _number, _title, _script in (
    (
        "CM-120",
        "Le 00 gives 256 octets of a long file",
        "id; 00B0810000 > 9000 #256; 00B0010000 > 9000 #256",
    ),
    (
        "CM-121",
        "Le 0000 gives 2,000 octets of a long file",
        "id; 00B08100000000 > 9000 #2000; 00B081000007D0 > 9000 #2000",
    ),
    (
        "CM-122",
        "The last octets of a long file come with 9000 for Le 00",
        "id; 00B0810001 > 9000; 00B00A000000 00 > 9000; 00B07F0000 > 6B00",
    ),
):
    chapter.script(_number, _title, "7 READ BINARY", _script, _LONG)
for _number, _title, _script in (
    (
        "CM-130",
        "A reading without the right is 6982, whatever the offset",
        "id; 00B0810004 > 6982; 00B081FF04 > 6982; 00B07FFF04 > 6982",
    ),
    ("CM-131", "A file that is not there is 6A82 before it is 6982", "id; 00B0820004 > 6A82"),
    (
        "CM-132",
        "A refused reading by SFI makes the file current",
        "id; 00B0000004 > 6986; 00B0810004 > 6982; 00B0000004 > 6982",
    ),
    (
        "CM-133",
        "A length of 0 is judged before the right",
        "id; 00B08100 > 6700; 00B081000007D1 > 6700",
    ),
):
    chapter.script(_number, _title, "7 READ BINARY", _script, _GUARDED)
chapter.script(
    "CM-140",
    "A blank card gives EF.ATR/INFO and nothing else",
    "6",
    "00A4020C022F01 > 9000; 00B0000000 > 9000 #11; root; 00B0810004 > 6A82|6985",
    Terms(stages=(Stage.BLANK,)),
)
