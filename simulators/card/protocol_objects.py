"""The data objects of MSE and GENERAL AUTHENTICATE.

Source: TR-03110-3 B.1 and B.11; ICAO 9303-11 4.4.4.
"""

from enum import IntEnum

from simulators.card.apdu import CLA, Command
from simulators.card.status import SW, CommandRefusedError
from simulators.card.tlv import (
    DataObject,
    MalformedObjectError,
    encode_object,
    only_object,
    parse_objects,
)


class MseTag(IntEnum):
    """Objects of MSE."""

    OID = 0x80
    REFERENCE = 0x83
    PARAMETER = 0x84
    CHAT = 0x7F4C


DYNAMIC_AUTHENTICATION_DATA = 0x7C


def parse_mse(command: Command, allowed: frozenset[int]) -> dict[int, bytes]:
    """Return the objects by tag; anything doubled, malformed or not allowed is ``6A80``."""
    try:
        objects = parse_objects(command.data)
    except MalformedObjectError:
        raise CommandRefusedError(SW.WRONG_DATA) from None
    by_tag = {one.tag: one.value for one in objects}
    if len(by_tag) != len(objects) or not allowed.issuperset(by_tag):
        raise CommandRefusedError(SW.WRONG_DATA)
    return by_tag


def parse_dynamic_data(data: bytes) -> DataObject | None:
    """Return the one object in ``7C``, None for an empty ``7C``; anything else is ``6A80``."""
    try:
        objects = parse_objects(only_object(data, DYNAMIC_AUTHENTICATION_DATA))
    except MalformedObjectError:
        raise CommandRefusedError(SW.WRONG_DATA) from None
    if len(objects) > 1:
        raise CommandRefusedError(SW.WRONG_DATA)
    return objects[0] if objects else None


def encode_dynamic_data(tag: int, value: bytes) -> bytes:
    """Return ``7C{tag value}``."""
    return encode_object(DYNAMIC_AUTHENTICATION_DATA, encode_object(tag, value))


def is_chained(command: Command) -> bool:
    """Return whether the class says that more of the chain follows."""
    return bool(command.cla & CLA.CHAINED)
