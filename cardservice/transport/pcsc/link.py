"""A card in a PC/SC reader."""

import time
from typing import Final

from cardservice.errors import LinkError
from cardservice.transport.pcsc.codes import SUCCESS, ScardCode, error_for, error_in_conversation
from cardservice.transport.pcsc.context import Context
from cardservice.transport.pcsc.scard import PROTOCOL_T0, Scard
from cardservice.transport.pcsc.tpdu import to_t0

# Desktop programs look at every card for a moment when it comes.
PATIENCE_S: Final = 2.0
RETRY_S: Final = 0.05


class PcscLink:
    """A powered card, ours alone until closed: nobody else can get into its session.

    Closing resets the card, so that no security state is left to the next program.
    """

    def __init__(self, scard: Scard, reader: str, *, patience_s: float = PATIENCE_S) -> None:
        """Connect to the card in ``reader``, waiting ``patience_s`` for others to let go of it.

        Raises:
            CardRemovedError: no card, or it does not answer.
            ReaderUnavailableError: no such reader, no service, or the card is in use.
        """
        self.reader = reader
        self._scard = scard
        self._transmit = scard.transmit
        self._context = Context(scard)
        self._handle: int | None = None
        try:
            self._handle, self._protocol = _connect(scard, self._context, reader, patience_s)
            self._atr = self._ask_atr(self._handle)
        except LinkError:
            self.close()
            raise

    @property
    def atr(self) -> bytes:
        """Answer to the latest reset, 2 to 33 octets as received."""
        return self._atr

    def exchange(self, command: bytes) -> bytes:
        """Send one encoded command APDU; return the encoded response, SW included.

        Raises:
            CardRemovedError: the card was removed or stopped answering.
            ReaderUnavailableError: the reader or the service is gone.
            LinkError: anything else PC/SC reports.
        """
        handle = self._handle
        if handle is None:
            raise LinkError("the link is closed")
        if self._protocol == PROTOCOL_T0:
            command = to_t0(command)
        code, response = self._transmit(handle, self._protocol, command)
        if code != SUCCESS:
            raise error_in_conversation(code)
        if not response:
            # The virtual reader driver calls it a success when the card leaves in mid-command.
            raise error_for(ScardCode.NOT_TRANSACTED)
        return response

    def reset(self) -> bytes:
        """Warm-reset the card; return its ATR. Every session and security state is gone.

        Raises:
            LinkError: as for ``exchange``.
        """
        if self._handle is None:
            raise LinkError("the link is closed")
        code, self._protocol = self._scard.reconnect(self._handle)
        if code != SUCCESS:
            raise error_in_conversation(code)
        self._atr = self._ask_atr(self._handle)
        return self._atr

    def close(self) -> None:
        """Reset the card and let go of it. Harmless when repeated, and when the card is gone."""
        handle, self._handle = self._handle, None
        if handle is not None:
            self._scard.disconnect(handle)
        self._context.release()

    def _ask_atr(self, handle: int) -> bytes:
        code, atr = self._scard.status(handle)
        if code != SUCCESS:
            raise error_in_conversation(code)
        return atr


def _connect(scard: Scard, context: Context, reader: str, patience_s: float) -> tuple[int, int]:
    end = time.monotonic() + patience_s
    while True:
        code, handle, protocol = scard.connect(context.number, reader)
        if code == SUCCESS:
            return handle, protocol
        if code == ScardCode.SECURITY_VIOLATION:
            context.readers()  # raises if it is the service that is gone
        if code != ScardCode.SHARING_VIOLATION or time.monotonic() > end:
            raise error_for(code)
        time.sleep(RETRY_S)
