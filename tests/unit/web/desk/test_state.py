"""What a desk knows, and how it changes."""

from dataclasses import replace

from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.state import DeskState, Phase, ReaderState, Trouble
from tests.unit.web.examples import BANK_CARD, CLOSED, VALID

EMPTY = ReaderState(reader="A")
READING = EMPTY.with_card(1, 10.0)
JUDGED = READING.with_result(1, VALID, 10.4)


def test_a_card_is_being_read_from_the_moment_it_is_presented() -> None:
    assert (READING.phase, READING.presented_at, READING.verdict_at) == (Phase.READING, 10.0, None)


def test_a_result_belongs_to_the_card_it_was_made_of() -> None:
    assert JUDGED.examination is VALID
    assert READING.with_card(2, 11.0).with_result(1, VALID, 11.1).examination is None


def test_a_result_that_comes_after_the_card_left_is_dropped() -> None:
    gone = READING.without_card(hold=False)
    assert gone.with_result(1, VALID, 11.0) == gone


def test_nothing_of_a_card_stays_when_it_leaves() -> None:
    assert JUDGED.without_card(hold=False) == replace(EMPTY, presentation=1)


def test_nothing_of_a_card_stays_when_the_next_one_comes() -> None:
    assert JUDGED.with_card(2, 12.0) == ReaderState(
        reader="A", phase=Phase.READING, presentation=2, presented_at=12.0
    )


def test_a_held_verdict_stays_and_says_that_the_card_is_gone() -> None:
    held = JUDGED.without_card(hold=True)
    assert (held.examination, held.lifted) == (VALID, True)


def test_the_end_of_a_hold_clears_its_own_verdict_only() -> None:
    held = JUDGED.without_card(hold=True)
    assert held.after_hold(1).examination is None
    assert held.after_hold(2) == held
    assert JUDGED.after_hold(1) == JUDGED


def test_a_problem_is_never_held() -> None:
    bank_card = READING.with_result(1, BANK_CARD, 10.1)
    assert bank_card.without_card(hold=True).examination is None


def test_a_card_taken_away_too_early_is_remembered_as_such() -> None:
    cut_short = READING.with_result(1, Examination(problem=Problem.CARD_REMOVED), 10.1)
    assert READING.without_card(hold=False).interrupted
    assert cut_short.without_card(hold=False).interrupted
    assert not JUDGED.without_card(hold=False).interrupted


def test_a_second_removal_changes_nothing() -> None:
    once = READING.without_card(hold=False)
    assert once.without_card(hold=False) == once


def test_the_holder_is_not_in_the_text_form_of_a_state() -> None:
    assert "ИВАНОВ" not in repr(DeskState(readers=(JUDGED,)))


def test_readers_keep_the_order_in_which_they_came() -> None:
    desk = DeskState().with_reader(EMPTY).with_reader(ReaderState(reader="B"))
    desk = desk.with_reader(READING)
    assert [one.reader for one in desk.readers] == ["A", "B"]
    assert desk.without_reader("A").reader("A") is None


def test_a_lost_reader_service_leaves_no_holder_behind() -> None:
    desk = DeskState(readers=(JUDGED,)).out_of_reach(Trouble("gone", "start it"))
    assert desk.readers == ()
    assert desk.in_reach().trouble is None


CLOSED_CARD = READING.with_result(1, CLOSED, 10.2)


def test_a_card_that_is_closed_or_was_shown_a_wrong_number_asks_for_its_number() -> None:
    asking = {
        problem: READING.with_result(1, Examination(problem=problem), 10.2).asks_for_number
        for problem in Problem
    }
    assert {problem for problem, asks in asking.items() if asks} == {
        Problem.ACCESS_REFUSED,
        Problem.CAN_WRONG,
    }
    assert not any(one.asks_for_number for one in (EMPTY, READING, JUDGED))


def test_a_card_whose_number_was_typed_is_read_again_as_the_same_presentation() -> None:
    assert CLOSED_CARD.with_number(1) == READING


def test_a_number_typed_for_another_presentation_changes_nothing() -> None:
    assert CLOSED_CARD.with_number(2) == CLOSED_CARD


def test_a_number_that_nobody_asked_for_changes_nothing() -> None:
    assert [one.with_number(1) for one in (READING, JUDGED)] == [READING, JUDGED]
