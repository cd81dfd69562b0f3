"""Pictures that are not what they say, or far more than they seem, before they become a photo."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pytest_mock import MockerFixture

from cardservice.errors import Refusal
from cardservice.papers.portrait_fitting import fit_portrait
from cardservice.papers.portrait_fitting_jpeg2000 import is_nothing_but_a_picture
from tests.unit.papers.portraits import portrait_of, written

SMALL = portrait_of(160, 210)
GOOD = {
    "JPEG": written(SMALL),
    "PROGRESSIVE": written(SMALL, progressive=True),
    "PNG": written(SMALL, "PNG"),
    "JP2": written(SMALL, "JPEG2000"),
    "J2K": written(SMALL, "JPEG2000", no_jp2=True),
}


def _code(octets: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        fit_portrait(octets)
    assert caught.value.field == "photo"
    return caught.value.code


@pytest.mark.parametrize("octets", [b"", b"GIF89a", b"%PDF-1.7", b"<svg/>", b"\xff\xd8", bytes(99)])
def test_what_is_no_picture_of_ours_is_refused(octets: bytes) -> None:
    assert _code(octets) == "photo-kind"


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_picture_cut_short_is_refused(kind: str, share: float) -> None:
    whole = GOOD[kind]
    assert _code(whole[: max(13, int(share * len(whole)))]) == "photo-unreadable"


def _png(width: int, height: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("side", [6_500, 20_000, 2**31 - 1])
def test_a_picture_that_claims_too_many_pixels_is_refused_before_it_is_decoded(
    side: int, mocker: MockerFixture
) -> None:
    loaded = mocker.spy(Image.Image, "load")
    assert _code(_png(side, side, zlib.compress(b""))) == "photo-too-large"
    loaded.assert_not_called()


def test_a_small_file_that_unpacks_for_ever_gives_no_more_than_its_pixels() -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    photo = fit_portrait(_png(200, 260, bomb))
    assert len(photo.image) < 5_000


def test_only_the_decoder_of_the_pictures_own_kind_sees_it(mocker: MockerFixture) -> None:
    opened = mocker.spy(Image, "open")
    for octets in GOOD.values():
        fit_portrait(octets)
    seen = {call.kwargs["formats"] for call in opened.call_args_list}
    assert seen == {("JPEG",), ("PNG",), ("JPEG2000",)}


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(GOOD)),
    place=st.floats(0, 1, exclude_max=True),
    octets=st.binary(min_size=1, max_size=12),
)
def test_a_damaged_picture_is_a_photo_or_a_refusal(kind: str, place: float, octets: bytes) -> None:
    whole = GOOD[kind]
    start = int(place * len(whole))
    damaged = whole[:start] + octets + whole[start + len(octets) :]
    assert _outcome(damaged) in {
        "photo",
        "photo-kind",
        "photo-unreadable",
        "photo-too-large",
        "photo-too-small",
        "photo-over-budget",
    }


def _outcome(octets: bytes) -> str:
    try:
        return "photo" if len(fit_portrait(octets).image) <= 20_000 else "too long"
    except Refusal as refusal:
        return refusal.code


@given(octets=st.binary(max_size=200), kind=st.sampled_from(["JP2", "J2K"]), cut=st.integers(2, 90))
def test_the_look_at_a_jpeg_2000_always_ends_in_a_word(octets: bytes, kind: str, cut: int) -> None:
    assert is_nothing_but_a_picture(GOOD[kind][:cut] + octets) is False
    assert is_nothing_but_a_picture(octets) is False


def _with_segment(stream: bytes, place: int, marker: int, body: bytes) -> bytes:
    return stream[:place] + struct.pack(">HH", marker, len(body) + 2) + body + stream[place:]


def test_a_text_in_a_tile_part_is_seen() -> None:
    stream = GOOD["J2K"]
    sot = stream.index(b"\xff\x90\x00\x0a")
    longer = _with_segment(stream, sot + 12, 0xFF64, b"\0\1SECRET")
    told = struct.unpack(">I", longer[sot + 6 : sot + 10])[0]
    grown = struct.pack(">I", told + len(longer) - len(stream)) if told else bytes(4)
    assert is_nothing_but_a_picture(stream)
    assert not is_nothing_but_a_picture(longer[: sot + 6] + grown + longer[sot + 10 :])


def test_a_name_of_an_encoder_does_not_hide_a_text() -> None:
    stream = GOOD["J2K"]
    sot = stream.index(b"\xff\x90\x00\x0a")
    plain = _with_segment(stream, sot, 0xFF64, b"\0\1Kakadu-v7.10.2")
    hiding = _with_segment(stream, sot, 0xFF64, b"\0\1Kakadu-v7.10.2 SECRET")
    assert is_nothing_but_a_picture(plain)
    assert not is_nothing_but_a_picture(hiding)


def test_octets_after_the_end_of_a_stream_are_seen() -> None:
    assert not is_nothing_but_a_picture(GOOD["J2K"] + b"SECRET")
    assert not is_nothing_but_a_picture(GOOD["JP2"] + b"SECRET")


def test_a_profile_in_a_header_is_seen() -> None:
    whole = GOOD["JP2"]
    place = whole.index(b"colr") + 4
    assert whole[place] == 1
    assert not is_nothing_but_a_picture(whole[:place] + b"\2" + whole[place + 1 :])
