"""What a central remembers itself, and what it does not believe of a station's journal."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.personalization.central_book import CentralBook
from cardservice.personalization.central_journal import FINISH_WITHIN, CentralJournal
from cardservice.personalization.journal import (
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Intent,
    Kept,
    KeysReplaced,
    SpoiledReason,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.recovery_lives import Standing
from cardservice.storage.journal_file import Disk, JournalFile
from tests.chain import NOW, SIGNED, StandingClock

A, B = b"\x0a" * 8, b"\x0b" * 8
POINT = b"\x04" + bytes(64)


def stored(chip: bytes = A, order: str = "order-a", number: int = 1) -> DataStored:
    return DataStored(chip=chip, order=order, number=number, signed_at=SIGNED)


def intent(order: str = "order-a", number: int = 1) -> Intent:
    return Intent(order=order, lane=1, number=number)


def seen(chip: bytes, order: str = "order-a") -> CardSeen:
    return CardSeen(chip=chip, order=order, lane=1)


def up_to_stored(chip: bytes = A, order: str = "order-a", number: int = 1) -> list[Entry]:
    return [
        intent(order, number),
        seen(chip, order),
        KeysReplaced(chip=chip),
        ChipKeyMade(chip=chip, point=POINT),
        stored(chip, order, number),
    ]


def a_book() -> CentralBook:
    return CentralBook(MemoryJournal(lambda: NOW))


def a_station() -> StationJournal:
    return StationJournal(MemoryJournal(lambda: NOW))


def asked(journal: StationJournal) -> Callable[[str, tuple[Any, ...]], Any]:
    def call(name: str, arguments: tuple[Any, ...]) -> Any:
        found = getattr(journal, name)
        return found(*arguments) if callable(found) else found

    return call


def central(book: CentralBook, station: StationJournal, *, now: Any = SIGNED) -> CentralJournal:
    return CentralJournal(asked(station), book=book, clock=StandingClock(now))


def note_all(journal: CentralJournal, entries: list[Entry]) -> None:
    for one in entries:
        journal.note(one)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        action()
    return refusal.value.code


# --- the book


def test_a_book_remembers_over_a_restart_what_is_on_which_chip(tmp_path: Path) -> None:
    file = JournalFile(tmp_path / "book", clock=lambda: NOW)
    book = CentralBook(file)
    book.keep(ChipKeyMade(chip=A, point=POINT))
    book.keep(stored())
    file.close()
    again = JournalFile(tmp_path / "book", clock=lambda: NOW)
    book = CentralBook(again)
    again.close()
    holder = book.holder_of("order-a")
    assert holder is not None
    assert (holder.chip, holder.number, holder.signed_at) == (A, 1, SIGNED)
    assert book.bearer_of(1) == A
    assert book.point_of(A) == POINT
    assert book.point_of(B) is None


def test_two_centrals_do_not_write_one_book(tmp_path: Path) -> None:
    first = JournalFile(tmp_path / "book", clock=lambda: NOW)
    assert code_of(lambda: JournalFile(tmp_path / "book", clock=lambda: NOW)) == "journal-in-use"
    first.close()


def test_an_entry_is_on_the_disk_before_it_counts(tmp_path: Path) -> None:
    synced: list[int] = []
    file = JournalFile(tmp_path / "book", clock=lambda: NOW, disk=Disk(sync=synced.append))
    book, before = CentralBook(file), len(synced)
    book.keep(stored())
    assert len(synced) == before + 1
    file.close()


def test_a_book_that_cannot_be_written_lets_nothing_follow(tmp_path: Path) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no room")

    file = JournalFile(tmp_path / "book", clock=lambda: NOW)
    file._disk = Disk(write=full)
    book = CentralBook(file)
    assert code_of(lambda: book.keep(stored())) == "keys-unavailable"
    assert book.holder_of("order-a") is None
    file.close()


def test_a_blank_whose_data_are_replaced_frees_its_earlier_order_and_number() -> None:
    book = a_book()
    book.keep(stored(A, "order-a", 1))
    book.keep(stored(A, "order-b", 2))
    assert book.holder_of("order-a") is None
    assert book.bearer_of(1) is None
    assert book.bearer_of(2) == A


def test_a_released_order_is_free_and_its_number_is_not() -> None:
    book = a_book()
    book.keep(stored())
    assert book.release("order-a") == A
    assert book.holder_of("order-a") is None
    assert book.bearer_of(1) == A
    with pytest.raises(UsageError):
        book.release("order-a")


# --- what is believed of a station


def test_a_whole_making_is_noted_there_and_here() -> None:
    book, station = a_book(), a_station()
    note_all(central(book, station), up_to_stored())
    life = station.life_of(A)
    assert life is not None
    assert life.standing is Standing.STORED
    assert book.holder_of("order-a") is not None


def test_what_the_station_did_not_note_binds_no_order() -> None:
    book, station = a_book(), a_station()
    journal = central(book, station)
    note_all(journal, up_to_stored()[:-1])

    def full(_: Entry) -> Kept:
        raise Refusal("journal-full", "The disk is full.")

    station._journal.append = full  # type: ignore[assignment]
    assert code_of(lambda: journal.note(stored())) == "journal-full"
    assert book.holder_of("order-a") is None


def test_an_order_made_here_is_not_made_for_a_station_that_knows_nothing_of_it() -> None:
    book = a_book()
    book.keep(stored())
    for number in (1, 2):
        journal = central(book, a_station())
        assert code_of(lambda j=journal, n=number: j.note(intent(number=n))) == "order-made"  # type: ignore[misc]


def test_a_station_goes_on_with_the_card_that_it_knows() -> None:
    book, station = a_book(), a_station()
    note_all(central(book, station), up_to_stored())
    journal = central(book, station)
    journal.note(intent())
    journal.note(seen(A))
    assert code_of(lambda: journal.note(seen(B))) == "order-made"


def test_a_card_given_up_at_the_station_lets_another_be_made_with_a_new_number() -> None:
    book, station = a_book(), a_station()
    note_all(central(book, station), up_to_stored())
    station.note(CardSpoiled(chip=A, reason=SpoiledReason.LOST))
    old = central(book, station)
    old.note(intent(number=1))
    assert code_of(lambda: old.note(seen(B))) == "card-number-used"
    note_all(central(book, station), up_to_stored(B, "order-a", 2))
    holder = book.holder_of("order-a")
    assert holder is not None
    assert holder.chip == B


def test_a_number_that_another_order_s_card_has_is_refused() -> None:
    book = a_book()
    book.keep(stored())
    journal = central(book, a_station())
    assert code_of(lambda: journal.note(intent("order-b", 1))) == "card-number-used"


def test_two_stations_that_make_one_order_at_once_finish_one_card() -> None:
    book = a_book()
    first, second = central(book, a_station()), central(book, a_station())
    note_all(first, up_to_stored(A)[:-1])
    note_all(second, up_to_stored(B)[:-1])
    first.note(stored(A))
    assert code_of(lambda: second.note(stored(B))) == "order-made"


def test_a_key_is_the_one_that_the_chip_made_here_whatever_the_station_says() -> None:
    book, station = a_book(), a_station()
    note_all(central(book, station), up_to_stored())
    life = central(book, station).life_of(A)
    assert life is not None
    assert life.point == POINT
    assert central(a_book(), station).life_of(A).point is None  # type: ignore[union-attr]


def test_a_card_that_was_not_signed_here_is_of_no_order() -> None:
    station = a_station()
    note_all(central(a_book(), station), up_to_stored())
    life = central(a_book(), station).life_of(A)
    assert life is not None
    assert (life.order, life.number, life.signed_at) == (None, None, None)


def test_a_card_signed_long_ago_gets_no_new_secrets() -> None:
    book, station = a_book(), a_station()
    note_all(central(book, station), up_to_stored())
    in_time = central(book, station, now=SIGNED + FINISH_WITHIN).life_of(A)
    late = central(book, station, now=SIGNED + FINISH_WITHIN + timedelta(seconds=1)).life_of(A)
    assert in_time is not None
    assert late is not None
    assert (in_time.order, in_time.signed_at) == ("order-a", SIGNED)
    assert (late.order, late.signed_at) == (None, None)


def test_a_making_that_does_not_begin_with_its_intent_is_a_fault() -> None:
    with pytest.raises(UsageError):
        central(a_book(), a_station()).note(seen(A))
