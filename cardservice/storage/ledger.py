"""The ledger of issued cards: an append-only file in the home folder, one JSON object a line.

The register of a station that stands alone. It holds policy numbers, so the file is readable by
its owner only and nothing of it is ever logged.
"""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cardservice.domain.numbers import Enp
from cardservice.domain.register import CardStatus, RegisterAnswer
from cardservice.errors import Refusal

MAX_LINE = 1024  # octets; a line we write has fewer than 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One event: a card was issued for a policy, or its status changed.

    Attributes:
        card_number: list number and index of EF.CardID as one integer, 48 bits.
        signed_at: ``signingTime`` of the security object on the card, UTC.
    """

    enp: Enp
    card_number: int
    signed_at: datetime
    status: CardStatus = CardStatus.ACTIVE


class CardLedger:
    """The file and what it says, indexed by policy and by card; safe for threads of one process."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime]) -> None:
        """Open the ledger at ``path``, creating it empty when there is none.

        A last line cut short by a power cut is dropped; it had not been promised to anyone.

        Raises:
            Refusal: ``ledger-damaged``: a whole line is not one of ours; nothing is changed.
        """
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._newest: dict[Enp, datetime] = {}
        self._status: dict[int, CardStatus] = {}
        for entry in _read(path):
            self._index(entry)

    def record(self, entry: LedgerEntry) -> None:
        """Append ``entry``; when this returns it is on the disk."""
        line = json.dumps(_to_json(entry), separators=(",", ":")).encode() + b"\n"
        with self._lock:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._index(entry)

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer:
        """Return what the ledger knows; it is always reachable and always current."""
        newest = self._newest.get(enp)
        status = CardStatus.UNKNOWN
        if card_number is not None:
            status = self._status.get(card_number, CardStatus.UNKNOWN)
        return RegisterAnswer(
            newest_record=newest, trust_layer=newest is not None, card=status, as_of=self._clock()
        )

    def knows_card(self, card_number: int) -> bool:
        """Say whether a card with this list number and index was ever recorded."""
        return card_number in self._status

    def _index(self, entry: LedgerEntry) -> None:
        known = self._newest.get(entry.enp)
        if known is None or entry.signed_at > known:
            self._newest[entry.enp] = entry.signed_at
        self._status[entry.card_number] = entry.status


def _read(path: Path) -> list[LedgerEntry]:
    if not path.exists():
        return []
    content = path.read_bytes()
    lines = content.split(b"\n")
    if lines[-1]:
        os.truncate(path, len(content) - len(lines[-1]))
    return [_from_json(line, number) for number, line in enumerate(lines[:-1], 1)]


def _to_json(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "enp": entry.enp,
        "card": entry.card_number,
        "signed_at": entry.signed_at.astimezone(UTC).isoformat(),
        "status": entry.status.value,
    }


def _from_json(line: bytes, number: int) -> LedgerEntry:
    try:
        members = json.loads(line[: MAX_LINE + 1])
        return LedgerEntry(
            enp=Enp(str(members["enp"])),
            card_number=int(members["card"]),
            signed_at=datetime.fromisoformat(members["signed_at"]),
            status=CardStatus(members["status"]),
        )
    except (ValueError, KeyError, TypeError):
        raise Refusal(
            "ledger-damaged",
            f"Line {number} of the ledger is damaged; restore the file from a backup, or mend it.",
        ) from None
