"""A desk that serves its page in this process, and a page that follows it over a real socket."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final

from bench.figures import NotMeasurableError
from cardservice.transport.events import ReaderWatch
from cardservice.verify.ports import DeskExaminer
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.serve import DeskServer, bind

PATIENCE_S: Final = 10.0
STOP_S: Final = 10.0
_DATA: Final = b"data: "


class FollowingPage:
    """What a page hears of the desk: the time a message came, and the message."""

    def __init__(self, port: int) -> None:
        self._heard: SimpleQueue[tuple[float, dict[str, Any]]] = SimpleQueue()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self._connection.request("GET", "/events?lang=en")
        self._answer = self._connection.getresponse()
        self._thread = Thread(target=self._listen, name="bench page", daemon=True)
        self._thread.start()

    def mark_shown(self, mark: str) -> float:
        """Return when a panel with that mark came, monotonic seconds.

        Raises:
            NotMeasurableError: none came for a long time.
        """
        wanted = f'data-mark="{mark}"'
        try:
            while True:
                at, message = self._heard.get(timeout=PATIENCE_S)
                if any(wanted in panel for panel in message.get("panels", {}).values()):
                    return at
        except Empty:
            raise NotMeasurableError(f"no panel marked {mark} came to the page") from None

    def close(self) -> None:
        """Wait for the end of the events, which comes with the end of the desk."""
        self._thread.join(STOP_S)
        self._connection.close()

    def _listen(self) -> None:
        for line in self._answer:
            if line.startswith(_DATA):
                self._heard.put((time.monotonic(), json.loads(line[len(_DATA) :])))


@contextmanager
def followed_desk(watch: ReaderWatch, examiner: DeskExaminer) -> Iterator[FollowingPage]:
    """Run a desk on a free port of the loopback interface, with one page that follows it."""
    hub = DeskHub()
    runner = DeskRunner(hub=hub, watch=watch, examiner=examiner)
    server = DeskServer(create_app(hub), hub)
    listener = bind("127.0.0.1", 0)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    runner.start()
    thread.start()
    _until(lambda: server.started)
    page = FollowingPage(listener.getsockname()[1])
    try:
        yield page
    finally:
        server.should_exit = True
        thread.join(STOP_S)
        page.close()
        runner.stop()
        listener.close()


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not reached():
        if time.monotonic() > end:
            raise NotMeasurableError("the desk did not start")
        time.sleep(0.01)
