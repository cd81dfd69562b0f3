"""Cards that are no policy cards: what people put into a reader by mistake or on purpose."""

from random import Random

from simulators.card.apdu import INS, parse_command
from simulators.card.status import OK, SW, CardMuteError, encode_sw
from simulators.card.tlv import encode_object

_PAYMENT_DIRECTORY = b"1PAY.SYS.DDF01"
_FCI, _DF_NAME, _FCI_PROPRIETARY, _SFI = 0x6F, 0x84, 0xA5, 0x88
_ANSWER_OCTETS_MAX = 300


class BankCard:
    """A payment card: it has its payment directory and no ``foms`` application (``6A82``)."""

    atr = bytes.fromhex("3B6800000073C84013009000")

    def power_up(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def power_down(self) -> None:
        """Take the power away; this card has nothing to forget."""

    def reset(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def execute(self, command: bytes) -> bytes:
        """Return the R-APDU: SELECT finds the payment directory only."""
        parsed = parse_command(command)
        if parsed is None:
            return encode_sw(SW.WRONG_LENGTH)
        if parsed.ins != INS.SELECT:
            return encode_sw(SW.INS_NOT_SUPPORTED)
        if parsed.data != _PAYMENT_DIRECTORY:
            return encode_sw(SW.FILE_NOT_FOUND)
        proprietary = encode_object(_FCI_PROPRIETARY, encode_object(_SFI, b"\x01"))
        return encode_object(_FCI, encode_object(_DF_NAME, parsed.data) + proprietary) + OK


class MuteCard:
    """A card that answers to reset and then never again."""

    def __init__(self, atr: bytes = bytes.fromhex("3B00")) -> None:
        self.atr = atr

    def power_up(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def power_down(self) -> None:
        """Take the power away; nothing changes."""

    def reset(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def execute(self, command: bytes) -> bytes:  # noqa: ARG002 - the seam of every card
        """Give no answer.

        Raises:
            CardMuteError: always.
        """
        raise CardMuteError("the card gives no answer")


class RandomCard:
    """A card of random answers, 0 to 300 octets each; the same seed gives the same answers.

    Half of them end in ``9000``, so that a reader goes on and meets the random data.
    """

    def __init__(self, seed: int, atr: bytes = bytes.fromhex("3B00")) -> None:
        self.atr = atr
        self._random = Random(seed)  # noqa: S311 - noise for tests, not a secret

    def power_up(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def power_down(self) -> None:
        """Take the power away; the answers go on where they were."""

    def reset(self) -> bytes:
        """Return the ATR."""
        return self.atr

    def execute(self, command: bytes) -> bytes:  # noqa: ARG002 - the seam of every card
        """Return random octets, whatever the command."""
        data = self._random.randbytes(self._random.randint(0, _ANSWER_OCTETS_MAX))
        return data + OK if self._random.random() < 0.5 else data
