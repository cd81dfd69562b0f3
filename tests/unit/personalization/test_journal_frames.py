"""A cut frame is told from a damaged one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import MalformedDataError, UsageError
from cardservice.personalization.journal_frames import (
    MAX_FRAME,
    MAX_PAYLOAD,
    PREFACE_LEN,
    Frame,
    decode_frame,
    decode_preface,
    encode_frame,
    encode_preface,
    is_torn,
)

PAYLOAD = b'{"entry":"started"}'
FRAME = encode_frame(7, PAYLOAD)


def flipped(octets: bytes, bit: int) -> bytes:
    changed = bytearray(octets)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(st.integers(1, 2**63), st.binary(min_size=1, max_size=MAX_PAYLOAD), st.binary(max_size=99))
def test_a_frame_comes_back_whatever_follows_it(sequence: int, payload: bytes, more: bytes) -> None:
    octets = encode_frame(sequence, payload)
    assert decode_frame(octets + more) == Frame(sequence, payload, len(octets))
    assert len(octets) <= MAX_FRAME


@pytest.mark.parametrize("payload", [b"", bytes(MAX_PAYLOAD + 1)])
def test_an_entry_of_no_or_too_many_octets_has_no_frame(payload: bytes) -> None:
    with pytest.raises(UsageError):
        encode_frame(1, payload)


def test_every_beginning_of_a_frame_is_torn_and_no_frame() -> None:
    for end in range(len(FRAME)):
        assert decode_frame(FRAME[:end]) is None, end
        assert is_torn(FRAME[:end]), end


def test_a_frame_with_zeros_where_its_end_should_be_is_torn() -> None:
    for end in range(len(FRAME) - 8):
        assert is_torn(FRAME[:end] + bytes(len(FRAME) - end)), end


def test_a_whole_last_frame_with_any_bit_changed_is_damaged_and_not_torn() -> None:
    for bit in range(8 * len(FRAME)):
        assert decode_frame(flipped(FRAME, bit)) is None, bit
        assert not is_torn(flipped(FRAME, bit)), bit


def test_a_damaged_frame_that_another_follows_is_not_torn() -> None:
    for bit in range(8 * len(FRAME)):
        assert not is_torn(flipped(FRAME, bit) + encode_frame(8, PAYLOAD)), bit
    assert not is_torn(FRAME[:9] + encode_frame(8, PAYLOAD))
    assert not is_torn(bytes(MAX_FRAME + 1))


@given(st.binary(max_size=200))
def test_any_octets_are_a_frame_torn_or_damaged(octets: bytes) -> None:
    assert decode_frame(octets) is None
    assert is_torn(octets) in {True, False}


def test_a_preface_comes_back_and_any_other_is_refused() -> None:
    preface = encode_preface(12345)
    assert decode_preface(preface) == 12345
    assert len(preface) == PREFACE_LEN
    wrong = [flipped(preface, bit) for bit in range(8 * len(preface))]
    for octets in [*wrong, preface + b"\x00", preface[:-1], b""]:
        with pytest.raises(MalformedDataError):
            decode_preface(octets)
