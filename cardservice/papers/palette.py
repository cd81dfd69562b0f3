"""The colours of all papers: dark ink on light ground, at least 4.5 to 1 (held by a test)."""

from typing import Final

INK: Final = "#14202b"
SOFT_INK: Final = "#4a5a6a"
ACCENT: Final = "#10325c"
ON_ACCENT: Final = "#ffffff"
LINE: Final = "#b9c5d1"
TINT: Final = "#e8eff7"
PAPER: Final = "#ffffff"
GOLD: Final = "#d8b45c"  # contacts of a chip, in previews alone
