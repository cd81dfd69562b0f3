"""Where the time of a card went: chip, line, or this program.

Nobody outside a reader sees when the last octet of a command has left it. So the line's part is
what its octets must have taken at the rate the card's answer to reset tells, and the chip's part
is the rest of the time that an answer was waited for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cardservice.personalization.lane_worker import Effort
from cardservice.transport.link import CardLink

NS_A_SECOND: Final = 1_000_000_000
READER_NS: Final = 2_000_000
"""What reader, its cable and the service take for a command, besides its octets."""
READER_CLOCK_HZ: Final = 4_000_000  # what readers commonly give a card of contacts
OCTET_ETU: Final = 11  # start bit, eight bits, parity, guard time of T=1
CONTACTLESS_OCTET_NS: Final = 21_240
"""Eight bits and parity at 424 kbit/s, which readers of policy cards agree on with them."""

_RESERVED: Final = 0
_CLOCKS: Final = (372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048, 0, 0)
"""Fi by the first half of TA1. Source: ISO/IEC 7816-3:2006, table 7."""
_BITS: Final = (0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0)
"""Di by its second half. Source: there, table 8."""
_USUAL_TA1: Final = 0x11
_TA1_FOLLOWS: Final = 0x10
_FOLLOW: Final = 0xF0  # which of TA1, TB1, TC1, TD1 follow
_TD1_ALONE: Final = 0x80
_TA1_AT: Final = 2
_CONTACTLESS: Final = b"\x80\x01"
"""TD1 and TD2 of the answer that a reader makes up for a contactless card."""


def octet_ns(atr: bytes) -> int:
    """Return the nanoseconds an octet takes to or from the card with this answer to reset.

    Source: ISO/IEC 7816-3:2006, 8.3 (TA1), tables 7 and 8 (Fi, Di); PC/SC part 3, 3.1.3.2.3
    (answers of contactless cards).
    """
    if len(atr) > _TA1_AT and atr[1] & _FOLLOW == _TD1_ALONE and atr[2:4] == _CONTACTLESS:
        return CONTACTLESS_OCTET_NS
    has_ta1 = len(atr) > _TA1_AT and atr[1] & _TA1_FOLLOWS
    ta1 = atr[_TA1_AT] if has_ta1 else _USUAL_TA1
    clocks, bits = _CLOCKS[ta1 >> 4], _BITS[ta1 & 0x0F]
    if _RESERVED in (clocks, bits):
        clocks, bits = _CLOCKS[_USUAL_TA1 >> 4], _BITS[_USUAL_TA1 & 0x0F]
    return OCTET_ETU * NS_A_SECOND * clocks // (bits * READER_CLOCK_HZ)


@dataclass(slots=True)
class Meter:
    """What was counted of one card; times in nanoseconds."""

    waited_ns: int = 0
    line_ns: int = 0
    commands: int = 0

    def effort(self, wall_ns: int) -> Effort:
        """Return where ``wall_ns`` went."""
        return Effort(
            chip_ns=self.waited_ns - self.line_ns,
            line_ns=self.line_ns,
            host_ns=max(0, wall_ns - self.waited_ns),
            commands=self.commands,
        )


class MeteredLink:
    """A link that counts into ``meter``; ``clock`` returns nanoseconds that never go back."""

    def __init__(self, link: CardLink, meter: Meter, clock: Callable[[], int]) -> None:
        self._link = link
        self._meter = meter
        self._clock = clock
        self._octet_ns = octet_ns(link.atr)

    @property
    def atr(self) -> bytes:
        """Answer to reset, 2 to 33 octets as received."""
        return self._link.atr

    def exchange(self, command: bytes) -> bytes:
        """Send one encoded command APDU; return the encoded response, SW included.

        Raises:
            LinkError: as for the link below; the time counts all the same.
        """
        began, answer = self._clock(), b""
        try:
            answer = self._link.exchange(command)
        finally:
            self._meter.commands += 1
            self._count(began, len(command) + len(answer))
        return answer

    def reset(self) -> bytes:
        """Warm-reset the card; return its ATR; raises as ``exchange``."""
        began, answer = self._clock(), b""
        try:
            answer = self._link.reset()
        finally:
            self._count(began, len(answer))
        self._octet_ns = octet_ns(answer)
        return answer

    def close(self) -> None:
        """Let go of the card. Harmless when repeated, and when the card is gone.

        The reader resets it, and is waited for: that is no time of the host's.
        """
        began = self._clock()
        try:
            self._link.close()
        finally:
            self._count(began, 0)

    def _count(self, began: int, octets: int) -> None:
        waited = self._clock() - began
        self._meter.waited_ns += waited
        # A card in this process has no line: no part is longer than the whole.
        self._meter.line_ns += min(waited, octets * self._octet_ns + READER_NS)
