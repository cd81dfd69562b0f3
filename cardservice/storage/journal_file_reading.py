"""Reading a station's journal: its entries, and whether it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from cardservice.errors import MalformedDataError, Refusal
from cardservice.personalization.journal import Kept
from cardservice.personalization.journal_coding import decode_entry
from cardservice.personalization.journal_frames import (
    MAX_FRAME,
    PREFACE_LEN,
    Frame,
    decode_frame,
    decode_preface,
    is_torn,
)

_CHUNK: Final = 1 << 13  # octets read at once; a walk moves what is left of them at each frame


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHealth:
    """What a look at a journal's file found; nothing was changed.

    Attributes:
        entries: whole ones.
        last_sequence: number of the last of them; 0: none.
        whole_octets: how far the file can be believed.
        torn_octets: of a last frame that was cut short; dropped when the station starts.
        damage: what is wrong with the rest, a sentence; None: nothing.
    """

    entries: int
    last_sequence: int
    whole_octets: int
    torn_octets: int = 0
    damage: str | None = None


def check_journal(path: Path) -> JournalHealth:
    """Return how the journal at ``path`` is; for a command and for the station's self-check.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        scan = _Scan(file)
        try:
            entries = sum(1 for _ in scan.entries())
        except MalformedDataError as damage:
            return scan.health(damage=str(damage))
        return scan.health(entries=entries)


def require_whole(path: Path) -> JournalHealth:
    """Return how the journal is, a torn last frame allowed.

    Raises:
        Refusal: ``journal-damaged``, with what to do.
    """
    health = check_journal(path)
    if health.damage is not None:
        raise Refusal(
            "journal-damaged",
            f"The station's journal is damaged at octet {health.whole_octets}: {health.damage}. "
            "Nothing was changed. Keep the file; ask the registry which of this station's orders "
            "were reported, count its cards, and begin a new journal in another place.",
        )
    return health


def kept_entries(path: Path) -> Iterator[Kept]:
    """Yield what is kept at ``path``, oldest first; the file was found whole before.

    Raises:
        MalformedDataError: it is damaged.
    """
    with path.open("rb") as file:
        yield from _Scan(file).entries()


class _Scan:
    """A walk over a file's frames, and how far it came."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._buffer = b""
        self._count = 0
        self._sequence = 0
        self._whole = 0
        self._torn = 0

    def entries(self) -> Iterator[Kept]:
        """Yield the whole entries; Raises: MalformedDataError where the file is damaged."""
        gaps_through = decode_preface(self._file.read(PREFACE_LEN))
        self._whole = PREFACE_LEN
        while (frame := self._next()) is not None:
            latest = max(self._sequence, gaps_through) + 1
            if not self._sequence < frame.sequence <= latest:
                raise MalformedDataError(f"entry {self._sequence + 1} is missing")
            entry, at = decode_entry(frame.payload)
            self._count += 1
            self._sequence = frame.sequence
            self._whole += frame.size
            self._buffer = self._buffer[frame.size :]
            yield Kept(frame.sequence, at, entry)
        self._sequence = max(self._sequence, gaps_through)

    def health(self, *, entries: int | None = None, damage: str | None = None) -> JournalHealth:
        """Return what was found up to here."""
        return JournalHealth(
            entries=self._count if entries is None else entries,
            last_sequence=self._sequence,
            whole_octets=self._whole,
            torn_octets=self._torn,
            damage=damage,
        )

    def _next(self) -> Frame | None:
        """Return the next frame; None at the end, be it a torn one."""
        if len(self._buffer) <= MAX_FRAME:
            self._buffer += self._file.read(_CHUNK)
        if not self._buffer:
            return None
        frame = decode_frame(self._buffer[:MAX_FRAME])
        if frame is None:
            if not is_torn(self._buffer[: MAX_FRAME + 1]):
                raise MalformedDataError("a frame is not as it was written")
            self._torn = len(self._buffer)
        return frame
