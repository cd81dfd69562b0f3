"""A stranger's picture decoded within bounds: upright, in colour or grey, on white."""

import struct
import warnings
import zlib
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Final

from PIL import ExifTags, Image

from cardservice.errors import Refusal
from cardservice.policycard.photo import PhotoFormat, format_of

MOST_PIXELS: Final = 40_000_000
"""A phone's largest picture; judged by the header, before a pixel is decoded."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"  # W3C PNG (Third Edition), 5.2
_DECODERS: Final = {PhotoFormat.JPEG: "JPEG", PhotoFormat.JPEG_2000: "JPEG2000"}
# What the decoders are known to raise over broken files; any of them means the same here.
_BREAKS: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_WIDE_GREY: Final = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_WIDE_GREY_SHIFT: Final = 256  # from 16 bits to 8
_TURNED: Final[Mapping[int, Image.Transpose]] = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)
"""How a picture is turned upright, by Exif tag 0112 (CIPA DC-008, 4.6.5); 1 is upright."""


def decoded(octets: bytes, *, side: int) -> Image.Image:
    """Return the picture upright, of mode RGB or L, what was transparent white.

    Args:
        octets: JPEG, PNG or JPEG 2000; only the decoder of its own kind sees it.
        side: pixels; a JPEG may be decoded smaller, but to no less than twice as much a side.

    Raises:
        Refusal: ``photo-kind``, ``photo-unreadable``, ``photo-too-large``.
    """
    decoder = _decoder(octets)
    try:
        with warnings.catch_warnings():
            # A decoder's doubts about metadata are of no interest: all of it is left behind.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(octets), formats=(decoder,)) as image:
                _require_pixels(image)
                image.draft(None, (2 * side, 2 * side))
                image.load()
                return _upright(_flat(image), _orientation(image))
    except Image.DecompressionBombError:
        raise _too_large() from None
    except _BREAKS:
        raise Refusal("photo-unreadable", "The photo cannot be decoded.", field="photo") from None


def _decoder(octets: bytes) -> str:
    kind = format_of(octets)
    if kind is not None:
        return _DECODERS[kind]
    if octets.startswith(_PNG):
        return "PNG"
    raise Refusal("photo-kind", "The photo is neither JPEG, PNG nor JPEG 2000.", field="photo")


def _require_pixels(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_large()


def _too_large() -> Refusal:
    sentence = f"The photo has more than {MOST_PIXELS} pixels."
    return Refusal("photo-too-large", sentence, field="photo")


def _flat(image: Image.Image) -> Image.Image:
    if image.mode in _WIDE_GREY:
        return image.convert("I").point(lambda grey: grey / _WIDE_GREY_SHIFT).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(ExifTags.Base.Orientation)
    except _BREAKS:
        # Metadata that cannot be read say nothing; the picture itself is whole.
        return 1
    return found if isinstance(found, int) else 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNED.get(orientation)
    return image if turn is None else image.transpose(turn)
