"""Several processes that answer on one socket; one that dies is started again."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Final

from cardservice.web.metrics import forget_process

LOOK_S: Final = 1.0
SHORT_S: Final = 5.0  # one that lived no longer died of something that is still so
LONGEST_WAIT_S: Final = 30.0
STOP_S: Final = 40.0  # an answer in progress has its grace, and an upkeep its end
_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Place:
    """One worker's place: who is in it, since when, and how often they died young."""

    process: BaseProcess | None = None
    since: float = 0.0
    failures: int = 0
    not_before: float = 0.0


class Workers:
    """Keeps so many processes going until it is interrupted.

    Args:
        work: what each does; it ends when it is told to by SIGTERM.
        count: how many.
    """

    def __init__(self, work: Callable[[], None], count: int) -> None:
        # A fork: the listening socket and the opened keys come with it, and no passphrase is
        # asked for twice or passed on. Nothing here has threads before it.
        self._context = multiprocessing.get_context("fork")
        self._work = work
        self._places = [_Place() for _ in range(count)]

    def run(self) -> None:
        """Start them, and again whoever dies; on the way out stop them all."""
        try:
            while True:
                self._look()
                going = [one.process.sentinel for one in self._places if one.process is not None]
                wait(going, timeout=LOOK_S)
        finally:
            self._stop()

    def _look(self) -> None:
        for place in self._places:
            if place.process is not None and not place.process.is_alive():
                self._bury(place, place.process)
            if place.process is None and time.monotonic() >= place.not_before:
                self._start(place)

    def _start(self, place: _Place) -> None:
        process = self._context.Process(
            target=_worker, args=(self._work, os.getpid()), name="clinics-worker"
        )
        process.start()
        place.process, place.since = process, time.monotonic()

    def _bury(self, place: _Place, process: BaseProcess) -> None:
        _log.error("a worker ended with status %s", process.exitcode)
        if process.pid is not None:
            forget_process(process.pid)
        now = time.monotonic()
        place.failures = place.failures + 1 if now - place.since < SHORT_S else 0
        pause = min(2.0 ** (place.failures - 1), LONGEST_WAIT_S) if place.failures else 0.0
        place.process, place.not_before = None, now + pause

    def _stop(self) -> None:
        going = [one.process for one in self._places if one.process is not None]
        for process in going:
            process.terminate()
        end = time.monotonic() + STOP_S
        for process in going:
            process.join(max(0.0, end - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def _worker(work: Callable[[], None], parent: int) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_watch, args=(parent,), name="watch", daemon=True).start()
    with suppress(KeyboardInterrupt):  # told to stop
        work()


def _watch(parent: int) -> None:
    """Stop this process when the one that started it is gone, however that ended."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
