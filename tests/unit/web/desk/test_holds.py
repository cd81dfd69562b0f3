"""Holds that end while they begin."""

from threading import Event, Thread, Timer
from unittest.mock import patch

import pytest
from typing_extensions import override

from cardservice.web.desk import holds
from cardservice.web.desk.holds import Holds
from tests.unit.web.doubles import PATIENCE_S, READER


def test_what_was_held_is_over_once_after_its_time() -> None:
    over = Event()
    Holds(0.001).begin(READER, over.set)
    assert over.wait(PATIENCE_S)


def test_a_hold_that_was_ended_is_never_over() -> None:
    over, kept = Event(), Holds(0.01)
    kept.begin(READER, over.set)
    kept.end(READER)
    assert not over.wait(0.05)


def test_a_hold_may_be_ended_at_the_moment_it_begins() -> None:
    """A desk that stops while a card leaves must not wait for a thread that has not begun."""
    known, ended = Event(), Event()

    class SlowToStart(Timer):
        @override
        def start(self) -> None:
            known.set()
            ended.wait(0.05)  # Without a lock, the end comes in here.
            super().start()

    kept = Holds(PATIENCE_S)
    with patch.object(holds, "Timer", SlowToStart):
        beginning = Thread(target=kept.begin, args=(READER, pytest.fail))
        beginning.start()
        assert known.wait(PATIENCE_S)
        kept.end_all()
        ended.set()
        beginning.join(PATIENCE_S)
    assert not beginning.is_alive()
