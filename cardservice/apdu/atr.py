"""Answers to reset (ISO/IEC 7816-3:2006, 8.2): parsed, reported on, never trusted.

An answer to reset is a hint about a card, never its identity. Cards in the field carry a wrong
or a superfluous check octet and work: both are reported and parsing goes on.
"""

from dataclasses import dataclass
from enum import IntEnum, unique
from functools import reduce
from operator import xor
from typing import Final

from cardservice.errors import MalformedDataError

MAX_ATR_LEN: Final = 33  # TS and at most 32 characters, 7816-3 8.2.1
_DEFAULT_TA1: Final = 0x11
_FI: Final = (372, 372, 558, 744, 1116, 1488, 1860, None, None, 512, 768, 1024, 1536, 2048)
_DI: Final = (None, 1, 2, 4, 8, 16, 32, 64, 12, 20)
_PROTOCOL_BITS: Final = 0x0F
_INTERFACE_LETTERS: Final = "ABCD"


@unique
class Convention(IntEnum):
    """TS: how bits lie on the line."""

    DIRECT = 0x3B
    INVERSE = 0x3F


@dataclass(frozen=True, slots=True)
class Atr:
    """An answer to reset, taken apart.

    Attributes:
        octets: as received.
        convention: TS.
        interface: interface octets in order, as (name, value), e.g. ("TA1", 0x13).
        protocols: T values offered in order of first mention, without repeats; (0,) without TD1.
        historical: historical octets, 0..15.
        tck: the octet after the historical ones; None when there is none.
        trailing: what follows even that; a well-formed answer has nothing here.
    """

    octets: bytes
    convention: Convention
    interface: tuple[tuple[str, int], ...]
    protocols: tuple[int, ...]
    historical: bytes
    tck: int | None
    trailing: bytes

    def interface_octet(self, name: str) -> int | None:
        """Return the interface octet called ``name``, e.g. "TA1"; None when absent."""
        return dict(self.interface).get(name)

    @property
    def tck_required(self) -> bool:
        """True when any protocol but T=0 is offered."""
        return any(self.protocols)

    @property
    def tck_superfluous(self) -> bool:
        """True when there is a check octet though only T=0 is offered."""
        return self.tck is not None and not self.tck_required

    @property
    def tck_ok(self) -> bool | None:
        """Whether the check octet is right; None when it is neither needed nor there."""
        if self.tck is None:
            return False if self.tck_required else None
        end = len(self.octets) - len(self.trailing)
        return reduce(xor, self.octets[1:end]) == 0

    @property
    def is_well_formed(self) -> bool:
        """True when the check octet is as the standard says and nothing follows it."""
        return self.tck_ok is not False and not self.tck_superfluous and not self.trailing

    @property
    def is_specific_mode(self) -> bool:
        """True when TA2 fixes protocol and parameters; otherwise they are negotiable."""
        return self.interface_octet("TA2") is not None

    @property
    def fi(self) -> int | None:
        """Clock rate conversion integer of TA1 (372 by default); None when reserved."""
        return _at(_FI, self._ta1 >> 4)

    @property
    def di(self) -> int | None:
        """Baud rate adjustment integer of TA1 (1 by default); None when reserved."""
        return _at(_DI, self._ta1 & 0xF)

    def bit_rate(self, clock_hz: int) -> float | None:
        """Return bits a second at ``clock_hz`` with Fi and Di of TA1; None when reserved."""
        return None if self.fi is None or self.di is None else clock_hz * self.di / self.fi

    @property
    def _ta1(self) -> int:
        ta1 = self.interface_octet("TA1")
        return _DEFAULT_TA1 if ta1 is None else ta1


def parse_atr(octets: bytes) -> Atr:
    """Return the parts of an answer to reset of 2 to 33 octets.

    A wrong, missing or superfluous check octet is reported by the value, not raised.

    Raises:
        MalformedDataError: TS is neither 3B nor 3F, or octets are missing or too many.

    Source: ISO/IEC 7816-3:2006 8.2; vectors ``atr.json``.
    """
    if not 2 <= len(octets) <= MAX_ATR_LEN:
        raise MalformedDataError(f"an answer to reset has 2 to 33 octets, not {len(octets)}")
    if octets[0] not in (Convention.DIRECT, Convention.INVERSE):
        raise MalformedDataError(f"TS {octets[0]:02X} is neither 3B nor 3F")
    interface, start = _interface_octets(octets)
    end = start + (octets[1] & 0xF)
    if end > len(octets):
        raise MalformedDataError("historical octets are cut off")
    mentioned = [value & _PROTOCOL_BITS for name, value in interface if name[1] == "D"]
    return Atr(
        octets=octets,
        convention=Convention(octets[0]),
        interface=tuple(interface),
        protocols=tuple(dict.fromkeys(mentioned)) or (0,),
        historical=octets[start:end],
        tck=octets[end] if end < len(octets) else None,
        trailing=octets[end + 1 :],
    )


def _interface_octets(octets: bytes) -> tuple[list[tuple[str, int]], int]:
    found: list[tuple[str, int]] = []
    announced, position, group = octets[1] >> 4, 2, 1
    while announced:
        names = [f"T{x}{group}" for bit, x in enumerate(_INTERFACE_LETTERS) if announced >> bit & 1]
        values = octets[position : position + len(names)]
        if len(values) < len(names):
            raise MalformedDataError("interface octets are cut off")
        found += zip(names, values, strict=True)
        position += len(names)
        announced = values[-1] >> 4 if names[-1][1] == "D" else 0
        group += 1
    return found, position


def _at(table: tuple[int | None, ...], index: int) -> int | None:
    return table[index] if index < len(table) else None
