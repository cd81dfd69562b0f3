"""GENERATE ASYMMETRIC KEY PAIR: the chip key is born on the card and never leaves it.

Source: ISO 7816-8 (INS 47, answer 7F49); card.md §6.
"""

from simulators.card import image
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.files import EF_CHIP_SECURITY
from simulators.card.image import LifeCycle
from simulators.card.key_agreement import generate_private_key, public_point
from simulators.card.key_loading import TRANSPORT_KVN
from simulators.card.meter import Operation
from simulators.card.scp03_channel import Scp03Channel
from simulators.card.status import OK, SW, CommandRefusedError
from simulators.card.tlv import encode_object

_TAG_PUBLIC_KEY = 0x7F49
_TAG_POINT = 0x86


def check_issuer_session(chip: Chip) -> None:
    """Refuse what the transport key set may not do: it is for replacing itself only."""
    channel = chip.session.channel
    if isinstance(channel, Scp03Channel) and channel.kvn == TRANSPORT_KVN:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def guard_generate(chip: Chip, _command: Command) -> None:
    """Refuse after personalization."""
    if chip.image.life_cycle is not LifeCycle.BLANK:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def generate_key_pair(chip: Chip, command: Command) -> bytes:
    """Return ``7F49{86 point}`` of a new chip key; EF.ChipSecurity must not be there yet."""
    if command.p1p2:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    if command.data:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    check_issuer_session(chip)
    if chip.image.content(EF_CHIP_SECURITY) is not None:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    chip.meter.count(Operation.KEY_PAIR)
    private = generate_private_key(chip.entropy)
    chip.image.memory.put(image.CHIP_KEY, private)
    point = encode_object(_TAG_POINT, public_point(private))
    return encode_object(_TAG_PUBLIC_KEY, point) + OK
