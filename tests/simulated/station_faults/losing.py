"""Loaded by the lanes of one story: signals end the sessions that a lane has with its module."""

import signal
from collections.abc import Callable
from ctypes import CDLL, c_ulong
from pathlib import Path
from threading import Thread
from typing import Any, Final

ONCE: Final = signal.SIGUSR1
FLAP: Final = signal.SIGUSR2
PATIENCE_S: Final = 10.0
_LOADER: Final = "from tests.simulated.station_faults import losing\nlosing.listen()\n"


def write_loader(folder: Path) -> None:
    """Write what lets every Python program that looks into ``folder`` listen to the signal."""
    (folder / "sitecustomize.py").write_text(_LOADER)


def listen() -> None:
    """End all sessions of this process at ``ONCE``; at ``FLAP``, before each call until the next.

    Nobody tells who has them.
    """
    signal.signal(ONCE, lambda *_: Thread(target=_lose_all, daemon=True).start())
    signal.signal(FLAP, lambda *_: _flap())


def _lose_all() -> None:
    from cardservice.keystores.pkcs11_library import library_at
    from tests.interop.softhsm.tokens import MODULE

    library_at(MODULE).run(_close_all, patience_s=PATIENCE_S)


def _flap() -> None:
    from cardservice.keystores.pkcs11_library import Library

    whole = Library.run

    def run(library: Library, work: Callable[[Any], Any], *, patience_s: float) -> Any:
        return whole(library, lambda module: _closed_before(module, work), patience_s=patience_s)

    Library.run = run  # type: ignore[method-assign,assignment]
    signal.signal(FLAP, lambda *_: _end_flapping(whole))


def _end_flapping(whole: Callable[..., Any]) -> None:
    from cardservice.keystores.pkcs11_library import Library

    Library.run = whole  # type: ignore[method-assign]
    signal.signal(FLAP, lambda *_: _flap())


def _closed_before(module: Any, work: Callable[[Any], Any]) -> Any:
    _close_all(module)
    return work(module)


def _close_all(module: Any) -> None:
    from tests.interop.softhsm.tokens import MODULE

    calls = CDLL(str(MODULE))  # loaded before: the same one, with the same sessions
    for slot in module.get_slots(token_present=True):
        calls.C_CloseAllSessions(c_ulong(slot.slot_id))
