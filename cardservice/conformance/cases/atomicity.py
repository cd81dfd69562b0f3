"""AM: STORE DATA is all or nothing, whatever happens to power (card.md 6)."""

from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.apdu.tlv import encode_object
from cardservice.channel.security_infos import encode_chip_security
from cardservice.channel.store_data import encode_dgis, store_data_commands
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.told import is_there, scratch_of, store, store_stream
from cardservice.conformance.preparing import open_scp03
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Effect, Need, Stage, Where
from cardservice.policycard.layout import Directory

chapter: Final = Chapter()

_WRITING: Final = Terms(stages=(Stage.KEYED,), needs=(Need.KEYS,), effect=Effect.WRITES)
_BEFORE_DATA: Final = Terms(
    stages=(Stage.CHIP_KEY,), where=Where.ONCE, needs=(Need.KEYS,), effect=Effect.WRITES
)
_ICCID: Final = 0x0101
_SMALL: Final = (_ICCID, encode_object(0x60, bytes(40)))
_BLOCK: Final = 8  # so that even a small DGI takes several


def _blocks(dgis: list[tuple[int, bytes]] | None = None) -> list[CommandAPDU]:
    return store_data_commands(dgis or [_SMALL], block_size=_BLOCK)


def _require_absent(terminal: Terminal, file_id: int = _ICCID) -> None:
    require(not is_there(terminal, Directory.ROOT, file_id), f"EF {file_id:04X} was stored")


@chapter.case(
    "AM-001", "Power lost between two blocks leaves nothing stored", "6 STORE DATA", _WRITING
)
def _cut(terminal: Terminal) -> None:
    for count in range(1, len(_blocks())):
        terminal.reset()
        open_scp03(terminal)
        for command in _blocks()[:count]:
            require_sw(terminal.send(command), SW.OK, doing="a block")
        _require_absent(terminal)


@chapter.case("AM-002", "After lost power STORE DATA does not go on", "6 STORE DATA", _WRITING)
def _no_going_on(terminal: Terminal) -> None:
    open_scp03(terminal)
    first, *rest = _blocks()
    require_sw(terminal.send(first), SW.OK, doing="the first block")
    terminal.reset()
    open_scp03(terminal)
    require_sw(terminal.send(rest[0]), SW.WRONG_P1_P2, doing="the second block")
    _require_absent(terminal)


@chapter.case(
    "AM-003", "A wrong block number is 6A86 and drops all that was sent", "6 STORE DATA", _WRITING
)
def _wrong_number(terminal: Terminal) -> None:
    open_scp03(terminal)
    first, second, third, *_ = _blocks()
    require_sw(terminal.send(first), SW.OK, doing="block 0")
    require_sw(terminal.send(third), SW.WRONG_P1_P2, doing="block 2")
    require_sw(terminal.send(second), SW.WRONG_P1_P2, doing="block 1")
    _require_absent(terminal)


@chapter.case(
    "AM-004", "Another command between two blocks drops what was sent", "6 STORE DATA", _WRITING
)
def _in_between(terminal: Terminal) -> None:
    open_scp03(terminal)
    first, second, *_ = _blocks()
    require_sw(terminal.send(first), SW.OK, doing="block 0")
    command = CommandAPDU(cla=0x80, ins=Ins.GET_DATA, p1=0xDF, p2=0x01, ne=256)
    require_sw(terminal.send(command), SW.OK, doing="GET DATA")
    require_sw(terminal.send(second), SW.WRONG_P1_P2, doing="block 1")
    _require_absent(terminal)


@chapter.case(
    "AM-005", "STORE DATA with another P1 than 08 and 88 is 6A86", "6 STORE DATA", _WRITING
)
def _parameters(terminal: Terminal) -> None:
    open_scp03(terminal)
    for p1 in (0x00, 0x80, 0x90, 0x60):
        command = CommandAPDU(cla=0x80, ins=Ins.STORE_DATA, p1=p1, data=encode_dgis([_SMALL]))
        require_sw(terminal.send(command), SW.WRONG_P1_P2, doing=f"P1 {p1:02X}")
    _require_absent(terminal)


_GOOD: Final = encode_dgis([_SMALL])
_DGIS: Final = (
    ("AM-010", "An unknown DGI", _GOOD + bytes.fromhex("020202AAAA"), SW.WRONG_DATA),
    ("AM-011", "A DGI that comes twice", _GOOD + _GOOD, SW.WRONG_DATA),
    ("AM-012", "An empty DGI", _GOOD + bytes.fromhex("010200"), SW.WRONG_DATA),
    ("AM-013", "A DGI cut in its value", _GOOD + bytes.fromhex("010205AAAA"), SW.WRONG_DATA),
    ("AM-014", "A DGI cut in its header", _GOOD + b"\x01", SW.WRONG_DATA),
    ("AM-015", "A DGI cut in its long length", _GOOD + b"\x01\x02\xff\x01", SW.WRONG_DATA),
    ("AM-016", "A pointer to no EF", _GOOD + bytes.fromhex("01B002030A"), SW.WRONG_DATA),
)
for _number, _what, _stream, _sw in _DGIS:

    @chapter.case(
        _number,
        f"{_what} is {_sw:04X}, and the good DGI before it is dropped",
        "6 STORE DATA",
        _WRITING,
    )
    def _refused(terminal: Terminal, stream: bytes = _stream, sw: int = _sw) -> None:
        open_scp03(terminal)
        answered = store_stream(terminal, stream)
        require(answered == sw, f"expected {sw:04X}, answered {answered:04X}")
        _require_absent(terminal)


for _number, _file, _limit in (
    ("AM-020", 0x0101, 512),
    ("AM-021", 0x0102, 512),
    ("AM-022", 0x011D, 4096),
):

    @chapter.case(
        _number,
        f"EF {_file:04X} above {_limit:,} octets is 6A84, at the last block",
        "2; 6 STORE DATA",
        _WRITING,
    )
    def _too_large(terminal: Terminal, file_id: int = _file, limit: int = _limit) -> None:
        open_scp03(terminal)
        *more, last = store_data_commands([(file_id, bytes(limit + 1))])
        for command in more:
            require_sw(terminal.send(command), SW.OK, doing="a block before the last")
        require_sw(terminal.send(last), SW.NOT_ENOUGH_MEMORY, doing="the last block")
        _require_absent(terminal, file_id)


@chapter.case("AM-023", "More than 32 KiB are 6A84 at once", "6 STORE DATA", _WRITING)
def _too_much(terminal: Terminal) -> None:
    open_scp03(terminal)
    for number in range(_WHOLE_BLOCKS):
        command = CommandAPDU(
            cla=0x80, ins=Ins.STORE_DATA, p1=0x08, p2=number, data=bytes(_LARGE_BLOCK)
        )
        require_sw(terminal.send(command), SW.OK, doing=f"block {number}")
    command = CommandAPDU(cla=0x80, ins=Ins.STORE_DATA, p1=0x08, p2=_WHOLE_BLOCKS, data=b"\x00")
    require_sw(terminal.send(command), SW.NOT_ENOUGH_MEMORY, doing="one octet more")


_LARGE_BLOCK: Final = 1024
_WHOLE_BLOCKS: Final = 32


@chapter.case(
    "AM-024",
    "010E with another public key than the chip's is 6A80",
    "6 STORE DATA",
    _BEFORE_DATA,
)
def _foreign_key(terminal: Terminal) -> None:
    point = _GENERATOR
    require(point != scratch_of(terminal).chip_point, "the chip drew the generator")
    open_scp03(terminal)
    sw = store(terminal, [(0x010E, encode_chip_security(point))])
    require(sw == SW.WRONG_DATA, f"answered {sw:04X}")


_GENERATOR: Final = bytes.fromhex(
    "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
)


@chapter.case(
    "AM-025",
    "The stream may be cut at any octet: one octet a block",
    "6 STORE DATA",
    _BEFORE_DATA,
)
def _any_octet(terminal: Terminal) -> None:
    open_scp03(terminal)
    for command in store_data_commands([_SMALL], block_size=1):
        require_sw(terminal.send(command), SW.OK, doing="a block of one octet")
    require(is_there(terminal, Directory.ROOT, _ICCID), "EF.ICCID was not stored")


@chapter.case(
    "AM-026",
    "DGIs in the long form are taken as in the short one",
    "6 STORE DATA",
    _BEFORE_DATA,
)
def _long_form(terminal: Terminal) -> None:
    identifier, value = _SMALL
    stream = identifier.to_bytes(2) + b"\xff" + len(value).to_bytes(2) + value
    open_scp03(terminal)
    require(store_stream(terminal, stream) == SW.OK, "the long form is refused")


@chapter.case(
    "AM-027",
    "Power lost after the keys were replaced leaves the new set",
    "6 Keys",
    Terms(stages=(Stage.KEYED,), needs=(Need.KEYS,)),
)
def _keys_stay(terminal: Terminal) -> None:
    terminal.reset()
    open_scp03(terminal)
