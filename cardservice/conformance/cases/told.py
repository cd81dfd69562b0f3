"""Questions and orders that cases of several groups share."""

from collections.abc import Sequence
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.channel.card_management import read_life_cycle
from cardservice.channel.reading import select_application
from cardservice.channel.store_data import store_data_commands
from cardservice.conformance.scratch import Scratch
from cardservice.conformance.terminal import Terminal
from cardservice.errors import UsageError
from cardservice.policycard.layout import Directory

WHOLE_CARD: Final = 0x40
_SUCCESS: Final = 0x9000


def scratch_of(terminal: Terminal) -> Scratch:
    """Return what the run made this card with.

    Raises:
        UsageError: it did not; a case that needs it says so in its needs.
    """
    if terminal.known.scratch is None:
        raise UsageError("this run has not made the card")
    return terminal.known.scratch


def life_cycle(terminal: Terminal) -> int:
    """Return what GET DATA DF01 says, under the session there is."""
    return terminal.run(read_life_cycle())


def set_status(terminal: Terminal, state: int) -> int:
    """Send SET STATUS; return the status word."""
    command = CommandAPDU(cla=0x80, ins=Ins.SET_STATUS, p1=WHOLE_CARD, p2=state)
    return terminal.send(command).sw


def store(terminal: Terminal, dgis: Sequence[tuple[int, bytes]], *, block_size: int = 239) -> int:
    """Store ``dgis``; return the status word of the first refused block, or 9000."""
    for command in store_data_commands(dgis, block_size=block_size):
        sw = terminal.send(command).sw
        if sw != _SUCCESS:
            return sw
    return _SUCCESS


def store_stream(terminal: Terminal, stream: bytes) -> int:
    """Send ``stream`` as the one and last block; return the status word."""
    command = CommandAPDU(cla=0x80, ins=Ins.STORE_DATA, p1=0x88, data=stream)
    return terminal.send(command).sw


def is_there(terminal: Terminal, directory: Directory, file_id: int) -> bool:
    """Say whether the EF can be selected; plain, after a reset."""
    terminal.reset()
    terminal.run(select_application(directory.aid))
    data = file_id.to_bytes(2)
    command = CommandAPDU(cla=0, ins=Ins.SELECT, p1=0x02, p2=0x0C, data=data)
    return terminal.send(command).sw == _SUCCESS
