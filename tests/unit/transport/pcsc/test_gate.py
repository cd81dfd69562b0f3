"""Which calls to libpcsclite may run side by side, and which wait for which."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Final

import pytest

from cardservice.transport.pcsc import gate
from cardservice.transport.pcsc.gate import Gate

SHORT_S: Final = 0.1
PATIENCE_S: Final = 10.0
LONG_S: Final = 3600.0

Way = Callable[[Gate], AbstractContextManager[None]]
WAYS: Final[dict[str, Way]] = {
    "look up": Gate.looking_up,
    "connect": Gate.connecting,
    "disconnect": Gate.disconnecting,
}
TOGETHER: Final = {("look up", "look up"), ("connect", "connect")}


class Caller:
    """A thread that goes through the gate and stays until told to leave."""

    def __init__(self, way: AbstractContextManager[None], stack: ExitStack) -> None:
        self.inside, self.leave = threading.Event(), threading.Event()
        self._way = way
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        stack.callback(self.thread.join, PATIENCE_S)
        stack.callback(self.leave.set)

    def _run(self) -> None:
        with self._way:
            self.inside.set()
            self.leave.wait(PATIENCE_S)


@pytest.fixture(autouse=True)
def _slow_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a call count as looking up for as long as it is under way."""
    monkeypatch.setattr(gate, "LOOKED_UP_S", LONG_S)


@pytest.mark.parametrize("second", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_only_calls_of_one_kind_run_side_by_side_and_a_disconnection_alone(
    first: str, second: str
) -> None:
    door = Gate()
    with ExitStack() as stack:
        one = Caller(WAYS[first](door), stack)
        assert one.inside.wait(PATIENCE_S)
        other = Caller(WAYS[second](door), stack)
        together = other.inside.wait(SHORT_S)
        assert together == ((first, second) in TOGETHER)
        one.leave.set()
        assert other.inside.wait(PATIENCE_S)


@pytest.mark.parametrize("change", ["connect", "disconnect"])
def test_who_comes_after_a_waiting_change_waits_behind_it(change: str) -> None:
    door = Gate()
    with ExitStack() as stack:
        early = Caller(door.looking_up(), stack)
        assert early.inside.wait(PATIENCE_S)
        changing = Caller(WAYS[change](door), stack)
        assert not changing.inside.wait(SHORT_S)
        late = Caller(door.looking_up(), stack)
        assert not late.inside.wait(SHORT_S)
        early.leave.set()
        assert changing.inside.wait(PATIENCE_S)
        assert not late.inside.wait(SHORT_S)
        changing.leave.set()
        assert late.inside.wait(PATIENCE_S)


@pytest.mark.parametrize("change", ["connect", "disconnect"])
def test_a_slow_card_in_one_reader_holds_up_no_other(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "LOOKED_UP_S", SHORT_S)
    door = Gate()
    with ExitStack() as stack:
        slow = Caller(door.looking_up(), stack)
        assert slow.inside.wait(PATIENCE_S)
        changing = Caller(WAYS[change](door), stack)
        assert changing.inside.wait(PATIENCE_S)
        assert not slow.leave.is_set()


@pytest.mark.parametrize("way", WAYS)
def test_a_call_that_raises_leaves_the_gate_open(way: str) -> None:
    door = Gate()

    def fail() -> None:
        with WAYS[way](door):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with ExitStack() as stack:
        for other in WAYS.values():
            caller = Caller(other(door), stack)
            assert caller.inside.wait(PATIENCE_S)
            caller.leave.set()
            caller.thread.join(PATIENCE_S)
