"""The photo: recognised by its beginning, bounded, and never in the way of the texts."""

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.errors import UsageError
from cardservice.policycard.owner import ReadOwner, decode_owner, encode_owner
from cardservice.policycard.photo import PHOTO_LIMIT, Photo, PhotoFormat, encode_photo
from tests.unit.policycard.golden_records import JPEG, octets_of, owner_record

JP2 = bytes.fromhex("0000000C6A5020200D0A870A") + bytes(20)
CODESTREAM = bytes.fromhex("FF4FFF51") + bytes(20)
SOI = b"\xff\xd8\xff"


def read_with(photo: bytes) -> ReadOwner:
    value = octets_of("owner-plain")[3:] + encode_object(0x7F40, photo)
    return decode_owner(encode_object(0x62, value))


@pytest.mark.parametrize(
    ("kind", "image"),
    [
        (PhotoFormat.JPEG, JPEG.image),
        (PhotoFormat.JPEG_2000, JP2),
        (PhotoFormat.JPEG_2000, CODESTREAM),
    ],
)
def test_a_photo_comes_back_as_it_went_in(kind: PhotoFormat, image: bytes) -> None:
    record = owner_record(photo=Photo(kind, image))
    assert decode_owner(encode_owner(record)) == ReadOwner(record)


def test_the_photo_is_the_last_object_and_its_format_one_octet() -> None:
    octets = encode_owner(owner_record(photo=JPEG))
    photo = encode_photo(JPEG)
    assert octets.endswith(photo)
    assert photo.hex().startswith("7f40820139" + "5f410101" + "5f42820130" + "ffd8ffe0")


@pytest.mark.parametrize("image", [b"", b"\xff\xd8", b"GIF89a", JP2, bytes(100)])
def test_an_image_that_is_no_jpeg_is_not_taken_as_one(image: bytes) -> None:
    with pytest.raises(UsageError, match="begin"):
        Photo(PhotoFormat.JPEG, image)


def test_the_largest_image_fits_onto_the_card_and_no_larger_one() -> None:
    largest = Photo(PhotoFormat.JPEG, SOI + bytes(PHOTO_LIMIT - 3))
    assert len(encode_owner(owner_record(photo=largest))) < 24_576
    with pytest.raises(UsageError, match="at most"):
        Photo(PhotoFormat.JPEG, SOI + bytes(PHOTO_LIMIT - 2))


@pytest.mark.parametrize("mark", [b"\x5f\x41\x01\x02", b"\x5f\x41\x04JPEG", b""])
def test_the_image_itself_decides_on_its_format_and_a_wrong_mark_is_noted(mark: bytes) -> None:
    read = read_with(mark + encode_object(0x5F42, JPEG.image))
    assert read.record.photo == JPEG
    assert len(read.skipped) == 1
    assert "photo's format" in read.skipped[0]


@pytest.mark.parametrize(
    "photo",
    [b"", b"\x5f\x41\x01\x01", b"\x5f\x41\x01\x01\x5f\x42\x06GIF89a"],
)
def test_a_photo_that_is_none_is_noted_and_the_texts_are_read(photo: bytes) -> None:
    read = read_with(photo)
    assert read.record == owner_record("owner-plain")
    assert any("not shown" in note for note in read.skipped)


def test_a_photo_larger_than_ours_is_not_shown() -> None:
    image = encode_object(0x5F42, SOI + bytes(PHOTO_LIMIT))
    read = read_with(b"\x5f\x41\x01\x01" + image)
    assert read.record.photo is None
