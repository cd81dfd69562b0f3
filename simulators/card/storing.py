"""STORE DATA: blocks, what is allowed when, and the commit. Source: GPC 11.11; card.md §6."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.card.access import WRITE_INSURER
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.chip_key import check_issuer_session
from simulators.card.dgi import Changes, Dgi, check_known, evaluate, parse_stream
from simulators.card.files import ALL_FILES_OCTETS_MAX, EF_INSURERS, EF_SOD, FILES, next_insurer_id
from simulators.card.image import Image, LifeCycle
from simulators.card.meter import Operation
from simulators.card.scp03_channel import Scp03Channel
from simulators.card.status import OK, SW, CommandRefusedError

_MORE_BLOCKS = 0x08
_LAST_BLOCK = 0x88
_STREAM_OCTETS_MAX = 32_768

_INSURER_DGIS = frozenset(file.dgi for file in EF_INSURERS)
_CHANGE_OF_INSURER = _INSURER_DGIS | {EF_SOD.dgi, Dgi.POINTER}
_AFTER_PERSONALIZATION = _CHANGE_OF_INSURER | {Dgi.PIN, Dgi.PUK, Dgi.CAN}


@dataclass(slots=True)
class StoredBlocks:
    """The blocks of one STORE DATA so far."""

    count: int = 0
    octets: bytearray = field(default_factory=bytearray, repr=False)


def store_data(chip: Chip, command: Command) -> bytes:
    """Take one block; at the last one write everything, or nothing."""
    if command.p1 not in (_MORE_BLOCKS, _LAST_BLOCK):
        raise CommandRefusedError(SW.WRONG_P1_P2)
    _check_may_store(chip)
    blocks = chip.session.resumed
    if not isinstance(blocks, StoredBlocks):
        blocks = StoredBlocks()
    if command.p2 != blocks.count:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    if len(blocks.octets) + len(command.data) > _STREAM_OCTETS_MAX:
        raise CommandRefusedError(SW.NOT_ENOUGH_MEMORY)
    blocks.octets += command.data
    blocks.count += 1
    if command.p1 == _LAST_BLOCK:
        _commit(chip, bytes(blocks.octets))
    else:
        chip.session.pending = blocks
    return OK


def _check_may_store(chip: Chip) -> None:
    """Ask for the issuer's keys, or a terminal with the right to write and the holder's PIN."""
    if isinstance(chip.session.channel, Scp03Channel):
        check_issuer_session(chip)
        return
    if not chip.session.rights & WRITE_INSURER or not chip.session.pin_verified:
        raise CommandRefusedError(SW.SECURITY_NOT_SATISFIED)


def _commit(chip: Chip, stream: bytes) -> None:
    groupings = parse_stream(stream)
    channel = chip.session.channel
    by_issuer = isinstance(channel, Scp03Channel)
    if not by_issuer:
        _allow_only(_CHANGE_OF_INSURER, groupings)
    check_known(groupings)
    if chip.image.life_cycle is not LifeCycle.BLANK:
        _allow_only(_AFTER_PERSONALIZATION, groupings)
        _check_change_of_insurer(chip.image, groupings)
    if Dgi.CVCA in groupings:
        chip.meter.count(Operation.VERIFY)
    key_dek = channel.key_dek if isinstance(channel, Scp03Channel) else b""
    changes = evaluate(chip.image, groupings, key_dek)
    _check_room(chip.image, changes)
    chip.image.memory.transaction(changes)


def _allow_only(allowed: frozenset[int], groupings: Mapping[int, bytes]) -> None:
    if not allowed.issuperset(groupings):
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def _check_change_of_insurer(card: Image, groupings: Mapping[int, bytes]) -> None:
    """A new insurer goes to the next place, with EF.SOD and pointer; history is not rewritten."""
    written = _INSURER_DGIS.intersection(groupings)
    pointer = groupings.get(Dgi.POINTER)
    if not written and pointer is None:
        return
    expected = next_insurer_id(card.pointer or 0)
    complete = EF_SOD.dgi in groupings and pointer == expected.to_bytes(2, "big")
    if written != {expected} or not complete:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def _check_room(card: Image, changes: Changes) -> None:
    total = 0
    for file in FILES:
        content = changes[file.cell] if file.cell in changes else card.content(file)
        total += len(content or b"")
    if total > ALL_FILES_OCTETS_MAX:
        raise CommandRefusedError(SW.NOT_ENOUGH_MEMORY)
