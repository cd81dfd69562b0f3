"""A station's blanks: where each one is, and what is not booked."""

from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.errors import Refusal
from cardservice.personalization.blanks import StationStock, stock_after, stock_of
from cardservice.personalization.journal import (
    BlanksEntry,
    BlanksReceived,
    BlanksReturned,
    CardEnded,
    CardMade,
    Entry,
    Kept,
    OutcomeReported,
    SpoiledReason,
)
from cardservice.personalization.journal_compaction import compacted
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.recovery import recover
from tests.unit.personalization.blanks_bench import AT, LOST, Bench, a_card, chip, code_of


def test_a_blank_goes_from_the_tray_to_begun_to_made() -> None:
    bench = Bench().receive(1, 5)
    assert bench.stock == StationStock(received=5, in_tray=5)
    for entry in a_card(3):
        begun = not isinstance(entry, CardMade | OutcomeReported)
        bench.note(entry)
        assert bench.stock == StationStock(received=5, in_tray=4, begun=begun, made=not begun)


def test_a_spoiled_card_is_spoiled_wherever_it_was() -> None:
    bench = Bench().receive(1, 5)
    bench.note(*a_card(1), *a_card(2, "b", 2)[:3])
    bench.journal.give_up(chip(1), LOST)
    bench.journal.give_up(chip(2), LOST)
    assert bench.stock == StationStock(received=5, in_tray=3, spoiled=2)
    bench.note(CardEnded(chip=chip(2)))
    assert bench.stock.spoiled == 2


def test_a_torn_blank_is_spoiled_by_its_serial() -> None:
    bench = Bench().receive(1, 5)
    bench.journal.spoil_blank(chip(4), SpoiledReason.BROKEN)
    assert bench.stock == StationStock(received=5, in_tray=4, spoiled=1)
    assert bench.journal.missing_blanks() == [(1, 3), (5, 5)]
    for wrong in map(chip, (4, 6)):
        assert code_of(partial(bench.journal.spoil_blank, wrong, LOST)) == "serials-wrong"


def test_a_blank_in_a_lanes_hands_is_not_spoiled_by_another() -> None:
    bench = Bench().receive(1, 5)
    bench.journal.take_in_hand(chip(1))
    assert code_of(lambda: bench.journal.spoil_blank(chip(1), LOST)) == "in-hand"


def test_a_wrong_receipt_is_undone_by_a_return() -> None:
    bench = Bench().receive(1, 5).receive(60, 69).give_back(60, 69)
    assert bench.stock == StationStock(received=15, in_tray=5, returned=10)
    bench.receive(60, 61)
    assert bench.stock == StationStock(received=17, in_tray=7, returned=10)


def test_the_stock_is_shown_as_it_is() -> None:
    view = Bench().receive(1, 5).give_back(5, 5).stock.view
    assert (view.kept, view.received, view.in_tray, view.returned) == (True, 5, 4, 1)
    assert Bench().stock.view.kept is False


@pytest.mark.parametrize("wide", [9, 10_000], ids=["few", "many"])
def test_cards_begun_before_their_range_was_received_are_counted_where_they_stand(
    wide: int,
) -> None:
    bench = Bench().note(*a_card(3), *a_card(4, "b", 2)[:2])
    assert bench.stock == StationStock()
    bench.receive(1, wide)
    assert bench.stock == StationStock(received=wide, in_tray=wide - 2, begun=1, made=1)


def test_other_stations_cards_do_not_count() -> None:
    bench = Bench().receive(1, 5).note(*a_card(77))
    assert bench.stock == StationStock(received=5, in_tray=5)


@pytest.mark.parametrize("range_", [(5, 5), (0, 1), (2, 3), (0, 9), (5, 9)])
def test_blanks_that_are_here_are_not_received_again(range_: tuple[int, int]) -> None:
    bench = Bench().receive(1, 5)
    assert code_of(lambda: bench.receive(*range_)) == "serials-known"
    assert bench.stock == StationStock(received=5, in_tray=5)


@pytest.mark.parametrize("range_", [(6, 6), (5, 6), (0, 1), (2, 2), (3, 3), (1, 5)])
def test_only_unused_blanks_of_this_station_are_given_back(range_: tuple[int, int]) -> None:
    bench = Bench().receive(1, 5).note(*a_card(3)[:1])
    bench.give_back(2, 2)
    before = bench.stock
    assert code_of(lambda: bench.give_back(*range_)) == "serials-wrong"
    assert bench.stock == before


def test_a_blank_booked_as_given_back_is_not_spoiled_here() -> None:
    bench = Bench().receive(1, 5).give_back(3, 3)
    assert code_of(lambda: bench.journal.give_up(chip(3), LOST)) == "stock-differs"
    assert bench.stock == StationStock(received=5, in_tray=4, returned=1)


def kept(*entries: Entry) -> list[Kept]:
    return [Kept(number, AT, entry) for number, entry in enumerate(entries, 1)]


@pytest.mark.parametrize(
    "entries",
    [
        [BlanksReceived(first=1, last=5), BlanksReceived(first=5, last=9)],
        [BlanksReceived(first=1, last=5), BlanksReturned(first=5, last=6)],
        [BlanksReturned(first=1, last=1)],
        [BlanksReceived(first=1, last=5), *a_card(5)[:1], BlanksReturned(first=5, last=5)],
    ],
)
def test_a_journal_whose_blanks_do_not_add_up_starts_no_station(entries: list[Entry]) -> None:
    memory = MemoryJournal(lambda: AT)
    for entry in entries:
        memory.append(entry)
    assert code_of(lambda: StationJournal(memory)) == "stock-differs"


def test_a_movement_that_would_not_add_up_is_not_kept() -> None:
    recovery = recover(kept(BlanksReceived(first=1, last=5)))
    wrong = StationStock(received=5, in_tray=4)
    assert code_of(lambda: stock_after(wrong, a_card(1)[0], recovery)) == "stock-differs"
    none_left = StationStock(received=5, made=5)
    assert code_of(lambda: stock_after(none_left, a_card(1)[0], recovery)) == "stock-differs"


def test_a_refused_movement_leaves_no_entry() -> None:
    bench = Bench().receive(1, 5)
    before = len(list(bench.memory.entries()))
    for range_ in ((1, 1), (9, 2**64 - 1)):
        entry = BlanksReceived(first=range_[0], last=range_[1])
        assert isinstance(entry, BlanksEntry)
    assert code_of(lambda: bench.receive(1, 1)) == "serials-known"
    assert code_of(lambda: bench.give_back(6, 6)) == "serials-wrong"
    assert len(list(bench.memory.entries())) == before


SERIALS = st.integers(0, 9)
MOVES = st.lists(
    st.tuples(st.sampled_from(["receive", "return", "next", "spoil", "give-up"]), SERIALS, SERIALS),
    max_size=40,
)


def move(bench: Bench, progress: dict[int, int], what: str, low: int, high: int) -> None:
    first, last = min(low, high), max(low, high)
    match what:
        case "receive":
            bench.receive(first, last)
        case "return":
            bench.give_back(first, last)
        case "next":
            entries = a_card(low, f"order-{low}", low)
            bench.note(entries[progress.get(low, 0) % len(entries)])
            progress[low] = progress.get(low, 0) + 1
        case "spoil":
            bench.journal.spoil_blank(chip(low), LOST)
        case _:
            bench.journal.give_up(chip(low), LOST)


@settings(max_examples=200, deadline=None)
@given(MOVES)
def test_whatever_happens_the_blanks_add_up_and_a_new_count_says_the_same(
    moves: list[tuple[str, int, int]],
) -> None:
    bench, progress = Bench(), dict[int, int]()
    for what, low, high in moves:
        with suppress(Refusal):
            move(bench, progress, what, low, high)
        assert bench.stock.is_balanced
    entries = tuple(bench.memory.entries())
    assert stock_of(recover(compacted(entries))) == bench.stock
    missing = sum(last - first + 1 for first, last in bench.journal.missing_blanks())
    assert missing == bench.stock.in_tray


def test_a_command_that_books_blanks_starts_no_station() -> None:
    memory = MemoryJournal(lambda: AT)
    StationJournal(memory, starts=False).note(BlanksReceived(first=1, last=5))
    assert [one.entry for one in memory.entries()] == [BlanksReceived(first=1, last=5)]
