"""Which command goes where: channel, class and instruction, life cycle, handler, in this order.

Source: card.md §7 (order of checks), §5 and §6 (what a session takes).
"""

from collections.abc import Mapping

from simulators.card.apdu import CLA, INS, Command, parse_command
from simulators.card.chip import Chip
from simulators.card.iso_channel import IsoChannel
from simulators.card.memory import MemoryFailureError
from simulators.card.meter import Operation
from simulators.card.routes import TABLE, Route, refusal, routes_of
from simulators.card.scp03_channel import Scp03Channel, WrongMacError
from simulators.card.status import SW, CommandRefusedError, encode_sw
from simulators.card.terminal_authentication import VERIFY_CERTIFICATE, CertificateChain

_PLAIN_ROUTES = routes_of(CLA.INTERINDUSTRY, CLA.CHAINED, CLA.PROPRIETARY)
_OPENS_SCP03 = CLA.GLOBALPLATFORM_SM << 8 | INS.EXTERNAL_AUTHENTICATE
_PLAIN_ROUTES[_OPENS_SCP03] = TABLE[CLA.GLOBALPLATFORM_SM][INS.EXTERNAL_AUTHENTICATE]
"""The one command of class 84 that comes before its session: it opens it."""

_ISO_ROUTES = routes_of(CLA.ISO_SM, CLA.CHAINED_ISO_SM, CLA.PROPRIETARY_ISO_SM)
_SCP03_ROUTES = routes_of(CLA.GLOBALPLATFORM_SM, CLA.GLOBALPLATFORM_SM_OF_INTERINDUSTRY)
_WRONG_LENGTH = encode_sw(SW.WRONG_LENGTH)
_SECURITY_NOT_SATISFIED = encode_sw(SW.SECURITY_NOT_SATISFIED)
_MEMORY_FAILURE = encode_sw(SW.MEMORY_FAILURE)


def answer(chip: Chip, octets: bytes) -> bytes:
    """Return the R-APDU for any octets. Unfinished business is for this command or for none."""
    session = chip.session
    session.resumed, session.pending = session.pending, None
    command = parse_command(octets)
    channel = session.channel
    if channel is None:
        return _WRONG_LENGTH if command is None else _perform(chip, _PLAIN_ROUTES, command)
    if command is None:
        # What is no command carries no MAC either, and a session ends by a command without one.
        session.close_channel()
        return _WRONG_LENGTH
    if isinstance(channel, IsoChannel):
        return _answer_in_iso_session(chip, channel, command)
    return _answer_in_scp03_session(chip, channel, command)


def _perform(chip: Chip, routes: Mapping[int, Route], command: Command) -> bytes:
    route = routes.get(command.cla << 8 | command.ins)
    if route is None:
        return encode_sw(refusal(command.cla, command.ins))
    try:
        if chip.session.resumed is not None:
            _check_chain(chip, command)
        route.guard(chip, command)
        return route.handler(chip, command)
    except CommandRefusedError as refused:
        return refused.octets
    except MemoryFailureError:
        return _MEMORY_FAILURE


def _answer_in_iso_session(chip: Chip, channel: IsoChannel, command: Command) -> bytes:
    """Unwrap first of all, and protect whatever comes of it, chip authentication's answer too."""
    chip.meter.count(Operation.SYMMETRIC)
    try:
        plain = channel.unwrap(command)
    except CommandRefusedError as refused:
        chip.session.close_channel()
        return refused.octets
    return channel.wrap(_perform(chip, _ISO_ROUTES, plain))


def _answer_in_scp03_session(chip: Chip, channel: Scp03Channel, command: Command) -> bytes:
    if _leaves_scp03(command):
        chip.session.close_channel()
        return _perform(chip, _PLAIN_ROUTES, command)
    takes_it = command.cla << 8 | command.ins in _SCP03_ROUTES
    if command.cla == CLA.GLOBALPLATFORM_SM and not takes_it:
        return encode_sw(refusal(command.cla, command.ins))
    if not takes_it:
        chip.session.close_channel()
        return _SECURITY_NOT_SATISFIED
    chip.meter.count(Operation.SYMMETRIC)
    try:
        plain = channel.unwrap(command)
    except WrongMacError:
        chip.session.close_channel()
        return _SECURITY_NOT_SATISFIED
    return channel.wrap(_perform(chip, _SCP03_ROUTES, plain))


def _leaves_scp03(command: Command) -> bool:
    return (command.cla, command.ins) in (
        (CLA.INTERINDUSTRY, INS.SELECT),
        (CLA.PROPRIETARY, INS.INITIALIZE_UPDATE),
    )


def _check_chain(chip: Chip, command: Command) -> None:
    """A chain goes on with its own header or is broken off."""
    if not isinstance(chip.session.resumed, CertificateChain):
        return
    if command.ins != INS.PERFORM_SECURITY_OPERATION or command.p1p2 != VERIFY_CERTIFICATE:
        raise CommandRefusedError(SW.LAST_COMMAND_OF_CHAIN_EXPECTED)
