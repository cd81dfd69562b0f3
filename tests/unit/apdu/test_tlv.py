"""BER-TLV against ISO/IEC 7816-4 5.2.2 and the published cases."""

from typing import Any

import pytest

from cardservice.apdu.tags import first_octet, is_constructed
from cardservice.apdu.tlv import (
    DataObject,
    Node,
    encode_object,
    find,
    header_at,
    only,
    parse_objects,
    parse_tag_list,
    parse_tree,
    scan,
    scan_start,
)
from cardservice.errors import MalformedDataError, UsageError
from tests.shared import golden, vectors

VECTORS = vectors("ber_tlv")
CLASSES = {"application": 0x40, "context": 0x80, "private": 0xC0}


@pytest.mark.parametrize("case", VECTORS["lengths"], ids=lambda case: case["enc"])
def test_a_length_has_its_published_coding(case: dict[str, Any]) -> None:
    encoded = encode_object(0x04, bytes(case["n"]))
    assert encoded[1 : -case["n"] or None].hex().upper() == case["enc"]
    assert scan(encoded, strict=True) == [(0x04, 0, len(encoded) - case["n"], len(encoded))]


def test_a_value_that_no_length_can_tell_is_our_own_mistake() -> None:
    with pytest.raises(UsageError):
        encode_object(0x04, bytes(0x100_0000))


@pytest.mark.parametrize("case", VECTORS["length_errors"], ids=lambda case: case["why"])
def test_a_bad_length_is_refused_before_anything_is_allocated(case: dict[str, Any]) -> None:
    raw = b"\x04" + bytes.fromhex(case["enc"])
    for parse in (scan, header_at, parse_tree):
        with pytest.raises(MalformedDataError):
            parse(raw)


@pytest.mark.parametrize("case", VECTORS["non_minimal_length"], ids=lambda case: case["enc"])
def test_a_non_minimal_length_is_read_unless_strict(case: dict[str, Any]) -> None:
    raw = b"\x04" + bytes.fromhex(case["enc"]) + bytes(case["n"])
    assert list(parse_objects(raw)) == [DataObject(0x04, bytes(case["n"]))]
    with pytest.raises(MalformedDataError):
        scan(raw, strict=True)


@pytest.mark.parametrize("case", VECTORS["tags"], ids=lambda case: case["enc"])
def test_a_tag_of_one_to_four_octets_is_read(case: dict[str, Any]) -> None:
    tag = int(case["tag"], 16)
    raw = bytes.fromhex(case["enc"]) + b"\x00"
    assert scan(raw) == [(tag, 0, len(raw), len(raw))]
    assert encode_object(tag, b"") == raw
    if "cls" in case:
        assert is_constructed(tag) is case["constructed"] or case["enc"] == "A0"
        assert first_octet(tag) & 0xC0 == CLASSES[case["cls"]]


def test_a_tag_number_with_leading_zeros_is_read_unless_strict() -> None:
    raw = bytes.fromhex("1F800100")
    assert scan(raw) == [(0x1F8001, 0, 4, 4)]
    with pytest.raises(MalformedDataError):
        scan(raw, strict=True)


@pytest.mark.parametrize("case", VECTORS["tag_errors"], ids=lambda case: case["why"])
def test_a_bad_tag_is_refused(case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["enc"])
    with pytest.raises(MalformedDataError):
        scan(raw)
    with pytest.raises(MalformedDataError):
        parse_tag_list(raw)


@pytest.mark.parametrize("case", VECTORS["tag_lists"], ids=lambda case: case["enc"])
def test_a_tag_list_is_read_or_refused_as_published(case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["enc"])
    if "error" in case:
        with pytest.raises(MalformedDataError):
            parse_tag_list(raw)
    else:
        assert parse_tag_list(raw) == tuple(int(tag, 16) for tag in case["tags"])


def as_tree(nodes: tuple[Node, ...]) -> list[Any]:
    return [
        [f"{one.tag:X}", as_tree(one.children) if one.children else one.value.hex().upper()]
        for one in nodes
    ]


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["tlv"][:12])
def test_a_published_tree_is_read(case: dict[str, Any]) -> None:
    assert as_tree(parse_tree(bytes.fromhex(case["tlv"]))) == [case["tree"]]


@pytest.mark.parametrize(
    "case", [*VECTORS["bad"], *VECTORS["indefinite"]], ids=lambda case: case["tlv"][:16]
)
def test_a_bad_or_indefinite_tree_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(MalformedDataError):
        parse_tree(bytes.fromhex(case["tlv"]))


@pytest.mark.parametrize("case", VECTORS["padding_between_objects"], ids=lambda case: case["tlv"])
def test_padding_is_skipped_only_where_it_is_allowed(case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["tlv"])
    assert list(parse_objects(raw, padding=True)) == [DataObject(0x80, b"\x01")]
    with pytest.raises(MalformedDataError):
        scan(raw)


def test_the_first_of_repeated_objects_is_found() -> None:
    raw = bytes.fromhex("7F42129F45032222229F46033333339F4503444444")
    assert find(raw, 0x7F42, 0x9F45) == bytes.fromhex("222222")
    assert find(raw, 0x7F42, 0x9F47) is None
    assert find(raw, 0x9F45) is None


def test_tag_octets_inside_a_value_are_not_an_object() -> None:
    # A surname whose octets read as the tag, length and value of a birth date.
    raw = bytes.fromhex("620E 5F2107 5F240401012000 5F2501")
    with pytest.raises(MalformedDataError):
        find(raw, 0x62, 0x5F24)
    whole = bytes.fromhex("620E 5F2107 5F240401012000 5F250102")
    assert find(whole, 0x62, 0x5F24) is None
    assert find(whole, 0x62, 0x5F25) == b"\x02"


def test_a_length_of_two_octets_is_not_taken_for_one() -> None:
    photo = bytes(range(256)) * 2
    raw = encode_object(0x7F40, encode_object(0x5F41, b"\x01") + encode_object(0x5F42, photo))
    assert find(raw, 0x7F40, 0x5F42) == photo


def test_the_one_object_is_taken_and_anything_else_refused() -> None:
    assert only(b"\x7c\x01\xaa", 0x7C) == b"\xaa"
    for raw in (b"", b"\x7d\x00", b"\x7c\x00\x7c\x00", b"\x7c\x00\x00"):
        with pytest.raises(MalformedDataError):
            only(raw, 0x7C)


def test_objects_nest_only_so_deep() -> None:
    raw = b""
    for _ in range(8):
        raw = encode_object(0x30, raw)
    assert len(parse_tree(raw)) == 1
    with pytest.raises(MalformedDataError, match="deep"):
        parse_tree(encode_object(0x30, raw))


def test_thousands_of_nested_objects_do_not_exhaust_the_stack() -> None:
    raw = b""
    for _ in range(3000):
        raw = encode_object(0x30, raw)
    with pytest.raises(MalformedDataError, match="deep"):
        parse_tree(raw)


def test_a_part_is_scanned_with_offsets_of_the_whole() -> None:
    owner = bytes.fromhex(golden("owner-plain")["hex"])
    ((root, header, start, end),) = scan(owner)
    assert (root, header, start, end) == (0x62, 0, 3, len(owner))
    entries = scan(owner, start, end)
    assert [f"{tag:X}" for tag, *_ in entries] == (
        ["5F26", "5F21", "5F22", "5F23", "5F25", "5F24", "7F30", "5F29", "5F2A"]
    )
    assert owner[entries[0][2] : entries[0][3]] == b"0054910834000015"
    assert [entry[1] for entry in entries[1:]] == [entry[3] for entry in entries[:-1]]


def test_an_object_may_not_leave_the_part_that_is_scanned() -> None:
    raw = bytes.fromhex("6204 800300AABBCC")
    with pytest.raises(MalformedDataError):
        scan(raw, 2, 6)
    with pytest.raises(MalformedDataError):
        scan(bytes.fromhex("3003 5F8101 00"), 2, 3)


@pytest.mark.parametrize("cut", range(4))
def test_a_cut_header_is_told_from_a_whole_one(cut: int) -> None:
    raw = bytes.fromhex("7F40820400")
    assert header_at(raw[:cut]) is None
    assert header_at(raw) == (0x7F40, 0, 5, 5 + 0x400)


def test_a_started_file_shows_the_objects_whose_headers_are_at_hand() -> None:
    raw = bytes.fromhex("8001AA 7F40820400 5F4101")
    assert scan_start(raw, 0, 3 + 5 + 0x400) == [(0x80, 0, 2, 3), (0x7F40, 3, 8, 8 + 0x400)]
    assert scan_start(raw[:6], 0, 1032) == [(0x80, 0, 2, 3)]
    with pytest.raises(MalformedDataError, match="past the end"):
        scan_start(raw, 0, 3 + 5 + 0x3FF)


def test_a_zero_is_no_tag_of_a_started_file() -> None:
    with pytest.raises(MalformedDataError):
        scan_start(bytes(4), 0, 4)


def test_the_repr_shows_no_value() -> None:
    assert repr(DataObject(0x5F21, b"name")) == "DataObject(tag=24353)"
    assert "name" not in repr(parse_tree(encode_object(0x5F21, b"name")))
