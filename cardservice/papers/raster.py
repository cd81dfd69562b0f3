"""A page as PNG at 300 dpi, with its resolution inside (pHYs)."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from cardservice.errors import UsageError
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.pdf import MM_PER_INCH
from cardservice.papers.scene import Box, Mark, Modules, Page, Picture, Words

DPI: Final = 300
PIXELS_PER_MM: Final = DPI / MM_PER_INCH
_SUPERSAMPLED: Final = 2  # edges are drawn twice as fine, then averaged
_WHITE: Final = "#ffffff"


def write_png(page: Page, fonts: PaperFonts) -> bytes:
    """Return the page as PNG, 300 dpi, the same octets for the same arguments.

    Raises:
        UsageError: the page holds a QR code, which belongs into a PDF.
    """
    scale = PIXELS_PER_MM * _SUPERSAMPLED
    size = round(page.width * PIXELS_PER_MM), round(page.height * PIXELS_PER_MM)
    canvas = Image.new("RGB", (size[0] * _SUPERSAMPLED, size[1] * _SUPERSAMPLED), _WHITE)
    for mark in page.marks:
        _draw(canvas, mark, scale, fonts)
    out = BytesIO()
    canvas.resize(size, Image.Resampling.BOX).save(out, "PNG", dpi=(DPI, DPI), optimize=True)
    return out.getvalue()


def _draw(canvas: Image.Image, mark: Mark, scale: float, fonts: PaperFonts) -> None:
    draw = ImageDraw.Draw(canvas)
    match mark:
        case Words():
            face = fonts.face(bold=mark.bold)
            font = ImageFont.truetype(
                face.path, mark.size * scale, layout_engine=ImageFont.Layout.BASIC
            )
            place = mark.x * scale, mark.y * scale
            draw.text(place, mark.text, mark.colour, font, anchor="ls")
        case Box():
            draw.rectangle(_pixels(mark, scale), mark.colour)
        case Picture():
            left, top, right, bottom = _pixels(mark, scale)
            canvas.paste(mark.image.resize((right - left + 1, bottom - top + 1)), (left, top))
        case Modules():
            raise UsageError("a QR code is drawn into PDF only")


def _pixels(mark: Box | Picture, scale: float) -> tuple[int, int, int, int]:
    """Return the first and last columns and rows of pixels, both inclusive."""
    left, top = round(mark.x * scale), round(mark.y * scale)
    right, bottom = round((mark.x + mark.width) * scale), round((mark.y + mark.height) * scale)
    return left, top, max(left, right - 1), max(top, bottom - 1)
