"""Codec properties: parsing is total, round trips are lossless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.apdu.atr import Atr, parse_atr
from cardservice.apdu.class_byte import ClassByte
from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU, name_of
from cardservice.apdu.status import meaning_of
from cardservice.apdu.tlv import (
    DataObject,
    encode_object,
    find,
    header_at,
    parse_objects,
    parse_tag_list,
    parse_tree,
    scan,
    scan_start,
)
from cardservice.errors import MalformedDataError

TAGS = st.sampled_from((0x06, 0x7C, 0x99, 0x5F37, 0x7F49, 0xDF8101, 0x1F818100))
INSTRUCTIONS = st.integers(0, 0xFF).filter(lambda ins: ins >> 4 not in (6, 9))
OBJECTS = st.lists(st.tuples(TAGS, st.binary(max_size=300)), max_size=12)
# Octets that look like TLV reach deeper into the parsers than random ones.
TLV_LIKE = st.lists(
    st.sampled_from([bytes.fromhex(one) for one in ("62", "5F21", "7F40", "81", "82", "00", "03")])
    | st.binary(max_size=3),
    max_size=20,
).map(b"".join)


@given(
    cla=st.integers(0, 0xFE),
    ins=INSTRUCTIONS,
    p1p2=st.tuples(st.integers(0, 0xFF), st.integers(0, 0xFF)),
    data=st.binary(max_size=300) | st.integers(0, 65_535).map(bytes),
    ne=st.integers(0, 65_536),
)
def test_a_command_survives_the_line(
    cla: int, ins: int, p1p2: tuple[int, int], data: bytes, ne: int
) -> None:
    command = CommandAPDU(cla=cla, ins=ins, p1=p1p2[0], p2=p1p2[1], data=data, ne=ne)
    assert CommandAPDU.parse(command.encode()) == command


@given(st.binary(max_size=300))
def test_any_octets_are_a_command_or_malformed(raw: bytes) -> None:
    try:
        command = CommandAPDU.parse(raw)
    except MalformedDataError:
        return
    assert CommandAPDU.parse(command.encode()) == command
    assert len(command.encode()) <= len(raw)


@given(st.binary(max_size=600))
def test_any_octets_are_a_response_or_malformed(raw: bytes) -> None:
    if len(raw) < 2:
        with pytest.raises(MalformedDataError):
            ResponseAPDU.parse(raw)
    else:
        assert ResponseAPDU.parse(raw).encode() == raw


@given(st.integers(0, 0xFFFF))
def test_every_status_word_has_some_name(sw: int) -> None:
    assert name_of(sw)
    assert (name_of(sw) == "unlisted") is (meaning_of(sw) == "")


@given(st.integers(-1, 0x100))
def test_every_class_byte_is_told_or_refused(cla: int) -> None:
    try:
        facts = ClassByte.parse(cla)
    except MalformedDataError:
        return
    assert facts.is_proprietary is (cla >= 0x80)


@given(st.binary(max_size=64) | TLV_LIKE)
def test_strict_parsing_is_total_and_lossless(raw: bytes) -> None:
    try:
        objects = list(parse_objects(raw, strict=True))
    except MalformedDataError:
        return
    assert b"".join(one.encode() for one in objects) == raw


@given(st.binary(max_size=64) | TLV_LIKE)
def test_liberal_parsing_is_total_and_loses_no_octet(raw: bytes) -> None:
    try:
        entries = scan(raw)
    except MalformedDataError:
        return
    ends = [0, *(entry[3] for entry in entries)]
    assert [entry[1] for entry in entries] == ends[:-1]
    assert ends[-1] == len(raw)


@given(st.binary(max_size=64) | TLV_LIKE)
def test_every_other_reader_of_objects_is_total(raw: bytes) -> None:
    def attempts() -> int:
        count = 0
        for attempt in (
            lambda: parse_tree(raw, padding=True),
            lambda: find(raw, 0x62, 0x7F40, 0x5F21),
            lambda: header_at(raw),
            lambda: scan_start(raw, 0, 1000),
            lambda: parse_tag_list(raw),
        ):
            try:
                attempt()
            except MalformedDataError:
                count += 1
        return count

    assert attempts() <= 5


@given(OBJECTS)
def test_objects_survive_the_line(objects: list[tuple[int, bytes]]) -> None:
    raw = b"".join(encode_object(tag, value) for tag, value in objects)
    assert list(parse_objects(raw, strict=True)) == [DataObject(*one) for one in objects]


@given(OBJECTS, st.data())
def test_a_started_file_agrees_with_the_whole(
    objects: list[tuple[int, bytes]], draw: st.DataObject
) -> None:
    raw = b"".join(encode_object(tag, value) for tag, value in objects)
    cut = draw.draw(st.integers(0, len(raw)))
    assert scan_start(raw[:cut], 0, len(raw)) == [one for one in scan(raw) if one[2] <= cut]


@given(TAGS, st.integers(0, 70_000))
def test_an_object_of_any_size_survives_the_line(tag: int, size: int) -> None:
    assert list(parse_objects(encode_object(tag, bytes(size)))) == [DataObject(tag, bytes(size))]


@given(st.binary(max_size=40) | st.binary(max_size=40).map(lambda rest: b"\x3b" + rest))
def test_any_octets_are_an_answer_to_reset_or_malformed(raw: bytes) -> None:
    try:
        atr = parse_atr(raw)
    except MalformedDataError:
        return
    assert isinstance(atr, Atr)
    assert atr.tck_ok in (None, True, False)
    assert atr.octets == raw
