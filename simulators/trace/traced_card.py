"""A card whose conversation is written down."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from simulators.card import Interface
from simulators.card.apdu import parse_command
from simulators.reader.card import Card
from simulators.trace.explaining import explain, explain_status
from simulators.trace.pieces import Pieces
from simulators.trace.place import Follower
from simulators.trace.public import shows_status, visible_in_answer, visible_in_command
from simulators.trace.recording import Recording
from simulators.trace.records import Entry, Kind, Masking, places_of
from simulators.trace.sink import TraceSink

if TYPE_CHECKING:  # a tray records its cards, so it imports this module
    from simulators.tray.plastic import Plastic

_MICROSECONDS: Final = 6


class TracedCard:
    """A card with the members of every card; ``sink`` is told of all that happens to it.

    The outermost wrapper: what it writes is what the terminal sees, faults included. Without a
    ``recording`` what is masked is withheld, and cannot be replayed octet for octet.
    """

    def __init__(
        self,
        card: Card,
        sink: TraceSink,
        *,
        recording: Recording | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._card = card
        self._sink = sink
        self._recording = recording or Recording()
        self._clock = clock
        self._began = clock()
        self._number = 0
        self._follower = Follower()
        sink.take(self._recording.header(card.atr))

    @property
    def atr(self) -> bytes:
        """The answer to reset of the card."""
        return self._card.atr

    def power_up(self) -> bytes:
        """Return the ATR."""
        return self._activate(Kind.POWER_UP, self._card.power_up)

    def power_down(self) -> None:
        """Take the power away."""
        self._card.power_down()
        self._follower.reset()
        self._write(Kind.POWER_DOWN, answer=None)

    def reset(self) -> bytes:
        """Return the ATR."""
        return self._activate(Kind.RESET, self._card.reset)

    def execute(self, command: bytes) -> bytes:
        """Return the card's answer; a card that raises is written down as one that is silent."""
        answer = None
        try:
            answer = self._card.execute(command)
        finally:
            self._write(Kind.COMMAND, sent=command, answer=answer)
            self._follower.follow(parse_command(command), answer)
        return answer

    def _activate(self, kind: Kind, wake: Callable[[], bytes]) -> bytes:
        atr = None
        self._follower.reset()
        try:
            atr = wake()
        finally:
            self._write(kind, answer=atr)
        return atr

    def _write(self, kind: Kind, *, sent: bytes = b"", answer: bytes | None) -> None:
        self._number += 1
        for_command, for_answer = places_of(self._number)
        is_command = kind is Kind.COMMAND
        seen = visible_in_command(sent)
        self._sink.take(
            Entry(
                session=self._recording.session,
                number=self._number,
                at=round(self._clock() - self._began, _MICROSECONDS),
                kind=kind,
                sent=self._recording.pieces(sent, seen, for_command),
                answer=self._answer(kind, sent, answer, for_answer),
                decoded=self._decoded(sent, answer) if is_command else {},
            )
        )

    def _answer(self, kind: Kind, sent: bytes, answer: bytes | None, place: str) -> Pieces | None:
        if answer is None:
            return None
        if kind is Kind.COMMAND:
            seen = visible_in_answer(sent, answer, self._follower)
        else:
            seen = bytearray(b"\x01" * len(answer))
        return self._recording.pieces(answer, seen, place)

    def _decoded(self, sent: bytes, answer: bytes | None) -> dict[str, object]:
        words = explain(sent, self._follower).as_mapping()
        if answer is None:
            return {**words, "meaning": "no answer"}
        return {**words, **(explain_status(answer) if shows_status(answer) else {})}


def traced(
    plastic: "Plastic",
    interface: Interface,
    sink: TraceSink,
    *,
    masking: Masking = Masking.PERSONAL,
    clock: Callable[[], float] = time.monotonic,
) -> TracedCard:
    """Return the side of the card at ``interface``, recorded from now on.

    The card draws random numbers that a replay on the same memory draws again. To put faults or a
    model of time in between, make a ``Recording`` and give its ``entropy`` to the innermost card.
    """
    recording = Recording(plastic.memory, interface=interface, masking=masking)
    card = plastic.at(interface, entropy=recording.entropy)
    return TracedCard(card, sink, recording=recording, clock=clock)
