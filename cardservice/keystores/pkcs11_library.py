"""One PKCS#11 module of this process, and the one thread that talks to it.

The binding initializes a module without telling it that there are threads, so a module may
keep no locks (PKCS#11 v2.40, 5.4, ``C_Initialize`` with no arguments). Therefore every call
is carried out by one thread, in order. That thread also bounds how long a caller waits: a
call into a module that hangs cannot be broken off, but whoever waits for it can be told.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final, TypeAlias, TypeVar

import pkcs11
from pkcs11 import Session, _pkcs11

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault

T = TypeVar("T")
Module: TypeAlias = _pkcs11.lib
_Work: TypeAlias = Callable[[], None]


@dataclass(slots=True)
class Login:
    """A token knows processes, not sessions: whoever logs out, logs out all of them.

    Attributes:
        session: the one that logged in; closed when nobody needs it any more. None where
            another part of the program did.
        users: how many do.
    """

    session: Session | None = None
    users: int = 0


class Library:
    """A module, loaded when it is first needed and kept until the process ends.

    Attributes:
        path: of the shared library.
        generation: counts initializations; handles of an earlier one mean nothing, or worse,
            another object.
        logins: serial number of a token → who is logged in; touched by the module's thread.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.generation = 0
        self.logins: dict[str, Login] = {}
        self._process = os.getpid()
        self._queue: SimpleQueue[_Work] = SimpleQueue()
        self._hanging_is_over: Callable[[], bool] = _nothing_hangs
        # A thread that hangs in a module must not keep the process from ending.
        Thread(target=self._serve, name=f"pkcs11 {path}", daemon=True).start()

    def run(self, work: Callable[[Module], T], *, patience_s: float) -> T:
        """Return what ``work`` returns, done by the module's thread.

        Args:
            work: gets the loaded module; must not call ``run`` itself.
            patience_s: seconds to wait, those of calls before it included.

        Raises:
            ModuleError: the module cannot be loaded or has not answered in time; or this is a
                forked child of the process that opened it.
            pkcs11.PKCS11Error: what ``work`` raises.
        """
        self._require_own_process()
        self._require_answering(patience_s)
        job: Future[T] = Future()
        self._queue.put(partial(self._carry_out, job, work))
        wait([job], timeout=patience_s)
        if job.done():
            return job.result()
        if not job.cancel():
            self._hanging_is_over = job.done
        raise ModuleError(ModuleFault.NOT_ANSWERING, f"{patience_s:g}")

    def restart(self, *, patience_s: float) -> None:
        """Initialize the module anew, so that it looks at its slots again; ends all sessions.

        Raises:
            ModuleError, pkcs11.PKCS11Error: as ``run`` does.
        """
        self.run(self.restarted, patience_s=patience_s)

    def restarted(self, module: Module) -> None:
        """Do what ``restart`` does; for the module's thread."""
        self.generation += 1
        self.logins.clear()
        if module.initialized:
            module.finalize()
        module.initialize()

    def _serve(self) -> None:
        while True:
            self._queue.get()()

    def _carry_out(self, job: Future[T], work: Callable[[Module], T]) -> None:
        if not job.set_running_or_notify_cancel():
            return
        try:
            job.set_result(work(self._loaded()))
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            job.set_exception(error)

    def _loaded(self) -> Module:
        try:
            return pkcs11.lib(self.path)
        except pkcs11.PKCS11Error:
            raise ModuleError(ModuleFault.LIBRARY, self.path) from None

    def _require_own_process(self) -> None:
        if os.getpid() != self._process:
            raise ModuleError(ModuleFault.FORKED)

    def _require_answering(self, patience_s: float) -> None:
        # Everybody behind a call that hangs would wait for nothing, one lane after the other.
        if not self._hanging_is_over():
            raise ModuleError(ModuleFault.NOT_ANSWERING, f"{patience_s:g}")


def _nothing_hangs() -> bool:
    return True


_LIBRARIES: Final[dict[str, Library]] = {}
_ADDING: Final = Lock()


def library_at(path: Path) -> Library:
    """Return the one ``Library`` of that shared library in this process; loads nothing yet."""
    resolved = str(path.resolve())
    with _ADDING:
        if resolved not in _LIBRARIES:
            _LIBRARIES[resolved] = Library(resolved)
        return _LIBRARIES[resolved]
