import struct
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from cardservice.errors import Refusal, UsageError
from cardservice.papers.card_face import Side, card_pages, card_pdf, card_png
from cardservice.papers.card_frame import CONTACTS, HEIGHT, WIDTH
from cardservice.papers.palette import GOLD, PAPER
from cardservice.papers.qr import qr_code
from cardservice.papers.raster import PIXELS_PER_MM, write_png
from cardservice.papers.scene import Page, Picture, Words
from cardservice.papers.values import CardFace, PaperPerson
from cardservice.papers.wording import PaperLanguage
from cardservice.policycard.photo import Photo, PhotoFormat
from tests.unit.papers.examples import FACE, FONTS, MADE, long_named, person, photo
from tests.unit.papers.pdf_reading import opened

WITH_PHOTO = replace(FACE, photo=photo())


def _words(face: CardFace, language: PaperLanguage = PaperLanguage.RU) -> list[list[Words]]:
    pages = card_pages(face, fonts=FONTS, language=language)
    return [[mark for mark in page.marks if isinstance(mark, Words)] for page in pages]


def _texts(face: CardFace) -> tuple[str, str]:
    front, back = (" ".join(one.text for one in side) for side in _words(face))
    return front, back


def _image(octets: bytes) -> Image.Image:
    return Image.open(BytesIO(octets)).convert("RGB")


def test_the_front_says_who_and_the_back_says_what_to_do() -> None:
    front, back = _texts(FACE)
    for said in ("ПОЛИС ОМС", "Цветков", "Андрей", "0058 0008 4400 0019", "05.01.1999", "123456"):
        assert said in front
    for said in ("«Образец»", "Образцовая область (00001)", "00 0000 0001 2345", "утеряна"):
        assert said in back
    assert "бессрочно" in front
    assert "123456" not in back


def test_an_end_of_validity_is_printed() -> None:
    assert "31.12.2030" in _texts(replace(FACE, valid_until=date(2030, 12, 31)))[0]


@pytest.mark.parametrize("side", Side)
def test_a_picture_has_the_size_of_a_card_at_300_dpi_and_says_so(side: Side) -> None:
    octets = card_png(WITH_PHOTO, side, fonts=FONTS)
    assert _image(octets).size == (1011, 638)
    place = octets.index(b"pHYs") + 4
    assert struct.unpack(">IIB", octets[place : place + 9]) == (11811, 11811, 1)


def test_the_print_file_has_two_pages_of_the_size_of_a_card() -> None:
    with opened(card_pdf(WITH_PHOTO, fonts=FONTS, made=MADE)) as pdf:
        sizes = [[float(number) / 72 * 25.4 for number in page.mediabox[2:]] for page in pdf.pages]
    assert sizes == [pytest.approx([WIDTH, HEIGHT], abs=0.01)] * 2


def test_the_same_values_give_the_same_picture() -> None:
    assert card_png(WITH_PHOTO, Side.FRONT, fonts=FONTS) == card_png(
        WITH_PHOTO, Side.FRONT, fonts=FONTS
    )


@pytest.mark.parametrize("language", PaperLanguage)
@pytest.mark.parametrize("named", [person(), person(patronymic=None), long_named()])
@pytest.mark.parametrize("shown", [None, photo()])
def test_no_text_leaves_the_card_or_runs_into_another(
    language: PaperLanguage, named: PaperPerson, shown: Photo | None
) -> None:
    face = replace(FACE, person=named, photo=shown)
    for side in _words(face, language):
        areas = [_area(one) for one in side]
        assert all(left >= 0 and right <= WIDTH for left, _, right, _ in areas)
        assert all(top >= 0 and bottom <= HEIGHT for _, top, _, bottom in areas)
        for number, one in enumerate(areas):
            assert not any(_overlap(one, other) for other in areas[number + 1 :])


def _area(words: Words) -> tuple[float, float, float, float]:
    width = FONTS.face(bold=words.bold).width(words.text, words.size)
    return words.x, words.y - 0.73 * words.size, words.x + width, words.y + 0.22 * words.size


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("named", [person(), long_named()])
def test_no_text_runs_into_the_photo(named: PaperPerson) -> None:
    face = replace(FACE, person=named, photo=photo())
    picture = _picture(face)
    right, bottom = picture.x + picture.width, picture.y + picture.height
    front, _ = _words(face)
    for words in front:
        assert not _overlap(_area(words), (picture.x - 1, picture.y, right, bottom))


@pytest.mark.parametrize("face", [FACE, WITH_PHOTO, replace(FACE, person=long_named())])
def test_nothing_is_printed_where_the_contacts_are(face: CardFace) -> None:
    image = _image(card_png(face, Side.FRONT, fonts=FONTS))
    left, top, right, bottom = (round(edge * PIXELS_PER_MM) for edge in CONTACTS)
    assert image.crop((left, top, right, bottom)).getcolors() == [
        ((right - left) * (bottom - top), (255, 255, 255))
    ]


def test_a_preview_shows_the_contacts_and_the_print_file_does_not() -> None:
    place = round(10.5 * PIXELS_PER_MM), round(18.5 * PIXELS_PER_MM)
    preview = _image(card_png(FACE, Side.FRONT, fonts=FONTS, preview=True))
    printed = _image(card_png(FACE, Side.FRONT, fonts=FONTS))
    assert "#{:02x}{:02x}{:02x}".format(*_pixel(preview, place)) == GOLD
    assert "#{:02x}{:02x}{:02x}".format(*_pixel(printed, place)) == PAPER


def _pixel(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    pixel = image.getpixel(place)
    assert isinstance(pixel, tuple)
    return pixel


def _picture(face: CardFace) -> Picture:
    front, _ = card_pages(face, fonts=FONTS)
    (picture,) = (mark for mark in front.marks if isinstance(mark, Picture))
    return picture


@pytest.mark.parametrize(("width", "height"), [(120, 160), (300, 100), (100, 300)])
def test_a_photo_keeps_its_proportions(width: int, height: int) -> None:
    picture = _picture(replace(FACE, photo=photo(width, height)))
    assert picture.width / picture.height == pytest.approx(width / height)
    assert picture.width <= 18.0 + 1e-9
    assert picture.height <= 23.0 + 1e-9
    assert 0 < picture.x < picture.x + picture.width < WIDTH
    assert 0 < picture.y < picture.y + picture.height < HEIGHT


def test_a_photo_of_jpeg_2000_is_shown_too() -> None:
    picture = _picture(replace(FACE, photo=photo(kind=PhotoFormat.JPEG_2000)))
    assert picture.image.size == (120, 160)


def test_a_card_without_a_policy_number_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        card_pages(replace(FACE, person=person(enp=None)), fonts=FONTS)
    assert caught.value.code == "card-enp-missing"


@pytest.mark.parametrize("can", ["", "12345", "1234567", "12345x", "12345²"])
def test_a_can_is_six_digits(can: str) -> None:
    with pytest.raises(Refusal) as caught:
        card_pages(replace(FACE, can=can), fonts=FONTS)
    assert caught.value.code == "card-can-format"


def test_the_can_is_not_in_the_printed_form_of_a_face() -> None:
    assert "123456" not in repr(FACE)


def test_a_code_is_not_drawn_into_a_picture() -> None:
    with pytest.raises(UsageError):
        write_png(Page(20, 20, qr_code("A", width=20)), FONTS)
