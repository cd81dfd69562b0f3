"""The tray: what must lie in it, and what a count finds."""

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.blanks_tray import count_tray, expect_tray_empty, ranges_text
from cardservice.personalization.recovery import recover
from tests.unit.personalization.blanks_bench import Bench, a_card, chip


def test_what_was_received_and_never_seen_is_missing_from_an_empty_tray() -> None:
    bench = Bench().receive(1, 9).note(*a_card(4)).give_back(8, 8)
    assert bench.journal.missing_blanks() == [(1, 3), (5, 7), (9, 9)]
    with pytest.raises(Refusal, match=r"7.*0000000000000001 to 0000000000000003") as refused:
        expect_tray_empty(bench.journal)
    assert refused.value.code == "blank-missing"


def test_an_empty_tray_is_well_when_every_blank_is_accounted_for() -> None:
    bench = Bench().receive(1, 2).note(*a_card(1)).give_back(2, 2)
    expect_tray_empty(bench.journal)
    assert bench.journal.missing_blanks() == []


def test_a_count_tells_missing_foreign_and_used_cards_apart() -> None:
    bench = Bench().receive(1, 9).note(*a_card(4), *a_card(5, "b", 2)[:2])
    recovery = recover(bench.memory.entries())
    count = count_tray([(2, 4), (12, 13)], recovery)
    assert (count.missing, count.foreign) == ([(1, 1), (6, 9)], [(12, 13)])
    assert [life.chip for life in count.used] == [chip(4)]
    assert not count.is_as_booked
    assert count_tray([(6, 9), (1, 3)], recovery).is_as_booked


def test_a_sentence_names_a_few_ranges_only() -> None:
    assert ranges_text([(1, 1), (3, 4), (6, 6), (8, 8), (10, 10)]) == (
        "0000000000000001, 0000000000000003 to 0000000000000004, 0000000000000006, "
        "and 2 ranges more"
    )
