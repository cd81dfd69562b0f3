"""One command on its way to a card and its answer on the way back, with what faults do to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import ClassVar, Final

from simulators.card.apdu import Command, parse_command
from simulators.card.status import SW_OCTETS
from simulators.faults.record import Record

MAX_MS: Final = 600_000


class End(Enum):
    """What becomes of the exchange when it does not end with an answer."""

    MUTE = "no answer"
    POWER_CUT = "the card has no power any more"


class Counts(Enum):
    """What the conditions of a kind of fault count."""

    COMMANDS = "commands"
    ACTIVATIONS = "answers to reset"
    INSERTIONS = "insertions"


@dataclass(slots=True)
class Exchange:
    """What faults see and change.

    Attributes:
        answer: set before the card was asked, it keeps the card from seeing the command.
        given: the card's own answer.
        earlier: the card's earlier answers, the latest last.
        ask: sends a command to the card itself.
        cut_at_write: power goes at that write of the command, 0 for none.
        power_goes: power goes once the answer is out.
        pulled: a hand pulls the card when power goes.
        reader_back_ms: the reader goes too and is back so many milliseconds later; never if None.
        held: the octets that GET RESPONSE is to fetch.
        is_rest: the answer is what GET RESPONSE fetched.
    """

    command: bytes = field(repr=False)
    ask: Callable[[bytes], bytes]
    sleep: Callable[[float], None]
    earlier: Sequence[bytes] = field(default=(), repr=False)
    answer: bytes | None = field(default=None, repr=False)
    given: bytes | None = field(default=None, repr=False)
    end: End | None = None
    cut_at_write: int = 0
    power_goes: bool = False
    pulled: bool = False
    reader_goes: bool = False
    reader_back_ms: int | None = None
    mute_commands: int = 0
    mute_until_reset: bool = False
    held: bytes = field(default=b"", repr=False)
    is_rest: bool = False

    @property
    def parsed(self) -> Command | None:
        """The command as it arrives, None when it is no C-APDU."""
        return parse_command(self.command)

    @property
    def data(self) -> bytes:
        """The data field of the answer."""
        return (self.answer or b"")[:-SW_OCTETS]

    @property
    def sw(self) -> bytes:
        """The status word of the answer."""
        return (self.answer or b"")[-SW_OCTETS:]


@dataclass(frozen=True, slots=True, kw_only=True)
class What(Record):
    """Root of the kinds of fault: what happens, as data, and how it changes an exchange."""

    kind: ClassVar[str]
    about: ClassVar[str]
    counts: ClassVar[Counts] = Counts.COMMANDS
    is_of_reader: ClassVar[bool] = False

    def before(self, exchange: Exchange, random: Random) -> bool:  # noqa: ARG002
        """Act before the card sees the command; return whether anything was done."""
        return False

    def after(self, exchange: Exchange, random: Random) -> bool:  # noqa: ARG002
        """Act upon the answer; return whether anything was done."""
        return False
