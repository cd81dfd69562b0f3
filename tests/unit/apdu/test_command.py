"""Command APDUs against the cases of ISO/IEC 7816-3 12.1.3."""

from typing import Any

import pytest

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.errors import MalformedDataError, UsageError
from tests.shared import vectors

CASES = vectors("apdu")["cases"]
INVALID = vectors("apdu")["invalid"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}-{case['apdu'][:14]}")
def test_a_published_command_parses_to_its_parts_and_encodes_back(case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["apdu"])
    command = CommandAPDU.parse(raw)
    assert (command.data, command.ne) == (bytes.fromhex(case["data"]), case["ne"])
    assert command.header == raw[:4]
    assert command.is_extended is case["ext"] or (case["id"], command.ne) == ("4E", 256)
    assert command.encode() == raw


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case["why"][:30])
def test_an_invalid_command_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(MalformedDataError):
        CommandAPDU.parse(bytes.fromhex(case["apdu"]))


def test_an_extended_form_that_was_not_needed_is_read() -> None:
    command = CommandAPDU.parse(bytes.fromhex("00A4040000000411223344"))
    assert (command.data.hex(), command.ne) == ("11223344", 0)


def test_a_known_instruction_has_its_name_and_an_unknown_one_stays_a_number() -> None:
    assert isinstance(CommandAPDU.parse(bytes.fromhex("00B0000000")).ins, Ins)
    unknown = CommandAPDU.parse(bytes.fromhex("80FE0000"))
    assert unknown.ins == 0xFE
    assert not isinstance(unknown.ins, Ins)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cla": 0xFF},
        {"cla": -1},
        {"ins": 0x6A},
        {"ins": 0x90},
        {"ins": 0x100},
        {"p1": 256},
        {"p2": -1},
        {"data": bytes(65_536)},
        {"ne": 65_537},
        {"ne": -1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_command_that_cannot_exist_cannot_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        CommandAPDU(**{"cla": 0, "ins": Ins.SELECT, **wrong})


def test_the_repr_shows_no_data() -> None:
    pin = CommandAPDU(cla=0, ins=Ins.VERIFY, p2=1, data=b"1234\xff\xff\xff\xff")
    assert "1234" not in repr(pin)
    assert "31323334" not in repr(pin)


@pytest.mark.parametrize(
    ("nc", "ne", "lc"), [(0, 0, ""), (5, 256, "05"), (5, 257, "000005"), (256, 0, "000100")]
)
def test_lc_is_as_wide_as_it_goes_over_the_line(nc: int, ne: int, lc: str) -> None:
    command = CommandAPDU(cla=0, ins=Ins.SELECT, data=bytes(nc), ne=ne)
    assert command.encode_lc().hex() == lc
    assert command.encode().startswith(command.header + command.encode_lc())
