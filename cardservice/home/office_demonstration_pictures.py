"""Pictures of nobody: what stands for scans and photos in the demonstration."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

MEDIA_TYPE: Final = "image/jpeg"
_PHOTO: Final = (320, 400)  # pixels; the proportions of a photo on a card
_SCAN: Final = (900, 640)
_SKINS: Final = ((233, 200, 176), (214, 171, 141), (245, 221, 205), (196, 154, 126))
_CLOTHES: Final = ((70, 96, 134), (122, 78, 92), (66, 112, 92), (96, 96, 104))
_PAPER, _INK, _LINE = (247, 240, 232), (110, 52, 60), (168, 150, 140)
_LINES: Final = 9
_QUALITY: Final = 80


def portrait(number: int) -> bytes:
    """Return a JPEG of a drawn head and shoulders; another number, other colours."""
    picture = Image.new("RGB", _PHOTO, (228, 234, 240))
    draw = ImageDraw.Draw(picture)
    width, height = _PHOTO
    clothes = _CLOTHES[number % len(_CLOTHES)]
    skin = _SKINS[number // len(_CLOTHES) % len(_SKINS)]
    draw.ellipse((width * 0.1, height * 0.68, width * 0.9, height * 1.4), fill=clothes)
    draw.ellipse((width * 0.28, height * 0.18, width * 0.72, height * 0.7), fill=skin)
    return _jpeg(picture)


def passport(number: int) -> bytes:
    """Return a JPEG of a drawn page with lines for text; no letter on it is of a person."""
    picture = Image.new("RGB", _SCAN, _PAPER)
    draw = ImageDraw.Draw(picture)
    width, height = _SCAN
    draw.rectangle((0, 0, width, height * 0.1), fill=_INK)
    draw.rectangle((width * 0.06, height * 0.2, width * 0.3, height * 0.75), fill=_LINE)
    for line in range(_LINES):
        top = height * (0.22 + 0.07 * line)
        length = 0.4 + (number + line * 5) % 7 * 0.02
        draw.line((width * 0.36, top, width * (0.36 + length), top), fill=_LINE, width=6)
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    octets = BytesIO()
    picture.save(octets, "JPEG", quality=_QUALITY)
    return octets.getvalue()
