"""A card with the faults of a plan: a wrapper of the five-member seam."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from simulators.card import CardMuteError, NonVolatileMemory, PowerCut
from simulators.faults.answers import EARLIER_ANSWERS_KEPT
from simulators.faults.exchange import End, Exchange
from simulators.faults.plan import FaultPlan
from simulators.faults.power import PullCard
from simulators.faults.quirks import GET_RESPONSE, fetch_held
from simulators.faults.resets import Activation, WrongAtr
from simulators.faults.run import ArmedFault, FaultRun
from simulators.faults.when import HEADER_OCTETS
from simulators.faults.writes import WriteWatch
from simulators.reader.card import Card

NO_ANSWER: Final = "the card gives no answer"
_INS: Final = 1


def _nobody(_: object = None) -> None:
    pass


class FaultyCard:
    """A card, powered from the start, with the faults of a plan. One thread at a time.

    The same plan, seed and commands give the same faults.

    Attributes:
        memory: where faults at writes strike; without it power goes when the command is done.
    """

    def __init__(  # noqa: PLR0913 - the card and its plan, the ports by keyword
        self,
        card: Card,
        plan: FaultPlan | FaultRun,
        *,
        memory: NonVolatileMemory | None = None,
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
        on_fault: Callable[[str], None] = _nobody,
        pull: Callable[[], None] = _nobody,
        vanish: Callable[[int | None], None] = _nobody,
    ) -> None:
        """Take ``card`` and the faults of ``plan``.

        Args:
            card: the card as it is without faults.
            plan: a plan, counted from here; or a run, whose counts go on from earlier cards.
            memory: the card's non-volatile memory, if it has one.
            sleep: lets so many seconds pass.
            seed: in place of the plan's; a run has its own.
            on_fault: told of each fault that struck: its name and where, no data.
            pull: pulls the card out. Called while the command is under way: with ``after`` the
                answer is yet to be returned and should still arrive.
            vanish: removes the reader, and brings it back after so many milliseconds, or never.
        """
        self.memory = memory
        self._card = card
        self._run = plan if isinstance(plan, FaultRun) else FaultRun(plan, seed=seed)
        self._watch = WriteWatch(memory, self._run)
        self._sleep, self._on_fault = sleep, on_fault
        self._pull, self._vanish = pull, vanish
        self._atr = card.atr
        self._powered = True
        self._earlier: deque[bytes] = deque(maxlen=EARLIER_ANSWERS_KEPT)
        self._held = b""

    @property
    def atr(self) -> bytes:
        """The latest answer to reset, right or wrong."""
        return self._atr

    def power_up(self) -> bytes:
        """Return the ATR, or a wrong one.

        Raises:
            PowerCut: power went at a write that the card made to recover.
        """
        return self._activate(Activation.POWER_UP, self._card.power_up)

    def power_down(self) -> None:
        """Take the power away."""
        self._powered = False
        self._forget()
        self._card.power_down()

    def reset(self) -> bytes:
        """Return the ATR, or a wrong one.

        Raises:
            PowerCut: as for ``power_up``.
        """
        return self._activate(Activation.RESET, self._card.reset)

    def execute(self, command: bytes) -> bytes:
        """Return the answer that the faults leave of the card's; it may have fewer than 2 octets.

        Raises:
            CardMuteError: no answer; the card has its power, or lost it before.
            PowerCut: power went with this command.
        """
        if not self._powered:
            raise CardMuteError("the card has no power")
        due = self._run.due(command)
        if self._run.is_mute():
            raise CardMuteError(NO_ANSWER)
        exchange = Exchange(command, self._card.execute, self._sleep, self._earlier)
        self._act(exchange, due)
        return self._ended(exchange)

    def _activate(self, activation: Activation, action: Callable[[], bytes]) -> bytes:
        self._forget()
        self._run.activated(activation)
        self._powered = False
        exchange = Exchange(b"", self._card.execute, self._sleep)
        try:
            atr = self._watch.during(
                action, cut_at=0, struck=lambda one: self._note_at_write(one, exchange)
            )
        except PowerCut:
            self._lose_power(exchange)
            raise
        self._powered = True
        wrong = self._run.wrong_atr(activation)
        if wrong is not None:
            self._on_fault(f"{WrongAtr.kind} at a {activation}")
        self._atr = atr if wrong is None else wrong
        return self._atr

    def _act(self, exchange: Exchange, due: list[ArmedFault]) -> None:
        """Let the faults act before and after the card, until one ends the exchange."""
        for one in due:
            self._note(one, exchange, struck=one.fault.what.before(exchange, one.random))
            if exchange.end:
                return
        self._ask_card(exchange)
        for one in due if exchange.end is None else ():
            self._note(one, exchange, struck=one.fault.what.after(exchange, one.random))
            if exchange.end:
                return

    def _ask_card(self, exchange: Exchange) -> None:
        held, self._held = self._held, b""
        if exchange.answer is not None:
            return
        if held and exchange.command[_INS : _INS + 1] == bytes((GET_RESPONSE,)):
            exchange.answer, self._held = fetch_held(held, exchange.command)
            exchange.is_rest = True
            return
        try:
            exchange.answer = self._watch.during(
                lambda: self._card.execute(exchange.command),
                cut_at=exchange.cut_at_write,
                struck=lambda one: self._note_at_write(one, exchange),
            )
        except PowerCut:
            exchange.end = End.POWER_CUT
            return
        exchange.given = exchange.answer
        if exchange.cut_at_write:
            exchange.end = End.POWER_CUT

    def _ended(self, exchange: Exchange) -> bytes:
        if exchange.given is not None:
            self._earlier.append(exchange.given)
        if exchange.end is End.POWER_CUT or exchange.power_goes:
            self._lose_power(exchange)
        if exchange.end is End.POWER_CUT:
            raise PowerCut
        if exchange.end is End.MUTE:
            self._run.silence(exchange)
            raise CardMuteError(NO_ANSWER)
        self._held = exchange.held or self._held
        return exchange.answer or b""

    def _lose_power(self, exchange: Exchange) -> None:
        self.power_down()
        if exchange.pulled:
            self._pull()
        if exchange.reader_goes:
            self._vanish(exchange.reader_back_ms)

    def _forget(self) -> None:
        self._earlier.clear()
        self._held = b""

    def _note(self, one: ArmedFault, exchange: Exchange, *, struck: bool) -> None:
        if not struck:
            return
        one.note_strike()
        header = exchange.command[:HEADER_OCTETS].hex().upper()
        self._on_fault(f"{one.fault.what.kind} at command {self._run.commands} ({header})")

    def _note_at_write(self, one: ArmedFault, exchange: Exchange) -> None:
        one.note_strike()
        exchange.pulled = exchange.pulled or isinstance(one.fault.what, PullCard)
        self._on_fault(f"{one.fault.what.kind} at write {one.fault.when.write}")
