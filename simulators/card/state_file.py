"""A card kept in a file between runs of a program.

The file holds everything a chip holds, its private key, PIN and key set included, unencrypted:
these are secrets of a test card and must never be secrets of anyone else.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

_FORMAT = "software-card-state"
_VERSION = 1


class StateFileError(Exception):
    """The state file cannot be used. The one-line message says what to do."""


def load_cells(path: Path) -> dict[str, bytes]:
    """Return the cells of the card in the file; nothing is changed on disk.

    Raises:
        StateFileError: no such file, damaged, or of another version.
    """
    document = _document(path)
    if document.get("version") != _VERSION:
        raise StateFileError(
            f"{path}: this is state format {document.get('version')}, this program reads "
            f"{_VERSION}: use the version of the program that wrote it, or make a new card"
        )
    cells = document.get("cells")
    if not isinstance(cells, dict) or document.get("sha256") != _checksum(cells):
        raise _damaged(path)
    try:
        return {name: bytes.fromhex(value) for name, value in cells.items()}
    except (TypeError, ValueError):
        raise _damaged(path) from None


def save_cells(path: Path, cells: Mapping[str, bytes]) -> None:
    """Replace the file by the cells, durably, and keep the one before beside it.

    Whatever happens to the computer meanwhile, ``path`` is the old state or the new one.

    Raises:
        OSError: the file system refused; the old file stays.
    """
    fresh = path.with_name(path.name + ".new")
    _write_through(fresh, _encode(cells))
    if path.exists():
        _keep_previous(path)
    fresh.replace(path)
    _sync_folder(path.parent)


def create_file(path: Path, cells: Mapping[str, bytes]) -> None:
    """Write a new card; a file that is there is never overwritten.

    Raises:
        StateFileError: the file is there already.
    """
    if path.exists():
        raise StateFileError(f"{path}: there is a card here already: choose another name")
    save_cells(path, cells)


def _previous(path: Path) -> Path:
    return path.with_name(path.name + ".previous")


def _document(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise StateFileError(f"{path}: there is no card here: make one first") from None
    except OSError as error:
        raise StateFileError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise StateFileError(f"{path}: this is no state file of a software card: name another file")
    return document


def _damaged(path: Path) -> StateFileError:
    return StateFileError(
        f"{path}: the file is damaged and was left as it is: copy {_previous(path).name} over it "
        "to go on from the state before the last change, or make a new card"
    )


def _encode(cells: Mapping[str, bytes]) -> bytes:
    in_hex = {name: cells[name].hex() for name in sorted(cells)}
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "sha256": _checksum(in_hex),
        "cells": in_hex,
    }
    return json.dumps(document, indent=1).encode() + b"\n"


def _checksum(in_hex: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(in_hex, sort_keys=True).encode()).hexdigest()


def _write_through(path: Path, octets: bytes) -> None:
    # Test secrets are still nobody else's business: the file is for its owner alone.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(octets)
        stream.flush()
        os.fsync(stream.fileno())


def _keep_previous(path: Path) -> None:
    spare = path.with_name(path.name + ".old")
    _write_through(spare, path.read_bytes())
    spare.replace(_previous(path))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
