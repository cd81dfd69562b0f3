"""Who looks at the desk meanwhile: a page by its stream of events, a clinic system by a socket."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bench.soak.desk_running import ORIGIN, RunningDesk

PATIENCE_S: Final = 40.0  # a stream is never silent for longer than its heartbeat, 10 s
AGAIN_S: Final = 0.5
_DATA: Final = "data: "
_ID: Final = "id: "
_GOING_AWAY: Final = 1001  # RFC 6455, 7.4.1: the desk stops


class Follower:
    """Listens in a thread of its own until the desk stops, and again where it was cut off.

    Attributes:
        messages: how many came.
        version: of the newest state that was told.
        wrong: what ought not to have come, by kind.
    """

    def __init__(self, name: str, desk: RunningDesk, listen: Callable[["Follower"], None]) -> None:
        self.name = name
        self.desk = desk
        self.messages = 0
        self.version = 0
        self.wrong = Counter[str]()
        self.readers: dict[str, bool] = {}
        self.ending = threading.Event()
        self._listen = listen
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def is_calm(self, readers: int) -> bool:
        """Return whether it was told of so many readers without a card, and nothing newer is."""
        empty = [one for one in self.readers.values() if one]
        return len(empty) == len(self.readers) == readers

    def close(self) -> None:
        """Wait for its end, which comes with the desk's; call this when the desk has stopped."""
        self.ending.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        while not (self.ending.is_set() or self.desk.hub.closed):
            try:
                self._listen(self)
            except Exception as error:  # noqa: BLE001 - whatever ended it is counted and told
                if not (self.ending.is_set() or self.desk.hub.closed):
                    self.wrong[f"cut off: {type(error).__name__} {error}"] += 1
            self.ending.wait(AGAIN_S)

    def take_version(self, version: int) -> None:
        """Note a state; it never goes back."""
        if version < self.version:
            self.wrong["went back"] += 1
        self.messages += 1
        self.version = version


def page(desk: RunningDesk) -> Follower:
    """Return one that follows the page's events."""
    return Follower("soak page", desk, _follow_events)


def clinic_system(desk: RunningDesk) -> Follower:
    """Return one that follows the readers by the local API's socket, paired."""
    return Follower("soak socket", desk, _follow_socket)


def _follow_events(follower: Follower) -> None:
    line = http.client.HTTPConnection("127.0.0.1", follower.desk.port, timeout=PATIENCE_S)
    number = 0
    try:
        line.request("GET", "/events?lang=en")
        for raw in line.getresponse():
            text = raw.decode()
            if text.startswith(_ID):
                number = int(text[len(_ID) :])
            elif text.startswith(_DATA) and (said := json.loads(text[len(_DATA) :])):
                _take_page(follower, said, number)
    finally:
        line.close()


def _take_page(follower: Follower, said: dict[str, Any], number: int) -> None:
    follower.take_version(number)
    told = {key: times["presented_at"] is None for key, times in said["times"].items()}
    known = {**follower.readers, **told}
    follower.readers = {key: known[key] for key in said["readers"]}


def _follow_socket(follower: Follower) -> None:
    url = f"ws://127.0.0.1:{follower.desk.port}/local/v1/stream"
    with connect(url, origin=Origin(ORIGIN), open_timeout=PATIENCE_S, proxy=None) as line:
        line.send(json.dumps({"token": follower.desk.token}))
        try:
            _hear(follower, line)
        except ConnectionClosed as closed:
            if closed.rcvd is None or closed.rcvd.code != _GOING_AWAY:
                raise


def _hear(follower: Follower, line: ClientConnection) -> None:
    verdicts: dict[str, int] = {}
    while not follower.ending.is_set():
        said = json.loads(line.recv(timeout=PATIENCE_S))
        if said["type"] == "state":
            follower.take_version(said["version"])
            readers = said["readers"]
            follower.readers = {one["key"]: one["phase"] == "waiting" for one in readers}
        elif said["type"] == "verdict":
            follower.messages += 1
            key, number = said["reader"]["key"], said["reader"]["presentation"]
            if verdicts.get(key) == number:
                follower.wrong["a verdict told twice"] += 1
            verdicts[key] = number
