"""A plan in force: what was counted and drawn so far. It outlives the card in the reader."""

from collections.abc import Iterator
from random import Random
from typing import Final

from simulators.faults.exchange import Counts, Exchange
from simulators.faults.plan import Fault, FaultPlan
from simulators.faults.presence import LoseInsertion
from simulators.faults.resets import Activation, WrongAtr
from simulators.faults.when import Since

_FORGETS: Final = {
    Activation.POWER_UP: frozenset({Since.POWER_UP, Since.RESET}),
    Activation.RESET: frozenset({Since.RESET}),
}
"""Which counts begin anew at a power-up, and which at a reset."""


class ArmedFault:
    """A fault of a plan with its counts. Each has dice of its own, so that none disturbs others."""

    def __init__(self, fault: Fault, seed: str) -> None:
        self.fault = fault
        self.random = Random(seed)  # noqa: S311 - noise that can be repeated, not a secret
        self._counted = 0
        self._struck = 0

    @property
    def is_spent(self) -> bool:
        """Whether it struck as often as it may."""
        times = self.fault.when.times
        return times is not None and self._struck >= times

    @property
    def writes_left(self) -> int | None:
        """Writes up to the one at which it strikes, from 1; None when there is none."""
        write = self.fault.when.write
        if write is None or self.is_spent or self._counted >= write:
            return None
        return write - self._counted

    def count(self, by: int = 1) -> None:
        """Take note of what this fault counts."""
        self._counted += by

    def count_is_due(self) -> bool:
        """Take note of one more; return whether the fault strikes at it."""
        self.count()
        when = self.fault.when
        if self.is_spent or not when.is_turn(self._counted):
            return False
        return when.probability is None or self.random.random() < when.probability

    def note_strike(self) -> None:
        """Take note that it struck."""
        self._struck += 1

    def forget(self, since: frozenset[Since]) -> None:
        """Count anew if counting begins here."""
        if self.fault.when.since in since:
            self._counted = 0


class FaultRun:
    """A plan in force, for one reader: give it to a ``FaultyCard`` for each card that comes.

    Counts of ``since = "plan"`` begin where the run is made. ``seed`` is in place of the plan's.
    """

    def __init__(self, plan: FaultPlan, *, seed: int | None = None) -> None:
        self.plan = plan
        self.commands = 0
        self.writes = 0
        self._mute_commands = 0
        self._mute_until_reset = False
        chosen = plan.seed if seed is None else seed
        armed = [
            ArmedFault(fault, f"{chosen}:{number}") for number, fault in enumerate(plan.faults)
        ]
        self._at_writes = [one for one in armed if one.fault.when.write is not None]
        self._others = [one for one in armed if one.fault.when.write is None]

    def insertion_is_lost(self) -> bool:
        """Count one insertion; return whether the reader must tell nobody of it."""
        lost = False
        for one in self._counting(Counts.INSERTIONS):
            if isinstance(one.fault.what, LoseInsertion) and one.count_is_due():
                one.note_strike()
                lost = True
        return lost

    def due(self, command: bytes) -> list[ArmedFault]:
        """Count one command; return the faults that strike at it, in the plan's order."""
        self.commands += 1
        return [
            one
            for one in self._counting(Counts.COMMANDS)
            if one.fault.when.fits_header(command) and one.count_is_due()
        ]

    def wrong_atr(self, activation: Activation) -> bytes | None:
        """Count one answer to reset; return the wrong one to give, None for the card's own."""
        found: bytes | None = None
        for one in self._counting(Counts.ACTIVATIONS):
            what = one.fault.what
            if not isinstance(what, WrongAtr) or what.after_a not in (Activation.ANY, activation):
                continue
            if one.count_is_due() and found is None:
                one.note_strike()
                found = what.atr(one.random)
        return found

    def activated(self, activation: Activation) -> None:
        """Take note that the card is powered up or reset."""
        self._mute_until_reset = False
        for one in (*self._at_writes, *self._others):
            one.forget(_FORGETS[activation])

    def next_at_write(self) -> ArmedFault | None:
        """Return the fault that strikes at the nearest write, None when there is none."""
        waiting = [one for one in self._at_writes if one.writes_left is not None]
        return min(waiting, key=lambda one: one.writes_left or 0, default=None)

    def note_writes(self, count: int) -> None:
        """Take note of so many writes."""
        self.writes += count
        for one in self._at_writes:
            one.count(count)

    def silence(self, exchange: Exchange) -> None:
        """Be mute at the next commands, as a fault asked for in this exchange."""
        self._mute_commands = max(self._mute_commands, exchange.mute_commands)
        self._mute_until_reset = self._mute_until_reset or exchange.mute_until_reset

    def is_mute(self) -> bool:
        """Return whether the card is silent at this command because of an earlier one."""
        if self._mute_commands:
            self._mute_commands -= 1
            return True
        return self._mute_until_reset

    def _counting(self, counts: Counts) -> Iterator[ArmedFault]:
        return (one for one in self._others if one.fault.what.counts is counts)
