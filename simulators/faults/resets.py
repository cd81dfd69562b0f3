"""Wrong answers to reset."""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import ClassVar, Final

from simulators.faults.digits import Octets
from simulators.faults.exchange import Counts, What
from simulators.faults.parameters import Choice
from simulators.faults.record import takes

ATR_OCTETS: Final = Octets(2, 33)
_INVERSE, _DIRECT = 0x3F, 0x3B
"""The two TS that begin an ATR. Source: ISO 7816-3:2006 8.1."""


class Activation(StrEnum):
    """What an ATR answers to."""

    ANY = "any"
    POWER_UP = "power-up"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAtr(What):
    """Another answer to reset than the card's own."""

    kind: ClassVar[str] = "wrong-atr"
    about: ClassVar[str] = "another answer to reset than the card's own"
    counts: ClassVar[Counts] = Counts.ACTIVATIONS

    octets: bytes | None = field(
        default=None, metadata=takes(ATR_OCTETS, "the ATR; garbage is drawn if not given")
    )
    after_a: Activation = field(
        default=Activation.ANY,
        metadata=takes(Choice(tuple(Activation)), "counted and answered wrong: which resets"),
    )

    def atr(self, random: Random) -> bytes:
        """Return the wrong ATR, 2 to 33 octets; garbage begins with no TS that there is."""
        if self.octets is not None:
            return self.octets
        drawn = random.randbytes(random.randint(ATR_OCTETS.fewest, ATR_OCTETS.most))
        return drawn if drawn[0] not in (_INVERSE, _DIRECT) else b"\x00" + drawn[1:]
