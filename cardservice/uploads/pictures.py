"""What every picture must keep to, whatever its format."""

from dataclasses import dataclass
from typing import Final

from cardservice.errors import Refusal

# A3 at 600 dpi has 9,921 pixels a side; A4 at 600 dpi has 35 million in all.
MOST_PIXELS_A_SIDE: Final = 12_000
MOST_PIXELS: Final = 40_000_000
FEWEST_PIXELS_A_SIDE: Final = 16  # smaller shows no document


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's size in pixels, and its octets up to its own end and without hidden parts."""

    width: int
    height: int
    octets: bytes


def damaged(what: str) -> Refusal:
    """Return the refusal of a picture that breaks its format's rules."""
    return Refusal("picture-damaged", f"The picture is damaged: {what}.", field="file")


def require_size(width: int, height: int) -> None:
    """Pass a size; judged before anything is decoded, so no small file fills the memory.

    Raises:
        Refusal: ``picture-too-large``, ``picture-too-small``.
    """
    if max(width, height) > MOST_PIXELS_A_SIDE or width * height > MOST_PIXELS:
        sentence = f"The picture has {width} × {height} pixels, more than can be taken."
        raise Refusal("picture-too-large", sentence, field="file")
    if min(width, height) < FEWEST_PIXELS_A_SIDE:
        sentence = f"The picture has only {width} × {height} pixels."
        raise Refusal("picture-too-small", sentence, field="file")
