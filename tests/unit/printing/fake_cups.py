"""Commands of a print service that is not there: they say what a folder tells them to say."""

import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from cardservice.printing.cups import CupsCommands, CupsPrinter, CupsQueue, find_commands

QUEUE = CupsQueue(name="cards", options=("media=CR80",), job_s=10)
JOB = "cards-17"
LISTED = f"{JOB}   office   1024   Sun Nov 22 09:30:00 2026\n\tStatus: {{0}}\n\tAlerts: {{1}}\n"
OTHERS = "cards-1   office   9   Sun Nov 22 09:00:00 2026\n\tAlerts: job-completed-successfully\n"

# Each call is one line of `calls`; the answer is the file named after the command and its purpose.
_COMMAND = """#!{python} -ISs
import sys, pathlib
folder, name, arguments = pathlib.Path({folder!r}), {name!r}, sys.argv[1:]
with open(folder / "calls", "a") as calls:
    calls.write(" ".join([name, *arguments]) + "\\n")
if name == "lp":
    (folder / "document").write_bytes(sys.stdin.buffer.read())
topic = next((one for one in ("-a", "-p", "not-completed", "completed") if one in arguments), "")
answer = folder / (name + topic)
if not answer.exists():
    sys.exit(1)
sys.stdout.write(answer.read_text())
"""


@dataclass
class FakeCups:
    """A folder with the commands, and what they answer."""

    folder: Path

    def __post_init__(self) -> None:
        for name in ("lp", "lpstat", "cancel"):
            path = self.folder / "bin" / name
            path.parent.mkdir(exist_ok=True)
            text = _COMMAND.format(python=sys.executable, folder=str(self.folder), name=name)
            path.write_text(text)
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        self.answers("lp", f"request id is {JOB} (0 file(s))\n")
        self.answers("lpstat-a", "cards accepting requests since Sun Nov 22 09:00:00 2026\n")
        self.answers("lpstat-p", "printer cards is idle.  enabled since Sun Nov 22 2026\n")
        self.answers("lpstatnot-completed", "")
        self.answers("lpstatcompleted", OTHERS + LISTED.format("", "job-completed-successfully"))
        self.answers("cancel", "")

    def answers(self, topic: str, text: str | None) -> None:
        """Let a command say ``text``; None: it fails."""
        if text is None:
            (self.folder / topic).unlink()
        else:
            (self.folder / topic).write_text(text)

    def calls(self, name: str) -> list[str]:
        """Return how a command was called."""
        lines = (self.folder / "calls").read_text().splitlines()
        return [line for line in lines if line.split()[0] == name]

    @property
    def document(self) -> bytes:
        """What was printed."""
        return (self.folder / "document").read_bytes()

    @property
    def commands(self) -> CupsCommands:
        """The commands, found along a path of this folder alone."""
        found = find_commands(str(self.folder / "bin"))
        assert found is not None
        return found


@dataclass
class Time:
    """A clock that goes on only when somebody pauses."""

    now: float = 0.0

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds * 8


def printer_of(cups: FakeCups, queue: CupsQueue = QUEUE) -> CupsPrinter:
    """Return a printer that talks to the fake service."""
    time = Time()
    return CupsPrinter(queue, cups.commands, clock=time.clock, pause=time.pause)
