"""The calls of PC/SC that are used here, typed; each returns its code and what it brought."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from cardservice.errors import ReaderUnavailableError
from cardservice.transport.pcsc.codes import CODE_MASK
from cardservice.transport.pcsc.gate import Gate

ReaderStates = list[tuple[str, int, bytes]]
"""Per reader its name, its state with the event counter in the upper half, its card's ATR."""

PROTOCOL_T0: Final = 1
PROTOCOL_T1: Final = 2
_PYSCARD_REMEDY: Final = "install it: pip install 'electronic-policy-card[pcsc]'"

_GATE: Final = Gate()  # one for the process, as the lists it guards are


class Scard(Protocol):
    """PC/SC as this package uses it; the real one is ``PyscardScard``."""

    def establish(self) -> tuple[int, int]:
        """Return the code and a new context."""
        ...

    def release(self, context: int) -> int:
        """Return the code of giving ``context`` back."""
        ...

    def cancel(self, context: int) -> int:
        """Wake whoever waits in ``status_change`` with ``context``; return the code."""
        ...

    def list_readers(self, context: int) -> tuple[int, list[str]]:
        """Return the code and the names of the readers."""
        ...

    def status_change(
        self, context: int, timeout_ms: int, known: Sequence[tuple[str, int]]
    ) -> tuple[int, ReaderStates]:
        """Wait until a reader's state is not as ``known``; return the code and the states."""
        ...

    def connect(self, context: int, reader: str) -> tuple[int, int, int]:
        """Connect alone, T=0 or T=1; return the code, a handle and the protocol."""
        ...

    def reconnect(self, handle: int) -> tuple[int, int]:
        """Warm-reset the card; return the code and the protocol."""
        ...

    def status(self, handle: int) -> tuple[int, bytes]:
        """Return the code and the card's ATR."""
        ...

    def transmit(self, handle: int, protocol: int, command: bytes) -> tuple[int, bytes]:
        """Return the code and the card's response."""
        ...

    def disconnect(self, handle: int) -> int:
        """Reset the card and let go of it; return the code."""
        ...


def load() -> Scard:
    """Return PC/SC as pyscard offers it.

    Raises:
        ReaderUnavailableError: pyscard is not installed.
    """
    try:
        from smartcard import scard  # noqa: PLC0415 - an optional extra, needed only here
    except ImportError as error:
        message = "pyscard, which reaches real readers, is not installed"
        raise ReaderUnavailableError(message, remedy=_PYSCARD_REMEDY) from error
    return PyscardScard(scard)


class PyscardScard:
    """pyscard's low-level calls: octets as bytes, codes as positive numbers."""

    def __init__(self, module: Any) -> None:
        self._scard = module
        self._transmit = module.SCardTransmit
        self._gate = _GATE
        self._headers = {
            PROTOCOL_T0: module.SCARD_PCI_T0,
            PROTOCOL_T1: module.SCARD_PCI_T1,
        }

    def establish(self) -> tuple[int, int]:
        """See ``Scard``."""
        code, context = self._scard.SCardEstablishContext(self._scard.SCARD_SCOPE_USER)
        return code & CODE_MASK, context

    def release(self, context: int) -> int:
        """See ``Scard``."""
        return int(self._scard.SCardReleaseContext(context)) & CODE_MASK

    def cancel(self, context: int) -> int:
        """See ``Scard``."""
        return int(self._scard.SCardCancel(context)) & CODE_MASK

    def list_readers(self, context: int) -> tuple[int, list[str]]:
        """See ``Scard``."""
        code, names = self._scard.SCardListReaders(context, [])
        return code & CODE_MASK, names

    def status_change(
        self, context: int, timeout_ms: int, known: Sequence[tuple[str, int]]
    ) -> tuple[int, ReaderStates]:
        """See ``Scard``."""
        code, states = self._scard.SCardGetStatusChange(context, timeout_ms, list(known))
        return code & CODE_MASK, [(name, state, bytes(atr)) for name, state, atr in states]

    def connect(self, context: int, reader: str) -> tuple[int, int, int]:
        """See ``Scard``."""
        with self._gate.connecting():
            code, handle, protocol = self._scard.SCardConnect(
                context, reader, self._scard.SCARD_SHARE_EXCLUSIVE, PROTOCOL_T0 | PROTOCOL_T1
            )
        return code & CODE_MASK, handle, protocol

    def reconnect(self, handle: int) -> tuple[int, int]:
        """See ``Scard``."""
        with self._gate.looking_up():
            code, protocol = self._scard.SCardReconnect(
                handle,
                self._scard.SCARD_SHARE_EXCLUSIVE,
                PROTOCOL_T0 | PROTOCOL_T1,
                self._scard.SCARD_RESET_CARD,
            )
        return code & CODE_MASK, protocol

    def status(self, handle: int) -> tuple[int, bytes]:
        """See ``Scard``."""
        with self._gate.looking_up():
            code, _reader, _state, _protocol, atr = self._scard.SCardStatus(handle)
        return code & CODE_MASK, bytes(atr)

    def transmit(self, handle: int, protocol: int, command: bytes) -> tuple[int, bytes]:
        """See ``Scard``."""
        with self._gate.looking_up():
            code, response = self._transmit(handle, self._headers[protocol], list(command))
        return code & CODE_MASK, bytes(response)

    def disconnect(self, handle: int) -> int:
        """See ``Scard``."""
        with self._gate.disconnecting():
            code = self._scard.SCardDisconnect(handle, self._scard.SCARD_RESET_CARD)
        return int(code) & CODE_MASK
