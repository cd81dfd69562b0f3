"""A queue of CUPS as printer, through its own commands; each of them, and the job, with an end.

A job counts as printed when CUPS says ``job-completed-successfully`` of it. One that does not end
in time is cancelled, and nobody knows what is on the plastic.

Source: lp(1), lpstat(1), cancel(1) of CUPS 2; RFC 8011, 5.3.8 (job-state-reasons).
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cardservice.errors import UsageError
from cardservice.personalization.printing import FaceJob, LaneStopError

COMMAND_S: Final = 15.0  # for each command; the service is on this machine
JOB_S: Final = 120.0  # a card printer takes 20 to 40 s for two sides
POLL_S: Final = 0.5

_QUEUE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,126}")  # no dash first: no option
_OPTION: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9_.-]+")
_REQUEST: Final = re.compile(r"request id is (\S{1,140}-[0-9]{1,10}) ")
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1", "/run/cups/cups.sock"})
_SERVER: Final = re.compile(r"[A-Za-z0-9:/][A-Za-z0-9.:/_-]{0,254}")
_DONE: Final = "job-completed-successfully"


@dataclass(frozen=True, slots=True)
class CupsCommands:
    """Where the commands are, as paths."""

    lp: str
    lpstat: str
    cancel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CupsQueue:
    """A queue and how to print there.

    Attributes:
        name: of the queue.
        options: of ``lp -o``, such as ``media=CR80``; their names and values are the driver's.
        server: always said, so that no file of settings sends a card to another machine.
        job_s: seconds until a job that has not ended is cancelled.

    Raises:
        UsageError: a name or an option that CUPS cannot have.
    """

    name: str
    options: tuple[str, ...] = ()
    server: str = "localhost"
    job_s: float = JOB_S

    def __post_init__(self) -> None:
        if not _QUEUE.fullmatch(self.name):
            raise UsageError("the name of the queue is not one that CUPS can have")
        if not _SERVER.fullmatch(self.server):
            raise UsageError("the print server is no name or address")
        if not all(_OPTION.fullmatch(one) for one in self.options):
            raise UsageError("a print option is not of the form name=value")


def find_commands(path: str | None = None) -> CupsCommands | None:
    """Return the commands of CUPS found along ``path`` (None: PATH), None if one is missing."""
    found = [shutil.which(name, path=path) for name in ("lp", "lpstat", "cancel")]
    lp, lpstat, cancel = found
    if lp is None or lpstat is None or cancel is None:
        return None
    return CupsCommands(lp, lpstat, cancel)


class CupsPrinter:
    """Prints faces, and other documents, on one queue.

    Args:
        queue: which, and how.
        commands: from ``find_commands``.
        clock: seconds that only grow.
        pause: lets that many seconds pass.
    """

    def __init__(
        self,
        queue: CupsQueue,
        commands: CupsCommands,
        *,
        clock: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        self._queue = queue
        self._commands = commands
        self._clock = clock
        self._pause = pause

    @property
    def is_local(self) -> bool:
        """Whether the print service runs on this machine."""
        return self._queue.server in _LOCAL

    def require_ready(self) -> None:
        """Return if the queue takes jobs and its printer is enabled.

        Raises:
            LaneStopError: ``printer-not-ready``.
        """
        name = self._queue.name
        accepting = self._lpstat("-a", name)
        state = self._lpstat("-p", name)
        if not accepting.startswith(f"{name} accepting ") or f"{name} disabled" in state:
            raise LaneStopError("printer-not-ready", f"The printer {name} takes no jobs now.")

    def print_face(self, job: FaceJob) -> str:
        """Print the face; return the job's name.

        Raises:
            LaneStopError: as ``print_document``.
        """
        return self.print_document(job.document, title=job.name)

    def print_document(self, document: bytes | bytearray, *, title: str) -> str:
        """Print a PDF and wait for its end; return the job's name.

        Args:
            document: goes through a pipe; nothing is written to a file on this side.
            title: of the job; CUPS keeps it, so it names nobody.

        Raises:
            LaneStopError: ``print-failed``: CUPS did not take it, or it failed there;
                ``print-timed-out``: it did not end in time and was cancelled.
        """
        self.require_ready()
        end = self._clock() + self._queue.job_s
        name = self._submitted(document, title)
        while self._clock() < end:
            if not self._listed(name, "not-completed"):
                return self._finished(name)
            self._pause(POLL_S)
        with suppress(LaneStopError):
            self.forget(name)
        sentence = f"The printer did not end job {name} in time; look what is printed."
        raise LaneStopError("print-timed-out", sentence)

    def forget(self, name: str) -> None:
        """Let CUPS cancel the job if it still prints, and throw away what it keeps of it.

        Raises:
            LaneStopError: ``print-failed``: it does not.
        """
        self._run([self._commands.cancel, "-h", self._queue.server, "-x", name])

    def _submitted(self, document: bytes | bytearray, title: str) -> str:
        queue = self._queue
        # CUPS ends the job too, should this process not live to do it.
        options = (f"job-cancel-after={round(queue.job_s)}", *queue.options)
        said = self._run(
            [
                *(self._commands.lp, "-h", queue.server, "-d", queue.name, "-t", title),
                *(word for option in options for word in ("-o", option)),
            ],
            document,
        )
        found = _REQUEST.search(said)
        if found is None or not found[1].startswith(f"{queue.name}-"):
            raise _not_printed("the print service named no job")
        return found[1]

    def _finished(self, name: str) -> str:
        report = self._listed(name, "completed")
        if _DONE not in report:
            raise _not_printed(f"job {name} did not end well")
        return name

    def _listed(self, name: str, which: str) -> list[str]:
        """Return the words the service says of a job, none if it does not list it."""
        lines = iter(self._lpstat("-l", "-W", which, "-o", self._queue.name).splitlines())
        words = next((line.split() for line in lines if line.split()[:1] == [name]), [])
        for line in lines if words else ():
            if not line[:1].isspace():
                break
            words += line.split()
        return words

    def _lpstat(self, *arguments: str) -> str:
        return self._run([self._commands.lpstat, "-h", self._queue.server, *arguments])

    def _run(self, command: Sequence[str], octets: bytes | bytearray = b"") -> str:
        try:
            done = subprocess.run(  # noqa: S603 - found commands, checked names, no shell
                command,
                input=octets,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=COMMAND_S,
                env={"LC_ALL": "C"},
                check=True,
            )
        except (subprocess.SubprocessError, OSError):
            raise _not_printed("the print service does not answer") from None
        return done.stdout.decode("ascii", "replace")


def _not_printed(why: str) -> LaneStopError:
    return LaneStopError("print-failed", f"It was not printed: {why}.")
