"""Waiting for a desk to come to a state, without sleeping."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from cardservice.web.desk.hub import Change, DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.desk.state import DeskState, ReaderState
from tests.unit.web import examples
from tests.unit.web.doubles import PATIENCE_S, READER, DoubleExaminer, DoubleWatch


class WatchedHub(DeskHub):
    """A hub that a test can wait on, and that remembers every state it went through."""

    def __init__(self) -> None:
        super().__init__()
        self._moved = Condition()
        self.history: list[DeskState] = []

    def update(self, change: Change) -> DeskState:  # type: ignore[explicit-override]
        state = super().update(change)
        with self._moved:
            self.history.append(state)
            self._moved.notify_all()
        return state

    def wait_for(self, reached: Callable[[ReaderState], bool], reader: str = READER) -> ReaderState:
        """Return the reader's state once it is as wanted; a test that waits in vain fails."""

        def state() -> ReaderState | None:
            known = self.state.reader(reader)
            return known if known is not None and reached(known) else None

        with self._moved:
            found = self._moved.wait_for(state, PATIENCE_S)
        assert found is not None
        return found


class RunningDesk:
    """A runner with doubles on both sides."""

    def __init__(self, *, readers: tuple[str, ...] = (READER,), hold_s: float = 0.0) -> None:
        self.hub = WatchedHub()
        self.watch = DoubleWatch(readers)
        self.examiner = DoubleExaminer(
            {
                b"valid": examples.VALID,
                b"other": examples.OTHER_VALID,
                b"closed": examples.CLOSED,
            },
            {(b"closed", examples.CAN): examples.OPENED},
        )
        self.runner = DeskRunner(
            hub=self.hub, watch=self.watch, examiner=self.examiner, hold_s=hold_s
        )


@contextmanager
def running(*, readers: tuple[str, ...] = (READER,), hold_s: float = 0.0) -> Iterator[RunningDesk]:
    """Run a desk for the length of the block."""
    desk = RunningDesk(readers=readers, hold_s=hold_s)
    desk.runner.start()
    try:
        yield desk
    finally:
        desk.runner.stop()


def is_judged(state: ReaderState) -> bool:
    """Return whether the result is there."""
    return state.examination is not None
