"""Quirks of real cards in giving data: at the end of a file, and by GET RESPONSE.

Source: card.md §2 and §7 [F].
"""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import ClassVar, Final

from typing_extensions import override

from simulators.card.apdu import EXTENDED_NE_MAX, INS, SHORT_NE_MAX, Command
from simulators.card.status import OK, SW, SW_OCTETS, encode_sw
from simulators.faults.exchange import Exchange, What
from simulators.faults.parameters import Choice, Flag
from simulators.faults.record import takes

GET_RESPONSE: Final = 0xC0
_WARNING: Final = encode_sw(SW.END_OF_FILE)
_NOT_INTERINDUSTRY_PLAIN: Final = 0x8C
_EXACT_LENGTH: Final = 0x6C
_BYTES_AVAILABLE: Final = 0x61
_LE_OF_ALL: Final = 0
_HEADER_OCTETS: Final = 4


class AtEnd(StrEnum):
    """What a card says to a Le beyond the end of a file."""

    WARNING = "6282"
    EXACT_LENGTH = "6Cxx"
    SHORT = "9000"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfFile(What):
    """The card's manner at the end of a file, in place of the one it has."""

    kind: ClassVar[str] = "end-of-file"
    about: ClassVar[str] = "what READ BINARY says to a Le beyond the end of the file"

    says: AtEnd = field(
        metadata=takes(
            Choice(tuple(AtEnd)),
            "the rest and 6282, or 6Cxx with the length of the rest, or the rest and 9000",
        )
    )
    le_00: bool = field(
        default=False, metadata=takes(Flag(), "a Le of 00 means 256 octets, not what there is")
    )

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        asked = exchange.parsed
        if asked is None or not self._may_be_beyond(asked):
            return False
        rest = _rest_of_file(exchange, asked)
        if not 0 < len(rest) < asked.ne:
            return False
        if self.says is not AtEnd.EXACT_LENGTH:
            exchange.answer = rest + (_WARNING if self.says is AtEnd.WARNING else OK)
        elif len(rest) <= SHORT_NE_MAX:
            exchange.answer = bytes((_EXACT_LENGTH, len(rest) % SHORT_NE_MAX))
        else:
            return False
        return True

    def _may_be_beyond(self, asked: Command) -> bool:
        if asked.ins != INS.READ_BINARY or asked.cla & _NOT_INTERINDUSTRY_PLAIN:
            return False
        # With 0000 a card gives what its buffer holds, which tells nothing of the file's end.
        return 0 < asked.ne < EXTENDED_NE_MAX and (self.le_00 or not asked.wants_all)


def _rest_of_file(exchange: Exchange, asked: Command) -> bytes:
    """Return what the card has to read there; a card that says 6Cxx is asked again as it wants."""
    if exchange.sw in (OK, _WARNING):
        return exchange.data
    if not exchange.data and exchange.sw[:1] == bytes((_EXACT_LENGTH,)):
        again = exchange.ask(asked.header + exchange.sw[1:])
        return again[:-SW_OCTETS] if again[-SW_OCTETS:] == OK else b""
    return b""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForGetResponse(What):
    """``61xx`` instead of data, which GET RESPONSE then fetches, at most 256 octets at a time."""

    kind: ClassVar[str] = "get-response"
    about: ClassVar[str] = "61xx instead of data, until GET RESPONSE fetches them"

    @override
    def after(self, exchange: Exchange, random: Random) -> bool:
        if exchange.is_rest or not exchange.data:
            return False
        exchange.held = exchange.answer or b""
        exchange.answer = _available(exchange.held)
        return True


def fetch_held(held: bytes, command: bytes) -> tuple[bytes, bytes]:
    """Return the answer to a GET RESPONSE, and what is still held after it."""
    room = (command[-1] if len(command) > _HEADER_OCTETS else _LE_OF_ALL) or SHORT_NE_MAX
    data, sw = held[:-SW_OCTETS], held[-SW_OCTETS:]
    if len(data) <= room:
        return held, b""
    rest = data[room:] + sw
    return data[:room] + _available(rest), rest


def _available(held: bytes) -> bytes:
    octets = len(held) - SW_OCTETS
    return bytes((_BYTES_AVAILABLE, octets if octets < SHORT_NE_MAX else _LE_OF_ALL))
