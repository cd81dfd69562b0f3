"""Any octets at all: logs and traces made to break the one who reads them."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.card.apdu import parse_command
from simulators.trace import Masking, TraceError, decode_log, read_traces
from simulators.trace.log_lines import hex_octets
from simulators.trace.pieces import split
from simulators.trace.place import Follower
from simulators.trace.public import visible_in_answer, visible_in_command
from simulators.trace.records import MalformedRecordError, decode, encode
from simulators.trace.replaying import first_difference
from tests.unit.simulators.card.issuing import OWNER
from tests.unit.trace.conversations import issued_image, read_plainly, record

_HEADERS = """
00A40400 00A4020C 00A40000 00B00000 00B08E00 00CADF01 00CA00E0 0022C1A4 002281B6
00860000 10860000 002A00BE 00200001 80500000 84E28800 0CB00000 0CA4040C 8CE28800
"""
_headers = st.sampled_from([bytes.fromhex(one) for one in _HEADERS.split()])
_commands = st.binary(max_size=80) | st.builds(
    lambda header, data: header + bytes((len(data),)) + data,
    _headers,
    st.binary(min_size=1, max_size=40),
)
_marks = st.sampled_from(
    [">> ", "<< ", "> ", "APDU: ", "SW: ", "ATR: ", "Sending: ", "Outgoing APDU (9 bytes):\n", ""]
)
_log_lines = (
    st.builds(lambda mark, octets: f"{mark}{octets.hex(' ')}\n".encode(), _marks, _commands)
    | st.binary(max_size=60)
    | st.sampled_from([b"Received (SW1=0x90, SW2=0x00):\n", b"\n", b"{}\n", b'{"trace": 1}\n'])
)


@given(st.lists(_log_lines, max_size=12).map(b"".join), st.sampled_from(Masking))
@settings(max_examples=150, deadline=None)
def test_any_log_is_explained_without_an_error(log: bytes, masking: Masking) -> None:
    lines = list(decode_log(io.BytesIO(log), masking=masking))
    assert all(line.isprintable() for line in lines)
    assert lines or all(_may_be_passed_over(line) for line in log.split(b"\n"))


def _may_be_passed_over(line: bytes) -> bool:
    stripped = line.strip(b" \t\r\n")
    return not stripped or stripped.startswith((b"#", b"//"))


@pytest.mark.parametrize("line", [b"\x1c", b"\x0b", b"\xc2\x85", b"\x00"])
def test_only_blanks_and_comments_are_passed_over_in_silence(line: bytes) -> None:
    (told,) = decode_log(io.BytesIO(line))
    assert told.startswith("line 1 skipped: ")


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_octets_or_none(text: str) -> None:
    assert isinstance(hex_octets(text), bytes)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["trace", "version", "session", "number", "at", "event", "sent"])
            | st.sampled_from(["answer", "masked", "sealed", "decoded", "salt", "atr", "image"]),
            inner,
            max_size=8,
        )
    ),
    max_leaves=12,
)


@given(_json.map(json.dumps) | st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_line_is_a_record_or_refused(line: str) -> None:
    try:
        known = encode(decode(line))
    except MalformedRecordError:
        known = None
    assert known is None or encode(decode(known)) == known


@given(_commands, st.binary(max_size=60))
@settings(max_examples=150, deadline=None)
def test_masking_keeps_every_octet_in_one_piece_or_another(sent: bytes, answer: bytes) -> None:
    follower = Follower()
    for octets, seen in (
        (sent, visible_in_command(sent)),
        (answer, visible_in_answer(sent, answer, follower)),
    ):
        pieces = split(octets, seen, None, "")
        assert len(seen) == len(octets)
        assert sum(piece.length for piece in pieces) == len(octets)
        assert first_difference([piece.clear for piece in pieces], pieces, octets) is None
    follower.follow(parse_command(sent), answer)


@given(_headers, st.integers(0, len(OWNER)), st.integers(0, len(OWNER)))
@settings(max_examples=150, deadline=None)
def test_no_command_brings_six_octets_of_the_owner_into_the_open(
    header: bytes, start: int, end: int
) -> None:
    part = OWNER[start:end]
    answer = part + b"\x90\x00"
    sent = header + b"\x00"
    seen = visible_in_answer(sent, answer, Follower())
    clear = "".join(
        piece.clear.hex() if piece.clear else "|" for piece in split(answer, seen, None, "")
    )
    assert all(OWNER[i : i + 6].hex() not in clear for i in range(len(OWNER) - 6))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_trace_with_any_octet_changed_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(_TRACE)
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    place: Path = tmp_path_factory.getbasetemp() / "altered.trace"
    place.write_bytes(content)
    try:
        sessions = len(read_traces(place))
    except TraceError:
        sessions = 1
    assert sessions == 1


_RECORDED = record(issued_image(), read_plainly)
_TRACE = "\n".join([encode(_RECORDED.header), *map(encode, _RECORDED.entries)]).encode()


@pytest.mark.parametrize(
    "data",
    [b"\x7c\x82\x7f\xff" + b"\x7c\x00" * 16_000, b"\x30\x80" * 8_000, b"\x62\x02" * 30_000],
    ids=["wide", "without end", "open"],
)
def test_deep_and_wide_objects_are_explained_within_bounds(data: bytes) -> None:
    log = b">> 1086000000\n<< " + data.hex().encode() + b"9000\n"
    assert len(list(decode_log(io.BytesIO(log), masking=Masking.NONE))) < 20_000


def test_objects_nested_beyond_all_measure_are_explained_within_bounds() -> None:
    nested = b""
    for _ in range(2_000):
        length = len(nested)
        coded = bytes((length,)) if length < 0x80 else b"\x82" + length.to_bytes(2, "big")
        nested = b"\x7c" + coded + nested
    log = b">> 1086000000\n<< " + nested.hex().encode() + b"9000\n"
    lines = list(decode_log(io.BytesIO(log), masking=Masking.NONE))
    assert 10 < len(lines) < 40
