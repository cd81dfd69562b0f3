"""What stands in a state file: the cells of a card as JSON, with a version and a checksum."""

import hashlib
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from simulators.card.state_errors import StateFileError

_FORMAT: Final = "software-card-state"
_VERSION: Final = 1
_OCTETS_MAX: Final = 1 << 20  # ten times the fullest card there can be
_OLD: Final = ".old"


def load_cells(path: Path) -> dict[str, bytes]:
    """Return the cells of the card in the file; nothing is changed on disk.

    Raises:
        StateFileError: no such file, damaged, or of another version.
    """
    document = _document(path)
    if document.get("version") != _VERSION:
        raise StateFileError(
            f"{path}: this is state format {document.get('version')!r:.20}, this program reads "
            f"{_VERSION}",
            remedy="use the version of the program that wrote it, or make a new card",
        )
    cells = document.get("cells")
    try:
        if not isinstance(cells, dict) or document.get("sha256") != _checksum(cells):
            raise _damaged(path)
        return {name: bytes.fromhex(value) for name, value in cells.items()}
    except (TypeError, ValueError, RecursionError):
        raise _damaged(path) from None


def encode_cells(cells: Mapping[str, bytes]) -> bytes:
    """Return the content of a state file with these cells."""
    in_hex = {name: cells[name].hex() for name in sorted(cells)}
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "sha256": _checksum(in_hex),
        "cells": in_hex,
    }
    return json.dumps(document, indent=1).encode() + b"\n"


def beside(path: Path, suffix: str) -> Path:
    """Return the path of the file that belongs to ``path`` and ends in ``suffix``."""
    return path.with_name(path.name + suffix)


def kept_copy(path: Path) -> Path:
    """Return where the state before the last change is kept."""
    return beside(path, _OLD)


def _document(path: Path) -> dict[str, object]:
    try:
        octets = _read(path)
        document = json.loads(octets)
    except OSError as error:
        raise _unreadable(path, error) from None
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise _no_state_file(path)
    return document


def _read(path: Path) -> bytes:
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise StateFileError(f"{path}: this is a folder", remedy="name the card's file in it")
    # Asked before it is opened, since a pipe would keep us waiting and a device never ends.
    if not stat.S_ISREG(found.st_mode) or found.st_size > _OCTETS_MAX:
        raise _no_state_file(path)
    return path.read_bytes()


def _no_state_file(path: Path) -> StateFileError:
    return StateFileError(
        f"{path}: this is no state file of a software card", remedy="name another file"
    )


def _unreadable(path: Path, error: OSError) -> StateFileError:
    if not isinstance(error, FileNotFoundError):
        return StateFileError(
            f"{path}: cannot be read: {error.strerror}",
            remedy="become its owner, or have its owner copy it for you",
        )
    old = kept_copy(path)
    if old.exists():
        remedy = f"copy {old.name} to it to go on from the state before the last change"
    else:
        remedy = "make one first"
    return StateFileError(f"{path}: there is no card here", remedy=remedy)


def _damaged(path: Path) -> StateFileError:
    old = kept_copy(path)
    remedy = "make a new card"
    if old.exists():
        remedy = f"copy {old.name} over it to go on from the state before the last change"
    return StateFileError(f"{path}: the file is damaged and was left as it is", remedy=remedy)


def _checksum(in_hex: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(in_hex, sort_keys=True).encode()).hexdigest()
