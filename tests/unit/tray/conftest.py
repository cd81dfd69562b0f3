"""A tray with two readers of this process and one card."""

from collections.abc import Iterator

import pytest

from simulators.card import Interface
from simulators.tray import Tray
from tests.pcsc_stack import EchoCard
from tests.unit.tray.making import Notes, add_echo


@pytest.fixture
def tray() -> Iterator[Tray]:
    with Tray() as tray:
        tray.add_reader("A")
        tray.add_reader("B", interface=Interface.CONTACTLESS)
        yield tray


@pytest.fixture
def notes(tray: Tray) -> Notes:
    return Notes(tray)


@pytest.fixture
def card(tray: Tray) -> EchoCard:
    """An echo card named ``card``."""
    return add_echo(tray, "card")
