"""A card that answers as it was recorded: for tests of terminals."""

from collections.abc import Mapping
from typing import Final

from simulators.card import CardMuteError
from simulators.trace.errors import ConversationDiffersError, TraceError
from simulators.trace.explaining import explain
from simulators.trace.file import Trace
from simulators.trace.pieces import join, shown, whole
from simulators.trace.place import Follower
from simulators.trace.records import Entry
from simulators.trace.replaying import first_difference
from simulators.trace.sealing import keys_of

_END: Final = "the end of the recording"


class ReplayCard:
    """The card's half of a conversation, to be had with a terminal that says its half again.

    Only commands are compared, in their order; power and reset may come as the terminal likes.
    ``cells`` is the memory of the recorded card when the recording began; without it masked octets
    of commands are compared by their number alone.
    """

    def __init__(self, trace: Trace, *, cells: Mapping[str, bytes] | None = None) -> None:
        """Open the recorded answers.

        Raises:
            TraceError: an answer is masked and ``cells`` do not open it.
        """
        self.atr = trace.header.atr
        self.difference: str | None = None
        """The first command that differed, in words; None so far."""
        self._keys = None if cells is None else keys_of(cells, trace.header.salt)
        self._answers = [(entry, self._open(entry)) for entry in trace.commands]
        self._next = 0

    @property
    def finished(self) -> bool:
        """Whether all recorded commands came, and none differed."""
        return self.difference is None and self._next == len(self._answers)

    def power_up(self) -> bytes:
        """Return the recorded ATR."""
        return self.atr

    def power_down(self) -> None:
        """Take the power away; the conversation stays where it is."""

    def reset(self) -> bytes:
        """Return the recorded ATR."""
        return self.atr

    def execute(self, command: bytes) -> bytes:
        """Return the recorded answer.

        Raises:
            ConversationDiffersError: the command is not the recorded one; so are all after it.
            CardMuteError: the card gave no answer when it was recorded.
        """
        if self.difference is None:
            self.difference = self._compare(command)
        if self.difference is not None:
            raise ConversationDiffersError(self.difference)
        answer = self._answers[self._next][1]
        self._next += 1
        if answer is None:
            raise CardMuteError("the card gave no answer when it was recorded")
        return answer

    def _open(self, entry: Entry) -> bytes | None:
        if entry.answer is None:
            return None
        octets = whole(join(entry.answer, self._keys, entry.places[1]))
        if octets is None:
            raise TraceError(
                f"event {entry.number}: octets of the answer are masked",
                remedy="give the memory of the card that was recorded, or record without masking",
            )
        return octets

    def _compare(self, command: bytes) -> str | None:
        came = _in_words(command)
        if self._next >= len(self._answers):
            return f"{came} came after {_END}"
        entry = self._answers[self._next][0]
        opened = join(entry.sent, self._keys, entry.places[0])
        at = first_difference(opened, entry.sent, command)
        if at is None:
            return None
        expected = shown(entry.sent)
        return f"event {entry.number}: {expected} was recorded, {came} came; octet {at + 1} differs"


def _in_words(command: bytes) -> str:
    """Return the command's name only: its data may be anybody's."""
    explanation = explain(command, Follower())
    return f"{explanation.name} ({len(command)} octets)"
