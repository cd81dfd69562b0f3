"""A card in a slot of PC/SC's virtual reader driver (vsmartcard's vpcd)."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Self

from simulators.reader.card import Card
from simulators.reader.connection import CardBrokeError, PeerGoneError, Stop, serve_card
from simulators.reader.errors import CardPulledError, CardSilentError, ReaderBusyError

logger = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
DEFAULT_PORT: Final = 35963  # the driver's own default for its first slot
FIRST_WAIT_S: Final = 0.05
LONGEST_WAIT_S: Final = 1.0
# pcscd looks at the slot every 0.4 s; a card that is back sooner can pass for the one that left.
SETTLE_S: Final = 0.5
JOIN_S: Final = 5.0  # a card lost in a computation does not hold up the hand that pulls it


def _nobody(_: Card) -> None:
    pass


class VirtualReaderSlot:
    """One slot of a virtual reader: insert a card, remove it, as a hand would.

    The card answers in a thread of its own. When pcscd goes away the card loses its power and the
    slot keeps trying to come back. A card that raises counts as pulled out. One that only is silent
    (``CardSilentError``) looks to pcscd as pulled out too, for the driver knows nothing between an
    answer and an empty slot, and is back after 0.5 s. ``on_out`` is told of every card that leaves,
    in that card's thread.
    """

    def __init__(
        self,
        host: str = LOOPBACK,
        port: int = DEFAULT_PORT,
        *,
        low_latency: bool = True,
        on_out: Callable[[Card], None] = _nobody,
    ) -> None:
        self.host = host
        self.port = port
        self._low_latency = low_latency
        self._on_out = on_out
        self._thread: threading.Thread | None = None
        self._stop = Stop()
        self._seen = threading.Event()
        self._removed_at = -SETTLE_S

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    @property
    def occupied(self) -> bool:
        """Whether a card is in the slot and still answers."""
        return self._thread is not None and self._thread.is_alive()

    def insert(self, card: Card) -> None:
        """Put ``card`` in. Returns at once; pcscd notices within about 0.4 s.

        After a removal the card is held back until 0.5 s have passed, so that pcscd sees the gap.

        Raises:
            ReaderBusyError: there is a card in the slot.
        """
        if self.occupied:
            raise ReaderBusyError("a card is in the slot", remedy="remove it first")
        self._stop, self._seen = Stop(), threading.Event()
        name = f"card in {self.host}:{self.port}"
        self._thread = threading.Thread(target=self._hold, args=(card,), name=name, daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Pull the card out, in the middle of whatever it does, and wait for its thread (5 s)."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stop.set()
        if thread is not threading.current_thread():  # a card may pull itself out
            thread.join(JOIN_S)
        self._removed_at = time.monotonic()

    def wait_until_noticed(self, timeout_s: float) -> bool:
        """Return whether pcscd has spoken to the card, waiting at most ``timeout_s`` seconds."""
        return self._seen.wait(timeout_s)

    def _hold(self, card: Card) -> None:
        try:
            if not self._stop.wait(self._removed_at + SETTLE_S - time.monotonic()):
                self._keep_connected(card)
        except CardPulledError:
            logger.debug("card in port %d was pulled out", self.port)
        except CardBrokeError as error:
            # Only the kind of error: its text may hold what the card was asked.
            logger.warning("card in port %d stopped answering (%s)", self.port, error)
        finally:
            self._removed_at = time.monotonic()
            _power_down(card)
            self._on_out(card)

    def _keep_connected(self, card: Card) -> None:
        wait_s = FIRST_WAIT_S
        while not self._stop.is_set():
            try:
                serve_card(
                    card,
                    (self.host, self.port),
                    stop=self._stop,
                    seen=self._seen,
                    low_latency=self._low_latency,
                )
            except PeerGoneError as gone:
                logger.debug("port %d: %s", self.port, gone)
                wait_s = FIRST_WAIT_S if gone.had_spoken else min(2 * wait_s, LONGEST_WAIT_S)
            except CardSilentError:
                wait_s = SETTLE_S
            _power_down(card)
            self._stop.wait(wait_s)


def _power_down(card: Card) -> None:
    try:
        card.power_down()
    except Exception as error:  # noqa: BLE001 - a broken card must not take the reader with it
        logger.warning("card did not power down (%s)", type(error).__name__)
