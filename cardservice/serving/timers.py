"""The thread that does the office's jobs when their time has come."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from cardservice.registry.timers import Job, TimerParts, run_all, run_due
from cardservice.registry.timers_jobs import AT_CLOSING, JOBS

LOOK_S: Final = 10.0  # between looks at the clock; the shortest period is a minute
STOP_S: Final = 30.0  # an attempt to send that is under way may take 20 s
_log: Final = logging.getLogger(__name__)


@contextmanager
def timers_running(
    parts: TimerParts, *, jobs: Sequence[Job] = JOBS, look_s: float = LOOK_S
) -> Iterator[None]:
    """Do the jobs in a thread meanwhile; at the end, sign what was recorded since the last head."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_run, args=(lambda: run_due(parts, jobs), stop, look_s), name="timers", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_S)
        if thread.is_alive():
            _log.warning("a timer did not end in time")
        run_all(parts, AT_CLOSING)


def _run(look: Callable[[], object], stop: threading.Event, look_s: float) -> None:
    while not stop.is_set():
        try:
            look()
        except Exception as error:  # noqa: BLE001 - the next look may well succeed
            _log.error("timers: %s", type(error).__name__)
        stop.wait(look_s)
