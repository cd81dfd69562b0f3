"""Faults of answers and of the line: wrong, stale, short, late and disturbed ones."""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import ClassVar, Final

from typing_extensions import override

from simulators.card.apdu import EXTENDED_NE_MAX
from simulators.card.status import SW_OCTETS, encode_sw
from simulators.faults.digits import Octets, StatusWord
from simulators.faults.exchange import MAX_MS, Exchange, What
from simulators.faults.parameters import Choice, Flag, Whole
from simulators.faults.record import takes

ANSWER_OCTETS_MAX: Final = EXTENDED_NE_MAX + SW_OCTETS
EARLIER_ANSWERS_KEPT: Final = 16
_FLIPPED_BITS_MAX: Final = 4_096
_OCTET_BITS: Final = 8
_MS_A_SECOND: Final = 1_000
_EXECUTED: Final = "the card does the command all the same"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAnswer(What):
    """Given octets instead of the answer."""

    kind: ClassVar[str] = "answer"
    about: ClassVar[str] = "given octets instead of the answer"

    octets: bytes = field(
        repr=False,
        metadata=takes(Octets(0, ANSWER_OCTETS_MAX), "the whole answer, status word included"),
    )
    executed: bool = field(default=True, metadata=takes(Flag(), _EXECUTED))

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        if self.executed:
            return False
        exchange.answer = self.octets
        return True

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        exchange.answer = self.octets
        return self.executed


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveStatus(What):
    """A given status word instead of the card's own."""

    kind: ClassVar[str] = "status"
    about: ClassVar[str] = "a given status word instead of the card's own"

    sw: int = field(metadata=takes(StatusWord(), "the status word"))
    keep_data: bool = field(
        default=False, metadata=takes(Flag(), "the data of the answer stay before it")
    )
    executed: bool = field(default=True, metadata=takes(Flag(), _EXECUTED))

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        if self.executed:
            return False
        exchange.answer = encode_sw(self.sw)
        return True

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        exchange.answer = (exchange.data if self.keep_data else b"") + encode_sw(self.sw)
        return self.executed


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleAnswer(What):
    """The answer of an earlier command since power-up or reset; nothing while there is none."""

    kind: ClassVar[str] = "stale-answer"
    about: ClassVar[str] = "the answer of an earlier command instead of this one's"

    back: int = field(
        default=1, metadata=takes(Whole(1, EARLIER_ANSWERS_KEPT), "how many commands earlier")
    )

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        if len(exchange.earlier) < self.back:
            return False
        exchange.answer = exchange.earlier[-self.back]
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate(What):
    """The beginning of the answer; its end, the status word first of all, is lost."""

    kind: ClassVar[str] = "truncate"
    about: ClassVar[str] = "the answer breaks off, and its status word is lost"

    keep: int = field(metadata=takes(Whole(0, ANSWER_OCTETS_MAX), "at most so many octets arrive"))

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        if not exchange.answer:
            return False
        exchange.answer = exchange.data[: self.keep]
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay(What):
    """The answer comes late."""

    kind: ClassVar[str] = "delay"
    about: ClassVar[str] = "the answer comes late"

    ms: int = field(metadata=takes(Whole(0, MAX_MS), "so many milliseconds"))
    jitter_ms: int = field(
        default=0, metadata=takes(Whole(0, MAX_MS), "and up to so many more, drawn anew each time")
    )

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        drawn = random.uniform(0, self.jitter_ms) if self.jitter_ms else 0
        exchange.sleep((self.ms + drawn) / _MS_A_SECOND)
        return True


class Direction(StrEnum):
    """Which octets are meant."""

    COMMAND = "command"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class BitErrors(What):
    """Bits of the command or the answer arrive turned over; which ones is drawn."""

    kind: ClassVar[str] = "bit-errors"
    about: ClassVar[str] = "bits arrive turned over"

    bits: int = field(
        default=1, metadata=takes(Whole(1, _FLIPPED_BITS_MAX), "so many different bits")
    )
    of: Direction = field(
        default=Direction.ANSWER, metadata=takes(Choice(tuple(Direction)), "bits of what")
    )

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        if self.of is not Direction.COMMAND or not exchange.command:
            return False
        exchange.command = _flipped(exchange.command, self.bits, random)
        return True

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        if self.of is not Direction.ANSWER or not exchange.answer:
            return False
        exchange.answer = _flipped(exchange.answer, self.bits, random)
        return True


def _flipped(octets: bytes, bits: int, random: Random) -> bytes:
    there = len(octets) * _OCTET_BITS
    mask = sum(1 << place for place in random.sample(range(there), min(bits, there)))
    return (int.from_bytes(octets, "big") ^ mask).to_bytes(len(octets), "big")
