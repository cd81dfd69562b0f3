"""A JPEG decoded once, in the process apart, to see that its coded data are a picture."""

import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from cardservice.uploads.jpeg import examine_jpeg
from cardservice.uploads.pictures import MOST_PIXELS, damaged

SHRINK: Final = 8  # decoded at an eighth of its size: every coded octet is read all the same


def decode(octets: bytes) -> None:
    """Pass a JPEG that decodes; its markers are examined first.

    Raises:
        Refusal: as ``examine_jpeg``, and ``picture-damaged``.
    """
    picture = examine_jpeg(octets)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(picture.octets), formats=("JPEG",)) as image:
            image.draft(None, (picture.width // SHRINK, picture.height // SHRINK))
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise damaged("its data do not decode") from None
