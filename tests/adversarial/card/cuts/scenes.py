"""Stretches of a card's life that write, and the power that goes at a write of one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pytest

from simulators.card import CountedClock, NonVolatileMemory, PowerCut, SoftwareCard
from simulators.card.making import blank_cells
from tests.unit.simulators.card.hosts import OK, Card, chip_authenticate, dgi, send, tlv
from tests.unit.simulators.card.issuing import (
    CHIP_KEY,
    CHIP_POINT,
    CVCA,
    CVCA_2,
    NEW_INSURER,
    NEW_SOD,
    PIN,
    PUK,
    SERIAL,
    Content,
    Drawn,
    certificate,
    open_session,
    personalization,
    personalized,
    trust_point,
)

Cells = dict[str, bytes]
CONTENT = Content(cvca=trust_point())
CHANGE = dgi("0302", NEW_INSURER) + dgi("011D", NEW_SOD) + dgi("01B0", b"\x03\x02")


@dataclass
class Recorder:
    """A card that notes its memory before and after every command that writes."""

    card: SoftwareCard
    commands: list[tuple[range, Cells, Cells]] = field(default_factory=list)

    @property
    def memory(self) -> NonVolatileMemory:
        return self.card.memory

    @memory.setter
    def memory(self, value: NonVolatileMemory) -> None:
        self.card.memory = value

    def execute(self, command: bytes, /) -> bytes:
        before, first = self.memory.cells(), self.memory.writes + 1
        answer = self.card.execute(command)
        writes = range(first, self.memory.writes + 1)
        if writes:
            self.commands.append((writes, before, self.memory.cells()))
        return answer

    def reset(self) -> bytes:
        return self.card.reset()

    @property
    def writes(self) -> range:
        """The numbers of all writes, none left out."""
        numbers = [number for writes, _, _ in self.commands for number in writes]
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        return range(numbers[0], numbers[-1] + 1)

    def old_and_new_at(self, write: int) -> tuple[Cells, Cells]:
        """The memory before and after the command that makes this write."""
        for writes, before, after in self.commands:
            if write in writes:
                return before, after
        raise LookupError(write)


@dataclass(frozen=True)
class Scene:
    """Where it begins, and what then happens to the card."""

    name: str
    cells: Callable[[], Cells]
    act: Callable[[Card], None]

    def card(self, memory: NonVolatileMemory | None = None) -> SoftwareCard:
        """A card at the beginning of the scene; its first draw is the chip key everybody knows."""
        if memory is None:
            memory = NonVolatileMemory(self.cells())
        entropy = Drawn(CHIP_KEY.to_bytes(32, "big")) if self is PERSONALIZATION else Drawn()
        return SoftwareCard(memory, entropy=entropy, clock=CountedClock())

    def recorded(self) -> Recorder:
        """The whole scene without a cut."""
        recorder = Recorder(self.card())
        self.act(recorder)
        return recorder

    def cut_at(self, write: int, memory: NonVolatileMemory | None = None) -> SoftwareCard:
        """The card when the power went at that write; it is still off."""
        card = self.card(memory)
        card.memory.cut_power_at(write)
        with pytest.raises(PowerCut):
            self.act(card)
        return card


def _personalize(card: Card) -> None:
    for step in personalization(card, CONTENT):
        step()


def change_insurer(card: Card) -> int:
    """Return the SW of the last block."""
    return open_session(card).store(CHANGE, block=200)


def _change_insurer(card: Card) -> None:
    assert change_insurer(card) == OK


def _terminate(card: Card) -> None:
    assert open_session(card).send("84F040FF")[1] == OK


def _link_trust_point(card: Card) -> None:
    terminal = chip_authenticate(card, CHIP_POINT).host
    assert terminal.send("002281B6", tlv("83", CVCA.name))[1] == OK
    assert terminal.send("002A00BE", certificate(CVCA_2, CVCA, effective="270101"))[1] == OK


def _use_holder_codes(card: Card) -> None:
    pin, puk, new = (one.encode().ljust(8, b"\xff") for one in (PIN, PUK, "1357"))
    assert send(card, b"\x00\x20\x00\x01\x08" + pin)[1] == OK
    assert send(card, b"\x00\x24\x00\x01\x10" + pin + new)[1] == OK
    assert send(card, b"\x00\x2c\x00\x01\x10" + puk + pin)[1] == OK


@cache
def _in_use() -> Cells:
    return personalized(CONTENT).memory.cells()


PERSONALIZATION = Scene("personalization", lambda: blank_cells(SERIAL), _personalize)
CHANGE_OF_INSURER = Scene("change of insurer", _in_use, _change_insurer)
TERMINATION = Scene("termination", _in_use, _terminate)
LINK_CERTIFICATE = Scene("link certificate", _in_use, _link_trust_point)
HOLDER_CODES = Scene("holder codes", _in_use, _use_holder_codes)
