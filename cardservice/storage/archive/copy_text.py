r"""PostgreSQL's text format of COPY, as SQLite's values write and read it.

A row is a line, columns part by a tab, NULL is ``\N``; backslash, tab and line ends are escaped.
Source: PostgreSQL 15 documentation, COPY, "Text Format".
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cardservice.storage.archive.manifest import damaged

NULL: Final = "\\N"
_ESCAPES: Final = {
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}
_ESCAPING: Final = str.maketrans(_ESCAPES)
_ESCAPED: Final = re.compile(r"\\(.?)", re.DOTALL)
_MEANT: Final = {written[1]: meant for meant, written in _ESCAPES.items()}

Coding = tuple[Callable[[Any], str], Callable[[str], Any]]
"""From what SQLite keeps to COPY's text, and back; neither sees NULL."""


def _moment_to(kept: str) -> str:
    return f"{kept}+00"


def _moment_from(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


_PLAIN: Final[Coding] = str, str
_CODINGS: Final[dict[str, Coding]] = {
    "BIGINT": (str, int),
    "INTEGER": (str, int),
    "BOOLEAN": (lambda kept: "t" if kept else "f", "ft".index),
    "BLOB": (lambda kept: f"\\x{kept.hex()}", lambda text: bytes.fromhex(text.removeprefix("\\x"))),
    "DATETIME": (_moment_to, _moment_from),
    "CHAR(32)": (lambda kept: str(UUID(hex=kept)), lambda text: UUID(text).hex),
}


def coding_for(declared: str) -> Coding:
    """Return how a column of the type ``declared`` to SQLite is written and read."""
    return _CODINGS.get(declared.upper(), _PLAIN)


def to_line(values: Sequence[Any], codings: Sequence[Coding]) -> bytes:
    """Return a row as one line."""
    cells = (
        NULL if value is None else to_text(value).translate(_ESCAPING)
        for value, (to_text, _) in zip(values, codings, strict=True)
    )
    return ("\t".join(cells) + "\n").encode()


def from_line(line: bytes, codings: Sequence[Coding]) -> list[Any]:
    """Return what SQLite keeps for a line without its end.

    Raises:
        Refusal: ``archive-damaged``.
    """
    try:
        cells = line.decode().split("\t")
        return [
            None if cell == NULL else from_text(_ESCAPED.sub(_unescape, cell))
            for cell, (_, from_text) in zip(cells, codings, strict=True)
        ]
    except (ValueError, KeyError, OverflowError):
        raise damaged("a row cannot be read") from None


def _unescape(found: re.Match[str]) -> str:
    return _MEANT[found[1]]
