"""Walking a file: bounds, filling, and what a message may say."""

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.errors import MalformedDataError
from cardservice.policycard.objects import CutShortError, Grammar, walk

FLAT = Grammar(words="file", root=0x61, limit=64)
NESTED = Grammar(words="file", root=0x62, limit=64, templates=(0x7F30,), deferred=0x7F40)


def test_objects_are_found_where_they_lie() -> None:
    file = walk(bytes.fromhex("6107 5101AA 5202BBCC".replace(" ", "")), FLAT)
    assert file.found == {0x51: (0x51, 2, 4, 5), 0x52: (0x52, 5, 7, 9)}
    assert (file.start, file.end, file.filler, file.repeated) == (2, 9, 0, ())


def test_objects_in_a_template_are_not_found_outside_it() -> None:
    inner = encode_object(0x5F31, b"x")
    file = walk(encode_object(0x62, encode_object(0x7F30, inner)), NESTED)
    assert set(file.found) == {0x7F30}
    assert set(file.inner[0x7F30]) == {0x5F31}


def test_a_deferred_object_may_be_unread_if_its_length_ends_the_file() -> None:
    whole = encode_object(0x62, encode_object(0x5F21, b"x") + encode_object(0x7F40, bytes(40)))
    for size in range(len(whole) - 40, len(whole)):
        file = walk(whole[:size], NESTED)
        assert file.found[0x7F40][3] == file.end == len(whole)


@pytest.mark.parametrize(
    ("octets", "wanted"), [("", 8), ("61", 9), ("6181", 10), ("6104", 6), ("61045101", 6)]
)
def test_a_file_cut_short_says_how_much_to_read(octets: str, wanted: int) -> None:
    with pytest.raises(CutShortError, match="file is cut short") as cut:
        walk(bytes.fromhex(octets), FLAT)
    assert cut.value.wanted == wanted


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        ("6200", "does not begin with 61"),
        ("613F" + "00" * 64, "larger than 64"),
        ("6183FFFFFF", "larger than 64"),
        ("6184FFFFFFFF", "length"),
        ("6180", "length"),
        ("6100" + "00" * 63, "larger than 64"),
        ("610001", "follow"),
        ("610000FF", "follow"),
        ("61015F", "cut off"),
        ("61025102", "runs past"),
        ("61035F2103", "runs past"),
    ],
)
def test_what_is_no_such_file_is_malformed(octets: str, message: str) -> None:
    with pytest.raises(MalformedDataError, match=message):
        walk(bytes.fromhex(octets), FLAT)


def test_an_object_may_not_run_past_the_template_around_it() -> None:
    template = b"\x7f\x30\x03\x5f\x31\x05"
    with pytest.raises(MalformedDataError, match="runs past"):
        walk(encode_object(0x62, template + encode_object(0x5F21, bytes(9))), NESTED)


def test_an_object_may_not_run_past_a_file_that_is_still_being_read() -> None:
    with pytest.raises(MalformedDataError, match="surname runs past"):
        walk(bytes.fromhex("62105F2120"), NESTED)


def test_padding_in_the_first_part_of_a_file_is_passed_over() -> None:
    value = b"\x00\x00" + encode_object(0x5F21, b"x") + b"\x00" + encode_object(0x7F40, bytes(30))
    file = walk(encode_object(0x62, value)[:14], NESTED)
    assert set(file.found) == {0x5F21, 0x7F40}
