"""From events of readers to states of the desk."""

import threading

import pytest

from cardservice.errors import CardRemovedError, LinkError, ReaderUnavailableError, TimeBudgetError
from cardservice.transport.events import (
    CardPresented,
    ReaderAdded,
    ReaderRemoved,
    ServiceLost,
    ServiceRestored,
)
from cardservice.verify.examination import Problem
from cardservice.web.desk.state import Phase, Trouble
from tests.unit.web.desk.following import is_judged, running
from tests.unit.web.doubles import PATIENCE_S, READER
from tests.unit.web.examples import OTHER_VALID, VALID


def test_a_presented_card_is_shown_as_being_read_before_it_is_examined() -> None:
    with running() as desk:
        gate = desk.examiner.gate(b"valid")
        desk.watch.present(b"valid")
        state = desk.hub.state.reader(READER)
        gate.set()
    assert state is not None
    assert state.phase is Phase.READING


def test_a_presented_card_gets_its_result_and_its_times() -> None:
    with running() as desk:
        desk.watch.present(b"valid")
        state = desk.hub.wait_for(is_judged)
    assert state.examination is VALID
    assert state.presented_at is not None
    assert state.verdict_at is not None
    assert state.presented_at <= state.verdict_at


def test_the_link_is_closed_after_the_examination() -> None:
    with running() as desk:
        desk.watch.present(b"valid")
        desk.hub.wait_for(is_judged)
    assert [link.closed for link in desk.watch.links] == [True]


def test_nothing_of_the_holder_stays_when_the_card_leaves() -> None:
    with running() as desk:
        desk.watch.present(b"valid")
        desk.hub.wait_for(is_judged)
        desk.watch.remove()
        state = desk.hub.state.reader(READER)
    assert state is not None
    assert (state.phase, state.examination) == (Phase.WAITING, None)


def test_the_result_of_a_card_that_was_swapped_meanwhile_is_never_shown() -> None:
    with running() as desk:
        gate = desk.examiner.gate(b"valid")
        desk.watch.present(b"valid")
        assert desk.examiner.entered[b"valid"].wait(PATIENCE_S)
        desk.watch.remove()
        desk.watch.present(b"other")
        gate.set()
        state = desk.hub.wait_for(is_judged)
    shown = {
        one.examination.holder.surname
        for desk_state in desk.hub.history
        for one in desk_state.readers
        if one.examination and one.examination.holder
    }
    assert state.examination is OTHER_VALID
    assert shown == {"МАМОНТОВА"}


def test_only_the_newest_of_several_waiting_cards_is_examined() -> None:
    with running() as desk:
        gate = desk.examiner.gate(b"valid")
        desk.watch.present(b"valid")
        assert desk.examiner.entered[b"valid"].wait(PATIENCE_S)
        for card in (b"second", b"third", b"other"):
            desk.watch.remove()
            desk.watch.present(card)
        gate.set()
        desk.hub.wait_for(is_judged)
    assert [link.atr for link in desk.watch.links] == [b"valid", b"other"]


def test_a_card_stuck_in_one_reader_does_not_hold_up_another() -> None:
    with running(readers=("A", "B")) as desk:
        gate = desk.examiner.gate(b"valid")
        desk.watch.present(b"valid", "A")
        desk.watch.present(b"other", "B")
        state = desk.hub.wait_for(is_judged, "B")
        stuck = desk.hub.state.reader("A")
        gate.set()
    assert state.examination is OTHER_VALID
    assert stuck is not None
    assert stuck.phase is Phase.READING


def test_a_result_of_a_reader_that_was_unplugged_is_dropped() -> None:
    with running() as desk:
        gate = desk.examiner.gate(b"valid")
        desk.watch.present(b"valid")
        assert desk.examiner.entered[b"valid"].wait(PATIENCE_S)
        desk.watch.tell(ReaderRemoved(READER))
        desk.watch.tell(ReaderAdded(READER))
        desk.watch.present(b"other")
        gate.set()
        state = desk.hub.wait_for(is_judged)
    assert all(
        one.examination is not VALID for moment in desk.hub.history for one in moment.readers
    )
    assert state.presentation == 2


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (CardRemovedError("gone"), Problem.CARD_REMOVED),
        (TimeBudgetError("slow"), Problem.CARD_TOO_SLOW),
        (ReaderUnavailableError("gone", remedy="plug it in"), Problem.READER_FAILED),
        (LinkError("broken"), Problem.READER_FAILED),
    ],
)
def test_a_link_that_does_not_open_is_a_named_problem(error: LinkError, problem: Problem) -> None:
    with running() as desk:
        desk.watch.refusal = error
        desk.watch.present(b"valid")
        state = desk.hub.wait_for(is_judged)
    assert state.examination is not None
    assert state.examination.problem is problem


def test_an_examiner_that_fails_leaves_a_problem_and_a_working_reader() -> None:
    with running() as desk:
        desk.watch.present(b"never heard of it")
        failed = desk.hub.wait_for(is_judged)
        desk.watch.remove()
        desk.watch.present(b"valid")
        state = desk.hub.wait_for(is_judged)
    assert failed.examination is not None
    assert failed.examination.problem is Problem.CARD_UNREADABLE
    assert state.examination is VALID
    assert all(link.closed for link in desk.watch.links)


def test_a_failure_is_logged_by_its_kind_only(caplog: pytest.LogCaptureFixture) -> None:
    with running() as desk:
        desk.watch.present("ИВАНОВ".encode())
        desk.hub.wait_for(is_judged)
    assert "KeyError" in caplog.text
    assert "ИВАНОВ" not in caplog.text
    assert str("ИВАНОВ".encode()) not in caplog.text


def test_a_card_without_an_answer_to_reset_is_mute() -> None:
    with running() as desk:
        desk.watch.tell(CardPresented(READER, b"", 1.0))
        state = desk.hub.wait_for(is_judged)
    assert state.examination is not None
    assert state.examination.problem is Problem.CARD_MUTE
    assert desk.watch.links == []


def test_a_held_verdict_goes_when_its_time_is_over() -> None:
    with running(hold_s=0.01) as desk:
        desk.watch.present(b"valid")
        desk.hub.wait_for(is_judged)
        desk.watch.remove()
        state = desk.hub.wait_for(lambda one: one.phase is Phase.WAITING)
    assert any(one.lifted for moment in desk.hub.history for one in moment.readers)
    assert state.examination is None


def test_a_held_verdict_gives_way_to_the_next_card_at_once() -> None:
    with running(hold_s=3600.0) as desk:
        desk.watch.present(b"valid")
        desk.hub.wait_for(is_judged)
        desk.watch.remove()
        gate = desk.examiner.gate(b"other")
        desk.watch.present(b"other")
        state = desk.hub.state.reader(READER)
        gate.set()
    assert state is not None
    assert (state.examination, state.lifted) == (None, False)


def test_a_lost_reader_service_is_told_and_taken_back() -> None:
    with running() as desk:
        desk.watch.tell(ServiceLost("The service is away.", "Start it."))
        lost = desk.hub.state
        desk.watch.tell(ServiceRestored())
        desk.watch.tell(ReaderAdded(READER))
        back = desk.hub.state
    assert (lost.trouble, lost.readers) == (Trouble("The service is away.", "Start it."), ())
    assert back.trouble is None
    assert back.reader(READER) is not None


def test_no_thread_of_the_desk_is_left_after_it_stopped() -> None:
    with running(readers=("A", "B"), hold_s=3600.0) as desk:
        for reader in ("A", "B"):
            desk.watch.present(b"valid", reader)
            desk.hub.wait_for(is_judged, reader)
            desk.watch.remove(reader)
        desk.watch.tell(ReaderRemoved("B"))
    left = [one.name for one in threading.enumerate() if one.name.startswith("desk ")]
    assert left == []
    assert desk.hub.closed
