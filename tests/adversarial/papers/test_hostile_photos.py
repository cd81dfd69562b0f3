"""Photos that are not what they say, or far more than they seem."""

import struct
from dataclasses import replace

import pytest
from PIL import Image
from pytest_mock import MockerFixture

from cardservice.errors import Refusal
from cardservice.papers.card_face import card_pages
from cardservice.policycard.photo import Photo, PhotoFormat
from tests.unit.papers.examples import FACE, FONTS, photo

GOOD = photo().image


def _code(image: bytes, kind: PhotoFormat = PhotoFormat.JPEG) -> str:
    with pytest.raises(Refusal) as caught:
        card_pages(replace(FACE, photo=Photo(kind, image)), fonts=FONTS)
    assert caught.value.field == "photo"
    return caught.value.code


def _claiming(width: int, height: int) -> bytes:
    place = GOOD.index(b"\xff\xc0") + 5
    return GOOD[:place] + struct.pack(">HH", height, width) + GOOD[place + 4 :]


@pytest.mark.parametrize(("width", "height"), [(4001, 1000), (10_000, 10_000), (65_500, 65_500)])
def test_a_photo_that_claims_too_many_pixels_is_refused_before_it_is_decoded(
    width: int, height: int
) -> None:
    assert _code(_claiming(width, height)) == "photo-too-large"


def test_only_the_decoder_of_the_photos_own_format_sees_it(mocker: MockerFixture) -> None:
    opened = mocker.spy(Image, "open")
    card_pages(replace(FACE, photo=photo()), fonts=FONTS)
    card_pages(replace(FACE, photo=photo(kind=PhotoFormat.JPEG_2000)), fonts=FONTS)
    formats = [call.kwargs["formats"] for call in opened.call_args_list]
    assert formats == [("JPEG",), ("JPEG2000",)]


def test_a_photo_of_no_pixels_is_refused() -> None:
    assert _code(_claiming(0, 0)) == "photo-unreadable"


@pytest.mark.parametrize("length", [3, 10, 100, len(GOOD) // 2, len(GOOD) - 20])
def test_a_photo_that_is_cut_short_is_refused(length: int) -> None:
    assert _code(GOOD[:length]) == "photo-unreadable"


def test_another_format_behind_a_jpegs_beginning_is_refused() -> None:
    assert _code(b"\xff\xd8\xff" + b"%!PS-Adobe-3.0 EPSF-3.0\n") == "photo-unreadable"


def test_a_jpeg_2000_of_nothing_is_refused() -> None:
    assert _code(b"\xff\x4f\xff\x51" + bytes(60), PhotoFormat.JPEG_2000) == "photo-unreadable"
