"""Status words: names, patterns and short meanings (ISO/IEC 7816-4:2013, tables 5 and 6)."""

from enum import IntEnum, unique
from typing import Final

_RETRY_COUNTER: Final = 0x63C
_MORE_AVAILABLE: Final = 0x61
_WRONG_LE: Final = 0x6C
_SECURITY_ISSUE: Final = 0x66
_FULL_OCTET: Final = 0x100  # XX = 00 stands for 256

MORE_AVAILABLE_CLASS: Final = _MORE_AVAILABLE
WARNING_CLASSES: Final = frozenset((0x62, 0x63))


@unique
class SW(IntEnum):
    """Status words this service names. Others stay plain integers."""

    OK = 0x9000
    WARNING_UNCHANGED = 0x6200
    DATA_MAY_BE_CORRUPTED = 0x6281
    END_OF_FILE = 0x6282
    FILE_DEACTIVATED = 0x6283
    FCI_BADLY_FORMATTED = 0x6284
    FILE_TERMINATED = 0x6285
    NO_SENSOR_INPUT = 0x6286
    MORE_DATA_GP = 0x62F3
    AUTHENTICATION_FAILED = 0x6300
    MORE_DATA_GP_OLD = 0x6310
    FILE_FILLED_UP = 0x6381
    EXECUTION_ERROR_UNCHANGED = 0x6400
    IMMEDIATE_RESPONSE_REQUIRED = 0x6401
    EXECUTION_ERROR_CHANGED = 0x6500
    MEMORY_FAILURE = 0x6581
    SECURITY_ISSUE = 0x6600
    WRONG_LENGTH = 0x6700
    CLASS_FUNCTION_NOT_SUPPORTED = 0x6800
    CHANNEL_NOT_SUPPORTED = 0x6881
    SECURE_MESSAGING_NOT_SUPPORTED = 0x6882
    LAST_COMMAND_OF_CHAIN_EXPECTED = 0x6883
    CHAINING_NOT_SUPPORTED = 0x6884
    COMMAND_NOT_ALLOWED = 0x6900
    INCOMPATIBLE_WITH_FILE = 0x6981
    SECURITY_STATUS_NOT_SATISFIED = 0x6982
    AUTHENTICATION_METHOD_BLOCKED = 0x6983
    REFERENCE_DATA_NOT_USABLE = 0x6984
    CONDITIONS_NOT_SATISFIED = 0x6985
    NO_CURRENT_EF = 0x6986
    SM_OBJECTS_MISSING = 0x6987
    SM_OBJECTS_INCORRECT = 0x6988
    WRONG_PARAMETERS = 0x6A00
    WRONG_DATA = 0x6A80
    FUNCTION_NOT_SUPPORTED = 0x6A81
    FILE_NOT_FOUND = 0x6A82
    RECORD_NOT_FOUND = 0x6A83
    NOT_ENOUGH_MEMORY = 0x6A84
    NC_INCONSISTENT_WITH_TLV = 0x6A85
    WRONG_P1_P2 = 0x6A86
    NC_INCONSISTENT_WITH_P1_P2 = 0x6A87
    REFERENCE_NOT_FOUND = 0x6A88
    FILE_EXISTS = 0x6A89
    NAME_EXISTS = 0x6A8A
    OFFSET_OUTSIDE_FILE = 0x6B00
    INSTRUCTION_NOT_SUPPORTED = 0x6D00
    CLASS_NOT_SUPPORTED = 0x6E00
    NO_PRECISE_DIAGNOSIS = 0x6F00
    ALGORITHM_NOT_SUPPORTED_GP = 0x9484
    WRONG_KEY_CHECK_VALUE_GP = 0x9485


_MEANINGS: Final[dict[int, str]] = {
    SW.OK: "done",
    SW.WARNING_UNCHANGED: "done with a warning, nothing stored",
    SW.DATA_MAY_BE_CORRUPTED: "part of the data may be corrupted",
    SW.END_OF_FILE: "the file ended before as many octets were read",
    SW.FILE_DEACTIVATED: "the selected file is deactivated",
    SW.FCI_BADLY_FORMATTED: "the file's control information is badly formatted",
    SW.FILE_TERMINATED: "the selected file is terminated",
    SW.NO_SENSOR_INPUT: "no input from a sensor of the card",
    SW.MORE_DATA_GP: "more data to fetch",
    SW.AUTHENTICATION_FAILED: "authentication failed, or a warning after storing",
    SW.MORE_DATA_GP_OLD: "more data to fetch",
    SW.FILE_FILLED_UP: "the last write filled the file",
    SW.EXECUTION_ERROR_UNCHANGED: "failed, nothing stored",
    SW.IMMEDIATE_RESPONSE_REQUIRED: "the card wants an immediate response",
    SW.EXECUTION_ERROR_CHANGED: "failed after storing something",
    SW.MEMORY_FAILURE: "the card's memory failed",
    SW.SECURITY_ISSUE: "a matter of the card's security",
    SW.WRONG_LENGTH: "wrong length",
    SW.CLASS_FUNCTION_NOT_SUPPORTED: "a function of the class byte is not supported",
    SW.CHANNEL_NOT_SUPPORTED: "logical channel not supported",
    SW.SECURE_MESSAGING_NOT_SUPPORTED: "secure messaging not supported",
    SW.LAST_COMMAND_OF_CHAIN_EXPECTED: "the chain was broken, the card dropped it",
    SW.CHAINING_NOT_SUPPORTED: "command chaining not supported",
    SW.COMMAND_NOT_ALLOWED: "command not allowed",
    SW.INCOMPATIBLE_WITH_FILE: "the command does not fit this kind of file",
    SW.SECURITY_STATUS_NOT_SATISFIED: "a right is missing",
    SW.AUTHENTICATION_METHOD_BLOCKED: "the authentication method is blocked",
    SW.REFERENCE_DATA_NOT_USABLE: "the reference data cannot be used",
    SW.CONDITIONS_NOT_SATISFIED: "not possible in the present state",
    SW.NO_CURRENT_EF: "no file is selected",
    SW.SM_OBJECTS_MISSING: "secure messaging objects are missing",
    SW.SM_OBJECTS_INCORRECT: "secure messaging objects are wrong",
    SW.WRONG_PARAMETERS: "wrong parameters",
    SW.WRONG_DATA: "wrong command data",
    SW.FUNCTION_NOT_SUPPORTED: "function not supported",
    SW.FILE_NOT_FOUND: "no such file or application",
    SW.RECORD_NOT_FOUND: "no such record",
    SW.NOT_ENOUGH_MEMORY: "not enough memory",
    SW.NC_INCONSISTENT_WITH_TLV: "the length contradicts the data's own structure",
    SW.WRONG_P1_P2: "wrong parameters P1 P2",
    SW.NC_INCONSISTENT_WITH_P1_P2: "the length contradicts P1 P2",
    SW.REFERENCE_NOT_FOUND: "no such key, password or data",
    SW.FILE_EXISTS: "the file exists already",
    SW.NAME_EXISTS: "the application's name exists already",
    SW.OFFSET_OUTSIDE_FILE: "the offset lies outside the file",
    SW.INSTRUCTION_NOT_SUPPORTED: "instruction not supported",
    SW.CLASS_NOT_SUPPORTED: "class not supported",
    SW.NO_PRECISE_DIAGNOSIS: "no precise diagnosis",
    SW.ALGORITHM_NOT_SUPPORTED_GP: "algorithm not supported",
    SW.WRONG_KEY_CHECK_VALUE_GP: "wrong key check value",
}


def more_available(sw: int) -> int | None:
    """Return XX of 61XX, 1..256: octets to fetch with GET RESPONSE; None for other words."""
    return (sw & 0xFF or _FULL_OCTET) if sw >> 8 == _MORE_AVAILABLE else None


def right_ne(sw: int) -> int | None:
    """Return XX of 6CXX, 1..256: the Ne with which to repeat the command; None otherwise."""
    return (sw & 0xFF or _FULL_OCTET) if sw >> 8 == _WRONG_LE else None


def tries_left(sw: int) -> int | None:
    """Return X of 63CX, 0..15; None for other words."""
    return sw & 0xF if sw >> 4 == _RETRY_COUNTER else None


def name_of(sw: int) -> str:
    """Return the status word's name, the name of its pattern, or ``unlisted``."""
    if more_available(sw) is not None:
        return "MORE_AVAILABLE"
    if right_ne(sw) is not None:
        return "WRONG_LE"
    if tries_left(sw) is not None:
        return "TRIES_LEFT"
    listed = SW.SECURITY_ISSUE if sw >> 8 == _SECURITY_ISSUE else sw
    return next((known.name for known in SW if known == listed), "unlisted")


def meaning_of(sw: int) -> str:
    """Return a few English words for a log or an error message; empty when unlisted."""
    if (available := more_available(sw)) is not None:
        return f"{available} more octets to fetch"
    if (ne := right_ne(sw)) is not None:
        return f"repeat with Ne {ne}"
    if (tries := tries_left(sw)) is not None:
        return f"wrong, {tries} tries left"
    return _MEANINGS.get(SW.SECURITY_ISSUE if sw >> 8 == _SECURITY_ISSUE else sw, "")
