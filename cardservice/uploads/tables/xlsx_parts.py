"""The XML parts of an XLSX, each walked once: no document type, no depth, no foreign links."""

import zipfile
import zlib
from typing import Final

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from cardservice.errors import Refusal
from cardservice.uploads.tables.cells import ROWS
from cardservice.uploads.tables.csv_cells import too_many_rows
from cardservice.uploads.tables.xlsx_archive import MOST_UNPACKED, bomb, damaged

DEEPEST: Final = 64  # a workbook as Excel saves it has fewer than twenty
MOST_ELEMENTS: Final = 3_000_000  # 10,000 rows of 64 cells with three elements each, and room
# The last row that is read; a spreadsheet has a million, and reading empty ones takes long.
LAST_ROW: Final = 2 * ROWS
# Of the XML library: ValueError and LookupError for an encoding it does not have.
_BROKEN: Final = (
    ElementTree.ParseError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    OSError,
    EOFError,
    NotImplementedError,
)
_VALUES: Final = ("}v", "}is", "}f")
_XML: Final = (".xml", ".rels", ".vml")
_RELATIONSHIP: Final = "Relationship"
# An address typed into a cell becomes a link by itself; it opens only when a person clicks it.
_HYPERLINK: Final = "/hyperlink"
_MACRO: Final = "macroenabled"


def require_plain_parts(archive: zipfile.ZipFile) -> None:
    """Pass an archive whose XML is plain.

    Raises:
        Refusal: ``table-damaged``, ``table-bomb``, ``table-links``, ``table-macros``,
            ``table-entities``, ``rows-too-many``.
    """
    elements = unpacked = 0
    for name in archive.namelist():
        if name.lower().endswith(_XML):
            elements += _walk(archive, name)
        unpacked += archive.getinfo(name).file_size
        if elements > MOST_ELEMENTS or unpacked > MOST_UNPACKED:
            raise bomb()


def _walk(archive: zipfile.ZipFile, name: str) -> int:
    try:
        with archive.open(name) as part:
            return _count(ElementTree.iterparse(part, ("start", "end"), forbid_dtd=True))
    except DefusedXmlException:
        sentence = "The XLSX file declares entities, which no spreadsheet program writes."
        raise Refusal("table-entities", sentence, field="file") from None
    except _BROKEN:
        raise damaged() from None


def _count(events: "ElementTree.iterparse") -> int:
    depth = elements = row = 0
    for event, element in events:
        depth += 1 if event == "start" else -1
        if event == "start":
            elements += 1
            _require_home(element.tag, element.attrib)
            row = int(element.get("r", row + 1)) if element.tag.endswith("}row") else row
            _require_near(element.tag, row)
        else:
            element.clear()
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            raise bomb()
    return elements


def _require_near(tag: str, row: int) -> None:
    if row > LAST_ROW and tag.endswith(_VALUES):
        raise too_many_rows()


def _require_home(tag: str, attributes: dict[str, str]) -> None:
    if _MACRO in attributes.get("ContentType", "").lower():
        sentence = "The table may hold macros; save it as XLSX without them."
        raise Refusal("table-macros", sentence, field="file")
    outside = attributes.get("TargetMode", "").lower() == "external"
    clicked = attributes.get("Type", "").endswith(_HYPERLINK)
    if tag.endswith(_RELATIONSHIP) and outside and not clicked:
        sentence = "The table is linked to another file or address; save its values."
        raise Refusal("table-links", sentence, field="file")
