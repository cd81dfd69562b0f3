"""Profiles of a card: which rights it asks for on which interface (card.md §5)."""

from enum import IntEnum, unique


@unique
class Profile(IntEnum):
    """The value of DGI ``D001``."""

    FIELD = 0x01
    PROTECTED = 0x02
    PRIVATE = 0x03
