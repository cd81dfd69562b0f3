"""What runs in the process apart: limits first, then one photo from standard input."""

import sys
from io import BytesIO
from typing import Final

from PIL import Image

from cardservice.errors import Refusal
from cardservice.papers.portrait_fitting_decoding import decoded
from cardservice.uploads.apart_process import limit_this_process

SIDE: Final = 480  # pixels: the photo's place on the page at twice its density


def main() -> int:
    """Write the photo to standard output as PNG; return 1 when it cannot be decoded."""
    limit_this_process()
    try:
        png = png_of(sys.stdin.buffer.read())
    except Refusal:
        return 1
    sys.stdout.buffer.write(png)
    return 0


def png_of(octets: bytes) -> bytes:
    """Return the picture as PNG, never enlarged, of pixels alone.

    Raises:
        Refusal: as ``decoded``.
    """
    image = decoded(octets, side=SIDE)
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    # Only pixels go on: whatever the file said besides hangs on the image it was read into.
    bare, out = Image.frombytes(image.mode, image.size, image.tobytes()), BytesIO()
    bare.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
