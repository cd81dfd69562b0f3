"""What went over the line, octet for octet; secrets and personal data masked as it is recorded."""

from dataclasses import dataclass
from typing import Final

from cardservice.apdu.command import HEADER_LEN, CommandAPDU, Ins
from cardservice.apdu.response import SW_LEN
from cardservice.errors import MalformedDataError

MASK: Final = "··"
_SECRET_INPUT: Final = frozenset(
    {
        *(Ins.VERIFY, Ins.CHANGE_REFERENCE_DATA, Ins.RESET_RETRY_COUNTER),
        *(Ins.PUT_KEY, Ins.STORE_DATA),
    }
)
"""Their data are secrets, or keys and files under keys that may be well known."""
_IMPERSONAL: Final = (b"\x31", b"\x7f\x66", b"\x6e", b"\x42")
"""How files begin that say nothing of a person: EF.CardAccess, ATR/INFO, ChipSecurity, CVCA."""
_SECURE: Final = 0x0C  # ISO secure messaging or GP's
_SHOWN: Final = 2  # octets of a personal file that say what it is


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command and its answer as hexadecimal text, masked; no answer: the link broke.

    Attributes:
        inside: the plain header and status word of a protected exchange; empty when it was plain.
    """

    sent: str
    answered: str
    inside: str = ""


def masked_command(octets: bytes) -> str:
    """Return the command as text; of secret data only their number can be seen."""
    if len(octets) < HEADER_LEN or octets[1] not in _SECRET_INPUT:
        return octets.hex().upper()
    if octets[0] & _SECURE == _SECURE and octets[1] not in (Ins.PUT_KEY, Ins.STORE_DATA):
        # Under keys of this one session, which are told to nobody.
        return octets.hex().upper()
    try:
        hidden = len(CommandAPDU.parse(octets).data)
    except MalformedDataError:
        hidden = len(octets) - HEADER_LEN
    lc = len(octets) - HEADER_LEN - hidden
    width = 0 if not hidden else 1 if lc <= SW_LEN else 3
    shown = octets[: HEADER_LEN + max(0, min(width, lc))]
    rest = octets[len(shown) + hidden :]
    return shown.hex().upper() + MASK * hidden + rest.hex().upper()


def masked_answer(command: bytes, answer: bytes) -> str:
    """Return the answer as text; of files about a person only the first octets can be seen."""
    data, sw = answer[:-SW_LEN], answer[-SW_LEN:]
    is_reading = command[1:2] == bytes((Ins.READ_BINARY,)) and not command[0] & _SECURE
    if is_reading and not data.startswith(_IMPERSONAL):
        shown = data[:_SHOWN] if _starts(command) else b""
        return shown.hex().upper() + MASK * (len(data) - len(shown)) + sw.hex().upper()
    return answer.hex().upper()


def _starts(command: bytes) -> bool:
    """True when the reading is from the first octet of a file."""
    p1, p2 = command[2:HEADER_LEN]
    return p2 == 0 and (p1 == 0 or bool(p1 & 0x80))
