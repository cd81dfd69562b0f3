"""PC/SC return codes and states, and the error each code means here.

Source: PC/SC Workgroup specification part 5; pcsc-lite 1.9.9 ``pcsclite.h``.
"""

from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Final

from cardservice.errors import CardRemovedError, LinkError, ReaderUnavailableError

SUCCESS: Final = 0
CODE_MASK: Final = 0xFFFF_FFFF  # some builds return the codes as negative numbers


class ScardCode(IntEnum):
    """The codes that are told apart; any other is shown as a number."""

    CANCELLED = 0x8010_0002
    INVALID_HANDLE = 0x8010_0003
    UNKNOWN_READER = 0x8010_0009
    TIMEOUT = 0x8010_000A
    SHARING_VIOLATION = 0x8010_000B
    NO_SMARTCARD = 0x8010_000C
    PROTO_MISMATCH = 0x8010_000F
    COMM_ERROR = 0x8010_0013
    NOT_TRANSACTED = 0x8010_0016
    READER_UNAVAILABLE = 0x8010_0017
    NO_SERVICE = 0x8010_001D
    SERVICE_STOPPED = 0x8010_001E
    NO_READERS_AVAILABLE = 0x8010_002E
    UNSUPPORTED_CARD = 0x8010_0065
    UNRESPONSIVE_CARD = 0x8010_0066
    UNPOWERED_CARD = 0x8010_0067
    RESET_CARD = 0x8010_0068
    REMOVED_CARD = 0x8010_0069
    SECURITY_VIOLATION = 0x8010_006A


class ReaderFlag(IntFlag):
    """What ``SCardGetStatusChange`` says of a reader, below the event counter."""

    CHANGED = 0x0002
    UNKNOWN = 0x0004
    UNAVAILABLE = 0x0008
    EMPTY = 0x0010
    PRESENT = 0x0020
    EXCLUSIVE = 0x0080
    INUSE = 0x0100
    MUTE = 0x0200


SERVICE_REMEDY: Final = "start the PC/SC service: sudo systemctl start pcscd.socket"
_READER_REMEDY: Final = "check the cable, then list the readers again"
_SHARING_REMEDY: Final = "close the other program, or let it release the card"
_PERMISSION_REMEDY: Final = "allow your user the action org.debian.pcsc-lite.access_pcsc in polkit"

_REMOVED: Final[Mapping[int, str]] = {
    ScardCode.REMOVED_CARD: "the card was removed",
    ScardCode.NO_SMARTCARD: "no card is in the reader",
    ScardCode.UNPOWERED_CARD: "the card lost its power",
    ScardCode.UNRESPONSIVE_CARD: "the card does not answer; is it the right way round?",
    ScardCode.NOT_TRANSACTED: "the card stopped answering",
}
_UNAVAILABLE: Final[Mapping[int, tuple[str, str]]] = {
    ScardCode.NO_SERVICE: ("the PC/SC service is not running", SERVICE_REMEDY),
    ScardCode.SERVICE_STOPPED: ("the PC/SC service stopped", SERVICE_REMEDY),
    ScardCode.COMM_ERROR: ("the PC/SC service went away", SERVICE_REMEDY),
    ScardCode.INVALID_HANDLE: ("the PC/SC service was restarted", "open the reader again"),
    ScardCode.NO_READERS_AVAILABLE: ("no reader is connected", "plug in a reader"),
    ScardCode.UNKNOWN_READER: ("the reader is gone", _READER_REMEDY),
    ScardCode.READER_UNAVAILABLE: ("the reader is gone", _READER_REMEDY),
    ScardCode.SHARING_VIOLATION: ("another program is using the card", _SHARING_REMEDY),
    ScardCode.SECURITY_VIOLATION: ("no permission to use readers", _PERMISSION_REMEDY),
}
_OTHER: Final[Mapping[int, str]] = {
    ScardCode.RESET_CARD: "another program reset the card; its session is lost",
    ScardCode.PROTO_MISMATCH: "the card speaks no protocol this reader knows",
    ScardCode.UNSUPPORTED_CARD: "the reader does not understand this card",
}


def error_in_conversation(code: int) -> LinkError:
    """Return the error that ``code`` means where the service had let us in before.

    pcsc-lite 1.9.9 reports a connection that the service closed as a security violation. A refusal
    by polkit looks the same, but comes only to a new context or to a connection to a card.
    """
    gone = code == ScardCode.SECURITY_VIOLATION
    return error_for(ScardCode.COMM_ERROR if gone else code)


def error_for(code: int) -> LinkError:
    """Return the error that a PC/SC return ``code`` other than success means."""
    if code in _REMOVED:
        return CardRemovedError(_REMOVED[code])
    if code in _UNAVAILABLE:
        message, remedy = _UNAVAILABLE[code]
        return ReaderUnavailableError(message, remedy=remedy)
    return LinkError(_OTHER.get(code, f"the reader failed with PC/SC code 0x{code:08X}"))
