"""The photo on the card: JPEG or JPEG 2000, recognised by how the image begins."""

from dataclasses import dataclass, field
from enum import IntEnum, unique
from typing import Final

from cardservice.errors import UsageError
from cardservice.policycard.fields import Field, OctetsField
from cardservice.policycard.reading import Found, note_unknown
from cardservice.policycard.tags import FieldTag

# Octets; this project's own: leaves 2 KB of the owner EF's 24 KB for the texts.
PHOTO_LIMIT: Final = 22_528


@unique
class PhotoFormat(IntEnum):
    """Value of 5F41, one octet; this project's own choice (card.md, section 2)."""

    JPEG = 1
    JPEG_2000 = 2


_MAGIC: Final = (
    (b"\xff\xd8\xff", PhotoFormat.JPEG),  # ITU-T T.81, B.1.1.3: SOI and the next marker's FF
    # ISO/IEC 15444-1: I.5.1 the file's signature box; A.4.1 and A.5.1 a bare codestream.
    (bytes.fromhex("0000000C6A5020200D0A870A"), PhotoFormat.JPEG_2000),
    (b"\xff\x4f\xff\x51", PhotoFormat.JPEG_2000),
)

_PHOTO: Final = Field(FieldTag.PHOTO)
_FORMAT: Final = OctetsField(FieldTag.PHOTO_FORMAT, 1)
_IMAGE: Final = OctetsField(FieldTag.PHOTO_IMAGE)
_TAGS: Final = frozenset({_FORMAT.key, _IMAGE.key})


@dataclass(frozen=True, slots=True)
class Photo:
    """An image of the holder that begins as its format says; what follows is not looked at.

    Raises:
        UsageError: it begins otherwise, or has more than ``PHOTO_LIMIT`` octets.
    """

    format: PhotoFormat
    image: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if format_of(self.image) is not self.format:
            raise UsageError("the image does not begin as its format says")
        if len(self.image) > PHOTO_LIMIT:
            raise UsageError(f"the image has {len(self.image)} octets; at most {PHOTO_LIMIT} fit")


def format_of(image: bytes) -> PhotoFormat | None:
    """Return the format that ``image`` begins as, None if none of ours."""
    return next((found for magic, found in _MAGIC if image.startswith(magic)), None)


def encode_photo(photo: Photo) -> bytes:
    """Return the photo object, ``7F40{5F41, 5F42}``."""
    return _PHOTO.wrap(_FORMAT.encode(bytes((photo.format,))) + _IMAGE.encode(photo.image))


def read_photo(octets: bytes, found: Found, notes: list[str]) -> Photo | None:
    """Return the photo inside ``7F40``; None, with a note, when it is none that can be shown.

    A photo never keeps the texts from being read. The image's own beginning decides on the
    format, since the format octet of cards in the field is not known.

    Args:
        octets: the owner EF.
        found: the objects inside its ``7F40``.
        notes: takes the notes.
    """
    note_unknown(found, _TAGS, notes)
    image = _value(octets, found, _IMAGE)
    kind = format_of(image)
    if kind is None or len(image) > PHOTO_LIMIT:
        notes.append("photo is neither JPEG nor JPEG 2000, or too large, and is not shown")
        return None
    if _value(octets, found, _FORMAT) != bytes((kind,)):
        notes.append("photo's format is not the one it is marked with")
    return Photo(kind, image)


def _value(octets: bytes, found: Found, wanted: OctetsField) -> bytes:
    entry = found.get(wanted.key)
    return b"" if entry is None else octets[entry[2] : entry[3]]
