"""Quirks of real cards with Le and extended length. Source: card.md §2 and §7 [F]."""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import ClassVar, Final

from typing_extensions import override

from simulators.card.apdu import SHORT_NE_MAX, Command
from simulators.card.status import SW, encode_sw
from simulators.faults.exchange import Exchange, What
from simulators.faults.parameters import Choice
from simulators.faults.record import takes

_WRONG_LENGTH: Final = encode_sw(SW.WRONG_LENGTH)


class LeForm(StrEnum):
    """Which Le a card does not like."""

    ANY = "any"
    WITH_DATA = "with-data"
    ZERO = "00"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseLe(What):
    """``6700`` to a Le, and nothing is done. Choose the commands by ``header``."""

    kind: ClassVar[str] = "le-refused"
    about: ClassVar[str] = "6700 to a Le that other cards take"

    le: LeForm = field(
        default=LeForm.WITH_DATA,
        metadata=takes(
            Choice(tuple(LeForm)), "any Le, a Le after data (case 4), or only a Le of 00 (0000)"
        ),
    )

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        asked = exchange.parsed
        if asked is None or not asked.le_octets or not self._dislikes(asked):
            return False
        exchange.answer = _WRONG_LENGTH
        return True

    def _dislikes(self, asked: Command) -> bool:
        if self.le is LeForm.WITH_DATA:
            return bool(asked.data)
        return self.le is LeForm.ANY or asked.wants_all


class Lie(StrEnum):
    """What comes of a command in extended length that EF.ATR/INFO had promised."""

    REFUSE = "6700"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True, kw_only=True)
class LieAboutExtendedLength(What):
    """EF.ATR/INFO stays as the card has it; policy cards promise extended length there."""

    kind: ClassVar[str] = "extended-length-lie"
    about: ClassVar[str] = "EF.ATR/INFO promises extended length, the card does not take it"

    does: Lie = field(
        default=Lie.REFUSE,
        metadata=takes(Choice(tuple(Lie)), "6700, or data that end after 256 octets"),
    )

    @override
    def before(self, exchange: Exchange, random: Random) -> bool:
        if self.does is not Lie.REFUSE or not _is_extended(exchange.parsed):
            return False
        exchange.answer = _WRONG_LENGTH
        return True

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        is_meant = self.does is Lie.TRUNCATE and _is_extended(exchange.parsed)
        if not is_meant or len(exchange.data) <= SHORT_NE_MAX:
            return False
        exchange.answer = exchange.data[:SHORT_NE_MAX] + exchange.sw
        return True


def _is_extended(asked: Command | None) -> bool:
    return asked is not None and asked.room > SHORT_NE_MAX
