"""The made-up photo is a baseline JPEG: read here by a decoder of its own, marker by marker."""

import pytest

from simulators.zoo.photo import COLUMNS, ROWS, made_up_photo

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
DQT, SOF0, DHT, SOS, COM = 0xDB, 0xC0, 0xC4, 0xDA, 0xFE
CATEGORY_BITS = 6


def segments(photo: bytes) -> tuple[dict[int, list[bytes]], bytes]:
    """Return the segments by marker, and the entropy-coded octets after SOS."""
    assert photo.startswith(SOI)
    assert photo.endswith(EOI)
    found: dict[int, list[bytes]] = {}
    at = len(SOI)
    while SOS not in found:
        assert photo[at] == 0xFF
        length = int.from_bytes(photo[at + 2 : at + 4])
        found.setdefault(photo[at + 1], []).append(photo[at + 4 : at + 2 + length])
        at += 2 + length
    return found, photo[at : -len(EOI)].replace(b"\xff\x00", b"\xff")


def levels(coded: bytes) -> list[int]:
    """Return the grey of each block: codes 0 and 10 are differences of 0 and of six bits."""
    bits = "".join(f"{octet:08b}" for octet in coded)
    at, level = 0, 0
    found: list[int] = []
    while len(found) < COLUMNS * ROWS:
        if bits[at] == "1":
            assert bits[at + 1] == "0"
            value = int(bits[at + 2 : at + 2 + CATEGORY_BITS], 2)
            level += value if value >= 32 else value - 63
            at += 2 + CATEGORY_BITS
        else:
            at += 1
        assert bits[at] == "0"  # end of block
        at += 1
        found.append(level)
    assert set(bits[at:]) <= {"1"}
    assert len(bits) - at < 8
    return found


@pytest.mark.parametrize("octets", [12_000, 22_528])
def test_the_photo_has_the_length_asked_for_and_every_segment_a_decoder_needs(octets: int) -> None:
    photo = made_up_photo(octets)
    found, _ = segments(photo)
    assert len(photo) == octets
    assert set(found) == {COM, DQT, SOF0, DHT, SOS}
    assert found[SOF0] == [bytes.fromhex("08 0140 00F0 01 01 11 00")]
    assert [table[0] for table in found[DHT]] == [0x00, 0x10]
    for table in found[DHT]:
        assert sum(table[1:17]) == len(table) - 17


def test_the_picture_is_a_darker_head_and_shoulders() -> None:
    _, coded = segments(made_up_photo())
    blocks = levels(coded)
    assert set(blocks) == {0, -40}
    assert blocks[0] == 0
    assert blocks[15 * COLUMNS + 15] == -40
    assert blocks[-COLUMNS // 2] == -40


def test_a_photo_shorter_than_its_picture_cannot_be() -> None:
    with pytest.raises(ValueError, match="picture alone"):
        made_up_photo(300)
