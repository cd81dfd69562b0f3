from pathlib import Path

import pytest

from cardservice.papers.fonts import PAIRS, PaperFontsError, find_fonts
from tests.unit.papers.examples import FONTS


def test_the_fonts_of_the_system_have_cyrillic_letters() -> None:
    assert all(FONTS.has(letter) for letter in "АЯаяЁё№")


def test_a_width_is_the_sum_of_the_letters() -> None:
    face = FONTS.regular
    assert face.width("АБ", 10) == pytest.approx(face.width("А", 10) + face.width("Б", 10))
    assert face.width("", 10) == 0


def test_bold_is_wider_than_regular() -> None:
    assert FONTS.face(bold=True).width("Полис", 10) > FONTS.face(bold=False).width("Полис", 10)


def test_without_a_font_the_remedy_names_package_and_setting(tmp_path: Path) -> None:
    with pytest.raises(PaperFontsError, match="no font for papers") as caught:
        find_fonts(tmp_path)
    assert "fonts-dejavu-core" in caught.value.remedy
    assert "paper_fonts" in str(caught.value)


@pytest.mark.parametrize("octets", [b"", b"not a font", b"\x00\x01\x00\x00" + bytes(40)])
def test_a_file_that_is_no_font_is_told(tmp_path: Path, octets: bytes) -> None:
    for name in PAIRS[0]:
        (tmp_path / name).write_bytes(octets)
    with pytest.raises(PaperFontsError, match="not a font"):
        find_fonts(tmp_path)


def test_one_font_of_a_pair_is_not_enough(tmp_path: Path) -> None:
    (tmp_path / PAIRS[0][0]).write_bytes(FONTS.regular.path.read_bytes())
    with pytest.raises(PaperFontsError, match="no font for papers"):
        find_fonts(tmp_path)


def test_a_font_without_cyrillic_letters_is_told(tmp_path: Path) -> None:
    mathematics = FONTS.regular.path.with_name("DejaVuSans.ttf").read_bytes()
    subset = _latin_only(mathematics)
    for name in PAIRS[1]:
        (tmp_path / name).write_bytes(subset)
    with pytest.raises(PaperFontsError, match="no Cyrillic"):
        find_fonts(tmp_path)


def _latin_only(font: bytes) -> bytes:
    from io import BytesIO

    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    whole, out = TTFont(BytesIO(font)), BytesIO()
    subsetter = Subsetter(Options())
    subsetter.populate(text="abc")
    subsetter.subset(whole)
    whole.save(out)
    return out.getvalue()
