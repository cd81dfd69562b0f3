"""A copy of the set-up scripts with tools that only pretend: no network, no packages, no waiting.

The pretended Python makes "environments" whose programs say what they were asked to do. What the
tools do is written to ``log``; a file ``stall`` makes the installer wait, ``fail`` makes it fail.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.shared import ROOT

PATIENCE_S: Final = 30.0
LOOK_S: Final = 0.01
NOBODY: Final = "1000"
SUPERUSER: Final = "0"
_HEARING: Final = ("env", "--default-signal=INT,TERM,HUP")
LOCKS: Final = ("requirements.lock", "requirements-pcsc.lock", "requirements-setup.lock")

PYTHON: Final = """#!/bin/bash
case "$*" in
    *version_info*) exit 0 ;;
    *sys.executable*) echo "$0" ;;
    -VV) echo "Python 3.11.0" ;;
    "-m venv "*)
        echo "venv" >>"$WORKSHOP/log"
        mkdir -p "$3/bin"
        cp "$WORKSHOP/tools/python-in" "$3/bin/python"
        cp "$WORKSHOP/tools/uv" "$3/bin/uv"
        ;;
esac
"""
PYTHON_INSIDE: Final = """#!/bin/bash
case "$*" in
    *"pip install"*) echo "pip" >>"$WORKSHOP/log" ;;
    *) echo "python $*" ;;
esac
"""
UV: Final = """#!/bin/bash
echo "uv" >>"$WORKSHOP/log"
while [ -e "$WORKSHOP/stall" ]; do sleep 0.05; done
[ ! -e "$WORKSHOP/fail" ] || exit 1
for program in cardservice cardsim; do
    printf '#!/bin/bash\\necho "%s $*"\\n' "$program" >"${0%/*}/$program"
    chmod +x "${0%/*}/$program"
done
"""
DPKG_QUERY: Final = """#!/bin/bash
grep -qx "${!#}" "$WORKSHOP/installed" && printf 'install ok installed'
"""
APT_GET: Final = """#!/bin/bash
echo "apt-get $*" >>"$WORKSHOP/log"
[ ! -e "$WORKSHOP/no-archive" ] || exit 100
"""
ID: Final = """#!/bin/bash
cat "$WORKSHOP/user"
"""
SUDO: Final = """#!/bin/bash
exit 1
"""
TOOLS: Final = {
    "python3": PYTHON,
    "python-in": PYTHON_INSIDE,
    "uv": UV,
    "dpkg-query": DPKG_QUERY,
    "apt-get": APT_GET,
    "id": ID,
    "sudo": SUDO,
}


@dataclass(frozen=True, slots=True)
class Workshop:
    """The copy, in ``folder``; its tools come before those of the machine."""

    folder: Path

    def build(self) -> None:
        """Lay everything out: every Debian package installed, the user not root."""
        (self.folder / "scripts").mkdir()
        (self.folder / "tools").mkdir()
        for name in ("run", "scripts/environment.sh", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder / name)
        for name in LOCKS:
            (self.folder / name).write_text(f"{name}\n")
        for name, text in TOOLS.items():
            (self.folder / "tools" / name).write_text(text)
            (self.folder / "tools" / name).chmod(0o755)
        self.become(NOBODY)
        packages = "python3-venv fonts-dejavu-core python3-dev pcscd vsmartcard-vpcd"
        self.install(f"{packages} libpcsclite-dev swig gcc")

    def become(self, user: str) -> None:
        (self.folder / "user").write_text(user)

    def install(self, packages: str) -> None:
        (self.folder / "installed").write_text("\n".join(packages.split()))

    def put(self, name: str) -> None:
        (self.folder / name).write_text("")

    def take(self, name: str) -> None:
        (self.folder / name).unlink()

    def change_lock(self) -> None:
        with (self.folder / "requirements.lock").open("a") as lock:
            lock.write("one more\n")

    @property
    def log(self) -> list[str]:
        """What the tools were asked to do."""
        path = self.folder / "log"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def environment(self) -> Path | None:
        """What ``.venv`` points to; None when there is none."""
        link = self.folder / ".venv"
        return link.resolve() if link.is_symlink() else None

    @property
    def environments(self) -> list[Path]:
        """Everything that was begun, finished or not."""
        return sorted(one for one in (self.folder / ".venvs").glob("*") if one.is_dir())

    def start(self, command: str) -> "subprocess.Popen[str]":
        """Start a line of bash that has sourced the script, in a process group of its own.

        What started the tests may ignore signals (``nohup``), and a shell cannot undo that.
        """
        return subprocess.Popen(
            [*_HEARING, "bash", "-c", f"set -euo pipefail; . scripts/environment.sh; {command}"],
            cwd=self.folder,
            env=self._variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def do(self, command: str) -> tuple[int, str]:
        """Return the exit status of such a line, and what it said on standard error."""
        with self.start(command) as process:
            _, said = process.communicate(timeout=PATIENCE_S)
        return process.returncode, said

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Return exit status, output and errors of ``./run ARGUMENTS``."""
        done = subprocess.run(
            ["bash", "./run", *arguments],
            cwd=self.folder,
            env=self._variables(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def wait_for(self, condition: Callable[[list[str]], bool]) -> None:
        """Return once the log fulfils ``condition``."""
        end = time.monotonic() + PATIENCE_S
        while not condition(self.log):
            assert time.monotonic() < end, "waited in vain"
            time.sleep(LOOK_S)

    def _variables(self) -> dict[str, str]:
        path = f"{self.folder / 'tools'}:{os.environ['PATH']}"
        return {"PATH": path, "WORKSHOP": str(self.folder), "HOME": str(self.folder)}
