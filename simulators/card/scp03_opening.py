"""INITIALIZE UPDATE and EXTERNAL AUTHENTICATE: opening an SCP03 session.

Source: GPC Amendment D 7.1; card.md §6; vectors ``scp03_sessions.json``.
"""

from dataclasses import dataclass

from simulators.card import image
from simulators.card.aes import same_octets
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.files import Directory
from simulators.card.image import KeySet, LifeCycle
from simulators.card.meter import Operation
from simulators.card.ports import Interface
from simulators.card.scp03_channel import Scp03Channel, WrongMacError
from simulators.card.scp03_kdf import Constant, derive
from simulators.card.status import OK, SW, CommandRefusedError

_ANY_KVN = 0x00
_SCP03 = 0x03
_COUNTER_MAX = 0xFFFFFF
_DIVERSIFICATION_PREFIX = b"FM"


@dataclass(frozen=True, slots=True)
class Scp03Challenge:
    """A channel whose host has not yet proved itself."""

    channel: Scp03Channel


def diversification_of(chip_serial: bytes) -> bytes:
    """Return the 10 diversification octets of the chip: ``464D`` ‖ chip serial."""
    return _DIVERSIFICATION_PREFIX + chip_serial


def guard_initialize_update(chip: Chip, _command: Command) -> None:
    """Refuse on a terminated card, and in range once the card is personalized."""
    life_cycle = chip.image.life_cycle
    in_range = chip.interface is Interface.CONTACTLESS and life_cycle is not LifeCycle.BLANK
    if in_range or life_cycle is LifeCycle.TERMINATED:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def initialize_update(chip: Chip, command: Command) -> bytes:
    """Return diversification ‖ KVN ‖ 03 ‖ i ‖ card challenge ‖ card cryptogram ‖ counter."""
    options = chip.scp03
    if command.p2:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    if len(command.data) != options.mac_octets:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    if chip.session.current_df is not Directory.FOMS_ROOT:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    key_set = _key_set(chip, command.p1)
    chip.meter.count(Operation.SYMMETRIC)
    counter = _count(chip)
    challenge = _card_challenge(chip, key_set, counter)
    channel = Scp03Channel(
        kvn=key_set.kvn,
        key_enc=key_set.key_enc,
        key_mac=key_set.key_mac,
        key_dek=key_set.key_dek,
        context=command.data + challenge,
        mac_octets=options.mac_octets,
    )
    chip.session.pending = Scp03Challenge(channel)
    diversification = options.diversification or diversification_of(chip.image.chip_serial)
    key_information = bytes((key_set.kvn, _SCP03, options.i))
    cryptogram = channel.cryptogram(Constant.CARD_CRYPTOGRAM)
    shown = counter if options.shows_counter else b""
    return diversification + key_information + challenge + cryptogram + shown + OK


def external_authenticate(chip: Chip, command: Command) -> bytes:
    """Open the session that INITIALIZE UPDATE prepared, once MAC and cryptogram were right."""
    offered = chip.session.resumed
    if not isinstance(offered, Scp03Challenge):
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    channel = offered.channel
    chip.meter.count(Operation.SYMMETRIC)
    try:
        plain = channel.verify_mac(command)
    except WrongMacError:
        raise CommandRefusedError(SW.SECURITY_NOT_SATISFIED) from None
    _check_external_authenticate(chip, plain)
    if not same_octets(plain.data, channel.cryptogram(Constant.HOST_CRYPTOGRAM)):
        raise CommandRefusedError(SW.AUTHENTICATION_FAILED)
    channel.level = plain.p1
    chip.session.close_channel()
    chip.session.channel = channel
    return OK


def _check_external_authenticate(chip: Chip, plain: Command) -> None:
    if plain.p1 not in chip.scp03.levels or plain.p2:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    if len(plain.data) != chip.scp03.mac_octets:
        raise CommandRefusedError(SW.WRONG_LENGTH)


def _key_set(chip: Chip, kvn: int) -> KeySet:
    key_set = chip.image.key_set
    if key_set is None or kvn not in (_ANY_KVN, key_set.kvn):
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    return key_set


def _count(chip: Chip) -> bytes:
    """Return the next counter, stored: no challenge leaves the card twice."""
    counter = int.from_bytes(chip.image.require(image.SEQUENCE_COUNTER), "big")
    if counter == _COUNTER_MAX:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    stored = (counter + 1).to_bytes(image.SEQUENCE_COUNTER_OCTETS, "big")
    chip.image.memory.put(image.SEQUENCE_COUNTER, stored)
    return stored


def _card_challenge(chip: Chip, key_set: KeySet, counter: bytes) -> bytes:
    octets, aid = chip.scp03.mac_octets, chip.scp03.challenge_aid
    if aid is None:
        return chip.entropy.octets(octets)
    return derive(key_set.key_enc, Constant.CARD_CHALLENGE, octets, counter + aid)
