"""The list between two builds: one file, replaced whole, so that list and marks always agree."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from cardservice.errors import UsageError
from cardservice.home.folder import write_atomically
from cardservice.pki.status_list import StatusArray
from cardservice.registry.status_lists import KeptList, Mark

_FORMAT: Final = 1
_LONGEST_LINE: Final = 65_536  # a mark for each of some hundred regions


def write_kept(path: Path, kept: KeptList) -> None:
    """Put the list and its marks at ``path``, whole or not at all."""
    octets = bytes(kept.array.octets)
    head = {
        "format": _FORMAT,
        "list": kept.number,
        "places": kept.array.places,
        "sha256": hashlib.sha256(octets).hexdigest(),
        "marks": {region: [one.number, one.hash.hex()] for region, one in kept.marks.items()},
    }
    write_atomically(path, json.dumps(head).encode() + b"\n" + octets)


def read_kept(path: Path, *, number: int, places: int) -> KeptList | None:
    """Return the list kept at ``path``; None: none is, or it is damaged, or another one.

    None is no fault: the list is then built as a whole.
    """
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline(_LONGEST_LINE))
            kept = _kept(head, file.read())
    except (OSError, ValueError, KeyError, TypeError, UsageError):
        return None
    return kept if (kept.number, kept.array.places) == (number, places) else None


def _kept(head: Any, octets: bytes) -> KeptList:
    if head["format"] != _FORMAT or head["sha256"] != hashlib.sha256(octets).hexdigest():
        raise ValueError
    marks = {
        str(region): Mark(int(number), bytes.fromhex(hash_))
        for region, (number, hash_) in head["marks"].items()
    }
    return KeptList(
        number=int(head["list"]), marks=marks, array=StatusArray(head["places"], octets)
    )
