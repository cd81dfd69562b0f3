"""AM-1xx: what may be stored after personalization, and the change of insurer (card.md 6)."""

from collections.abc import Callable
from datetime import date
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.channel.reading import get_data
from cardservice.channel.scp03 import secret_value
from cardservice.channel.store_data import store_data_commands
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.field_layer import read_whole
from cardservice.conformance.cases.told import scratch_of, store
from cardservice.conformance.known import another, coded
from cardservice.conformance.preparing import (
    open_reading,
    open_scp03,
    open_terminal,
    select,
    verify_pin,
)
from cardservice.conformance.scratch import insurer_record
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Effect, Need, Stage, Where
from cardservice.policycard.layout import Directory, insurer_file, next_insurer_id

chapter: Final = Chapter()

Dgis = list[tuple[int, bytes]]

_NO_STATE: Final = SW.CONDITIONS_NOT_SATISFIED
_HELD_BACK: Final = Terms(
    where=Where.CONTACT, needs=(Need.KEYS, Need.SCRATCH), effect=Effect.WRITES
)
_BY_ISSUER: Final = Terms(
    where=Where.CONTACT, needs=(Need.KEYS, Need.SCRATCH, Need.READING), effect=Effect.WRITES
)
_BY_TERMINAL: Final = Terms(
    needs=(Need.AUTHORITY, Need.PIN, Need.READING, Need.CHIP), effect=Effect.WRITES
)
_RECORD: Final = insurer_record(date(2025, 6, 1))
_BLOCK: Final = 100


def _next(terminal: Terminal) -> int:
    return next_insurer_id(scratch_of(terminal).pointer)


def _change(terminal: Terminal) -> Dgis:
    return scratch_of(terminal).change_of_insurer(_next(terminal), _RECORD)


def _held(terminal: Terminal) -> None:
    """Read pointer and current insurer; they are what they were."""
    scratch = scratch_of(terminal)
    terminal.reset()
    open_reading(terminal)
    select(Directory.INSURERS)(terminal)
    pointer = int.from_bytes(terminal.run(get_data(0x01B0)))
    require(pointer == scratch.pointer, f"the pointer says {pointer:04X}")
    content = read_whole(terminal, insurer_file(pointer))
    require(content == scratch.insurers[pointer], "the current insurer EF is another one")


def _wrong_id(terminal: Terminal) -> Dgis:
    after_next = next_insurer_id(_next(terminal))
    return scratch_of(terminal).change_of_insurer(after_next, _RECORD)


def _same_id(terminal: Terminal) -> Dgis:
    return scratch_of(terminal).change_of_insurer(scratch_of(terminal).pointer, _RECORD)


def _two(terminal: Terminal) -> Dgis:
    after_next = next_insurer_id(_next(terminal))
    return [*_change(terminal), (after_next, _RECORD)]


def _without(left_out: int) -> Callable[[Terminal], Dgis]:
    return lambda terminal: [one for one in _change(terminal) if one[0] != left_out]


def _pointer_alone(terminal: Terminal) -> Dgis:
    return [(0x01B0, scratch_of(terminal).pointer.to_bytes(2))]


def _one(identifier: int, value: bytes) -> Callable[[Terminal], Dgis]:
    return lambda _: [(identifier, value)]


_REFUSED: Final = (
    ("AM-101", "An insurer EF under another id than the next", _wrong_id),
    ("AM-102", "A current insurer EF written over", _same_id),
    ("AM-103", "Two insurer EFs at once", _two),
    ("AM-104", "A new insurer EF without EF.SOD", _without(0x011D)),
    ("AM-105", "A new insurer EF without the pointer", _without(0x01B0)),
    ("AM-106", "A pointer without an insurer EF", _pointer_alone),
    ("AM-107", "EF.ICCID once personalized", _one(0x0101, b"\x60\x00")),
    ("AM-108", "EF.CardID once personalized", _one(0x0102, b"\x61\x00")),
    ("AM-109", "EF.ChipSecurity once personalized", _one(0x010E, b"\x6e\x00")),
    ("AM-110", "The owner EF once personalized", _one(0x0201, b"\x62\x00")),
    ("AM-111", "EF.CardAccess once personalized", _one(0x3F1C, b"\x31\x00")),
    ("AM-112", "The profile once personalized", _one(0xD001, b"\x01")),
)
for _number, _what, _dgis in _REFUSED:

    @chapter.case(
        _number, f"{_what} is refused and changes nothing", "6 Change of insurer", _BY_ISSUER
    )
    def _refused(terminal: Terminal, dgis: Callable[[Terminal], Dgis] = _dgis) -> None:
        open_scp03(terminal)
        sw = store(terminal, dgis(terminal))
        # 010E with another key than the chip's is wrong data, whatever the state.
        require(sw in (_NO_STATE, SW.WRONG_DATA), f"answered {sw:04X}")
        _held(terminal)


@chapter.case("AM-120", "EF.SOD alone may be renewed", "6 Change of insurer", _BY_ISSUER)
def _sod_alone(terminal: Terminal) -> None:
    scratch = scratch_of(terminal)
    current = scratch.insurers[scratch.pointer]
    open_scp03(terminal)
    sw = store(terminal, [(0x011D, scratch.signed(current))])
    require(sw == SW.OK, f"answered {sw:04X}")
    _held(terminal)


@chapter.case(
    "AM-121", "Power lost in a change of insurer leaves the old one", "6 STORE DATA", _BY_ISSUER
)
def _cut(terminal: Terminal) -> None:
    blocks = store_data_commands(_change(terminal), block_size=_BLOCK)
    for count in range(1, len(blocks), 3):
        terminal.reset()
        open_scp03(terminal)
        for command in blocks[:count]:
            require_sw(terminal.send(command), SW.OK, doing="a block")
        _held(terminal)


@chapter.case(
    "AM-122",
    "The issuer's keys change the insurer; the older record stays",
    "6 Change of insurer",
    _BY_ISSUER,
)
def _by_issuer(terminal: Terminal) -> None:
    open_scp03(terminal)
    _take(terminal, _change(terminal))


def _take(terminal: Terminal, dgis: Dgis) -> None:
    sw = store(terminal, dgis)
    require(sw == SW.OK, f"the change is answered {sw:04X}")
    scratch = scratch_of(terminal)
    older = scratch.pointer
    scratch.changed(_next(terminal), _RECORD)
    _held(terminal)
    terminal.reset()
    open_terminal(terminal)
    content = read_whole(terminal, insurer_file(older))
    require(content == scratch.insurers[older], "the older record is another one")


@chapter.case(
    "AM-123",
    "The issuer sets another PIN, with three tries",
    "6 STORE DATA",
    Terms(where=Where.CONTACT, needs=(Need.KEYS, Need.PIN, Need.SCRATCH), effect=Effect.WRITES),
)
def _new_pin(terminal: Terminal) -> None:
    right = terminal.known.pin or ""
    wrong = _verify(another(another(right)))  # whichever of the two is stored
    for pin, other in ((another(right), right), (right, another(right))):
        terminal.reset()
        terminal.expect(wrong, 0x63C2)
        _store_pin(terminal, pin)
        terminal.reset()
        require_sw(terminal.send(_verify(other)), 0x63C2, doing="the PIN there was before")
        require_sw(terminal.send(_verify(pin)), SW.OK, doing="the new PIN")


def _store_pin(terminal: Terminal, pin: str) -> None:
    session = open_scp03(terminal)
    sw = store(terminal, [(0x8010, secret_value(pin, session))])
    require(sw == SW.OK, f"DGI 8010 is answered {sw:04X}")


def _verify(pin: str) -> CommandAPDU:
    return CommandAPDU(cla=0, ins=Ins.VERIFY, p2=0x01, data=coded(pin))


def _may_write(terminal: Terminal) -> None:
    open_terminal(terminal)
    verify_pin(terminal)


@chapter.case(
    "AM-130",
    "With bit 2 and the PIN a terminal changes the insurer",
    "6 Change of insurer",
    _BY_TERMINAL,
)
def _by_terminal(terminal: Terminal) -> None:
    _may_write(terminal)
    _take(terminal, _change(terminal))


@chapter.case(
    "AM-131", "Power lost in a terminal's change of insurer leaves the old one", "6", _BY_TERMINAL
)
def _cut_terminal(terminal: Terminal) -> None:
    _may_write(terminal)
    for command in store_data_commands(_change(terminal), block_size=_BLOCK)[:-1]:
        require_sw(terminal.send(command), SW.OK, doing="a block")
    _held(terminal)


for _at, _identifier in enumerate((0x8010, 0x8011, 0x8012, 0xD001, 0x0201)):

    @chapter.case(
        f"AM-{132 + _at}",
        f"A terminal stores no DGI {_identifier:04X}: 6985",
        "6 Change of insurer",
        _BY_TERMINAL,
    )
    def _not_for_terminals(terminal: Terminal, identifier: int = _identifier) -> None:
        _may_write(terminal)
        sw = store(terminal, [(identifier, bytes(16))])
        require(sw == _NO_STATE, f"answered {sw:04X}")
        _held(terminal)


@chapter.case(
    "AM-140", "A new chip authentication takes the holder's PIN back", "7 VERIFY", _BY_TERMINAL
)
def _pin_gone(terminal: Terminal) -> None:
    _may_write(terminal)
    open_terminal(terminal)
    sw = store(terminal, _change(terminal))
    require(sw == SW.SECURITY_STATUS_NOT_SATISFIED, f"answered {sw:04X}")


@chapter.case("AM-141", "A wrong PIN takes the verified state back", "7 VERIFY", _BY_TERMINAL)
def _wrong_pin(terminal: Terminal) -> None:
    _may_write(terminal)
    wrong = terminal.known.octets("wrong_pin")
    answer = terminal.send(CommandAPDU(cla=0, ins=Ins.VERIFY, p2=0x01, data=wrong))
    sw = store(terminal, _change(terminal))
    verify_pin(terminal)
    require(answer.sw == 0x63C2, f"the wrong PIN is answered {answer.sw:04X}")
    require(sw == SW.SECURITY_STATUS_NOT_SATISFIED, f"STORE DATA is answered {sw:04X}")


@chapter.case(
    "AM-142",
    "RESET RETRY COUNTER does not verify the PIN",
    "7",
    Terms(needs=(Need.AUTHORITY, Need.PIN, Need.PUK), effect=Effect.WRITES),
)
def _not_verified(terminal: Terminal) -> None:
    open_terminal(terminal)
    data = terminal.known.octets("puk") + terminal.known.octets("pin")
    reset = CommandAPDU(cla=0, ins=Ins.RESET_RETRY_COUNTER, p2=0x01, data=data)
    terminal.expect(reset, SW.OK)
    sw = store(terminal, _change(terminal))
    require(sw == SW.SECURITY_STATUS_NOT_SATISFIED, f"answered {sw:04X}")


@chapter.case(
    "AM-150",
    "A blocked card takes a change of insurer from its issuer",
    "6",
    Terms(
        stages=(Stage.BLOCKED,),
        where=Where.CONTACT,
        needs=(Need.KEYS, Need.SCRATCH),
        effect=Effect.WRITES,
    ),
)
def _blocked(terminal: Terminal) -> None:
    open_scp03(terminal)
    sw = store(terminal, _change(terminal))
    require(sw == SW.OK, f"answered {sw:04X}")
    scratch_of(terminal).changed(_next(terminal), _RECORD)
