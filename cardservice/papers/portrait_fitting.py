"""A picture of the holder made into the photo of a card: cropped, turned upright, made to fit.

No face is searched for. A portrait has its head in the upper middle, so what is too wide is cut
from both sides alike and what is too high is cut from below, but for a sliver of the upper edge.

Pictures come from strangers: ``cardservice.printing.portrait_apart`` calls this in a process apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Final

from PIL import Image

from cardservice.errors import Refusal, UsageError
from cardservice.papers.portrait_fitting_decoding import decoded
from cardservice.papers.portrait_fitting_jpeg2000 import is_nothing_but_a_picture
from cardservice.policycard.photo import PHOTO_LIMIT, Photo, PhotoFormat, format_of

BEST_QUALITY: Final = 92  # of libjpeg; above it files grow and nobody sees why
LEAST_QUALITY: Final = 30  # below it blocks of 8 pixels show in the eyes and the mouth
SMALLEST_SHARE: Final = 3  # a photo under a third of the wanted width shows nobody
FEWEST_OCTETS: Final = 2_000  # what a grey portrait of LEAST_QUALITY needs by itself
MOST_PIXELS_A_SIDE: Final = 2_000  # of the result: far beyond any card
FEWEST_PIXELS_A_SIDE: Final = 48

_FROM_ABOVE: Final = 5  # at most a fifth of what is cut in height goes from above the head,
_SLIVER: Final = 25  # and never more than this part of the whole height
_COLOUR_AT_HALF: Final = 2  # 4:2:0: the eye sees colour at half the resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class PortraitBounds:
    """What a photo has to keep to.

    Attributes:
        width, height: pixels, at most; their ratio is that of the result. The place on the
            card's face is 18 × 23 mm, so 324 × 414 pixels print at 457 dpi.
        octets: at most; every octet costs line time at the station and at each desk.

    Raises:
        UsageError: a value that no photo of a card can keep to.
    """

    width: int = 324
    height: int = 414
    octets: int = 20_000

    def __post_init__(self) -> None:
        sides = min(self.width, self.height), max(self.width, self.height)
        if sides[0] < FEWEST_PIXELS_A_SIDE or sides[1] > MOST_PIXELS_A_SIDE:
            raise UsageError(
                f"a photo has {FEWEST_PIXELS_A_SIDE} to {MOST_PIXELS_A_SIDE} pixels a side"
            )
        if not FEWEST_OCTETS <= self.octets <= PHOTO_LIMIT:
            raise UsageError(f"a photo has {FEWEST_OCTETS} to {PHOTO_LIMIT} octets")


CARD_PORTRAIT: Final = PortraitBounds()


def fit_portrait(octets: bytes, bounds: PortraitBounds = CARD_PORTRAIT) -> Photo:
    """Return the picture as the photo of a card: baseline JPEG, upright, without metadata.

    It is never enlarged. Its quality is the highest that fits; it becomes grey only when the
    lowest quality in colour does not fit. A JPEG 2000 that fits already and holds nothing but
    the picture is taken as it is. The same octets give the same photo.

    Args:
        octets: JPEG, PNG or JPEG 2000.
        bounds: what the photo has to keep to.

    Raises:
        Refusal: ``photo-kind``: neither of the three; ``photo-unreadable``: it does not decode;
            ``photo-too-large``, ``photo-too-small``: its pixels; ``photo-over-budget``: not even
            grey and at the lowest quality does it fit.
    """
    image = decoded(octets, side=max(bounds.width, bounds.height))
    if format_of(octets) is PhotoFormat.JPEG_2000 and _passes(octets, image, bounds):
        return Photo(PhotoFormat.JPEG_2000, octets)
    fitted = _resized(image, bounds)
    grey = fitted.convert("L")
    for candidate in (fitted, grey) if fitted.mode == "RGB" else (grey,):
        written = best_within(candidate, bounds.octets)
        if written is not None:
            return Photo(PhotoFormat.JPEG, written)
    sentence = f"The photo cannot be shown in {bounds.octets} octets."
    raise Refusal("photo-over-budget", sentence, field="photo")


def best_within(image: Image.Image, octets: int) -> bytes | None:
    """Return ``image`` as JPEG of the highest quality found to fit, None if none does."""
    best, low, high = None, LEAST_QUALITY, BEST_QUALITY
    while low <= high:
        quality = (low + high) // 2
        written = _encoded(image, quality)
        if len(written) <= octets:
            best, low = written, quality + 1
        else:
            high = quality - 1
    return best


def crop_box(width: int, height: int, bounds: PortraitBounds) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the part with the proportions of ``bounds``."""
    kept_width = min(width, max(1, round(height * bounds.width / bounds.height)))
    kept_height = min(height, max(1, round(width * bounds.height / bounds.width)))
    left = (width - kept_width) // 2
    top = min((height - kept_height) // _FROM_ABOVE, height // _SLIVER)
    return left, top, left + kept_width, top + kept_height


def _passes(octets: bytes, image: Image.Image, bounds: PortraitBounds) -> bool:
    return (
        len(octets) <= bounds.octets
        and _fewest_wide(bounds) <= image.width <= bounds.width
        and image.height <= bounds.height
        and is_nothing_but_a_picture(octets)
    )


def _resized(image: Image.Image, bounds: PortraitBounds) -> Image.Image:
    box = crop_box(image.width, image.height, bounds)
    width = min(bounds.width, box[2] - box[0])
    if width < _fewest_wide(bounds):
        sentence = f"The photo is {width} pixels wide where it shows the head; that is too few."
        raise Refusal("photo-too-small", sentence, field="photo")
    height = min(bounds.height, round(width * bounds.height / bounds.width))
    small = image.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    # Only pixels go on: whatever the file said besides hangs on the image it was read into.
    return Image.frombytes(small.mode, small.size, small.tobytes())


def _fewest_wide(bounds: PortraitBounds) -> int:
    return -(-bounds.width // SMALLEST_SHARE)


_COLOUR: Final[Mapping[str, int]] = MappingProxyType({"subsampling": _COLOUR_AT_HALF})
_GREY: Final[Mapping[str, int]] = MappingProxyType({})


def _encoded(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    colour = _COLOUR if image.mode == "RGB" else _GREY
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=False, **colour)
    return out.getvalue()
