"""GET DATA. Source: ISO 7816-4:2013 11.4.3, GPC 11.3 (tag 00E0); card.md §7."""

from simulators.card.access import right_for
from simulators.card.apdu import CLA, Command
from simulators.card.chip import Chip
from simulators.card.files import Directory, ObjectClass
from simulators.card.image import POINTER, KeySet, LifeCycle
from simulators.card.status import OK, SW, CommandRefusedError
from simulators.card.tlv import encode_object

_CURRENT_INSURER = 0x01B0
_LIFE_CYCLE = 0xDF01
_KEY_INFORMATION = 0x00E0

_TAG_KEY_INFORMATION = 0xE0
_TAG_ONE_KEY = 0xC0
_KEY_TYPE_AES = 0x88
_KEY_IDENTIFIERS = (1, 2, 3)
_POINTER_OCTETS = 2
_SCP03_CLASSES = (CLA.GLOBALPLATFORM_SM, CLA.GLOBALPLATFORM_SM_OF_INTERINDUSTRY)


def guard_get_data(chip: Chip, command: Command) -> None:
    """Refuse all but the life cycle on a terminated card, and on a blocked one outside SCP03."""
    if command.p1p2 == _LIFE_CYCLE:
        return
    life_cycle = chip.image.life_cycle
    if life_cycle is LifeCycle.TERMINATED or (
        life_cycle is LifeCycle.BLOCKED and command.cla not in _SCP03_CLASSES
    ):
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def get_data(chip: Chip, command: Command) -> bytes:
    """Return the data object that P1-P2 name."""
    if command.data:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    collect = _OBJECTS.get(command.p1p2)
    if collect is None:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    return collect(chip, command) + OK


def _life_cycle(chip: Chip, _command: Command) -> bytes:
    return bytes((chip.image.life_cycle,))


def _current_insurer(chip: Chip, command: Command) -> bytes:
    # The length is judged by what a set pointer takes, so that it comes before the reference.
    if not command.has_room_for(_POINTER_OCTETS):
        raise CommandRefusedError(SW.WRONG_LENGTH)
    pointer = chip.image.get(POINTER)
    if chip.session.current_df is not Directory.FOMS_INS or pointer is None:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    needed = right_for(chip.image, chip.interface, ObjectClass.PERSONAL)
    if needed and not needed & chip.session.rights:
        raise CommandRefusedError(SW.SECURITY_NOT_SATISFIED)
    return pointer


def _key_information(chip: Chip, command: Command) -> bytes:
    key_set = chip.image.key_set
    if key_set is None:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    template = encode_object(_TAG_KEY_INFORMATION, _key_entries(key_set))
    if not command.has_room_for(len(template)):
        raise CommandRefusedError(SW.WRONG_LENGTH)
    return template


def _key_entries(key_set: KeySet) -> bytes:
    size = len(key_set.key_enc)
    entries = (
        encode_object(_TAG_ONE_KEY, bytes((identifier, key_set.kvn, _KEY_TYPE_AES, size)))
        for identifier in _KEY_IDENTIFIERS
    )
    return b"".join(entries)


_OBJECTS = {
    _CURRENT_INSURER: _current_insurer,
    _LIFE_CYCLE: _life_cycle,
    _KEY_INFORMATION: _key_information,
}
