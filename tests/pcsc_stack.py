"""How the suite gets PC/SC: each test process has a pcscd of its own, in a namespace of its own.

A folder has the fixtures once its ``conftest.py`` imports ``pcsc_namespace`` and ``pcscd``.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from cardservice.transport.pcsc.codes import ReaderFlag
from cardservice.transport.pcsc.context import Context
from cardservice.transport.pcsc.scard import load
from simulators.reader import Card, ReaderSetupError, VirtualReaderSlot, namespace
from simulators.reader.daemon import PrivatePcscd
from simulators.reader.driver import ReaderSlot

PATIENCE_S = 10.0  # pcscd looks at a virtual reader every 0.4 s
LOOK_S = 0.01
ATR_T1 = bytes.fromhex("3b80800101")
OK = b"\x90\x00"


def echo(command: bytes) -> bytes:
    return command + OK


def breakage(command: bytes) -> bytes:
    """Break as a card may; this message must not get anywhere."""
    raise RuntimeError(f"secret {command.hex()}")


@dataclass
class EchoCard:
    """A card that says back what it is asked, and remembers what was done to it."""

    atr: bytes = ATR_T1
    reaction: Callable[[bytes], bytes] = echo
    history: list[str] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)

    def power_up(self) -> bytes:
        self.history.append("power up")
        return self.atr

    def power_down(self) -> None:
        self.history.append("power down")

    def reset(self) -> bytes:
        self.history.append("reset")
        return self.atr

    def execute(self, command: bytes) -> bytes:
        self.commands.append(command)
        return self.reaction(command)


@pytest.fixture(scope="session")
def pcsc_namespace() -> None:
    """Move the test process to a private mount namespace, where the machine's pcscd is not."""
    try:
        namespace.enter()
    except ReaderSetupError as error:
        pytest.fail(f"{error}: {error.remedy}", pytrace=False)


@pytest.fixture
def pcscd(pcsc_namespace: None) -> Iterator[PrivatePcscd]:  # noqa: ARG001 - for its effect
    """A running pcscd with two virtual readers."""
    with PrivatePcscd(readers=2) as running:
        yield running


@contextmanager
def card_in(reader: ReaderSlot, card: Card) -> Iterator[VirtualReaderSlot]:
    """Hold ``card`` in ``reader`` and go on once PC/SC knows of it."""
    with VirtualReaderSlot(reader.host, reader.port) as slot:
        slot.insert(card)
        wait_until_present(reader.name, present=True)
        yield slot


def wait_until_present(reader: str, *, present: bool) -> None:
    """Return once PC/SC says that a card is in ``reader``, or that none is."""
    end = time.monotonic() + PATIENCE_S
    with Context(load()) as context:
        while (_flags(context, reader) & ReaderFlag.PRESENT != 0) is not present:
            assert time.monotonic() < end, f"{reader}: waited in vain for present={present}"
            time.sleep(LOOK_S)


def _flags(context: Context, reader: str) -> int:
    state = context.wait(reader, 0, 0)
    assert state is not None
    return state[0]
