"""The holder's photo, made ready for print: decoded within bounds, its proportions kept."""

from io import BytesIO
from typing import Final

from PIL import Image

from cardservice.errors import Refusal
from cardservice.papers.scene import Picture
from cardservice.policycard.photo import Photo, PhotoFormat

MOST_PIXELS: Final = 4_000_000
"""Enough for any portrait of 22 KB; a few octets may claim far more and fill the memory."""

_DECODERS: Final = {PhotoFormat.JPEG: "JPEG", PhotoFormat.JPEG_2000: "JPEG2000"}


def portrait(photo: Photo, *, width: float, height: float) -> Picture:
    """Return the photo as large as the place allows, in its middle, from (0, 0) millimetres.

    Raises:
        Refusal: ``photo-unreadable`` or ``photo-too-large``.
    """
    image = _decoded(photo)
    scale = min(width / image.width, height / image.height)
    shown = image.width * scale, image.height * scale
    x, y = (width - shown[0]) / 2, (height - shown[1]) / 2
    return Picture(x, y, shown[0], shown[1], image)


def _decoded(photo: Photo) -> Image.Image:
    try:
        # Only the decoder that the photo's own beginning names is let near the octets.
        with Image.open(BytesIO(photo.image), formats=(_DECODERS[photo.format],)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_large()
            return image.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except (OSError, ValueError, SyntaxError, ArithmeticError):
        sentence = "The photo cannot be decoded."
        raise Refusal("photo-unreadable", sentence, field="photo") from None


def _too_large() -> Refusal:
    sentence = f"The photo has more than {MOST_PIXELS} pixels."
    return Refusal("photo-too-large", sentence, field="photo")
