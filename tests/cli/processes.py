"""``cardservice`` and ``cardsim`` as processes of their own, as a person starts them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CARDSERVICE = "from cardservice.main import main; main()"
CARDSIM = "from simulators.cli.main import main; main()"
PATIENCE_S = 60.0
STOP_WITHIN_S = 20.0
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


def _end(process: "subprocess.Popen[str]") -> None:
    """End it in an orderly way, so that it tidies up; by force if it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    process.wait()


@dataclass(frozen=True, slots=True)
class Shell:
    """A person at a terminal: a folder to be in, and the variables that were set."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def run(
        self, *arguments: str, program: str = CARDSERVICE, typed: str = "", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Return what a command printed, and its exit status; ``typed`` is its standard input."""
        return subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=self.folder,
            env=self._environment(variables),
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    @contextmanager
    def started(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """Lend a command that goes on; it is ended, whatever became of it."""
        process = subprocess.Popen(
            [sys.executable, "-c", CARDSERVICE, *arguments],
            cwd=self.folder,
            env=self._environment({"PYTHONUNBUFFERED": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            _end(process)

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {**kept, **self.variables, **variables}
