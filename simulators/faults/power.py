"""Faults of power: it goes, or a hand pulls the card."""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import ClassVar

from typing_extensions import override

from simulators.faults.exchange import End, Exchange, What
from simulators.faults.parameters import Choice, Whole
from simulators.faults.record import takes
from simulators.faults.when import COUNT_MAX
from simulators.reader.errors import ReaderSetupError


class Moment(StrEnum):
    """When power goes, seen from the command."""

    BEFORE = "before"
    DURING = "during"
    UNANSWERED = "unanswered"
    AFTER = "after"


_MOMENT = (
    "before the command is seen; during, at a non-volatile write of it; unanswered, when all is "
    "done but the answer; after the answer"
)
_WRITE = Whole(1, COUNT_MAX)
_WRITE_MEANING = "at which write of the command, with during; 1 if not given"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPower(What):
    """Power goes. A command that makes fewer writes than ``write`` is done but not answered."""

    kind: ClassVar[str] = "power-cut"
    about: ClassVar[str] = "power goes; the next power-up finds the old state or the new"

    moment: Moment = field(default=Moment.DURING, metadata=takes(Choice(tuple(Moment)), _MOMENT))
    write: int | None = field(default=None, metadata=takes(_WRITE, _WRITE_MEANING))

    @override
    def check(self) -> None:
        _check_write(self.moment, self.write)

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        return _cut_before(exchange, self.moment, self.write)

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        return _cut_after(exchange, self.moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCard(What):
    """A hand pulls the card out of the reader: a loss of power that the reader notices."""

    kind: ClassVar[str] = "pull"
    about: ClassVar[str] = "a hand pulls the card out of the reader"

    moment: Moment = field(
        default=Moment.UNANSWERED, metadata=takes(Choice(tuple(Moment)), _MOMENT)
    )
    write: int | None = field(default=None, metadata=takes(_WRITE, _WRITE_MEANING))

    @override
    def check(self) -> None:
        _check_write(self.moment, self.write)

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        done = _cut_before(exchange, self.moment, self.write)
        exchange.pulled = exchange.pulled or done
        return done

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        done = _cut_after(exchange, self.moment)
        exchange.pulled = exchange.pulled or done
        return done


def _check_write(moment: Moment, write: int | None) -> None:
    if write is not None and moment is not Moment.DURING:
        raise ReaderSetupError(
            "write goes with the moment during only", remedy="leave out write, or choose during"
        )


def _cut_before(exchange: Exchange, moment: Moment, write: int | None) -> bool:
    if moment is Moment.BEFORE:
        exchange.end = End.POWER_CUT
        return True
    if moment is Moment.DURING:
        wanted = write or 1
        exchange.cut_at_write = min(exchange.cut_at_write or wanted, wanted)
        return True
    return False


def _cut_after(exchange: Exchange, moment: Moment) -> bool:
    if moment is Moment.UNANSWERED:
        exchange.end = End.POWER_CUT
    elif moment is Moment.AFTER:
        exchange.power_goes = True
    else:
        return False
    return True
