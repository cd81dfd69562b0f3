import pytest

from cardservice.transport.pcsc.tpdu import to_t0

LONGEST = bytes.fromhex("00d60000ff") + bytes(255)


@pytest.mark.parametrize(
    ("command", "tpdu"),
    [
        ("00440000", "0044000000"),
        ("00b0000010", "00b0000010"),
        ("00a4040c02aabb", "00a4040c02aabb"),
        ("00a4040002aabb00", "00a4040002aabb"),
        ("00b00000000100", "00b00000000100"),
        ("00cb3fff0000025c000000", "00cb3fff0000025c000000"),
    ],
    ids=["case 1", "case 2", "case 3", "case 4", "case 2 extended", "case 4 extended"],
)
def test_each_case_goes_as_t0_has_it(command: str, tpdu: str) -> None:
    assert to_t0(bytes.fromhex(command)).hex() == tpdu


def test_the_longest_short_command_loses_only_its_le() -> None:
    assert to_t0(LONGEST + b"\x00") == LONGEST
    assert to_t0(LONGEST) == LONGEST
