"""MANAGE SECURITY ENVIRONMENT and GENERAL AUTHENTICATE: which protocol is meant.

Source: ISO 7816-4:2013 11.5.11, TR-03110-3 B.11; card.md §5.
"""

from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.chip_authentication import (
    ChipAuthenticationSelected,
    authenticate_chip,
    set_chip_authentication,
)
from simulators.card.pace import continue_pace, set_pace
from simulators.card.pace_run import PaceRun
from simulators.card.status import SW, CommandRefusedError
from simulators.card.terminal_authentication import set_terminal_key, set_verification_key

_SETTERS = {
    0xC1A4: set_pace,
    0x41A4: set_chip_authentication,
    0x81B6: set_verification_key,
    0x81A4: set_terminal_key,
}


def manage_security_environment(chip: Chip, command: Command) -> bytes:
    """Prepare the protocol that P1-P2 name."""
    setter = _SETTERS.get(command.p1p2)
    if setter is None:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    return setter(chip, command)


def general_authenticate(chip: Chip, command: Command) -> bytes:
    """Go on with the protocol that was prepared by the command before."""
    if command.p1p2:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    run = chip.session.resumed
    if isinstance(run, PaceRun):
        return continue_pace(chip, command, run)
    if isinstance(run, ChipAuthenticationSelected):
        return authenticate_chip(chip, command)
    raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
