"""What a class byte says: ISO/IEC 7816-4:2013, 5.4.1."""

from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

from cardservice.apdu.command import INVALID_CLA
from cardservice.errors import MalformedDataError

CHAINING: Final = 0x10  # b5: more parts of this command follow
GP_SECURE_MESSAGING: Final = 0x04  # b3: GlobalPlatform's own secure messaging
ISO_SECURE_MESSAGING: Final = 0x0C  # b4 b3: ISO secure messaging, header authenticated

_PROPRIETARY: Final = 0x80
_FURTHER: Final = 0x40
_RFU: Final = 0x20
_FURTHER_FIRST_CHANNEL: Final = 4  # further interindustry classes count channels from 4
_CHANNEL_BITS: Final = 0x03
_FURTHER_CHANNEL_BITS: Final = 0x0F


@unique
class SecureMessagingKind(IntEnum):
    """Bits b4 b3 of the first interindustry class."""

    NONE = 0
    PROPRIETARY = 1
    HEADER_NOT_PROCESSED = 2
    HEADER_AUTHENTICATED = 3


@dataclass(frozen=True, slots=True)
class ClassByte:
    """The facts of one class byte.

    Attributes:
        channel: logical channel, 0..19; None when the class is proprietary.
        secure_messaging: how the command is protected; None when the class is proprietary.
        is_chained: more parts follow; False when the class is proprietary.
    """

    channel: int | None
    secure_messaging: SecureMessagingKind | None
    is_chained: bool

    @property
    def is_proprietary(self) -> bool:
        """True for 8x to FE: ISO says nothing about the other bits."""
        return self.channel is None

    @classmethod
    def parse(cls, cla: int) -> "ClassByte":
        """Return the facts of ``cla``.

        Raises:
            MalformedDataError: a class reserved for future use (001x xxxx), FF, or no octet.
        """
        if not 0 <= cla < INVALID_CLA:
            raise MalformedDataError(f"class byte {cla:X} is invalid")
        if cla & _PROPRIETARY:
            return cls(None, None, is_chained=False)
        chained = bool(cla & CHAINING)
        if cla & _FURTHER:
            kind = SecureMessagingKind.HEADER_NOT_PROCESSED if cla & _RFU else 0
            channel = _FURTHER_FIRST_CHANNEL + (cla & _FURTHER_CHANNEL_BITS)
            return cls(channel, SecureMessagingKind(kind), is_chained=chained)
        if cla & _RFU:
            raise MalformedDataError(f"class byte {cla:02X} is reserved")
        return cls(cla & _CHANNEL_BITS, SecureMessagingKind(cla >> 2 & 3), is_chained=chained)


def class_of_get_response(cla: int) -> int:
    """Return the class byte for GET RESPONSE after a command of class ``cla``: channel only.

    GET RESPONSE moves octets and is no command of the application, so it is neither chained nor
    protected (7816-4, 5.3.4).
    """
    if cla & (_PROPRIETARY | _FURTHER) == _FURTHER:
        return _FURTHER | cla & _FURTHER_CHANNEL_BITS
    return cla & _CHANNEL_BITS
