"""A PC/SC service that is a list of readers in memory, moved by the test."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from cardservice.transport.pcsc.codes import SUCCESS, ReaderFlag, ScardCode
from cardservice.transport.pcsc.context import PLUG_AND_PLAY
from cardservice.transport.pcsc.presence import COUNTER_SHIFT
from cardservice.transport.pcsc.scard import PROTOCOL_T1, ReaderStates

MS_PER_S = 1000
WAIT_S = 5.0


@dataclass
class FakeReader:
    """``unfinished``: how often it is asked while its card's ATR is gone and its flag is not."""

    atr: bytes | None = None
    counter: int = 0
    unfinished: int = 0

    @property
    def word(self) -> int:
        empty = self.atr is None and not self.unfinished
        flag = ReaderFlag.EMPTY if empty else ReaderFlag.PRESENT
        return (self.counter & 0xFFFF) << COUNTER_SHIFT | flag


@dataclass
class FakeScard:
    """Codes to return can be set per call; every call is noted."""

    readers: dict[str, FakeReader] = field(default_factory=dict)
    running: bool = True
    codes: dict[str, int] = field(default_factory=dict)
    protocol: int = PROTOCOL_T1
    response: bytes = b"\x90\x00"
    calls: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    cancelled: set[int] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    contexts: int = 0

    def code(self, call: str) -> int:
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()
        if not self.running:
            return ScardCode.NO_SERVICE
        return self.codes.get(call, SUCCESS)

    def establish(self) -> tuple[int, int]:
        self.contexts += 1
        return self.code("establish"), self.contexts

    def release(self, context: int) -> int:
        return self.code("release")

    def cancel(self, context: int) -> int:
        with self.changed:
            self.cancelled.add(context)
            self.changed.notify_all()
        return SUCCESS

    def list_readers(self, context: int) -> tuple[int, list[str]]:
        if not self.readers:
            return ScardCode.NO_READERS_AVAILABLE, []
        return self.code("list"), list(self.readers)

    def status_change(
        self, context: int, timeout_ms: int, known: Sequence[tuple[str, int]]
    ) -> tuple[int, ReaderStates]:
        ((name, word),) = known
        with self.changed:
            self.changed.wait_for(lambda: self.settled(context, name, word), timeout_ms / MS_PER_S)
            if name in self.failing:
                self.failing.remove(name)
                return ScardCode.READER_UNAVAILABLE, []
            outcome = self.outcome(context, name, word)
            if name in self.readers and self.readers[name].unfinished:
                self.readers[name].unfinished -= 1
            return outcome

    def settled(self, context: int, name: str, word: int) -> bool:
        return name in self.failing or self.outcome(context, name, word)[0] != ScardCode.TIMEOUT

    def outcome(self, context: int, name: str, word: int) -> tuple[int, ReaderStates]:
        if not self.running:
            return ScardCode.NO_SERVICE, []
        if context in self.cancelled:
            return ScardCode.CANCELLED, []
        if name == PLUG_AND_PLAY:
            count = len(self.readers) << COUNTER_SHIFT
            return (SUCCESS, [(name, count, b"")]) if count != word else (ScardCode.TIMEOUT, [])
        if name not in self.readers:
            return ScardCode.UNKNOWN_READER, []
        reader = self.readers[name]
        if reader.word == word:
            return ScardCode.TIMEOUT, []
        return SUCCESS, [(name, reader.word | ReaderFlag.CHANGED, reader.atr or b"")]

    def connect(self, context: int, reader: str) -> tuple[int, int, int]:
        return self.code("connect"), 1, self.protocol

    def reconnect(self, handle: int) -> tuple[int, int]:
        return self.code("reconnect"), self.protocol

    def status(self, handle: int) -> tuple[int, bytes]:
        return self.code("status"), b"\x3b\x00"

    def transmit(self, handle: int, protocol: int, command: bytes) -> tuple[int, bytes]:
        self.sent.append(command)
        return self.code("transmit"), self.response

    def disconnect(self, handle: int) -> int:
        return self.code("disconnect")

    def put(self, name: str, *atrs: bytes | None, unfinished: int = 0) -> None:
        """Insert cards (ATRs) and remove them (None) so fast that no one can look between.

        The next ``unfinished`` looks find the last of these changes half made.
        """
        with self.changed:
            for atr in atrs:
                reader = self.readers.setdefault(name, FakeReader())
                reader.atr = atr
                reader.counter += 1
                reader.unfinished = unfinished
            self.changed.notify_all()

    def unplug(self, name: str) -> None:
        with self.changed:
            del self.readers[name]
            self.changed.notify_all()

    def wait_for_calls(self, call: str, count: int) -> bool:
        """Return whether ``call`` has come ``count`` times, waiting for that."""
        with self.changed:
            return self.changed.wait_for(lambda: self.calls.count(call) >= count, WAIT_S)

    def fail_once(self, name: str) -> None:
        with self.changed:
            self.failing.add(name)
            self.changed.notify_all()

    def run(self, *, running: bool) -> None:
        with self.changed:
            self.running = running
            self.changed.notify_all()
