"""A contactless transport card: it knows the commands of its own kind and nothing of ISO 7816-4."""

from typing import Final

from simulators.card.apdu import parse_command
from simulators.card.status import SW, encode_sw

_NATIVE_CLASS: Final = 0x90
_GET_VERSION: Final = 0x60
_VERSION: Final = bytes.fromhex("04010101001805")  # first of three frames: hardware
_MORE_FRAMES: Final = 0x91AF
_ILLEGAL_COMMAND: Final = 0x911C


class TransitCard:
    """Answers ``91xx`` to commands of class 90 and ``6E00`` to every other, SELECT too."""

    atr = bytes.fromhex("3B8180018080")

    def power_up(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def power_down(self) -> None:
        """Take the power away; this card has nothing to forget."""

    def reset(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def execute(self, command: bytes) -> bytes:
        """Return the R-APDU."""
        parsed = parse_command(command)
        if parsed is None:
            return encode_sw(SW.WRONG_LENGTH)
        if parsed.cla != _NATIVE_CLASS:
            return encode_sw(SW.CLA_NOT_SUPPORTED)
        if parsed.ins == _GET_VERSION:
            return _VERSION + encode_sw(_MORE_FRAMES)
        return encode_sw(_ILLEGAL_COMMAND)
