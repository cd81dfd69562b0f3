"""The archive that an XLSX is: counted and weighed by its directory before anything unpacks.

Source: PKWARE APPNOTE 6.3, 4.3 and 4.4; ECMA-376 part 2 (packages).
"""

import io
import zipfile
from typing import Final

from cardservice.errors import Refusal

START: Final = b"PK\x03\x04"
MOST_PARTS: Final = 200  # a workbook as Excel saves it has ten to thirty
MOST_UNPACKED: Final = 64 << 20  # octets of all parts; 10,000 full rows need 15 MiB
MOST_RATIO: Final = 200  # unpacked to packed, of a part; sheets of equal rows reach 60
SMALL: Final = 1 << 20  # a part below this may be packed as tightly as it likes
_ENCRYPTED: Final = 0x1
_LOCAL_HEADER: Final = 30  # octets before name and data of a part

# A piece of a part's name → why a table of people has no need of it.
_FOREIGN: Final = {
    "vbaproject": ("table-macros", "The table holds macros; save it as XLSX without them."),
    "macrosheets": ("table-macros", "The table holds macros; save it as XLSX without them."),
    "activex": ("table-active", "The table holds controls; save only its cells."),
    "ctrlprops": ("table-active", "The table holds controls; save only its cells."),
    "embeddings": ("table-active", "The table holds another file; save only its cells."),
    "externallinks": ("table-links", "The table takes cells from another file; save its values."),
    "connections.xml": ("table-links", "The table is bound to a database; save its values."),
    "querytables": ("table-links", "The table is bound to a database; save its values."),
}


def open_archive(octets: bytes) -> zipfile.ZipFile:
    """Return the archive, every part within its bounds; nothing was unpacked.

    Raises:
        Refusal: ``table-damaged``, ``table-encrypted``, ``table-bomb``, ``table-macros``,
            ``table-active``, ``table-links``.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise damaged() from None
    _require_bounds(parts)
    _require_apart(parts, len(octets))
    for part in parts:
        _require_plain(part)
    if "xl/workbook.xml" not in archive.namelist():
        sentence = "The file is an archive, but no table; save it as XLSX."
        raise Refusal("table-kind", sentence, field="file")
    return archive


def damaged() -> Refusal:
    """Return the refusal of an archive or a part of it that cannot be read."""
    sentence = "The XLSX file is damaged; open it in a spreadsheet program and save it again."
    return Refusal("table-damaged", sentence, field="file")


def bomb() -> Refusal:
    """Return the refusal of a file that unpacks to far more than a table needs."""
    sentence = "The XLSX file unpacks to more than a table of people needs."
    return Refusal("table-bomb", sentence, field="file")


def _require_bounds(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise bomb()
    for part in parts:
        if part.file_size > max(SMALL, MOST_RATIO * part.compress_size):
            raise bomb()
    # Two parts of one name: programs differ in which of them they show.
    if len({one.filename.lower() for one in parts}) != len(parts):
        raise damaged()


def _require_apart(parts: list[zipfile.ZipInfo], size: int) -> None:
    # Parts that share octets multiply what a small file unpacks to.
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < end:
            raise bomb()
        end = part.header_offset + _LOCAL_HEADER + part.compress_size
    if end > size:
        raise damaged()


def _require_plain(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & _ENCRYPTED:
        sentence = "The table is encrypted; save it without a password."
        raise Refusal("table-encrypted", sentence, field="file")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged()
    name = part.filename.lower().replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/"):
        raise damaged()
    for piece, (code, sentence) in _FOREIGN.items():
        if piece in name:
            raise Refusal(code, sentence, field="file")
