import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.reader.frames import MAX_BODY, FrameBuffer, FrameTooLongError, encode_frame


def taken(buffer: FrameBuffer) -> list[bytes]:
    bodies = []
    while (body := buffer.take()) is not None:
        bodies.append(body)
    return bodies


@given(st.lists(st.binary(max_size=300)), st.lists(st.integers(1, 40)))
def test_frames_are_whole_however_they_were_cut(bodies: list[bytes], cuts: list[int]) -> None:
    stream, buffer, found = b"".join(map(encode_frame, bodies)), FrameBuffer(), list[bytes]()
    for cut in [*cuts, len(stream)]:
        buffer.feed(stream[:cut])
        stream = stream[cut:]
        found += taken(buffer)
    assert found == bodies
    assert not buffer.partial


@pytest.mark.parametrize("cut", range(1, 5))
def test_a_frame_that_has_not_ended_is_partial(cut: int) -> None:
    buffer = FrameBuffer()
    buffer.feed(encode_frame(b"\x01\x02\x03")[:cut])
    assert buffer.take() is None
    assert buffer.partial


def test_the_longest_body_fits_and_one_octet_more_does_not() -> None:
    assert encode_frame(bytes(MAX_BODY))[:2] == b"\xff\xff"
    with pytest.raises(FrameTooLongError):
        encode_frame(bytes(MAX_BODY + 1))
