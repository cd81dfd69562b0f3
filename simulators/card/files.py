"""The file tree of the policy card. Source: card.md §2."""

from dataclasses import dataclass
from enum import Enum

EF_CARD_ACCESS_ID = EF_CVCA_ID = 0x011C
MF_ID = 0x3F00
FIRST_INSURER_ID = 0x0301
LAST_INSURER_ID = 0x030A
ALL_FILES_OCTETS_MAX = 49_152

EF_ATR_INFO_CONTENT = bytes.fromhex("7F66080202080002020800")
"""2,048 octets for a command and for a response. Source: card.md §2."""


class Directory(Enum):
    """The MF and the three DFs; the value of a DF is its AID in ASCII."""

    MF = b""
    FOMS_ROOT = b"foms_root"
    FOMS_ID = b"FOMS_ID"
    FOMS_INS = b"FOMS_INS"


class ObjectClass(Enum):
    """What the access table tells apart (card.md §5)."""

    PUBLIC = "always readable"
    CHIP_SECURITY = "EF.ChipSecurity"
    PERSONAL = "owner, current insurer and its pointer, EF.CardID, EF.ICCID, EF.SOD"
    HISTORY = "other insurer EFs"


@dataclass(frozen=True, slots=True)
class ElementaryFile:
    """A transparent EF: where it is, its SFI (0 for none), how long it may be, how it is written.

    ``dgi`` is the STORE DATA object that writes it, 0 when the card alone does. ``cell`` is its
    place in non-volatile memory.
    """

    directory: Directory
    fid: int
    sfi: int
    limit: int
    object_class: ObjectClass
    dgi: int
    cell: str

    @property
    def is_insurer(self) -> bool:
        return self.directory is Directory.FOMS_INS


def _file(  # noqa: PLR0913, PLR0917 - one row of the table below
    directory: Directory, fid: int, sfi: int, limit: int, object_class: ObjectClass, dgi: int
) -> ElementaryFile:
    cell = f"file:{directory.name}/{fid:04X}"
    return ElementaryFile(directory, fid, sfi, limit, object_class, dgi, cell)


_SMALL = 512
EF_CARD_ACCESS = _file(Directory.MF, 0x011C, 0x1C, _SMALL, ObjectClass.PUBLIC, 0x3F1C)
EF_ATR_INFO = _file(Directory.MF, 0x2F01, 0, _SMALL, ObjectClass.PUBLIC, 0)
EF_ICCID = _file(Directory.FOMS_ROOT, 0x0101, 0x01, _SMALL, ObjectClass.PERSONAL, 0x0101)
EF_CARD_ID = _file(Directory.FOMS_ROOT, 0x0102, 0x02, _SMALL, ObjectClass.PERSONAL, 0x0102)
EF_CHIP_SECURITY = _file(
    Directory.FOMS_ROOT, 0x010E, 0x0E, _SMALL, ObjectClass.CHIP_SECURITY, 0x010E
)
EF_CVCA = _file(Directory.FOMS_ROOT, 0x011C, 0x1C, 36, ObjectClass.PUBLIC, 0)
EF_SOD = _file(Directory.FOMS_ROOT, 0x011D, 0x1D, 4_096, ObjectClass.PERSONAL, 0x011D)
EF_OWNER = _file(Directory.FOMS_ID, 0x0201, 0x01, 24_576, ObjectClass.PERSONAL, 0x0201)
EF_INSURERS = tuple(
    _file(Directory.FOMS_INS, fid, fid & 0x1F, 2_048, ObjectClass.HISTORY, fid)
    for fid in range(FIRST_INSURER_ID, LAST_INSURER_ID + 1)
)
FILES = (
    EF_CARD_ACCESS,
    EF_ATR_INFO,
    EF_ICCID,
    EF_CARD_ID,
    EF_CHIP_SECURITY,
    EF_CVCA,
    EF_SOD,
    EF_OWNER,
    *EF_INSURERS,
)

BY_ID = {(file.directory, file.fid): file for file in FILES}
BY_SFI = {(file.directory, file.sfi): file for file in FILES if file.sfi}
BY_DGI = {file.dgi: file for file in FILES if file.dgi}
BY_AID = {directory.value: directory for directory in Directory if directory.value}

OWNER_ALIAS_SFI = 0x11
CURRENT_INSURER_ALIAS_SFI = 0x12
"""Aliases in foms_root that save a SELECT. Source: card.md §2."""


def insurer_file(fid: int) -> ElementaryFile | None:
    """Return the insurer EF of that id, or None."""
    return BY_ID.get((Directory.FOMS_INS, fid))


def next_insurer_id(fid: int) -> int:
    """Return the id that a change of insurer writes when ``fid`` is the current one."""
    return FIRST_INSURER_ID if fid == LAST_INSURER_ID else fid + 1
