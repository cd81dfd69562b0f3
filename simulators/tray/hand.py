"""The hand that holds a card in a reader, and pulls it out at the moment it was told."""

import logging
import threading
from collections.abc import Callable
from enum import Enum
from typing import Final

from simulators.card import CardMuteError, PowerCut
from simulators.reader.card import Card
from simulators.reader.errors import CardPulledError, CardSilentError
from simulators.tray.errors import TrayError
from simulators.tray.events import EventKind

logger = logging.getLogger(__name__)

TURN_S: Final = 5.0  # a card lost in a computation does not hold up the hand that pulls it

Tell = Callable[[EventKind, str], None]
"""Told what happened to the card: the kind, and a word without any octet of the command."""


class Moment(Enum):
    """Which part of a command the hand lets the terminal have."""

    STAY = "the card stays"
    DURING = "the card acts, the answer is lost"
    AFTER = "the answer arrives, then the card is gone"


class PullOrder:
    """How many commands the hand still waits before it pulls; without an order it never does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = 0
        self._moment = Moment.STAY

    def give(self, *, commands: int, during: bool) -> None:
        """Pull at the command number ``commands`` from now, 1 is the next.

        Raises:
            TrayError: fewer than 1.
        """
        if commands < 1:
            raise TrayError(f"{commands} commands are none", remedy="count from 1, the next one")
        with self._lock:
            self._left = commands
            self._moment = Moment.DURING if during else Moment.AFTER

    def forget(self) -> None:
        """Pull no more."""
        with self._lock:
            self._left = 0

    def count(self) -> Moment:
        """Take note of one command; return what to do with it."""
        with self._lock:
            if self._left == 0:
                return Moment.STAY
            self._left -= 1
            return self._moment if self._left == 0 else Moment.STAY


class PresentedCard:
    """A card in one reader, from insertion to removal: the side of it that the reader holds.

    ``turn`` is the card's own lock: whatever is done to a card, in this reader or the last, is done
    by one thread at a time. Once ``left`` is set the card does nothing more.
    """

    def __init__(
        self,
        card: Card,
        *,
        turn: threading.RLock,
        left: threading.Event,
        order: PullOrder,
        tell: Tell,
    ) -> None:
        self._card = card
        self._turn = turn
        self._order = order
        self._tell = tell
        self._left = left
        self._pulled = False
        self._power_owed = False
        self.farewell = ""

    @property
    def atr(self) -> bytes:
        """The card's answer to reset."""
        return self._card.atr

    def leave(self) -> None:
        """Let the card answer nothing more; what it is answering now is lost."""
        self._left.set()

    def pull(self, why: str) -> None:
        """Pull the card out with the command it is at: its answer, if there is one, arrives."""
        self._pulled = True
        self.farewell = why

    def power_up(self) -> bytes:
        """Return the ATR of the card, powered afresh."""
        return self._in_turn(self._card.power_up)

    def reset(self) -> bytes:
        """Return the ATR after a warm reset."""
        return self._in_turn(self._card.reset)

    def execute(self, command: bytes) -> bytes:
        """Return the card's answer.

        Raises:
            CardPulledError: the card left with this command, or broke at it.
            CardSilentError: the card is in, and did not answer: mute, or its power was cut.
        """
        return self._in_turn(lambda: self._answer(command))

    def power_down(self) -> None:
        """Take the power away, after the command the card may be at (5 s)."""
        if not self._turn.acquire(timeout=TURN_S):
            self._power_owed = True
            return
        try:
            self._lose_power()
        finally:
            self._turn.release()

    def _in_turn(self, action: Callable[[], bytes]) -> bytes:
        with self._turn:
            try:
                return self._guarded(action)
            finally:
                if self._power_owed:
                    self._lose_power()

    def _guarded(self, action: Callable[[], bytes]) -> bytes:
        if self._left.is_set():
            raise CardPulledError
        try:
            return action()
        except (CardPulledError, CardSilentError):
            raise
        except Exception as error:
            raise self._silence(error) from error

    def _silence(self, error: Exception) -> Exception:
        if self._pulled or self._left.is_set():
            return self._go(self.farewell)
        if isinstance(error, PowerCut):
            self._tell(EventKind.POWER_CUT, "")
            return CardSilentError("the power was cut")
        if isinstance(error, CardMuteError):
            return CardSilentError("the card is mute")
        self._tell(EventKind.BROKEN, type(error).__name__)
        return self._go("stopped answering")

    def _answer(self, command: bytes) -> bytes:
        moment = self._order.count()
        answer = self._card.execute(command)
        if self._left.is_set() or moment is Moment.DURING:
            raise self._go("pulled during a command")
        if moment is Moment.AFTER:
            raise self._go("pulled after a command", answer)
        if self._pulled:
            raise self._go(self.farewell, answer)
        if not answer:
            raise CardSilentError("an empty answer is none")
        return answer

    def _go(self, farewell: str, answer: bytes | None = None) -> CardPulledError:
        self._left.set()
        self.farewell = farewell
        return CardPulledError(last_answer=answer)

    def _lose_power(self) -> None:
        self._power_owed = False
        try:
            self._card.power_down()
        except Exception as error:  # noqa: BLE001 - a broken card must not hold up the hand
            logger.warning("card did not power down (%s)", type(error).__name__)
