"""A lane in a process of its own: reader, feeder, keys and printers are there, the journal is here.

Why: decision 0010. The process may be killed at any moment and nothing is lost, since every step
it takes was first written by this side; the next call begins it anew.
"""

import time
from typing import Any, Final

from cardservice.errors import CardServiceError
from cardservice.home.station_keys import StationSecrets
from cardservice.home.station_lane_messages import (
    Answer,
    Begin,
    Do,
    Failure,
    Fetch,
    JournalCall,
    LanePlan,
    Leave,
    LetGo,
    Printing,
    Request,
    failure_of,
)
from cardservice.home.station_lane_process import LaneDiedError, LaneProcess
from cardservice.personalization.jobs import Job
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.lane_worker import Bin, JobDone, LaneFaultError, Stop
from cardservice.personalization.order import PreparedOrder
from cardservice.settings import Settings
from cardservice.transport.registry import SEPARATOR

DIED: Final = "lane-died"
_PCSC: Final = f"pcsc{SEPARATOR}"
BEGIN_S: Final = 60.0  # a security module in a network takes up to twenty seconds to log in
ANSWER_S: Final = 15.0  # a process that waits for a feeder answers five times a second
GRACE_S: Final = 15.0  # what the station's own part of a card takes at the very most
PRINT_S: Final = 300.0  # two sides of a card and a letter, each given up by its printer before
_SLOW: Final = "The card was not done in the time set aside for it, and was given up."
_DIED: Final = "The process of the lane ended in the middle of its work; it is begun anew."
_SILENT: Final = "The process of the lane did not answer, and was ended."


class ProcessLane:
    """One lane; its process is begun by the first call that needs it."""

    def __init__(self, plan: LanePlan, secrets: StationSecrets) -> None:
        self._plan = plan
        self._secrets = secrets
        self._process: LaneProcess | None = None

    @property
    def reader(self) -> str:
        """The reader as people name it: a PC/SC name, or the last part of any other address."""
        return reader_name(self._plan.reader)

    @property
    def process(self) -> int | None:
        """The process id, None before it was begun and after it ended."""
        return None if self._process is None else self._process.number

    def await_card(self, stop: Stop) -> bool:
        """Return True once a card lies in the reader, False when ``stop`` ended the wait.

        Raises:
            LaneFaultError: ``reader-unavailable``, ``hopper-empty``,
                ``feeder-…``, ``card-mute``; what keeps its process from beginning.
        """
        while not stop():
            if self._ask_twice(Fetch()):
                return True
        return False

    def do(self, job: Job, prepared: PreparedOrder | None, share: LaneShare) -> JobDone:
        """Do the job with the card that lies in the reader; its share of the journal is closed.

        Raises:
            LaneFaultError: it was not done, or what belongs to it was not printed.
        """
        within_s = self._plan.settings.card_time_budget_s + GRACE_S
        try:
            done: JobDone = self._ask(Do(job, prepared), within_s, share=share)
        finally:
            share.close()
        return done

    def release(self, bin_: Bin, stop: Stop) -> None:
        """Let go of the card; return once it is out of the reader (or ``stop``); STAY: at once.

        Raises:
            LaneFaultError: as ``await_card``.
        """
        if bin_ is Bin.STAY:
            return
        while not stop():
            if self._ask_twice(LetGo(bin_)):
                return

    def close(self) -> None:
        """Let go of reader and keys. Harmless when repeated."""
        process, self._process = self._process, None
        if process is not None:
            process.end(Leave())

    def _ask_twice(self, request: Fetch | LetGo) -> Any:
        """Ask what harms nothing when it is asked again, by a new process if the old one died."""
        try:
            return self._ask(request, ANSWER_S)
        except LaneFaultError as fault:
            if fault.code != DIED:
                raise
        return self._ask(request, ANSWER_S)

    def _ask(self, request: Request, within_s: float, *, share: LaneShare | None = None) -> Any:
        process = self._process or self._begin()
        return self._said(process, request, within_s, share)

    def _begin(self) -> LaneProcess:
        with self._secrets.tried() as given:
            process = self._process = LaneProcess()
            try:
                self._said(process, Begin(self._plan, given), BEGIN_S, None)
            except LaneFaultError:
                self._end()
                raise
        return process

    def _said(
        self, process: LaneProcess, request: Request, within_s: float, share: LaneShare | None
    ) -> Any:
        try:
            answer = _converse(process, request, within_s, share)
        except LaneDiedError:
            self._end()
            raise LaneFaultError(DIED, _DIED) from None
        except TimeoutError:
            self._end()
            slow = isinstance(request, Do)
            code, sentence = ("card-too-slow", _SLOW) if slow else (DIED, _SILENT)
            raise LaneFaultError(code, sentence) from None
        except BaseException:
            # Half a conversation is none: the next one begins with another process.
            self._end()
            raise
        if isinstance(answer, Failure):
            fault = answer.fault()
            self._secrets.note(fault)
            raise fault
        return answer.value

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()


def reader_name(url: str) -> str:
    """Return the name in a reader's URL; without one, the URL as it is."""
    name = url.partition(SEPARATOR)[2].partition("?")[0]
    if not url.startswith(_PCSC):
        name = name.rpartition("/")[2]
    return name or url


def open_lane(
    settings: Settings, number: int, reader_url: str, feeder_url: str, secrets: StationSecrets
) -> ProcessLane:
    """Return the lane ``number`` (1 to 255); its process is begun when it is first needed.

    Args:
        settings: its home, keys, printers and time budget.
        reader_url: as ``transport.registry`` has them.
        feeder_url: as ``transport.feeders`` has them; empty: the reader's own, or a person.
        secrets: shared by all lanes, from ``station_keys.ask_secrets``.
    """
    plan = LanePlan(settings=settings, number=number, reader=reader_url, feeder=feeder_url)
    return ProcessLane(plan, secrets)


def _converse(
    process: LaneProcess, request: Request, within_s: float, share: LaneShare | None
) -> Answer | Failure:
    """Return the answer; the journal is asked meanwhile, as often as the lane likes in its time."""
    process.send(request)
    end = time.monotonic() + within_s
    while True:
        said = process.receive(end - time.monotonic())
        match said:
            case JournalCall(name, arguments) if share is not None:
                process.send(_from_journal(share, name, arguments))
                share.show()
            case Printing():
                end = time.monotonic() + PRINT_S
            case Answer() | Failure():
                return said
            case _:
                raise LaneDiedError


def _from_journal(share: LaneShare, name: str, arguments: tuple[Any, ...]) -> Answer | Failure:
    try:
        return Answer(share.ask(name, arguments))
    except CardServiceError as error:
        return failure_of(error)
