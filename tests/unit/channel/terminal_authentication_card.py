"""The card's end of terminal authentication, for tests: opens commands, answers as it is told."""

from collections.abc import Callable

from cardservice.channel.chip_authentication import ProvedChip
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.secure_messaging import SecureMessaging
from tests.unit.channel.card_side import CardSide

ENC, MAC = bytes(range(16)), bytes(range(16, 32))
CHALLENGE = bytes.fromhex("547E4EAB03B235D2")  # r_PICC of the EAC worked example
TERMINAL_X, CHIP_X, PACE_X = b"T" * 32, b"C" * 32, b"P" * 32

Plain = tuple[bytes, bytes]
"""Header without secure messaging bits, and plain data."""

MSE_DST = bytes.fromhex("002281B6")
MSE_AT = bytes.fromhex("002281A4")
PSO = bytes.fromhex("002A00BE")
PSO_PART = bytes.fromhex("102A00BE")
GET_CHALLENGE = bytes.fromhex("00840000")
EXTERNAL_AUTHENTICATE = bytes.fromhex("00820000")


def proved_chip() -> ProvedChip:
    """Return a chip authentication that ended with the keys above."""
    session = SecureMessaging(SessionKeys(ENC, MAC))
    return ProvedChip(session, terminal_x=TERMINAL_X, chip_x=CHIP_X)


class TerminalAuthenticationCard:
    """Takes everything, unless ``alter`` gives another plain answer to a command.

    Args:
        alter: from header and data to response data and status word; None for the usual answer.
        damage: from the number of an answer and its octets to the octets sent.
    """

    def __init__(
        self,
        alter: Callable[[bytes, bytes], tuple[bytes, int] | None] = lambda _, __: None,
        damage: Callable[[int, bytes], bytes] = lambda _, raw: raw,
    ) -> None:
        self.side = CardSide(ENC, MAC)
        self.plain: list[Plain] = []
        self.alter, self.damage = alter, damage
        self.answers: list[bytes] = []

    def __call__(self, raw: bytes) -> bytes:
        """Open the command, note it, answer it."""
        self.side.receive(raw)
        header, objects = self.side.opened[-1]
        assert header[0] & 0x0C == 0x0C
        header = bytes((header[0] & ~0x0C,)) + header[1:]
        data = self.side.decrypted(objects) if objects[:1] == b"\x87" else b""
        self.plain.append((header, data))
        usual = (CHALLENGE if header == GET_CHALLENGE else b"", 0x9000)
        body, sw = self.alter(header, data) or usual
        self.answers.append(self.side.answer(body, sw))
        return self.damage(len(self.answers) - 1, self.answers[-1])
