"""Cards for trays, what terminals say to them, and what sinks are told."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from simulators.card import NonVolatileMemory, SoftwareCard
from simulators.card.files import Directory
from simulators.card.tampering import replace_file
from simulators.tray import EventKind, PlainPlastic, SoftwarePlastic, Tray, TrayEvent
from tests.pcsc_stack import EchoCard
from tests.unit.simulators.card.issuing import personalized

PATIENCE_S: Final = 10.0
LOOK_S: Final = 0.001
OWNER_ID: Final = 0x0201
COMMAND: Final = bytes.fromhex("00B0000000")
"""Any command; an echo card does not mind which."""


class Notes:
    """What a sink was told."""

    def __init__(self, tray: Tray) -> None:
        self._all: list[TrayEvent] = []
        self._tray = tray
        tray.subscribe(self._all.append)

    @property
    def all(self) -> list[TrayEvent]:
        """All events so far."""
        assert self._tray.settle(PATIENCE_S)
        return self._all

    @property
    def told(self) -> list[tuple[EventKind, str, str | None, str]]:
        """Kind, reader, card and detail of each event so far, readers that were added left out."""
        return [
            (one.kind, one.reader, one.card, one.detail)
            for one in self.all
            if one.kind is not EventKind.READER_ADDED
        ]

    @property
    def kinds(self) -> list[EventKind]:
        """The kinds alone."""
        return [kind for kind, *_ in self.told]


class Link(Protocol):
    """What a link of any kind can do."""

    def exchange(self, command: bytes, /) -> bytes: ...

    def reset(self) -> bytes: ...


@dataclass
class CardAtLink:
    """A link with the names that a card has; its memory is out of reach."""

    link: Link
    memory: NonVolatileMemory = field(default_factory=NonVolatileMemory)

    def execute(self, command: bytes, /) -> bytes:
        return self.link.exchange(command)

    def reset(self) -> bytes:
        return self.link.reset()


def add_echo(tray: Tray, name: str, reaction: Callable[[bytes], bytes] | None = None) -> EchoCard:
    """Add an echo card to ``tray``."""
    card = EchoCard(reaction=reaction) if reaction else EchoCard()
    tray.add_card(name, PlainPlastic(card))
    return card


def software_plastic(owner: bytes | None = None) -> SoftwarePlastic:
    """A personalized card; its owner file holds ``owner``."""
    card = SoftwareCard(NonVolatileMemory(_CELLS))
    if owner is not None:
        replace_file(card, Directory.FOMS_ID, OWNER_ID, owner)
    return SoftwarePlastic(card.memory)


def wait_until(true: Callable[[], bool]) -> None:
    """Return once ``true()``."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(LOOK_S)


_CELLS: Final = personalized().memory.cells()
