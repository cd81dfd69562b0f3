"""Asking PC/SC whether a card is in a reader, with nothing but the system's own library."""

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from simulators.reader.errors import ReaderSetupError

LIBRARY: Final = "libpcsclite.so.1"
_SCOPE_SYSTEM: Final = 2
_UNAWARE: Final = 0
_PRESENT: Final = 0x20
_ATR_OCTETS: Final = 33
_SUCCESS: Final = 0
_MS_A_SECOND: Final = 1_000


class _ReaderState(ctypes.Structure):
    """``SCARD_READERSTATE``; a DWORD is a long here. Source: pcsclite.h of pcsc-lite 1.9."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("user_data", ctypes.c_void_p),
        ("known", ctypes.c_ulong),
        ("found", ctypes.c_ulong),
        ("atr_octets", ctypes.c_ulong),
        ("atr", ctypes.c_ubyte * _ATR_OCTETS),
    )


def wait_for_card(reader: str, *, present: bool, timeout_s: float) -> bool:
    """Return whether PC/SC says within ``timeout_s`` that a card is in ``reader``, or that none is.

    Raises:
        ReaderSetupError: there is no library of PC/SC, or its service does not answer.
    """
    state = _ReaderState(name=reader.encode(), known=_UNAWARE)
    end = time.monotonic() + timeout_s
    with _context() as (library, context):
        while (left := end - time.monotonic()) > 0:
            wait_ms = ctypes.c_ulong(round(left * _MS_A_SECOND))
            code = library.SCardGetStatusChange(context, wait_ms, ctypes.byref(state), 1)
            if code != _SUCCESS:
                return False
            if bool(state.found & _PRESENT) is present:
                return True
            state.known = state.found
    return False


@contextmanager
def _context() -> Iterator[tuple[ctypes.CDLL, ctypes.c_long]]:
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError as error:
        raise ReaderSetupError(
            f"{LIBRARY} is not installed", remedy="install the package libpcsclite1"
        ) from error
    context = ctypes.c_long()
    scope = ctypes.c_ulong(_SCOPE_SYSTEM)
    if library.SCardEstablishContext(scope, None, None, ctypes.byref(context)) != _SUCCESS:
        raise ReaderSetupError(
            "PC/SC does not answer", remedy="ask from the thread of the test, or from one it starts"
        )
    try:
        yield library, context
    finally:
        library.SCardReleaseContext(context)
