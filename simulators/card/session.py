"""What the card forgets when the power goes: current file, channel, rights, unfinished business."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulators.card.files import Directory, ElementaryFile

if TYPE_CHECKING:
    from simulators.card.iso_channel import IsoChannel
    from simulators.card.scp03_channel import Scp03Channel
    from simulators.card.terminal_authentication import TerminalAuthentication


@dataclass(slots=True)
class Session:
    """Volatile state since the last reset.

    ``pending`` is unfinished business that only the very next command may go on with: a PACE run, a
    chip authentication after its MSE, an SCP03 challenge, blocks of STORE DATA, a chain. Every
    command moves it to ``resumed`` and leaves nothing pending, so any other command drops it.
    """

    current_df: Directory = Directory.MF
    current_ef: ElementaryFile | None = None
    channel: "Scp03Channel | IsoChannel | None" = None
    pace_rights: int = 0
    pace_ephemeral_x: bytes | None = None
    terminal: "TerminalAuthentication | None" = None
    pin_verified: bool = False
    pending: object = None
    resumed: object = None
    challenge: bytes | None = field(default=None, repr=False)

    @property
    def rights(self) -> int:
        """All rights in force: those of PACE and those of terminal authentication add up."""
        return self.pace_rights | (self.terminal.rights if self.terminal else 0)

    def close_channel(self) -> None:
        """Forget keys, rights and PIN state; the current DF and EF stay."""
        self.channel = None
        self.pace_rights = 0
        self.pace_ephemeral_x = None
        self.terminal = None
        self.pin_verified = False
        self.challenge = None
