"""Feeders: a person, a machine over TCP, a machine of another package; and who looks at readers."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import pytest
from typing_extensions import override

from cardservice.errors import ReaderUnavailableError, UsageError
from cardservice.transport import feeders, feeders_hand
from cardservice.transport.feeders import EveryTimeAnother, FeederError, open_feeder
from cardservice.transport.feeders_hand import HandFeeder, SeenFeeder
from cardservice.transport.feeders_line import LineFeeder
from cardservice.transport.feeders_presence import PcscPresence
from cardservice.transport.pcsc.codes import ReaderFlag
from tests.unit.transport.pcsc.fake_scard import FakeReader, FakeScard

WAIT_S = 5.0
ATR = b"\x3b\x00"


# --- over TCP ---


class Machine:
    """Says what it is told to, one answer a command; remembers the commands."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = iter(answers)
        self.heard: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                for line in lines:
                    self.heard.append(line)
                    answer = next(self._answers, b"")
                    if not answer:
                        break
                    connection.sendall(answer)

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(WAIT_S)


@pytest.fixture
def machine() -> Iterator[Callable[..., tuple[Machine, LineFeeder]]]:
    made: list[tuple[Machine, LineFeeder]] = []

    def make(*answers: bytes, answer_s: float = WAIT_S) -> tuple[Machine, LineFeeder]:
        server = Machine(*answers)
        made.append((server, LineFeeder("127.0.0.1", server.port, answer_s=answer_s)))
        return made[-1]

    yield make
    for server, feeder in made:
        feeder.close()
        server.close()


Make = Callable[..., tuple[Machine, LineFeeder]]


def test_a_machine_is_asked_and_answers_line_by_line(machine: Make) -> None:
    server, feeder = machine(b"OK\n", b"OK\r\n", b"OK\n", b"EMPTY\n")
    assert feeder.get_card()
    feeder.done()
    feeder.error_bin()
    assert not feeder.get_card()
    assert server.heard == [b"GET\n", b"DONE\n", b"ERROR\n", b"GET\n"]


@pytest.mark.parametrize(("answer", "said"), [(b"FAULT jam\n", "jam"), (b"FAULT\n", "did not say")])
def test_a_fault_is_told_in_the_machine_s_own_word(machine: Make, answer: bytes, said: str) -> None:
    _, feeder = machine(answer, b"OK\n")
    with pytest.raises(FeederError, match=said) as fault:
        feeder.get_card()
    assert fault.value.code == "feeder-fault"
    assert feeder.get_card()


@pytest.mark.parametrize(
    "answer",
    [b"YES\n", b"OK\nOK\n", b"ok\n", b"FAULT Jam!\n", b"O" * 200, b"FAULT " + b"a" * 33 + b"\n"],
)
def test_an_answer_that_no_feeder_gives_is_refused(machine: Make, answer: bytes) -> None:
    _, feeder = machine(answer)
    with pytest.raises(FeederError) as fault:
        feeder.get_card()
    assert fault.value.code == "feeder-wrong"


def test_only_a_hopper_is_empty(machine: Make) -> None:
    _, feeder = machine(b"EMPTY\n")
    with pytest.raises(FeederError) as fault:
        feeder.done()
    assert fault.value.code == "feeder-wrong"


def test_after_a_broken_connection_the_next_command_makes_another(machine: Make) -> None:
    server, feeder = machine(b"", b"OK\n")
    with pytest.raises(FeederError) as fault:
        feeder.get_card()
    assert fault.value.code == "feeder-unavailable"
    assert feeder.get_card()
    assert server.heard == [b"GET\n", b"GET\n"]


class Dripping:
    """A connection whose answer comes octet by octet."""

    def __init__(self) -> None:
        self.left = [b"O", b"K", b"\n"]

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def sendall(self, octets: bytes) -> None:
        assert octets == b"GET\n"

    def recv(self, most: int) -> bytes:
        assert most > 0
        return self.left.pop(0)

    def shutdown(self, how: int) -> None:
        assert how == socket.SHUT_RDWR

    def close(self) -> None:
        self.left = []


@pytest.mark.parametrize(("answer_s", "in_time"), [(2, False), (9, True)])
def test_a_machine_that_drips_gains_no_time(
    monkeypatch: pytest.MonkeyPatch,
    answer_s: float,
    in_time: bool,
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: Dripping())
    ticks = iter(range(100))
    feeder = LineFeeder("127.0.0.1", 1, answer_s=answer_s, clock=lambda: next(ticks))
    if in_time:
        assert feeder.get_card()
        return
    with pytest.raises(FeederError) as fault:
        feeder.get_card()
    assert fault.value.code == "feeder-unavailable"


def test_a_closed_feeder_is_not_opened_again(machine: Make) -> None:
    server, feeder = machine(b"OK\n")
    feeder.close()
    feeder.close()
    with pytest.raises(FeederError):
        feeder.get_card()
    assert server.heard == []


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FeederError) as fault:
        open_feeder(f"tcp:127.0.0.1:{port}").get_card()
    assert fault.value.code == "feeder-unavailable"


@pytest.mark.parametrize(
    "address",
    ["192.0.2.1:7001", "example.org:7001", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", ":1"],
)
def test_a_machine_elsewhere_or_nowhere_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        open_feeder(f"tcp:{address}")


@pytest.mark.parametrize("address", ["localhost:7001", "127.8.0.1:1", "[::1]:65535"])
def test_a_machine_here_is_taken(address: str) -> None:
    assert isinstance(open_feeder(f"tcp:{address}"), LineFeeder)


# --- of another package ---


class JamError(Exception):
    fault = "jam"


@dataclass
class Foreign:
    """A feeder that knows nothing of this package."""

    error: Exception | None = None
    moves: list[str] = field(default_factory=list)
    closed: bool = False

    def get_card(self) -> bool:
        return self._move("get")

    def done(self) -> None:
        self._move("done")

    def error_bin(self) -> None:
        self._move("error")

    def close(self) -> None:
        self.closed = True

    def _move(self, name: str) -> bool:
        if self.error is not None:
            raise self.error
        self.moves.append(name)
        return True


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> Foreign:
    made = Foreign()

    class Entry(EntryPoint):
        @override
        def load(self) -> Any:
            return lambda _: made

    entries = EntryPoints([Entry("other", "other:open", feeders.GROUP)])
    monkeypatch.setattr(feeders, "entry_points", entries.select)
    return made


def test_a_scheme_of_another_package_is_found(foreign: Foreign) -> None:
    feeder = open_feeder("other:somewhere")
    assert feeder.get_card()
    feeder.done()
    feeder.error_bin()
    feeder.close()
    assert (foreign.moves, foreign.closed) == (["get", "done", "error"], True)
    assert feeders.has_feeder("other:somewhere")
    assert not feeders.has_feeder("sim:somewhere")
    assert feeders.list_feeder_schemes() == ("other", "tcp")


@pytest.mark.parametrize(
    ("error", "said"), [(JamError(), "jam"), (RuntimeError("secret"), "did not say why")]
)
def test_its_errors_become_ours_and_their_words_stay_theirs(
    foreign: Foreign, error: Exception, said: str
) -> None:
    foreign.error = error
    with pytest.raises(FeederError, match=said) as fault:
        open_feeder("other:").get_card()
    assert fault.value.code == "feeder-fault"
    assert "secret" not in str(fault.value)


@pytest.mark.usefixtures("foreign")
def test_a_scheme_that_is_not_installed_is_refused() -> None:
    with pytest.raises(UsageError, match="other:, tcp:"):
        open_feeder("unknown:x")


def test_readers_that_always_hold_a_card_need_no_machine() -> None:
    feeder = EveryTimeAnother()
    assert feeder.get_card()
    feeder.done()
    feeder.error_bin()
    feeder.close()
    assert feeder.get_card()


# --- by hand ---


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Seen:
    """A presence that follows a script; each look takes a second."""

    clock: Clock
    looks: list[bool | Exception]
    asked: list[bool] = field(default_factory=list)

    def wait(self, *, present: bool, within_s: float) -> bool:
        self.clock.now += 1
        self.asked.append(present)
        look = self.looks.pop(0)
        if isinstance(look, Exception):
            raise look
        return look


YES, NO = True, False
AWAY = ReaderUnavailableError("the reader is gone", remedy="plug it in")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeders_hand, "AGAIN_S", 0.0)


def hand(*looks: bool | Exception) -> tuple[HandFeeder, Seen]:
    clock = Clock()
    seen = Seen(clock, list(looks))
    return HandFeeder(seen, clock=clock), seen


def test_a_hand_puts_cards_in_and_takes_them_out() -> None:
    feeder, seen = hand(NO, YES, YES, YES)
    assert feeder.get_card()
    feeder.done()
    feeder.error_bin()
    assert seen.asked == [True, True, False, False]


def test_a_reader_that_was_away_for_a_moment_is_waited_for() -> None:
    feeder, _ = hand(AWAY, AWAY, NO, AWAY, AWAY, YES)
    assert feeder.get_card()


def test_a_reader_that_stays_away_is_told_and_asked_again_later() -> None:
    feeder, seen = hand(*[AWAY] * 4, YES)
    with pytest.raises(ReaderUnavailableError):
        feeder.get_card()
    assert feeder.get_card()
    assert seen.looks == []


def test_a_wait_for_a_hand_ends_when_it_is_closed() -> None:
    feeder, seen = hand(NO)
    feeder.close()
    assert not feeder.get_card()
    assert seen.asked == []


def seen_machine(*looks: bool | Exception) -> tuple[SeenFeeder, Foreign, Seen]:
    clock, machine = Clock(), Foreign()
    seen = Seen(clock, list(looks))
    return SeenFeeder(machine, seen, clock=clock), machine, seen


def test_a_machine_s_card_counts_once_the_reader_sees_it_come_and_go() -> None:
    feeder, machine, seen = seen_machine(NO, YES, NO, YES, YES)
    assert feeder.get_card()
    feeder.done()
    feeder.error_bin()
    assert seen.asked == [True, True, False, False, False]
    assert machine.moves == ["get", "done", "error"]
    feeder.close()
    assert machine.closed


@pytest.mark.parametrize("move", ["get_card", "done", "error_bin"])
def test_a_card_the_reader_does_not_see_is_told(move: str) -> None:
    feeder, _, _ = seen_machine(*[NO] * 20)
    with pytest.raises(FeederError) as fault:
        getattr(feeder, move)()
    assert fault.value.code == "card-mute"


def test_an_empty_hopper_is_no_card_to_look_for(monkeypatch: pytest.MonkeyPatch) -> None:
    feeder, machine, seen = seen_machine()
    monkeypatch.setattr(machine, "get_card", lambda: False)
    assert not feeder.get_card()
    assert seen.asked == []


# --- who looks at a PC/SC reader ---


@pytest.fixture
def scard() -> FakeScard:
    return FakeScard(readers={"Reader A": FakeReader(), "Reader B": FakeReader()})


def test_presence_follows_the_card(scard: FakeScard) -> None:
    presence = PcscPresence("A", scard)
    assert presence.wait(present=False, within_s=0)
    assert not presence.wait(present=True, within_s=0)
    scard.put("Reader A", ATR)
    assert presence.wait(present=True, within_s=0)
    assert not presence.wait(present=False, within_s=0)
    scard.put("Reader A", None, ATR)
    assert presence.wait(present=True, within_s=0)
    scard.put("Reader A", None)
    assert presence.wait(present=False, within_s=WAIT_S)
    presence.close()
    assert scard.calls.count("release") == 1


def test_a_wait_ends_when_the_card_comes(scard: FakeScard) -> None:
    presence = PcscPresence("A", scard)
    assert presence.wait(present=False, within_s=0)
    timer = threading.Timer(0.01, scard.put, ["Reader A", ATR])
    timer.start()
    assert presence.wait(present=True, within_s=WAIT_S)
    timer.join()


@pytest.mark.parametrize("fault", ["unplugged", "service gone", "flagged"])
def test_presence_is_found_again_after_reader_or_service_was_away(
    scard: FakeScard, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence = PcscPresence("Reader A", scard)
    assert presence.wait(present=False, within_s=0)
    if fault == "unplugged":
        scard.unplug("Reader A")
    elif fault == "service gone":
        scard.run(running=False)
    else:
        monkeypatch.setattr(FakeReader, "word", ReaderFlag.UNAVAILABLE.value)
    for _ in range(2):
        with pytest.raises(ReaderUnavailableError):
            presence.wait(present=True, within_s=0)
    monkeypatch.undo()
    scard.run(running=True)
    scard.put("Reader A", ATR)
    assert presence.wait(present=True, within_s=0)
    assert scard.contexts > 1  # what PC/SC gave before is worth nothing to a new service


def test_a_name_that_fits_no_reader_or_two_is_refused(scard: FakeScard) -> None:
    for name in ("C", "Reader"):
        with pytest.raises(ReaderUnavailableError, match="fit"):
            PcscPresence(name, scard).wait(present=True, within_s=0)
