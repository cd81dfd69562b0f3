"""A conversation with the PC/SC service: readers and their states, with errors raised."""

import time
from typing import Final, Self

from cardservice.transport.pcsc.codes import (
    SUCCESS,
    ScardCode,
    error_for,
    error_in_conversation,
)
from cardservice.transport.pcsc.scard import Scard

PLUG_AND_PLAY: Final = "\\\\?PnP?\\Notification"  # the name under which readers come and go

# A service that is ending closes the door in our face, which reads like a refusal; asked again, it
# is gone. A refusal stays one.
REFUSALS: Final = 5
ASK_AGAIN_S: Final = 0.05


class Context:
    """One context of the service; one thread waits with it, any thread may wake that one."""

    def __init__(self, scard: Scard) -> None:
        """Open the conversation.

        Raises:
            ReaderUnavailableError: no service, or no permission.
        """
        code, self.number = _establish(scard)
        if code != SUCCESS:
            raise error_for(code)
        self._scard = scard
        self._released = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Give the context back, once; a lost service has lost it too, so the code says nothing."""
        if self._released:
            return
        self._released = True
        self._scard.release(self.number)

    def cancel(self) -> None:
        """Wake the thread that waits; without effect when none waits yet."""
        self._scard.cancel(self.number)

    def readers(self) -> tuple[str, ...]:
        """Return the names of the readers, in the service's order.

        Raises:
            ReaderUnavailableError: the service is gone.
        """
        code, names = self._scard.list_readers(self.number)
        if code == ScardCode.NO_READERS_AVAILABLE:
            return ()
        if code != SUCCESS:
            raise error_in_conversation(code)
        return tuple(names)

    def wait(self, reader: str, known: int, timeout_ms: int) -> tuple[int, bytes] | None:
        """Return the reader's new state and its card's ATR; None after the time, or woken.

        Raises:
            LinkError: the reader or the service is gone.
        """
        code, states = self._scard.status_change(self.number, timeout_ms, [(reader, known)])
        if code in (ScardCode.TIMEOUT, ScardCode.CANCELLED):
            return None
        if code != SUCCESS:
            raise error_in_conversation(code)
        _name, state, atr = states[0]
        return state, atr


def _establish(scard: Scard) -> tuple[int, int]:
    code, number = scard.establish()
    for _ in range(REFUSALS - 1):
        if code != ScardCode.SECURITY_VIOLATION:
            break
        time.sleep(ASK_AGAIN_S)
        code, number = scard.establish()
    return code, number
