"""What lies where on a policy card: directories, files, ids, roots and limits, as one table.

Source: card.md, section 2. [P] there marks this project's own choices: the short identifiers,
most file ids and the limits.
"""

from dataclasses import dataclass
from enum import Enum, unique
from typing import Final

from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.tags import FieldTag

TOTAL_LIMIT: Final = 49_152  # octets of all files of one card together
MAX_READ: Final = 2_000  # octets that one READ BINARY asks for at most; card.md, section 7

OWNER_ALIAS_SFI: Final = 0x11  # in foms_root: the owner EF
INSURER_ALIAS_SFI: Final = 0x12  # in foms_root: the insurer EF that the pointer names

POINTER_TAG: Final = 0x01B0  # GET DATA and DGI: id of the current insurer EF
POINTER_LEN: Final = 2  # octets
LIFE_CYCLE_TAG: Final = 0xDF01  # GET DATA: 1 octet, in any directory

FIRST_INSURER_ID: Final = 0x0301
LAST_INSURER_ID: Final = 0x030A
INSURER_IDS: Final = range(FIRST_INSURER_ID, LAST_INSURER_ID + 1)
INSURER_LIMIT: Final = 2_048  # octets of one insurer EF


@unique
class Directory(Enum):
    """A directory; its value is its AID, ASCII, empty for the master file."""

    MF = b""
    ROOT = b"foms_root"
    HOLDER = b"FOMS_ID"
    INSURERS = b"FOMS_INS"

    @property
    def aid(self) -> bytes:
        """The AID that SELECT takes from anywhere; empty for the master file."""
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpec:
    """One transparent EF.

    Attributes:
        directory: where it lies.
        file_id: for SELECT, and the DGI that writes it.
        sfi: short identifier for READ BINARY, None if it has none.
        root: tag of the one object it holds, None if it is no single object of ours.
        limit: most octets.
    """

    directory: Directory
    file_id: int
    sfi: int | None
    root: int | None
    limit: int


@unique
class CardFile(Enum):
    """The EFs of which a card has one each; the insurer EFs are ``insurer_file``'s."""

    CARD_ACCESS = FileSpec(directory=Directory.MF, file_id=0x011C, sfi=0x1C, root=None, limit=512)
    # The page sets no limit here; its neighbours' is far above the 11 octets it has.
    ATR_INFO = FileSpec(directory=Directory.MF, file_id=0x2F01, sfi=None, root=None, limit=512)
    ICCID = FileSpec(
        directory=Directory.ROOT, file_id=0x0101, sfi=0x01, root=FieldTag.ICCID, limit=512
    )
    CARD_ID = FileSpec(
        directory=Directory.ROOT, file_id=0x0102, sfi=0x02, root=FieldTag.CARD_ID, limit=512
    )
    CHIP_SECURITY = FileSpec(
        directory=Directory.ROOT, file_id=0x010E, sfi=0x0E, root=FieldTag.CHIP_SECURITY, limit=512
    )
    CVCA = FileSpec(directory=Directory.ROOT, file_id=0x011C, sfi=0x1C, root=None, limit=36)
    SECURITY_OBJECT = FileSpec(
        directory=Directory.ROOT,
        file_id=0x011D,
        sfi=0x1D,
        root=FieldTag.SECURITY_OBJECT,
        limit=4_096,
    )
    OWNER = FileSpec(
        directory=Directory.HOLDER, file_id=0x0201, sfi=0x01, root=FieldTag.OWNER, limit=24_576
    )

    @property
    def spec(self) -> FileSpec:
        """Where the file lies and how large it may be."""
        return self.value


def insurer_file(file_id: int) -> FileSpec:
    """Return the insurer EF with that id.

    Raises:
        UsageError: not one of 0301 to 030A.
    """
    if file_id not in INSURER_IDS:
        raise UsageError(f"{file_id:04X} is not the id of an insurer EF")
    return FileSpec(
        directory=Directory.INSURERS,
        file_id=file_id,
        sfi=file_id - FIRST_INSURER_ID + 1,
        root=FieldTag.INSURER,
        limit=INSURER_LIMIT,
    )


def next_insurer_id(pointer: int) -> int:
    """Return the id that the next insurer's record takes: one up, after 030A again 0301.

    Raises:
        UsageError: ``pointer`` is not the id of an insurer EF.
    """
    file_id = insurer_file(pointer).file_id
    return FIRST_INSURER_ID if file_id == LAST_INSURER_ID else file_id + 1


def encode_pointer(file_id: int) -> bytes:
    """Return the pointer to an insurer EF, 2 octets; Raises: UsageError as ``insurer_file``."""
    return insurer_file(file_id).file_id.to_bytes(POINTER_LEN)


def decode_pointer(octets: bytes) -> int:
    """Return the insurer EF's id that a card gave as its pointer.

    Raises:
        MalformedDataError: not 2 octets, or not one of 0301 to 030A.
    """
    file_id = int.from_bytes(octets)
    if len(octets) != POINTER_LEN or file_id not in INSURER_IDS:
        raise MalformedDataError("the pointer names no insurer EF")
    return file_id
