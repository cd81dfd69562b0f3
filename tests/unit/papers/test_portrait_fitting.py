import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from cardservice.errors import Refusal, UsageError
from cardservice.papers.portrait_fitting import (
    BEST_QUALITY,
    CARD_PORTRAIT,
    LEAST_QUALITY,
    PortraitBounds,
    best_within,
    crop_box,
    fit_portrait,
)
from cardservice.papers.portrait_fitting_decoding import MOST_PIXELS
from cardservice.policycard.photo import PHOTO_LIMIT, PhotoFormat
from tests.unit.papers.portraits import (
    COAT,
    SKIN,
    WALL,
    colour_at,
    head_of,
    is_like,
    portrait_of,
    read,
    segments,
    written,
)

SOF0, APP0 = 0xFFC0, 0xFFE0


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(600, 800), (1200, 900), (700, 2100), (3000, 4000)])
def test_a_portrait_becomes_a_baseline_jpeg_of_the_wanted_size(
    kind: str, size: tuple[int, int]
) -> None:
    photo = fit_portrait(written(portrait_of(*size), kind))
    assert photo.format is PhotoFormat.JPEG
    assert len(photo.image) <= CARD_PORTRAIT.octets
    assert read(photo.image).size == (324, 414)
    assert SOF0 in segments(photo.image)


@pytest.mark.parametrize("octets", [4_000, 8_000, 20_000, PHOTO_LIMIT])
def test_a_photo_keeps_to_its_budget_and_uses_most_of_it(octets: int) -> None:
    grainy = written(portrait_of(600, 800, noise=20), "PNG")
    photo = fit_portrait(grainy, PortraitBounds(octets=octets))
    assert 0.75 * octets < len(photo.image) <= octets


def test_the_quality_is_the_best_that_fits() -> None:
    image = portrait_of(324, 414, noise=12)
    sizes = {quality: _size(image, quality) for quality in range(LEAST_QUALITY, BEST_QUALITY + 1)}
    for budget in (9_000, 14_000, 20_000):
        best = best_within(image, budget)
        assert best is not None
        fitting = [size for size in sizes.values() if size <= budget]
        assert len(best) == max(fitting)


def _size(image: Image.Image, quality: int) -> int:
    return len(written(image, quality=quality, optimize=True, subsampling=2))


def test_a_picture_is_never_enlarged() -> None:
    photo = fit_portrait(written(portrait_of(180, 230)))
    assert read(photo.image).size == (180, 230)


@pytest.mark.parametrize("size", [(60, 80), (2000, 100), (107, 300)])
def test_a_picture_that_shows_nobody_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(Refusal) as caught:
        fit_portrait(written(Image.new("RGB", size)))
    assert caught.value.code == "photo-too-small"


@pytest.mark.parametrize("size", [(600, 800), (1600, 900), (900, 1600), (1000, 1000), (500, 1500)])
def test_the_whole_head_stays_in_the_picture(size: tuple[int, int]) -> None:
    head = head_of(*size)
    left, top, right, bottom = crop_box(*size, CARD_PORTRAIT)
    assert left <= head[0]
    assert top <= head[1]
    assert head[2] <= right
    assert head[3] <= bottom


def test_only_the_proportions_are_cut_and_the_same_from_both_sides() -> None:
    assert crop_box(324, 414, CARD_PORTRAIT) == (0, 0, 324, 414)
    assert crop_box(1000, 414, CARD_PORTRAIT) == (338, 0, 662, 414)
    assert crop_box(324, 424, CARD_PORTRAIT) == (0, 2, 324, 416)
    left, top, right, bottom = crop_box(324, 1000, CARD_PORTRAIT)
    assert (left, right, bottom - top) == (0, 324, 414)
    assert 0 < top <= 1000 // 25


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_shown_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    upright = portrait_of(600, 800)
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    upright.paste((255, 0, 0), (0, 600, 150, 800))
    sent = upright if back is None else upright.transpose(back)
    shown = read(fit_portrait(written(sent, exif=exif)).image)
    assert is_like(colour_at(shown, 0.5, 0.2), SKIN)
    assert is_like(colour_at(shown, 0.5, 0.9), COAT)
    assert is_like(colour_at(shown, 0.05, 0.95), (255, 0, 0))
    assert is_like(colour_at(shown, 0.95, 0.05), WALL)


def test_nothing_but_the_picture_is_left_of_a_jpeg() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRET-camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = written(
        portrait_of(600, 800),
        exif=exif,
        comment=b"SECRET-comment",
        icc_profile=profile,
        xmp=b"<x>SECRET-xmp</x>",
        dpi=(72, 72),
    )
    photo = fit_portrait(sent)
    assert b"SECRET" in sent
    assert b"SECRET" not in photo.image
    assert {one for one in segments(photo.image) if one & 0xFFF0 == 0xFFE0} == {APP0}
    assert 0xFFFE not in segments(photo.image)


def test_nothing_but_the_picture_is_left_of_a_png() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "SECRET")
    photo = fit_portrait(written(portrait_of(600, 800), "PNG", pnginfo=texts, dpi=(72, 72)))
    assert b"SECRET" not in photo.image
    assert set(read(photo.image).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_becomes_grey_only_when_colour_does_not_fit() -> None:
    channels = [Image.effect_noise((324, 414), sigma) for sigma in (8.0, 40.0, 40.0)]
    colours = Image.merge("YCbCr", channels).convert("RGB")
    sent = written(colours, "PNG")
    sizes = [
        len(written(one, quality=LEAST_QUALITY, optimize=True, subsampling=2))
        for one in (colours, colours.convert("L"))
    ]
    assert sizes[1] < sizes[0] < PHOTO_LIMIT
    between = (sizes[0] + sizes[1]) // 2
    assert read(fit_portrait(sent, PortraitBounds(octets=PHOTO_LIMIT)).image).mode == "RGB"
    assert read(fit_portrait(sent, PortraitBounds(octets=between)).image).mode == "L"


def test_a_picture_that_fits_in_no_way_is_refused() -> None:
    grain = written(Image.effect_noise((600, 800), 120), "PNG")
    with pytest.raises(Refusal) as caught:
        fit_portrait(grain, PortraitBounds(octets=4_000))
    assert caught.value.code == "photo-over-budget"


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "RGBA", "P", "PA", "1", "CMYK", "I;16"])
def test_every_kind_of_pixels_shows_the_same_brightness(mode: str) -> None:
    light = Image.new("L", (324, 414), 255)
    if mode == "I;16":
        sent = written(light.convert("I").point(lambda grey: grey * 257).convert("I;16"), "PNG")
    elif mode == "PA":
        sent = written(light.convert("P"), "PNG", transparency=0)
    else:
        sent = written(light.convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    shown = read(fit_portrait(sent).image).convert("L")
    assert is_like(colour_at(shown, 0.5, 0.5), (255, 255, 255))


def test_what_is_transparent_becomes_white() -> None:
    shown = read(fit_portrait(written(Image.new("RGBA", (324, 414), (0, 0, 0, 0)), "PNG")).image)
    assert is_like(colour_at(shown, 0.5, 0.5), (255, 255, 255))


@pytest.mark.parametrize("options", [{}, {"no_jp2": True}])
def test_a_jpeg_2000_that_fits_is_taken_as_it_is(options: dict[str, bool]) -> None:
    sent = written(portrait_of(300, 380), "JPEG2000", **options)
    photo = fit_portrait(sent)
    assert (photo.format, photo.image) == (PhotoFormat.JPEG_2000, sent)


@pytest.mark.parametrize(
    "sent",
    [
        written(portrait_of(600, 800), "JPEG2000"),
        written(portrait_of(324, 414, noise=24), "JPEG2000"),
        written(portrait_of(324, 414), "JPEG2000", comment="SECRET"),
        written(portrait_of(324, 414), "JPEG2000") + b"\0\0\0\x0eSECRETtail",
    ],
    ids=["pixels", "octets", "comment", "box"],
)
def test_a_jpeg_2000_that_does_not_fit_or_says_more_is_written_anew(sent: bytes) -> None:
    photo = fit_portrait(sent)
    assert photo.format is PhotoFormat.JPEG
    assert len(photo.image) <= CARD_PORTRAIT.octets
    assert b"SECRET" not in photo.image


def test_the_same_picture_gives_the_same_photo() -> None:
    sent = written(portrait_of(600, 800, noise=20))
    assert fit_portrait(sent) == fit_portrait(sent)


@pytest.mark.parametrize(
    "wrong",
    [{"width": 47}, {"height": 2001}, {"octets": 1_999}, {"octets": PHOTO_LIMIT + 1}],
)
def test_bounds_that_no_photo_can_keep_to_are_an_error(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        PortraitBounds(**wrong)


def test_a_phones_largest_picture_is_taken() -> None:
    assert MOST_PIXELS >= 8160 * 4590
    huge = written(Image.new("L", (4590, 8160), 200), quality=10)
    assert read(fit_portrait(huge).image).size == (324, 414)
