"""The card's own APDU and BER-TLV coding against the published vectors."""

from typing import Any

import pytest

from simulators.card.apdu import COMMAND_OCTETS_MAX, parse_command
from simulators.card.tlv import DataObject, MalformedObjectError, encode_object, parse_objects
from tests.shared import vectors

APDU = vectors("apdu")
TLV = vectors("ber_tlv")
_CLASS_AND_INS_MATTERS = ("FFD60000", "00600000")


@pytest.mark.parametrize("case", APDU["cases"], ids=lambda case: case["apdu"][:24])
def test_a_published_command_is_parsed_into_its_parts(case: dict[str, Any]) -> None:
    command = parse_command(bytes.fromhex(case["apdu"]))
    assert command is not None
    assert command.data == bytes.fromhex(case["data"])
    assert (len(command.data), command.ne) == (case["nc"], case["ne"])
    assert command.header.hex().upper() == case["apdu"][:8].upper()


@pytest.mark.parametrize("case", APDU["invalid"], ids=lambda case: case["apdu"] or "empty")
def test_published_octets_that_are_no_command_are_not_parsed(case: dict[str, str]) -> None:
    # Two of them are well formed but for a class or instruction that the card answers itself.
    parsed = parse_command(bytes.fromhex(case["apdu"]))
    assert (parsed is None) == (case["apdu"] not in _CLASS_AND_INS_MATTERS)


def test_the_lc_field_is_kept_as_it_was_encoded() -> None:
    short = parse_command(bytes.fromhex("84E2880002AABB"))
    extended = parse_command(bytes.fromhex("84E28800000002AABB"))
    assert short is not None
    assert extended is not None
    assert (short.lc_field.hex(), extended.lc_field.hex()) == ("02", "000002")


def test_a_command_longer_than_ef_atr_info_promises_is_not_parsed() -> None:
    fits = bytes.fromhex("84E28800") + b"\x00\x07\xf9" + bytes(COMMAND_OCTETS_MAX - 7)
    too_long = bytes.fromhex("84E28800") + b"\x00\x07\xfa" + bytes(COMMAND_OCTETS_MAX - 6)
    assert parse_command(fits) is not None
    assert parse_command(too_long) is None


@pytest.mark.parametrize("case", TLV["lengths"], ids=lambda case: case["enc"])
def test_a_length_is_encoded_in_as_few_octets_as_there_are(case: dict[str, Any]) -> None:
    encoded = encode_object(0x80, bytes(case["n"]))
    assert encoded[1 : len(encoded) - case["n"]].hex().upper() == case["enc"]
    assert parse_objects(encoded)[0].value == bytes(case["n"])


@pytest.mark.parametrize("case", TLV["length_errors"], ids=lambda case: case["why"])
def test_a_length_that_no_command_can_hold_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedObjectError):
        parse_objects(bytes.fromhex("80" + case["enc"]))


@pytest.mark.parametrize("case", TLV["non_minimal_length"], ids=lambda case: case["enc"])
def test_a_longer_length_than_needed_is_read(case: dict[str, Any]) -> None:
    encoded = bytes.fromhex("80" + case["enc"]) + bytes(case["n"])
    assert parse_objects(encoded) == [(0x80, bytes(case["n"]), encoded)]


@pytest.mark.parametrize("case", TLV["tags"], ids=lambda case: case["enc"])
def test_a_tag_of_up_to_four_octets_is_one_tag(case: dict[str, Any]) -> None:
    assert parse_objects(bytes.fromhex(case["enc"] + "00"))[0].tag == int(case["enc"], 16)


@pytest.mark.parametrize("case", TLV["tag_errors"], ids=lambda case: case["why"])
def test_a_tag_without_end_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedObjectError):
        parse_objects(bytes.fromhex(case["enc"] + "00"))


def _tree(encoded: bytes) -> list[Any]:
    return [[f"{one.tag:02X}", _content(one)] for one in parse_objects(encoded)]


def _content(one: DataObject) -> Any:
    return _tree(one.value) if _is_constructed(one.tag) else one.value.hex().upper()


def _is_constructed(tag: int) -> bool:
    return bool(tag.to_bytes(4, "big").lstrip(b"\x00")[0] & 0x20)


@pytest.mark.parametrize("case", TLV["good"], ids=lambda case: case["tlv"])
def test_a_published_object_is_parsed_into_its_tree(case: dict[str, Any]) -> None:
    tag, children = case["tree"]
    assert _tree(bytes.fromhex(case["tlv"])) == [[tag, children]]


@pytest.mark.parametrize("case", TLV["bad"] + TLV["indefinite"], ids=lambda case: case["tlv"])
def test_truncated_and_indefinite_objects_are_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedObjectError):
        _tree(bytes.fromhex(case["tlv"]))


def test_zero_octets_between_objects_are_skipped() -> None:
    encoded = bytes.fromhex(TLV["padding_between_objects"][0]["tlv"])
    assert [(one.tag, one.value) for one in parse_objects(encoded)] == [(0x80, b"\x01")]
