"""Values of the DGIs 8010 PIN, 8011 PUK and 8012 CAN (card.md, 6)."""

from typing import Final

from cardservice.channel.aes import BLOCK_LEN
from cardservice.channel.scp03.session import Scp03Session
from cardservice.errors import UsageError

MAX_DIGITS: Final = BLOCK_LEN - 1


def secret_value(digits: str, session: Scp03Session) -> bytes:
    """Return 16 octets: ``length ‖ ASCII digits ‖ 00…`` under the session's Key-DEK.

    Raises:
        UsageError: not 1 to 15 ASCII digits. The digits are not in the message.
    """
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
        raise UsageError(f"a secret has 1 to {MAX_DIGITS} digits")
    coded = bytes((len(digits),)) + digits.encode("ascii")
    return session.wrap_dek(coded.ljust(BLOCK_LEN, b"\x00"))
