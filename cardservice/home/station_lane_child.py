"""The process of one lane. Started by ``station_lane_process``; talks to the station alone.

Its only argument is the number of the pipe it was given. It ends when the station does: with the
next message, at the latest with the next entry in the journal, which is before the next step.
"""

import os
import resource
import signal
import socket
import sys
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import Any, Final

from cardservice.home.station_lane_bench import open_bench
from cardservice.home.station_lane_feeding import Feeding, feeder_of
from cardservice.home.station_lane_hands import ChipWatch, LaneHands
from cardservice.home.station_lane_messages import (
    Answer,
    Begin,
    Do,
    Failure,
    Fetch,
    JournalCall,
    Leave,
    LetGo,
    Printing,
    Request,
    failure_of,
)
from cardservice.home.station_lane_paper import printers_of
from cardservice.personalization.journal_brief import BriefJournal

ARGUMENTS: Final = 2


class StationGoneError(BaseException):
    """The station ended; nothing may be done that it would have to know of.

    No ``Exception``: nothing that handles a card's errors may take it for one.
    """


class StationPipe:
    """The lane's end of the pipe."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def receive(self) -> Any:
        """Return the next message; raises StationGoneError."""
        try:
            return self._connection.recv()
        except (EOFError, OSError):
            raise StationGoneError from None

    def send(self, message: object) -> None:
        """Say something; raises StationGoneError."""
        try:
            self._connection.send(message)
        except OSError:
            raise StationGoneError from None

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Return what the journal says; raises Refusal with its code, StationGoneError."""
        self.send(JournalCall(name, arguments))
        answer = self.receive()
        if isinstance(answer, Failure):
            raise answer.refusal()
        return answer.value


def serve(pipe: StationPipe) -> None:
    """Do what the station asks until it says that it is enough.

    Raises:
        StationGoneError: it ended.
    """
    begin = pipe.receive()
    with ExitStack() as stack:
        try:
            hands = _open(begin, pipe, stack)
        except Exception as error:  # noqa: BLE001 - whatever it is, the station is told
            pipe.send(failure_of(error))
            return
        pipe.send(Answer(None))
        while not isinstance(request := pipe.receive(), Leave):
            pipe.send(_answer(hands, request))


def _open(begin: Begin, pipe: StationPipe, stack: ExitStack) -> LaneHands:
    plan, chips = begin.plan, ChipWatch(pipe.call)
    bench = open_bench(plan.settings, begin.secrets, BriefJournal(chips), stack)
    printers = printers_of(plan.settings)
    feeding = Feeding(feeder_of(plan.reader, plan.feeder))
    stack.callback(feeding.close)
    return LaneHands(
        plan,
        bench=bench,
        feeding=feeding,
        printers=printers,
        printing=lambda: pipe.send(Printing()),
        chips=chips,
    )


def _answer(hands: LaneHands, request: Request) -> Answer | Failure:
    try:
        match request:
            case Fetch():
                return Answer(hands.fetch())
            case LetGo(bin_):
                return Answer(hands.let_go(bin_))
            case Do(job, prepared):
                return Answer(hands.do(job, prepared))
    except Exception as error:  # noqa: BLE001 - whatever it is, the station is told
        return failure_of(error, chip=hands.chips.chip if isinstance(request, Do) else None)
    return failure_of(TypeError("no such request"))


def main(arguments: list[str]) -> int:
    """Serve the station at the other end of the pipe ``arguments`` name; return 0."""
    if len(arguments) != ARGUMENTS:
        return 2
    _stand_apart()
    pipe = StationPipe(Connection(socket.socket(fileno=int(arguments[1])).detach()))
    try:
        serve(pipe)
    except StationGoneError:
        return 1
    return 0


def _stand_apart() -> None:
    # Ctrl-C and the service manager mean the station, which lets its cards be finished.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # A core file would hold keys and PINs.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    status = main(sys.argv)
    # A feeder's thread may wait for a machine still; nobody waits for it.
    os._exit(status)
