"""LC: what a card does in each state of its life (card.md 6)."""

from typing import Final

from cardservice.apdu.response import SW
from cardservice.channel.card_management import LifeCycle, generate_chip_key
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.told import life_cycle, scratch_of, set_status, store
from cardservice.conformance.cases.words import HOLDER, ROOT, SET_CHIP, SET_PACE
from cardservice.conformance.preparing import open_scp03
from cardservice.conformance.terminal import Terminal, require
from cardservice.conformance.terms import Effect, Need, Stage, Where

chapter: Final = Chapter()

_REFUSED_WHEN_BLANK: Final = (
    ("00200001", "VERIFY"),
    ("00240001", "CHANGE REFERENCE DATA"),
    ("002C0001", "RESET RETRY COUNTER"),
    (SET_PACE, "MSE for PACE"),
    (SET_CHIP, "MSE for chip authentication"),
    ("002281A403830141", "MSE for terminal authentication"),
    ("002281B603830141", "MSE for certificates"),
    ("002A00BE01AA", "PSO"),
    ("0084000008", "GET CHALLENGE"),
    ("0082000001AA", "EXTERNAL AUTHENTICATE"),
    ("00860000027C0000", "GENERAL AUTHENTICATE"),
)
_NOWHERE: Final = "6985"


def _at(*stages: Stage, needs: tuple[Need, ...] = (), where: Where = Where.ANYWHERE) -> Terms:
    return Terms(stages=stages, needs=needs, where=where)


for _number, _stage, _value in (
    ("LC-001", Stage.BLANK, "07"),
    ("LC-002", Stage.KEYED, "07"),
    ("LC-003", Stage.FILLED, "07"),
    ("LC-004", Stage.PERSONALIZED, "0F"),
    ("LC-005", Stage.BLOCKED, "83"),
    ("LC-006", Stage.TERMINATED, "FF"),
):
    chapter.script(
        _number,
        f"A card that is {_stage} says {_value}",
        "6 Life cycle",
        f"00CADF0100 > 9000 {_value}; 80CADF0100 > 9000 {_value}",
        _at(_stage),
    )
for _at_row, (_octets, _name) in enumerate(_REFUSED_WHEN_BLANK):
    chapter.script(
        f"LC-{10 + _at_row:03}",
        f"{_name} on a blank card is 6985",
        "6 Life cycle",
        f"{_octets} > {_NOWHERE}; root; {_octets} > {_NOWHERE}",
        _at(Stage.BLANK),
    )
    chapter.script(
        f"LC-{30 + _at_row:03}",
        f"{_name} on a blocked card is 6985",
        "6 Life cycle",
        f"{_octets} > {_NOWHERE}; root; {_octets} > {_NOWHERE}",
        _at(Stage.BLOCKED),
    )
    chapter.script(
        f"LC-{50 + _at_row:03}",
        f"{_name} on a terminated card is 6985",
        "6 Life cycle",
        f"{_octets} > {_NOWHERE}",
        _at(Stage.TERMINATED),
    )
for _number, _title, _script in (
    (
        "LC-070",
        "A blocked card selects the MF and AIDs with 6283, and gives FCI and FCP",
        (
            f"00A4040C{ROOT} > 6283 -; 00A40400{ROOT}00 > 6283 6F*; 00A40404{HOLDER}00 > 6283 62*;"
            "00A4000400 > 6283 620483023F00"
        ),
    ),
    (
        "LC-071",
        "A blocked card selects no EF",
        "00A4020C022F01 > 6985; root; 00A4020C020102 > 6985",
    ),
    ("LC-072", "A blocked card reads no file", "00B0000000 > 6985; root; 00B0820000 > 6985"),
    (
        "LC-073",
        "Of all objects a blocked card gives its state alone",
        "00CA00E000 > 6985; ins; 00CA01B002 > 6985; 00CADF0100 > 9000 83",
    ),
    ("LC-074", "A blocked card says 6D00 and 6E00 before 6985", "00FE0000 > 6D00; 00D80000 > 6E00"),
):
    chapter.script(_number, _title, "6 Life cycle", _script, _at(Stage.BLOCKED))
for _number, _title, _script in (
    (
        "LC-080",
        "A terminated card selects nothing: 6285",
        (
            f"00A4040C{ROOT} > 6285 -; 00A40400{ROOT}00 > 6285 -; 00A4000C > 6285 -;"
            "00A4020C022F01 > 6285 -"
        ),
    ),
    ("LC-081", "A terminated card reads no file", "00B0000000 > 6985; 00B09C0000 > 6985"),
    ("LC-082", "A terminated card opens no SCP03 session", "80500000085A5A5A5A5A5A5A5A00 > 6985"),
    ("LC-083", "A terminated card tells no keys", "00CA00E000 > 6985; 00CA01B002 > 6985"),
):
    chapter.script(_number, _title, "6 Life cycle", _script, _at(Stage.TERMINATED))


def _refuses(number: str, title: str, stages: tuple[Stage, ...], *states: int) -> None:
    terms = _at(*stages, needs=(Need.KEYS,), where=Where.CONTACT)

    @chapter.case(number, title, "6 SET STATUS", terms)
    def _refused(terminal: Terminal) -> None:
        open_scp03(terminal)
        before = life_cycle(terminal)
        for state in states:
            sw = set_status(terminal, state)
            require(sw == SW.CONDITIONS_NOT_SATISFIED, f"P2 {state:02X} is answered {sw:04X}")
        require(life_cycle(terminal) == before, "the state changed")


_refuses(
    "LC-090",
    "An incomplete card becomes neither personalized nor blocked",
    (Stage.KEYED, Stage.CHIP_KEY),
    0x0F,
    0x83,
)
_refuses(
    "LC-091",
    "A personalized card becomes neither blank nor personalized again",
    (Stage.PERSONALIZED,),
    0x07,
    0x0F,
)
_refuses(
    "LC-092", "A blocked card becomes neither blank nor blocked again", (Stage.BLOCKED,), 0x07, 0x83
)
chapter.script(
    "LC-093",
    "SET STATUS with P1 other than 40 is 6A86",
    "6 SET STATUS",
    "scp03; 80F0800F > 6A86; 80F00083 > 6A86",
    _at(Stage.PERSONALIZED, where=Where.CONTACT, needs=(Need.KEYS,)),
)
_WRITES: Final = Terms(
    stages=(Stage.CHIP_KEY,), where=Where.ONCE, needs=(Need.KEYS,), effect=Effect.WRITES
)


@chapter.case(
    "LC-094", "A blank card makes another chip key until 010E is stored", "6 chip key", _WRITES
)
def _another_key(terminal: Terminal) -> None:
    open_scp03(terminal)
    point = terminal.run(generate_chip_key())
    require(point != scratch_of(terminal).chip_point, "the key is the same")
    scratch_of(terminal).chip_point = point


chapter.script(
    "LC-095",
    "Once 010E is stored no chip key is made any more",
    "6 chip key",
    "scp03; 8047000000 > 6985",
    Terms(stages=(Stage.FILLED,), needs=(Need.KEYS,)),
)
chapter.script(
    "LC-096",
    "A personalized card makes no chip key",
    "6 chip key",
    "scp03; 8047000000 > 6985",
    _at(Stage.PERSONALIZED, where=Where.CONTACT, needs=(Need.KEYS,)),
)


@chapter.case(
    "LC-097", "A card is personalized only when nothing is missing any more", "6 finish", _WRITES
)
def _piece_by_piece(terminal: Terminal) -> None:
    session = open_scp03(terminal)
    groupings = scratch_of(terminal).groupings(session)
    *most, last = (one for one in groupings if one[0] not in _OPTIONAL)
    for one in _in_pairs(most):
        require(store(terminal, one) == SW.OK, f"DGI {one[0][0]:04X} is refused")
        sw = set_status(terminal, LifeCycle.PERSONALIZED)
        require(sw == SW.CONDITIONS_NOT_SATISFIED, f"answered {sw:04X} without {last[0]:04X}")


_OPTIONAL: Final = frozenset({0xD010, 0x3F1C})
_POINTER: Final = 0x01B0


def _in_pairs(groupings: list[tuple[int, bytes]]) -> list[list[tuple[int, bytes]]]:
    """Return one DGI a piece: the pointer comes after the EF that it names."""
    return [[one] for one in sorted(groupings, key=lambda one: one[0] == _POINTER)]
