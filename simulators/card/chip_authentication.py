"""Chip authentication version 1 at the card: the proof that the chip is no copy.

Source: TR-03110-2 3.4, TR-03110-3 B.2 and B.11; card.md §5.
"""

from dataclasses import dataclass

from simulators.card import image
from simulators.card.access import right_for
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.files import ObjectClass
from simulators.card.key_agreement import (
    WrongPointError,
    agree,
    channel_from,
    public_point,
    x_of,
)
from simulators.card.meter import Operation
from simulators.card.protocol_objects import (
    DYNAMIC_AUTHENTICATION_DATA,
    MseTag,
    is_chained,
    parse_dynamic_data,
    parse_mse,
)
from simulators.card.status import OK, SW, CommandRefusedError
from simulators.card.terminal_authentication import TerminalAuthentication
from simulators.card.tlv import encode_object

ID_CA_ECDH_AES_128 = bytes.fromhex("04007F00070202030202")
_TAG_TERMINAL_POINT = 0x80
_MSE_OBJECTS = frozenset({MseTag.OID, MseTag.PARAMETER})


@dataclass(frozen=True, slots=True)
class ChipAuthenticationSelected:
    """MSE chose chip authentication; only GENERAL AUTHENTICATE may follow."""


def set_chip_authentication(chip: Chip, command: Command) -> bytes:
    """Choose chip authentication with the card's one key."""
    needed = right_for(chip.image, chip.interface, ObjectClass.CHIP_SECURITY)
    if needed and not needed & chip.session.rights:
        raise CommandRefusedError(SW.SECURITY_NOT_SATISFIED)
    objects = parse_mse(command, _MSE_OBJECTS)
    if objects.get(MseTag.OID) != ID_CA_ECDH_AES_128:
        raise CommandRefusedError(SW.WRONG_DATA)
    if MseTag.PARAMETER in objects:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    chip.session.pending = ChipAuthenticationSelected()
    return OK


def authenticate_chip(chip: Chip, command: Command) -> bytes:
    """Agree on new keys with the terminal's ephemeral point.

    The answer ``7C00`` still goes out under the old protection, which its caller holds; the next
    command comes under the new keys, counter 0.
    """
    if is_chained(command):
        raise CommandRefusedError(SW.LAST_COMMAND_OF_CHAIN_EXPECTED)
    terminal = parse_dynamic_data(command.data)
    if terminal is None or terminal.tag != _TAG_TERMINAL_POINT:
        raise CommandRefusedError(SW.WRONG_DATA)
    private = chip.image.require(image.CHIP_KEY)
    chip.meter.count(Operation.ECDH)
    try:
        secret = agree(private, terminal.value)
    except WrongPointError:
        raise CommandRefusedError(SW.WRONG_DATA) from None
    session = chip.session
    session.channel = channel_from(secret)
    session.pin_verified = False
    session.challenge = None
    session.terminal = TerminalAuthentication(
        id_picc=session.pace_ephemeral_x or x_of(public_point(private)),
        ephemeral_x=x_of(terminal.value),
    )
    return encode_object(DYNAMIC_AUTHENTICATION_DATA, b"") + OK
