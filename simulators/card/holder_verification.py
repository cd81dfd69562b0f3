"""VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER for the holder's PIN and PUK.

A try is taken and stored before the comparison, so that cutting the power never gives one back.
Source: ISO 7816-4:2013 11.5.6 to 11.5.10; card.md §4 and §7.
"""

from dataclasses import dataclass

from simulators.card import image
from simulators.card.access import PACE
from simulators.card.aes import same_octets
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.ports import Interface
from simulators.card.status import OK, SW, CommandRefusedError, tries_left

_PIN_REFERENCE = 0x0001
_CODE_OCTETS = 8
_FILLER = b"\xff"
_ASCII_DIGITS = frozenset(b"0123456789")
PIN_LENGTHS = range(4, 9)
PUK_LENGTHS = range(8, 9)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the holder: where it and its tries are kept, and how many tries there are."""

    cell: str
    tries_cell: str
    tries: int
    lengths: range


PIN = Code(image.PIN, image.PIN_TRIES, image.PIN_TRIES_MAX, PIN_LENGTHS)
PUK = Code(image.PUK, image.PUK_TRIES, image.PUK_TRIES_MAX, PUK_LENGTHS)


def verify(chip: Chip, command: Command) -> bytes:
    """Verify the PIN, or tell how many tries are left when there are no data."""
    _check_reference(command)
    if len(command.data) not in (0, _CODE_OCTETS):
        raise CommandRefusedError(SW.WRONG_LENGTH)
    _check_may_try(chip)
    _check_not_blocked(chip, PIN)
    if not command.data:
        raise CommandRefusedError(tries_left(_tries(chip, PIN)))
    _check_form(command.data, PIN)
    _compare(chip, PIN, command.data)
    chip.image.memory.put(PIN.tries_cell, bytes((PIN.tries,)))
    chip.session.pin_verified = True
    return OK


def change_reference_data(chip: Chip, command: Command) -> bytes:
    """Replace the PIN by a new one, given the old; the PIN is verified then."""
    _replace_pin(chip, command, proof=PIN)
    chip.session.pin_verified = True
    return OK


def reset_retry_counter(chip: Chip, command: Command) -> bytes:
    """Replace the PIN by a new one, given the PUK; the PIN is not verified by it."""
    _replace_pin(chip, command, proof=PUK)
    chip.session.pin_verified = False
    return OK


def pad_code(digits: bytes) -> bytes:
    """Return the 8 octets of a code: ASCII digits, filled with FF."""
    return digits.ljust(_CODE_OCTETS, _FILLER)


def are_digits(octets: bytes, lengths: range) -> bool:
    """Return whether the octets are ASCII digits, as many as allowed."""
    return len(octets) in lengths and _ASCII_DIGITS.issuperset(octets)


def _replace_pin(chip: Chip, command: Command, *, proof: Code) -> None:
    _check_reference(command)
    if len(command.data) != 2 * _CODE_OCTETS:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    _check_may_try(chip)
    _check_not_blocked(chip, proof)
    given, new = command.data[:_CODE_OCTETS], command.data[_CODE_OCTETS:]
    _check_form(given, proof)
    _check_form(new, PIN)
    _compare(chip, proof, given)
    restored = {proof.tries_cell: bytes((proof.tries,)), PIN.tries_cell: bytes((PIN.tries,))}
    chip.image.memory.transaction({**restored, PIN.cell: new})


def _check_reference(command: Command) -> None:
    if command.p1p2 != _PIN_REFERENCE:
        raise CommandRefusedError(SW.WRONG_P1_P2)


def _check_may_try(chip: Chip) -> None:
    """In range of a reader anybody could use up the tries, so a right must be shown first."""
    session = chip.session
    terminal = session.terminal is not None and session.terminal.authenticated
    authenticated = terminal or session.pace_rights & PACE
    if chip.interface is Interface.CONTACTLESS and not authenticated:
        raise CommandRefusedError(SW.SECURITY_NOT_SATISFIED)


def _check_not_blocked(chip: Chip, code: Code) -> None:
    if not _tries(chip, code):
        raise CommandRefusedError(SW.AUTHENTICATION_BLOCKED)


def _check_form(octets: bytes, code: Code) -> None:
    if not are_digits(octets.rstrip(_FILLER), code.lengths):
        raise CommandRefusedError(SW.WRONG_DATA)


def _compare(chip: Chip, code: Code, given: bytes) -> None:
    left = _tries(chip, code) - 1
    chip.image.memory.put(code.tries_cell, bytes((left,)))
    if not same_octets(chip.image.require(code.cell), given):
        chip.session.pin_verified = False
        raise CommandRefusedError(tries_left(left))


def _tries(chip: Chip, code: Code) -> int:
    return chip.image.require(code.tries_cell)[0]
