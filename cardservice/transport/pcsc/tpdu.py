"""A command as it goes to a card of the protocol T=0, which knows no two lengths at once.

Source: ISO/IEC 7816-3:2006, 12.2.
"""

from typing import Final

HEADER_OCTETS: Final = 4
LC_OFFSET: Final = 4
DATA_OFFSET: Final = 5
NO_DATA: Final = b"\x00"


def to_t0(command: bytes) -> bytes:
    """Return the command TPDU for one encoded short command APDU.

    A header alone (case 1) gets P3 = 00. Le after data (case 4) is left out: the card says ``61xx``
    and whoever reads responses fetches the rest. Extended length goes through unchanged: it needs
    ENVELOPE, and no T=0 card of this project has it.
    """
    if len(command) == HEADER_OCTETS:
        return command + NO_DATA
    if len(command) > DATA_OFFSET and len(command) == DATA_OFFSET + command[LC_OFFSET] + 1:
        return command[:-1]
    return command
