"""Whether a card is in one PC/SC reader, asked by one thread, whatever becomes of the service."""

from typing import Final

from cardservice.errors import LinkError
from cardservice.transport.pcsc.codes import ReaderFlag, ScardCode, error_for
from cardservice.transport.pcsc.context import Context
from cardservice.transport.pcsc.entry import choose
from cardservice.transport.pcsc.presence import ReaderState
from cardservice.transport.pcsc.scard import Scard, load

_MS: Final = 1000
_AWAY: Final = ReaderFlag.UNKNOWN | ReaderFlag.UNAVAILABLE


class PcscPresence:
    """A ``Presence`` of the reader called ``name``, in full or a part only it has.

    After an error the next call begins anew: service and reader may be back.

    Raises:
        ReaderUnavailableError: pyscard is not installed.
    """

    def __init__(self, name: str, scard: Scard | None = None) -> None:
        self._name = name
        self._scard = scard or load()
        self._context: Context | None = None
        self._reader = ""
        self._state = ReaderState()

    def wait(self, *, present: bool, within_s: float) -> bool:
        """Return whether the reader holds a card (or none), after ``within_s`` at the latest.

        Raises:
            ReaderUnavailableError: reader or service is gone, or no one reader has the name.
            LinkError: anything else PC/SC reports.
        """
        try:
            return self._wait(present=present, within_s=within_s)
        except LinkError:
            self._forget()
            raise

    def close(self) -> None:
        """Give back what PC/SC gave. Harmless when repeated."""
        self._forget()

    def _wait(self, *, present: bool, within_s: float) -> bool:
        context = self._context or self._open()
        # What was seen at the last call may be long ago, and the service another one since then.
        self._look(context, 0)
        if self._holds_card is not present:
            self._look(context, round(within_s * _MS))
        return self._holds_card is present

    def _open(self) -> Context:
        self._context = Context(self._scard)
        self._reader = choose(self._name, self._context.readers())
        return self._context

    def _look(self, context: Context, timeout_ms: int) -> None:
        found = context.wait(self._reader, self._state.known, timeout_ms)
        if found is None:
            return
        if found[0] & _AWAY:
            raise error_for(ScardCode.UNKNOWN_READER)
        self._state = ReaderState(*found)

    @property
    def _holds_card(self) -> bool:
        return bool(self._state.word & ReaderFlag.PRESENT)

    def _forget(self) -> None:
        context, self._context = self._context, None
        self._state = ReaderState()
        if context is not None:
            context.release()
