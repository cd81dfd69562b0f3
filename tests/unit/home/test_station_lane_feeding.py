"""A feeder that works in a thread: asked again and again, one move after the other."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from cardservice.home.station_lane_feeding import Feeding, feeder_of
from cardservice.personalization.lane_worker import Bin
from cardservice.transport.feeders import EveryTimeAnother, FeederError
from cardservice.transport.feeders_line import LineFeeder

WAIT_S = 5.0


@dataclass
class Machine:
    """Waits in each move until it is told to go on."""

    go_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    moves: list[str] = field(default_factory=list)
    there: bool = True
    error: Exception | None = None
    closed: bool = False

    def get_card(self) -> bool:
        self._move("get")
        return self.there

    def done(self) -> None:
        self._move("done")

    def error_bin(self) -> None:
        self._move("error")

    def close(self) -> None:
        self.closed = True

    def _move(self, name: str) -> None:
        assert self.go_on.acquire(timeout=WAIT_S)
        self.moves.append(name)
        error, self.error = self.error, None
        if error is not None:
            raise error


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def feeding(machine: Machine) -> Iterator[Feeding]:
    made = Feeding(machine)
    yield made
    made.close()
    machine.go_on.release(9)
    assert machine.closed


def test_a_move_is_begun_once_and_asked_after_until_it_is_over(
    machine: Machine, feeding: Feeding
) -> None:
    assert feeding.fetch(0) is None
    assert feeding.fetch(0) is None
    machine.go_on.release()
    assert feeding.fetch(WAIT_S) is True
    assert machine.moves == ["get"]


def test_an_empty_hopper_is_told_and_asked_again(machine: Machine, feeding: Feeding) -> None:
    machine.there = False
    machine.go_on.release(2)
    assert feeding.fetch(WAIT_S) is False
    assert feeding.fetch(WAIT_S) is False
    assert machine.moves == ["get", "get"]


def test_a_card_goes_into_its_bin(machine: Machine, feeding: Feeding) -> None:
    machine.go_on.release(2)
    assert feeding.let_go(Bin.GOOD, WAIT_S)
    assert feeding.let_go(Bin.ERROR, WAIT_S)
    assert machine.moves == ["done", "error"]


def test_a_card_that_stays_moves_nothing(machine: Machine, feeding: Feeding) -> None:
    assert feeding.let_go(Bin.STAY, 0)
    assert machine.moves == []


def test_the_next_move_begins_after_the_one_that_nobody_waited_for(
    machine: Machine, feeding: Feeding
) -> None:
    assert not feeding.let_go(Bin.GOOD, 0)
    assert feeding.fetch(0) is None
    machine.go_on.release(2)
    assert feeding.fetch(WAIT_S) is True
    assert machine.moves == ["done", "get"]


def test_an_error_is_told_once_and_the_move_may_be_asked_again(
    machine: Machine, feeding: Feeding
) -> None:
    machine.error = FeederError("feeder-fault", "The feeder stopped: jam.")
    machine.go_on.release(2)
    with pytest.raises(FeederError, match="jam"):
        feeding.fetch(WAIT_S)
    assert feeding.fetch(WAIT_S) is True


def test_an_error_of_a_move_that_nobody_waited_for_is_told_by_the_next(
    machine: Machine, feeding: Feeding
) -> None:
    machine.error = FeederError("feeder-fault", "The feeder stopped: jam.")
    assert not feeding.let_go(Bin.GOOD, 0)
    machine.go_on.release(2)
    with pytest.raises(FeederError, match="jam"):
        feeding.fetch(WAIT_S)
    assert feeding.fetch(WAIT_S) is True


def test_a_timeout_of_the_machine_is_no_timeout_of_ours(machine: Machine, feeding: Feeding) -> None:
    machine.error = TimeoutError()
    machine.go_on.release()
    with pytest.raises(TimeoutError):
        feeding.fetch(WAIT_S)


def test_the_url_of_reader_and_feeder_choose_who_feeds() -> None:
    assert isinstance(feeder_of("sim:", ""), EveryTimeAnother)
    assert isinstance(feeder_of("sim:", "tcp:127.0.0.1:7001"), LineFeeder)
