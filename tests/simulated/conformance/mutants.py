"""Cards that are broken on purpose: each does one thing that the contract forbids."""

from collections.abc import Callable
from dataclasses import dataclass, field

from typing_extensions import override

from simulators.reader import Card

Answering = Callable[[bytes, bytes], bytes]
"""From a command and the right answer to what the broken card says."""


@dataclass
class BrokenCard:
    """A card whose answers pass through ``answering``."""

    card: Card
    answering: Answering

    @property
    def atr(self) -> bytes:
        return self.card.atr

    def power_up(self) -> bytes:
        return self.card.power_up()

    def power_down(self) -> None:
        self.card.power_down()

    def reset(self) -> bytes:
        return self.card.reset()

    def execute(self, command: bytes) -> bytes:
        return self.answering(command, self.card.execute(command))


@dataclass
class WrongAtr(BrokenCard):
    answering: Answering = lambda _, answer: answer

    @property
    @override
    def atr(self) -> bytes:
        return b"\x3b\x00"

    @override
    def power_up(self) -> bytes:
        self.card.power_up()
        return self.atr

    @override
    def reset(self) -> bytes:
        self.card.reset()
        return self.atr


@dataclass
class SessionsOutliveReset(BrokenCard):
    """Its reset is none once it has power."""

    answering: Answering = lambda _, answer: answer

    @override
    def reset(self) -> bytes:
        return self.card.atr


@dataclass
class Repeats(BrokenCard):
    """Says again what it answered first to a command that begins so."""

    beginning: bytes = b""
    answering: Answering = lambda _, answer: answer
    said: list[bytes] = field(default_factory=list)

    @override
    def execute(self, command: bytes) -> bytes:
        answer = self.card.execute(command)
        if command.startswith(self.beginning) and answer.endswith(b"\x90\x00"):
            self.said.append(answer)
            return self.said[0]
        return answer


@dataclass
class StoresPieces(BrokenCard):
    """Keeps an EF of which it saw a block only, whatever happens to power."""

    answering: Answering = lambda _, answer: answer
    torn: bool = False

    @override
    def execute(self, command: bytes) -> bytes:
        answer = self.card.execute(command)
        if command[:3] == b"\x84\xe2\x08":
            self.torn = True
        return b"\x90\x00" if self.torn and command[:4] == b"\x00\xa4\x02\x0c" else answer


@dataclass
class FallsSilent(BrokenCard):
    """Stops answering to GET DATA."""

    answering: Answering = lambda _, answer: answer

    @override
    def execute(self, command: bytes) -> bytes:
        if command[:4] == b"\x00\xca\x12\x34":
            raise RuntimeError("mute")
        return self.card.execute(command)


def swaps(sw: str, instead: str, *, header: str = "") -> Callable[[Card], Card]:
    """Return what makes a card answer ``instead`` of ``sw``, to commands that begin so."""
    right, wrong, beginning = bytes.fromhex(sw), bytes.fromhex(instead), bytes.fromhex(header)

    def answering(command: bytes, answer: bytes) -> bytes:
        return wrong if command.startswith(beginning) and answer == right else answer

    return lambda card: BrokenCard(card, answering)


def changes(header: str, answering: Callable[[bytes], bytes]) -> Callable[[Card], Card]:
    """Return what makes a card change its good answers to commands that begin so."""
    beginning = bytes.fromhex(header)

    def changed(command: bytes, answer: bytes) -> bytes:
        good = answer.endswith(b"\x90\x00")
        return answering(answer) if good and command.startswith(beginning) else answer

    return lambda card: BrokenCard(card, changed)
