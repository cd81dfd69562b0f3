"""The number printed on a card: to that card only, once, and kept nowhere."""

import gc
import logging
import time

import pytest

from cardservice.errors import Refusal
from cardservice.verify.examination import Problem
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.state import Phase, ReaderState
from cardservice.web.desk.typed import TypedNumber
from cardservice.web.desk.worker import Turn
from tests.unit.web.desk.following import RunningDesk, is_judged, running
from tests.unit.web.doubles import PATIENCE_S, READER
from tests.unit.web.examples import CAN, CLOSED, OPENED, WRONG_CAN


def asked(desk: RunningDesk, card: bytes = b"closed") -> ReaderState:
    """Present the card and return the reader's state once it is judged."""
    desk.watch.present(card)
    return desk.hub.wait_for(is_judged)


def type_number(desk: RunningDesk, presentation: int, can: str = CAN) -> None:
    desk.hub.hand_over(TypedNumber(reader=READER, presentation=presentation, can=can))


def ended(state: ReaderState) -> bool:
    return state.examination not in (None, CLOSED)


def test_the_card_on_the_reader_is_read_again_with_its_number() -> None:
    with running() as desk:
        closed = asked(desk)
        type_number(desk, closed.presentation)
        opened = desk.hub.wait_for(ended)
    assert (closed.examination, opened.examination) == (CLOSED, OPENED)
    assert opened.presentation == closed.presentation
    assert desk.examiner.numbers == [None, CAN]
    assert [link.closed for link in desk.watch.links] == [True, True]


def test_the_card_is_shown_as_being_read_before_its_number_reaches_it() -> None:
    with running() as desk:
        closed = asked(desk)
        gate = desk.examiner.gate(b"closed")
        type_number(desk, closed.presentation)
        state = desk.hub.state.reader(READER)
        gate.set()
    assert state is not None
    assert (state.phase, state.examination, state.verdict_at) == (Phase.READING, None, None)


def test_a_wrong_number_is_told_and_asked_for_again() -> None:
    with running() as desk:
        closed = asked(desk)
        type_number(desk, closed.presentation, WRONG_CAN)
        wrong = desk.hub.wait_for(ended)
        assert wrong.examination is not None
        assert wrong.examination.problem is Problem.CAN_WRONG
        assert wrong.asks_for_number
        type_number(desk, closed.presentation)
        desk.hub.wait_for(lambda one: one.examination is OPENED)
    assert desk.examiner.numbers == [None, WRONG_CAN, CAN]


def test_a_number_never_reaches_the_card_that_came_after() -> None:
    with running() as desk:
        first = asked(desk)
        desk.watch.remove()
        second = asked(desk)
        with pytest.raises(Refusal):
            type_number(desk, first.presentation)
        assert second.presentation != first.presentation
    assert desk.examiner.numbers == [None, None]


def test_a_number_that_waits_for_its_turn_is_dropped_with_its_card() -> None:
    with running() as desk:
        closed = asked(desk)
        gate = desk.examiner.gate(b"closed")
        type_number(desk, closed.presentation, WRONG_CAN)
        assert desk.examiner.entered[b"closed"].wait(PATIENCE_S)
        desk.watch.remove()
        desk.watch.present(b"other")
        gate.set()
        desk.hub.wait_for(is_judged)
    assert desk.examiner.numbers == [None, WRONG_CAN, None]
    assert not any(
        one.examination and one.examination.problem is Problem.CAN_WRONG
        for moment in desk.hub.history
        for one in moment.readers
    )


def test_a_second_number_is_refused_while_the_first_is_tried() -> None:
    with running() as desk:
        closed = asked(desk)
        gate = desk.examiner.gate(b"closed")
        type_number(desk, closed.presentation)
        with pytest.raises(Refusal):
            type_number(desk, closed.presentation)
        gate.set()
        desk.hub.wait_for(ended)
    assert desk.examiner.numbers == [None, CAN]


@pytest.mark.parametrize("card", [b"valid", b"never heard of it"])
def test_a_card_that_asks_for_no_number_gets_none(card: bytes) -> None:
    with running() as desk:
        judged = asked(desk, card)
        with pytest.raises(Refusal) as refused:
            type_number(desk, judged.presentation)
        assert desk.hub.state.reader(READER) == judged
    assert refused.value.code == "number-not-asked"
    assert desk.examiner.numbers == [None]


def test_a_reader_that_is_not_there_is_refused_like_a_card_that_left() -> None:
    with running() as desk:
        typed = TypedNumber(reader="no such reader", presentation=1, can=CAN)
        with pytest.raises(Refusal, match="asks for its number"):
            desk.hub.hand_over(typed)


def test_nobody_takes_numbers_before_the_desk_starts_and_after_it_stopped() -> None:
    typed = TypedNumber(reader=READER, presentation=1, can=CAN)
    with pytest.raises(Refusal):
        DeskHub().hand_over(typed)
    with running() as desk:
        closed = asked(desk)
    with pytest.raises(Refusal):
        type_number(desk, closed.presentation)


def test_the_digits_are_in_no_state_no_log_and_no_text_of_an_object(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with running() as desk:
        closed = asked(desk)
        type_number(desk, closed.presentation, WRONG_CAN)
        desk.hub.wait_for(ended)
        type_number(desk, closed.presentation)
        desk.hub.wait_for(lambda one: one.examination is OPENED)
    said = [caplog.text, repr(desk.hub.history), repr(Turn(1, CAN))]
    said.append(repr(TypedNumber(reader=READER, presentation=1, can=CAN)))
    assert not [one for one in said if CAN in one or WRONG_CAN in one]


def test_the_digits_are_forgotten_while_the_card_still_lies_there() -> None:
    own = "604512"  # of no other test: theirs may still be in the traceback of a refusal
    with running() as desk:
        closed = asked(desk)
        type_number(desk, closed.presentation, own)
        desk.hub.wait_for(ended)
        end = time.monotonic() + PATIENCE_S
        while holders_of(own) and time.monotonic() < end:
            pass  # The reader's thread comes back from its last step.
        assert holders_of(own) == []


def holders_of(can: str) -> list[object]:
    """Return the objects of ours in this process that hold that number."""
    # By its type, not isinstance, which would ask what a weak proxy stands for: it may be gone.
    found = [one for one in gc.get_objects() if type(one) in {Turn, TypedNumber}]
    return [one for one in found if one.can == can]


def test_a_card_taken_away_while_its_number_is_tried_is_asked_back() -> None:
    with running() as desk:
        closed = asked(desk)
        gate = desk.examiner.gate(b"closed")
        type_number(desk, closed.presentation)
        desk.watch.remove()
        state = desk.hub.state.reader(READER)
        gate.set()
    assert state is not None
    assert (state.phase, state.interrupted) == (Phase.WAITING, True)
