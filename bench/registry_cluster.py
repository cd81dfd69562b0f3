"""A PostgreSQL of our own, in a temporary folder, gone with the process that started it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from bench.figures import NotMeasurableError

USER: Final = "office"
MAINTENANCE: Final = "postgres"  # the database that every cluster has
PATIENCE_S: Final = 30.0
STOP_S: Final = 10.0
_PORT: Final = 5432  # only names the socket's file
_MODE: Final = 0o700
_UNPRIVILEGED: Final = ("postgres", "nobody")  # PostgreSQL refuses to run as root
_DEBIAN: Final = Path("/usr/lib/postgresql")
_REMEDY: Final = "install the Debian package postgresql"

QUICK_SETTINGS: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""For tests: what a power cut would do to the cluster does not matter."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster, reached through a socket that only its owner may use."""

    folder: Path
    process_id: int

    def url(self, name: str = MAINTENANCE) -> str:
        """Return the address of a database."""
        return f"postgresql://{USER}@/{name}?host={self.folder}&port={_PORT}"

    def create(self, name: str, *, template: str | None = None) -> str:
        """Make a database, perhaps as a copy of another; return its address."""
        copied = "" if template is None else f" TEMPLATE {template}"
        self.run(f"CREATE DATABASE {name}{copied}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """Run a statement in the maintenance database."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_cluster(*settings: str) -> Iterator[Cluster]:
    """Give a cluster with ``settings`` (``name=value``); stop it and delete it afterwards.

    Raises:
        NotMeasurableError: PostgreSQL is not installed, or did not start.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="cardservice-pg-"))
    owner = _owner(folder)
    try:
        data = folder / "data"
        _run([*owner, str(programs / "initdb"), "-D", str(data), "-U", USER, *_INITDB], folder)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
        options += ["-c", "unix_socket_permissions=0700", "-p", str(_PORT)]
        options += [part for one in settings for part in ("-c", one)]
        with _server(
            [*owner, str(programs / "postgres"), "-D", str(data), *options], folder
        ) as pid:
            yield Cluster(folder, pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_INITDB: Final = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")


def _programs() -> Path:
    for folder in (*sorted(_DEBIAN.glob("*/bin"), reverse=True), *map(Path, os.get_exec_path())):
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise NotMeasurableError(f"PostgreSQL is not on this machine ({_REMEDY})")


def _owner(folder: Path) -> Sequence[str]:
    # The kernel quits the server when the process that started it is gone, however it went.
    prefix = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid():
        return prefix
    for name in _UNPRIVILEGED:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(_MODE)
        return [*prefix, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise NotMeasurableError("there is no unprivileged user for PostgreSQL on this machine")


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        command, capture_output=True, cwd=folder, check=False, timeout=PATIENCE_S, text=True
    )
    if done.returncode:
        raise NotMeasurableError(f"{Path(command[-1]).name}: {done.stderr.strip()[-300:]}")


@contextmanager
def _server(command: Sequence[str], folder: Path) -> Iterator[int]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own words
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder
        )
    try:
        _wait(process, folder, log)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)  # "fast": nobody is asked to finish
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(Cluster(folder, process.pid).url()).close()
        except psycopg.OperationalError:
            if process.poll() is None and time.monotonic() < end:
                time.sleep(0.02)
                continue
            said = log.read_text(errors="replace")[-300:]
            raise NotMeasurableError(f"PostgreSQL did not start: {said}") from None
        return
