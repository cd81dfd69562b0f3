"""pcscd with virtual readers: started, waited for, restarted and stopped by its process id."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final, Self

from simulators.reader import namespace
from simulators.reader.driver import ReaderSlot, entries_for, slots_of, write_entries
from simulators.reader.errors import ReaderSetupError
from simulators.reader.place import PRIVATE, Place, answers
from simulators.reader.ports import SLOTS_PER_ENTRY, free_pairs, listening

__all__ = ["PRIVATE", "Pcscd", "PrivatePcscd"]

READY_S: Final = 5.0  # 0.05 s is usual
POLL_S: Final = 0.005
STOP_S: Final = 5.0
START_ATTEMPTS: Final = 3  # ports are chosen before pcscd takes them, and others choose too
SYSTEM_FOLDERS: Final = ":/usr/sbin:/sbin"  # where pcscd lies, not on everybody's path
LOG_NAME: Final = "pcscd.log"


class Pcscd:
    """A pcscd of our own at ``place`` with virtual readers: ``readers``, made even.

    It dies with the thread that started it, however that ends. The virtual reader driver listens on
    every network interface: for development machines only.
    """

    def __init__(self, place: Place, *, readers: int = SLOTS_PER_ENTRY) -> None:
        self._place = place
        self._entries = entries_for(readers)
        self._ports: tuple[int, ...] = ()
        self._absent: frozenset[int] = frozenset()
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def slots(self) -> tuple[ReaderSlot, ...]:
        """The readers, with the addresses where cards connect; they survive a restart."""
        return slots_of(self._ports)

    @property
    def absent(self) -> frozenset[str]:
        """The names of the readers that pcscd was started without."""
        first = (entry * SLOTS_PER_ENTRY for entry in self._absent)
        return frozenset(one.name for n in first for one in self.slots[n : n + SLOTS_PER_ENTRY])

    @property
    def pid(self) -> int | None:
        """The process id of pcscd, None while it is not running."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process is not None else None

    def start(self) -> None:
        """Start pcscd and return once it lists its readers. Harmless when it runs.

        Raises:
            ReaderSetupError: not permitted here, something is missing, or it does not come up.
        """
        if self.pid is not None:
            return
        self._place.check()
        if self._folder is not None:
            self._launch(self._folder)
            return
        for attempt in range(1, START_ATTEMPTS + 1):
            try:
                self._launch(self._prepare())
            except ReaderSetupError:
                self.close()
                if attempt == START_ATTEMPTS:
                    raise
            else:
                return

    def restart_without(self, names: Collection[str]) -> None:
        """Start a pcscd that runs once more, without the readers ``names``; none: with all.

        pcscd loses a virtual reader in no other way. An entry's two readers go together.

        Raises:
            ReaderSetupError: as for ``start``, or it does not run.
        """
        if self._folder is None:
            raise ReaderSetupError("pcscd was not started", remedy="start it first")
        self.stop()
        self._absent = frozenset(
            number // SLOTS_PER_ENTRY
            for number, slot in enumerate(self.slots)
            if slot.name in names
        )
        self._write(self._folder)
        self.start()

    def stop(self) -> None:
        """End pcscd in an orderly way; ``start`` brings it back with the same readers."""
        self._end(signal.SIGTERM)

    def crash(self) -> None:
        """End pcscd without a chance to tidy up, as a fault would."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stop pcscd and remove its files. Harmless when repeated."""
        self.stop()
        folder, self._folder, self._ports = self._folder, None, ()
        if folder is not None:
            shutil.rmtree(folder)

    def _prepare(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="cardsim-", dir=self._place.folder))
        self._ports = free_pairs(self._entries)
        self._write(self._folder)
        return self._folder

    def _write(self, folder: Path) -> None:
        driver = namespace.driver_file()
        write_entries(folder, self._ports, driver=driver, absent=self._absent)

    def _launch(self, folder: Path) -> None:
        program, keeper = _find("pcscd", "pcscd"), _find("setpriv", "util-linux")
        arguments = [keeper, "--pdeathsig", "KILL", program, "--foreground", "--config"]
        with (folder / LOG_NAME).open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - fixed programs, no shell
                [*arguments, str(folder / "readers")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if not self._comes_up():
            self.stop()
            raise ReaderSetupError("pcscd does not come up", remedy=_last_words(folder / LOG_NAME))

    def _comes_up(self) -> bool:
        end = time.monotonic() + READY_S
        wanted = {slot.port for slot in self.slots if slot.name not in self.absent}
        while time.monotonic() < end and (pid := self.pid) is not None:
            if wanted <= listening(pid) and answers(namespace.SOCKET):
                return True
            time.sleep(POLL_S)
        return False

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class PrivatePcscd(Pcscd):
    """The pcscd of a private mount namespace, unseen by the machine's own; see ``namespace``."""

    def __init__(self, *, readers: int = SLOTS_PER_ENTRY) -> None:
        super().__init__(PRIVATE, readers=readers)


def _find(program: str, package: str) -> str:
    found = shutil.which(program, path=os.environ.get("PATH", os.defpath) + SYSTEM_FOLDERS)
    if found is None:
        raise ReaderSetupError(
            f"{program} is not installed", remedy=f"install the package {package}"
        )
    return found


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return f"its last words: {lines[-1]}" if lines else "it left no message; run it by hand"
