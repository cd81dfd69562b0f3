"""A QR code as its modules, to be drawn as filled rectangles and never as an image."""

from typing import Final

import segno

from cardservice.papers.scene import Box, Mark, Modules

QUIET: Final = 4  # light modules on every side; ISO/IEC 18004, 5.3.8
_CORRECTION: Final = "m"  # 15 in 100 octets may be lost to a crease
_DARK, _LIGHT = "#000000", "#ffffff"


def qr_code(text: str, *, width: float) -> tuple[Mark, ...]:
    """Return ``text`` as a QR code with its quiet zone, ``width`` millimetres wide, at (0, 0)."""
    code = segno.make_qr(text, error=_CORRECTION, boost_error=False)
    rows = tuple(bytes(row) for row in code.matrix)
    module = width / (len(rows) + 2 * QUIET)
    quiet = QUIET * module
    return Box(0, 0, width, width, _LIGHT), Modules(quiet, quiet, module, rows, _DARK)
