"""One connection of a card to a slot of the virtual reader driver, from connect to the end."""

import logging
import socket
import threading
from typing import Final

from simulators.reader.card import Card
from simulators.reader.channel import Channel
from simulators.reader.errors import CardPulledError, CardSilentError
from simulators.reader.frames import (
    CONTROL_OCTETS,
    Control,
    FrameTooLongError,
)

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S: Final = 2.0


class PeerGoneError(Exception):
    """pcscd is not there, went away, or sent a frame that never ended."""

    def __init__(self, message: str, *, had_spoken: bool) -> None:
        super().__init__(message)
        self.had_spoken = had_spoken


class CardBrokeError(Exception):
    """The card raised; the message names the kind of error only."""


class Stop:
    """An event that also cuts the socket a thread is waiting on, so that stopping is prompt."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def is_set(self) -> bool:
        """Whether the end has been asked for."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask for the end and cut the connection, if there is one."""
        with self._lock:
            self._event.set()
            _shut(self._socket)

    def wait(self, timeout_s: float) -> bool:
        """Sleep at most ``timeout_s`` seconds; return whether the end has been asked for."""
        return self._event.wait(max(timeout_s, 0))

    def watch(self, connection: socket.socket | None) -> None:
        """Cut ``connection`` at the end; at once if that has come."""
        with self._lock:
            self._socket = connection
            if self._event.is_set():
                _shut(connection)


def serve_card(
    card: Card,
    address: tuple[str, int],
    *,
    stop: Stop,
    seen: threading.Event,
    low_latency: bool,
) -> None:
    """Connect to ``address`` and let ``card`` answer until ``stop`` is set.

    ``seen`` is set once the driver has spoken. ``low_latency`` off leaves TCP as it comes, which is
    some 400 times slower, and is there to be measured.

    Raises:
        PeerGoneError: no connection, or it ended before ``stop`` was set.
        CardPulledError: the card left; the answer it may have left behind was sent.
        CardSilentError: the card is in, and did not answer.
        CardBrokeError: the card raised anything else, or gave an answer that fits in no frame.
    """
    try:
        connection = socket.create_connection(address, CONNECT_TIMEOUT_S)
    except OSError as error:
        raise PeerGoneError(f"no connection ({error})", had_spoken=False) from error
    with connection:
        stop.watch(connection)
        channel = Channel(connection, low_latency=low_latency)
        try:
            _converse(card, channel, seen)
        except OSError as error:
            if not stop.is_set():
                message = f"connection lost ({error})"
                raise PeerGoneError(message, had_spoken=channel.has_spoken) from error
        finally:
            stop.watch(None)


def answer(card: Card, body: bytes) -> bytes | None:
    """Return what ``card`` says to one frame, None where the driver expects no answer."""
    if len(body) != CONTROL_OCTETS:
        return card.execute(body) if body else None
    match body[0]:
        case Control.ATR:
            return card.atr
        case Control.POWER_ON:
            card.power_up()
        case Control.POWER_OFF:
            card.power_down()
        case Control.RESET:
            card.reset()
        case _:
            logger.warning("a control frame of unknown meaning was left unanswered")
    return None


def _converse(card: Card, channel: Channel, seen: threading.Event) -> None:
    while True:
        body = channel.receive()
        seen.set()
        try:
            said = answer(card, body)
        except CardPulledError as pulled:
            if pulled.last_answer is not None:
                _send(channel, pulled.last_answer)
            raise
        except CardSilentError:
            raise
        except Exception as error:
            raise CardBrokeError(type(error).__name__) from error
        if said is not None:
            _send(channel, said)


def _send(channel: Channel, said: bytes) -> None:
    # To the driver an empty answer means that the card is gone; we say so by going.
    if not said:
        raise CardBrokeError("empty answer")
    try:
        channel.send(said)
    except FrameTooLongError as error:
        raise CardBrokeError(type(error).__name__) from error


def _shut(connection: socket.socket | None) -> None:
    if connection is None:
        return
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        logger.debug("the connection was gone already")
