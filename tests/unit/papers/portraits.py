"""Pictures as people send them: a head in the upper middle, and what phones write besides."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

SKIN, WALL, COAT = (224, 172, 140), (180, 200, 220), (30, 40, 90)


def portrait_of(width: int, height: int, *, noise: int = 0) -> Image.Image:
    """Return a head, as wide as a third of the shorter side, one twelfth below the upper edge."""
    image = Image.new("RGB", (width, height), WALL)
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = head_of(width, height)
    draw.rectangle((left - 20, bottom, right + 20, height), COAT)
    draw.rectangle((left, top, right - 1, bottom - 1), SKIN)
    if noise:
        grain = Image.effect_noise(image.size, noise).convert("RGB")
        image = Image.blend(image, grain, 0.5)
    return image


def head_of(width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the head."""
    side, top = min(width, height) // 3, height // 12
    left = (width - side) // 2
    return left, top, left + side, top + side


def written(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """Return the image as a file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def read(octets: bytes) -> Image.Image:
    """Return the image in a file."""
    image = Image.open(BytesIO(octets))
    image.load()
    return image


def colour_at(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """Return the colour there, x and y as parts of the whole."""
    found = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(found, tuple)
    return found


def is_like(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Return whether two colours are the same but for what JPEG does to them."""
    return all(abs(left - right) < 24 for left, right in zip(one, other, strict=True))


def segments(jpeg: bytes) -> Iterator[int]:
    """Yield the markers of a JPEG up to its first scan."""
    position = 2
    while True:
        marker = int.from_bytes(jpeg[position : position + 2])
        yield marker
        if marker == 0xFFDA:
            return
        position += 2 + int.from_bytes(jpeg[position + 2 : position + 4])
