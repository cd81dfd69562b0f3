"""One recording: what is masked, with which keys, and what the chip draws meanwhile."""

import secrets
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from simulators.card import Entropy, Interface, NonVolatileMemory
from simulators.card.ports import SystemEntropy
from simulators.trace.pieces import Piece, Pieces, split
from simulators.trace.records import Header, Masking
from simulators.trace.sealing import SALT_OCTETS, TraceKeys, keys_of

_SESSION_OCTETS: Final = 6


class _EntropyOfRecording:
    """Random numbers whose key is fixed by the header: a card's power-up may still mend memory."""

    def __init__(self, recording: "Recording") -> None:
        self._recording = recording
        self._source: Entropy | None = None

    def octets(self, count: int, /) -> bytes:
        if self._source is None:
            keys = self._recording.keys
            self._source = SystemEntropy() if keys is None else keys.entropy()
        return self._source.octets(count)


class Recording:
    """What one session's trace is made with.

    ``memory`` is the card's, None for a card without one (of the field, foreign): what is masked
    is then withheld, since there is nothing from which only its owner could derive a key.
    """

    def __init__(
        self,
        memory: NonVolatileMemory | None = None,
        *,
        interface: Interface | None = None,
        masking: Masking = Masking.PERSONAL,
    ) -> None:
        self.masking = masking
        self._memory = memory
        self._interface = interface
        self._salt = secrets.token_bytes(SALT_OCTETS)
        self._draws_again = False
        self.session = secrets.token_hex(_SESSION_OCTETS)

    @property
    def entropy(self) -> Entropy | None:
        """Random numbers for the card, which a replay draws again; None: the machine's own.

        To be given to the card that is recorded, and to no other.
        """
        if self._memory is None:
            return None
        self._draws_again = True
        return _EntropyOfRecording(self)

    def header(self, atr: bytes) -> Header:
        """Return the first line; from now on the keys are fixed."""
        return Header(
            session=self.session,
            recorded=datetime.now(UTC).isoformat(timespec="seconds"),
            interface="" if self._interface is None else self._interface.value,
            atr=atr,
            masking=self.masking,
            salt=self._salt,
            image=self._image_digest,
            replayable_entropy=self._draws_again and self.keys is not None,
        )

    def pieces(self, octets: bytes, seen: bytearray, place: str) -> Pieces:
        """Return the octets as the trace may have them; ``seen`` says what is public."""
        if self.masking is Masking.NONE:
            return (Piece(len(octets), clear=octets),) if octets else ()
        return split(octets, seen, self.keys, place)

    @cached_property
    def keys(self) -> TraceKeys | None:
        """The keys; the card's memory is looked at once, when they are first needed."""
        return None if self._memory is None else keys_of(self._memory.cells(), self._salt)

    @cached_property
    def _image_digest(self) -> bytes | None:
        if self._memory is None or self.keys is None:
            return None
        return self.keys.digest(self._memory.cells())
