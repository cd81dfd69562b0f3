"""Status words of the card and the exception that carries one to the answer."""

from enum import IntEnum


class SW(IntEnum):
    """Status words this card gives. Source: ISO 7816-4:2013 tables 5 and 6; card.md §7."""

    SUCCESS = 0x9000
    END_OF_FILE = 0x6282
    FILE_DEACTIVATED = 0x6283
    FILE_TERMINATED = 0x6285
    AUTHENTICATION_FAILED = 0x6300
    MEMORY_FAILURE = 0x6581
    WRONG_LENGTH = 0x6700
    CHANNEL_NOT_SUPPORTED = 0x6881
    LAST_COMMAND_OF_CHAIN_EXPECTED = 0x6883
    CHAINING_NOT_SUPPORTED = 0x6884
    SECURITY_NOT_SATISFIED = 0x6982
    AUTHENTICATION_BLOCKED = 0x6983
    CONDITIONS_NOT_SATISFIED = 0x6985
    NO_CURRENT_EF = 0x6986
    SM_OBJECTS_MISSING = 0x6987
    SM_OBJECTS_INCORRECT = 0x6988
    WRONG_DATA = 0x6A80
    FILE_NOT_FOUND = 0x6A82
    NOT_ENOUGH_MEMORY = 0x6A84
    WRONG_P1_P2 = 0x6A86
    REFERENCE_NOT_FOUND = 0x6A88
    OFFSET_OUTSIDE_EF = 0x6B00
    INS_NOT_SUPPORTED = 0x6D00
    CLA_NOT_SUPPORTED = 0x6E00


SW_OCTETS = 2
_TRIES_LEFT = 0x63C0


def tries_left(tries: int) -> int:
    """Return ``63CX`` for the given number of tries, 0 to 15."""
    return _TRIES_LEFT | tries


def encode_sw(sw: int) -> bytes:
    """Return the two octets of a status word."""
    return sw.to_bytes(SW_OCTETS, "big")


OK = encode_sw(SW.SUCCESS)


class CommandRefusedError(Exception):
    """The command ends with this status word and no data; nothing after the raise is done."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw

    @property
    def octets(self) -> bytes:
        return encode_sw(self.sw)


class CardMuteError(Exception):
    """The card gives no answer at all: it has no power, or it is a mute card."""
