"""Faults of presence: a silent card, an insertion nobody is told of, a reader that goes."""

from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

from typing_extensions import override

from simulators.faults.exchange import MAX_MS, Counts, End, Exchange, What
from simulators.faults.parameters import Flag, Whole
from simulators.faults.record import takes
from simulators.faults.when import COUNT_MAX
from simulators.reader.errors import ReaderSetupError


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute(What):
    """No answer; the card keeps its power and its session."""

    kind: ClassVar[str] = "mute"
    about: ClassVar[str] = "the card gives no answer"

    commands: int = field(
        default=1, metadata=takes(Whole(1, COUNT_MAX), "so many commands, whatever resets come")
    )
    until_reset: bool = field(
        default=False, metadata=takes(Flag(), "until power-up or reset, instead of so many")
    )
    executed: bool = field(
        default=False, metadata=takes(Flag(), "the first of these commands is done all the same")
    )

    @override
    def check(self) -> None:
        if self.until_reset and self.commands != 1:
            raise ReaderSetupError(
                "commands does not go with until_reset", remedy="leave out one of them"
            )

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        return not self.executed and self._silence(exchange)

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        return self.executed and self._silence(exchange)

    def _silence(self, exchange: Exchange) -> bool:
        exchange.end = End.MUTE
        exchange.mute_commands = self.commands - 1
        exchange.mute_until_reset = self.until_reset
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class LoseInsertion(What):
    """The reader tells nobody that a card came. The tray applies it."""

    kind: ClassVar[str] = "lost-insertion"
    about: ClassVar[str] = "a card comes and the reader tells nobody"
    counts: ClassVar[Counts] = Counts.INSERTIONS
    is_of_reader: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveReader(What):
    """The reader disappears with the card in it, as when somebody pulls its cable."""

    kind: ClassVar[str] = "reader-gone"
    about: ClassVar[str] = "the reader disappears, with the card in it"
    is_of_reader: ClassVar[bool] = True

    back_after_ms: int | None = field(
        default=None,
        metadata=takes(Whole(0, MAX_MS), "it is back so many milliseconds later; else never"),
    )
    executed: bool = field(
        default=False, metadata=takes(Flag(), "the command is done before the reader goes")
    )

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        return not self.executed and self._go(exchange)

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        return self.executed and self._go(exchange)

    def _go(self, exchange: Exchange) -> bool:
        exchange.end = End.POWER_CUT
        exchange.reader_goes, exchange.reader_back_ms = True, self.back_after_ms
        return True
