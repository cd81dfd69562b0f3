"""What an archive says of itself: its first part to be judged, its last to be written."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from cardservice.errors import Refusal

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MAX_MANIFEST: Final = 1 << 20  # octets; two dozen tables need ten thousand
MAX_TABLES: Final = 200
_NAME: Final = re.compile(r"[a-z][a-z_]{0,62}", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePart:
    """One table: its columns in their order, rows, and the SHA-256 of its octets in hex."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """The name of its file in the archive."""
        return f"tables/{self.name}.copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The archive's contents, in the order in which they can be restored.

    Attributes:
        schema: revision of the tables.
        source: kind of the database it was made from.
    """

    format: int = FORMAT
    made_at: datetime
    schema: str
    source: str
    tables: tuple[TablePart, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables)

    def to_json(self) -> bytes:
        """Return it as it stands in the archive."""
        return _ADAPTER.dump_json(self, indent=1)


_ADAPTER: Final = TypeAdapter(Manifest)


def damaged(what: str) -> Refusal:
    """Return the refusal of an archive that is not what it should be."""
    return Refusal("archive-damaged", f"The archive is damaged or not one of ours: {what}.")


def parse_manifest(octets: bytes) -> Manifest:
    """Return the manifest in ``octets``.

    Raises:
        Refusal: ``archive-damaged`` or ``archive-format``.
    """
    try:
        manifest = _ADAPTER.validate_json(octets)
    except ValidationError:
        raise damaged("its manifest cannot be read") from None
    if manifest.format != FORMAT:
        raise Refusal("archive-format", "The archive was made by a newer version of this program.")
    names = [one.name for one in manifest.tables]
    if len(names) > MAX_TABLES or len(set(names)) != len(names):
        raise damaged("its manifest names a table twice, or too many")
    if not all(map(_is_sound, manifest.tables)):
        raise damaged("its manifest names something impossible")
    return manifest


def _is_sound(part: TablePart) -> bool:
    names = (part.name, *part.columns)
    return (
        all(map(_NAME.fullmatch, names))
        and len(set(part.columns)) == len(part.columns) > 0
        and part.rows >= 0
        and _HASH.fullmatch(part.sha256) is not None
    )
