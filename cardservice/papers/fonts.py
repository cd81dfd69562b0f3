"""The fonts papers are set in: two files of the system, regular and bold, with Cyrillic.

No font is kept here: the system's package manager keeps them current and licensed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from string import ascii_letters, digits
from typing import Final

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

from cardservice.errors import CardServiceError

DEFAULT_FOLDER: Final = Path("/usr/share/fonts/truetype/dejavu")
"""Where Debian's fonts-dejavu-core puts them."""

REMEDY: Final = (
    "install the Debian package fonts-dejavu-core, or name a folder with such a pair in the "
    "setting paper_fonts"
)
PAIRS: Final = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
)
"""Regular and bold, in the order they are looked for."""

_CYRILLIC: Final = "".join(map(chr, range(ord("А"), ord("я") + 1))) + "Ёё"
_NEEDED: Final = frozenset(map(ord, ascii_letters + digits + _CYRILLIC + "№«»—…"))


class PaperFontsError(CardServiceError):
    """There is no font to print with; ``remedy`` says what to do."""

    def __init__(self, message: str, *, remedy: str = REMEDY) -> None:
        super().__init__(f"{message} ({remedy})")
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file and its measures.

    Attributes:
        advances: from code point to the width of its glyph, in parts of the font size.
    """

    path: Path
    advances: Mapping[int, float] = field(repr=False, hash=False)

    def has(self, character: str) -> bool:
        """Return whether the font can draw it."""
        return ord(character) in self.advances

    def width(self, text: str, size: float) -> float:
        """Return how wide ``text`` is at ``size``, in the unit of ``size``.

        Raises:
            KeyError: the font lacks a character; ``characters.check`` comes first.
        """
        return size * sum(self.advances[ord(character)] for character in text)


@dataclass(frozen=True, slots=True)
class PaperFonts:
    """A pair that looks well together."""

    regular: Typeface
    bold: Typeface

    def face(self, *, bold: bool) -> Typeface:
        return self.bold if bold else self.regular

    def has(self, character: str) -> bool:
        """Return whether both can draw it."""
        return self.regular.has(character) and self.bold.has(character)


def find_fonts(folder: Path = DEFAULT_FOLDER) -> PaperFonts:
    """Return the first known pair of fonts in ``folder``.

    Raises:
        PaperFontsError: there is none, it cannot be read, or it has no Cyrillic letters.
    """
    for names in PAIRS:
        regular, bold = (folder / name for name in names)
        if regular.is_file() and bold.is_file():
            return PaperFonts(_typeface(regular), _typeface(bold))
    raise PaperFontsError(f"no font for papers in {folder}")


@cache
def _typeface(path: Path) -> Typeface:
    try:
        with TTFont(BytesIO(path.read_bytes()), lazy=True) as font:
            advances = _advances(font)
    except (TTLibError, OSError, KeyError):
        raise PaperFontsError(f"{path.name} is not a font that can be used") from None
    if not advances.keys() >= _NEEDED:
        raise PaperFontsError(f"{path.name} has no Cyrillic letters")
    return Typeface(path, advances)


def _advances(font: TTFont) -> dict[int, float]:
    em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
    return {point: metrics[glyph][0] / em for point, glyph in font.getBestCmap().items()}
