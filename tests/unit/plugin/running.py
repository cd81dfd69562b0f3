"""Test runs of somebody else's: a folder, a pytest process of its own, what it said."""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 90
STRICT: Final = ("-W", "error", "--strict-markers", "-p", "no:cacheprovider")
_COUNT: Final = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of pytest came to."""

    status: int
    said: str

    @property
    def counts(self) -> Mapping[str, int]:
        """How many tests passed, failed, …, by the last line."""
        last = self.said.strip().splitlines()[-1]
        return {what.rstrip("s"): int(number) for number, what in _COUNT.findall(last)}


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with tests of somebody who has the plugin."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        """Put a file there."""
        (self.folder / name).write_text(text)

    def run(self, *arguments: str, variables: Mapping[str, str] | None = None) -> Run:
        """Run pytest there, warnings as errors, with no variable of this run of ours."""
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *STRICT, *arguments],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), **(variables or {})},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr)
