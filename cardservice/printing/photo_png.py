"""A card's photo made into a picture that a browser shows, in a process of its own.

The image comes from a card that anybody may have made: neither the desk nor the browser decodes
it. What is shown is a PNG that the process wrote anew from pixels.
"""

import subprocess
import sys
from typing import Final

WALL_S: Final = 20  # start of the process included
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"  # W3C PNG (Third Edition), 5.2
MOST_OCTETS: Final = 1 << 20  # of the picture: 480 × 480 pixels without compression have fewer
_MODULE: Final = "cardservice.printing.photo_png_process"


def png_apart(image: bytes) -> bytes | None:
    """Return the photo as PNG, at most 480 pixels a side; None when it cannot be decoded.

    Args:
        image: JPEG or JPEG 2000, as a card has it.
    """
    # Without -I the working folder and PYTHON… variables could put other modules in the way.
    command = (sys.executable, "-I", "-B", "-m", _MODULE)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            command,
            input=image,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_S,
            env={},
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    # The process may have been taken over: what it says is judged like a stranger's.
    good = done.stdout.startswith(PNG_SIGNATURE) and len(done.stdout) <= MOST_OCTETS
    return done.stdout if good else None
