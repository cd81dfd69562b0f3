"""What this machine has for readers, as plain facts; no judgement."""

import os
import shutil
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from cardservice.errors import LinkError
from cardservice.transport.pcsc.codes import SUCCESS, ScardCode
from cardservice.transport.pcsc.context import Context
from cardservice.transport.pcsc.scard import Scard, load

SOCKET: Final = Path("/run/pcscd/pcscd.comm")
DRIVER_FOLDERS: Final = (
    Path("/usr/lib/pcsc/drivers"),
    Path("/usr/lib64/pcsc/drivers"),
    Path("/usr/local/lib/pcsc/drivers"),
)
USB_DRIVER: Final = "ifd-ccid.bundle"
VIRTUAL_DRIVER: Final = "serial/libifdvpcd.so"
VIRTUAL_ENTRY: Final = Path("/etc/reader.conf.d/vpcd")
VIRTUAL_PORT: Final = 35963
SYSTEM_FOLDERS: Final = ":/usr/sbin:/sbin"  # where pcscd lies, not on everybody's path
LOOPBACK: Final = "127.0.0.1"


class SocketState(Enum):
    """The door of the PC/SC service, as we find it."""

    MISSING = "missing"
    STALE = "stale"
    FORBIDDEN = "forbidden"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is. ``readers`` is None when it cannot be known."""

    pyscard: bool
    pcscd: bool
    socket: SocketState
    forbidden: bool
    usb_driver: bool
    virtual_driver: bool
    virtual_entry: bool
    virtual_port_taken: bool
    readers: tuple[str, ...] | None


def look() -> Facts:
    """Return the facts of this machine; nothing is changed, and no card is touched."""
    pyscard = find_spec("smartcard") is not None
    door = socket_state(SOCKET)
    forbidden, readers = door is SocketState.FORBIDDEN, None
    if pyscard and door is SocketState.OPEN:
        forbidden, readers = ask_service(load())
    path = os.environ.get("PATH", os.defpath) + SYSTEM_FOLDERS
    return Facts(
        pyscard=pyscard,
        pcscd=shutil.which("pcscd", path=path) is not None,
        socket=door,
        forbidden=forbidden,
        usb_driver=_any_exists(folder / USB_DRIVER for folder in DRIVER_FOLDERS),
        virtual_driver=_any_exists(folder / VIRTUAL_DRIVER for folder in DRIVER_FOLDERS),
        virtual_entry=VIRTUAL_ENTRY.exists(),
        virtual_port_taken=port_taken(VIRTUAL_PORT),
        readers=readers,
    )


def socket_state(path: Path) -> SocketState:
    """Return whether the service can be reached at the Unix socket ``path``."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(path))
        except PermissionError:
            return SocketState.FORBIDDEN
        except FileNotFoundError:
            return SocketState.MISSING
        except OSError:
            return SocketState.STALE
    return SocketState.OPEN


def ask_service(scard: Scard) -> tuple[bool, tuple[str, ...] | None]:
    """Return whether the service turned us away, and the names of its readers if it did not."""
    code, context = scard.establish()
    if code != SUCCESS:
        return code == ScardCode.SECURITY_VIOLATION, None
    scard.release(context)
    try:
        with Context(scard) as opened:
            return False, opened.readers()
    except LinkError:
        return False, None


def port_taken(port: int) -> bool:
    """Whether TCP ``port`` of this machine cannot be listened on.

    Tried by listening, not by connecting: to connect would put a card in somebody's reader.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(0)
        except OSError:
            return True
    return False


def _any_exists(paths: Iterable[Path]) -> bool:
    return any(path.exists() for path in paths)
