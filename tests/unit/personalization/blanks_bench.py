"""A station's blanks for tests: its journal in memory, and cards of its ranges."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.blanks import StationStock, stock_of
from cardservice.personalization.journal import (
    BlanksReceived,
    BlanksReturned,
    CardMade,
    CardSeen,
    ChipKeyMade,
    DataStored,
    Entry,
    Finalized,
    KeysReplaced,
    OutcomeReported,
    SpoiledReason,
    Verified,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.recovery import recover

AT = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
POINT = b"\x04" + bytes(64)
LOST = SpoiledReason.LOST


def chip(serial: int) -> bytes:
    return serial.to_bytes(8)


def a_card(serial: int, order: str = "a", number: int = 1) -> list[Entry]:
    """Return the entries of a card made without faults."""
    one = chip(serial)
    return [
        CardSeen(chip=one, order=order, lane=1),
        KeysReplaced(chip=one),
        ChipKeyMade(chip=one, point=POINT),
        DataStored(chip=one, order=order, number=number, signed_at=AT),
        Finalized(chip=one),
        Verified(chip=one),
        CardMade(chip=one, order=order, number=number, signed_at=AT),
        OutcomeReported(chip=one),
    ]


class Bench:
    """A station's journal in memory."""

    def __init__(self) -> None:
        self.memory = MemoryJournal(lambda: AT)
        self.journal = StationJournal(self.memory)

    def note(self, *entries: Entry) -> "Bench":
        for entry in entries:
            self.journal.note(entry)
        return self

    def receive(self, first: int, last: int) -> "Bench":
        return self.note(BlanksReceived(first=first, last=last))

    def give_back(self, first: int, last: int) -> "Bench":
        return self.note(BlanksReturned(first=first, last=last))

    @property
    def stock(self) -> StationStock:
        """What it keeps, once it was seen to be what a new count says."""
        assert self.journal.stock == stock_of(recover(self.memory.entries()))
        return self.journal.stock


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        action()
    assert refused.value.sentence.endswith((".", "count", "spoil", "give-up"))
    return refused.value.code
