"""Octets in a trace: runs in clear, and runs that are masked."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.trace.public import runs
from simulators.trace.sealing import SIV_OCTETS, TraceKeys

MASKED: Final = "masked"
SEALED: Final = "sealed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of octets: ``clear``, or masked with what hides it; None when that was withheld."""

    length: int
    clear: bytes | None = None
    sealed: bytes | None = field(default=None, repr=False)

    @property
    def is_masked(self) -> bool:
        """Whether the octets are not in clear."""
        return self.clear is None


Pieces = tuple[Piece, ...]


class MalformedPiecesError(ValueError):
    """A trace has something else where octets should be."""


def split(octets: bytes, seen: Sequence[int], keys: TraceKeys | None, place: str) -> Pieces:
    """Return the octets in pieces; what ``seen`` does not show is sealed, without keys withheld."""
    pieces: list[Piece] = []
    position = 0
    for visible, length in runs(seen):
        part = octets[position : position + length]
        if visible:
            pieces.append(Piece(length, clear=part))
        else:
            sealed = keys.seal(part, f"{place}/{len(pieces)}") if keys else None
            pieces.append(Piece(length, sealed=sealed))
        position += length
    return tuple(pieces)


def join(pieces: Pieces, keys: TraceKeys | None, place: str) -> list[bytes | None]:
    """Return the octets of each piece, None for one that cannot be known.

    Raises:
        TraceError: a sealed piece does not open with these keys.
    """
    opened: list[bytes | None] = []
    for index, piece in enumerate(pieces):
        if piece.sealed is not None and keys is not None:
            opened.append(keys.unseal(piece.sealed, f"{place}/{index}"))
        else:
            opened.append(piece.clear)
    return opened


def whole(opened: Sequence[bytes | None]) -> bytes | None:
    """Return all octets, None when a piece of them is not known."""
    known = [part for part in opened if part is not None]
    return b"".join(known) if len(known) == len(opened) else None


def length_of(pieces: Pieces) -> int:
    """Return how many octets they are together."""
    return sum(piece.length for piece in pieces)


def shown(pieces: Pieces) -> str:
    """Return the octets for people: hexadecimal, and ‹n masked›."""
    return "".join(
        f"‹{one.length} masked›" if one.clear is None else one.clear.hex().upper() for one in pieces
    )


def to_json(pieces: Pieces) -> list[object]:
    """Return the pieces as a trace writes them."""
    return [_piece_to_json(piece) for piece in pieces]


def from_json(content: object) -> Pieces:
    """Return the pieces that a trace has.

    Raises:
        MalformedPiecesError: it is something else.
    """
    if not isinstance(content, list):
        raise MalformedPiecesError("octets must be a list")
    return tuple(_piece_from_json(one) for one in content)


def _piece_to_json(piece: Piece) -> object:
    if piece.clear is not None:
        return piece.clear.hex().upper()
    if piece.sealed is None:
        return {MASKED: piece.length}
    return {MASKED: piece.length, SEALED: base64.b64encode(piece.sealed).decode()}


def _piece_from_json(content: object) -> Piece:
    if isinstance(content, str):
        octets = octets_from_hex(content)
        return Piece(len(octets), clear=octets)
    if not isinstance(content, dict) or not {MASKED} <= set(content) <= {MASKED, SEALED}:
        raise MalformedPiecesError("octets must be hexadecimal or masked")
    length, sealed = content[MASKED], content.get(SEALED)
    if not isinstance(length, int) or isinstance(length, bool) or length < 1:
        raise MalformedPiecesError("a masked length must be a whole number above 0")
    return Piece(length, sealed=None if sealed is None else _sealed_octets(sealed, length))


def _sealed_octets(content: object, length: int) -> bytes:
    try:
        octets = base64.b64decode(content, validate=True) if isinstance(content, str) else b""
    except ValueError:
        octets = b""
    if len(octets) != length + SIV_OCTETS:
        raise MalformedPiecesError("sealed octets must be base64 and fit their length")
    return octets


def octets_from_hex(content: object) -> bytes:
    """Return the octets of a hexadecimal text.

    Raises:
        MalformedPiecesError: it is something else.
    """
    try:
        return bytes.fromhex(content) if isinstance(content, str) else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> bytes:
    raise MalformedPiecesError("octets must be hexadecimal")
