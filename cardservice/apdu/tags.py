"""Tags, by the standard that names them, and what a tag says about its object."""

from enum import IntEnum, unique
from typing import Final

_CONSTRUCTED: Final = 0x20


@unique
class Tag(IntEnum):
    """Tags we emit or accept, named as their standard names them."""

    INTEGER = 0x02
    BIT_STRING = 0x03
    OBJECT_IDENTIFIER = 0x06
    SEQUENCE = 0x30
    SET = 0x31
    DISCRETIONARY_DATA = 0x53  # 7816-4: READ BINARY with an odd instruction
    DYNAMIC_AUTHENTICATION_DATA = 0x7C
    EC_POINT = 0x86  # TR-03110-3, D.3.3
    KEY_INFORMATION = 0xC0  # GPC 11.3.3.1
    KEY_INFORMATION_TEMPLATE = 0xE0
    PUBLIC_KEY = 0x7F49  # TR-03110-3, D.3


def first_octet(tag: int) -> int:
    """Return the leading octet of ``tag``, which carries class and form."""
    while tag > 0xFF:
        tag >>= 8
    return tag


def is_constructed(tag: int) -> bool:
    """True when the value of an object with this tag is itself made of objects."""
    return bool(first_octet(tag) & _CONSTRUCTED)
