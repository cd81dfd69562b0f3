"""A real tray, what moves it, and a program that asks over HTTP."""

from collections.abc import Iterator

import pytest

from simulators.card import Interface, blank_card
from simulators.tray import SoftwarePlastic, Tray
from simulators.web.app import create_app
from simulators.web.simulation import Simulation
from tests.unit.simulator_web.client import Client

CONTACT, CONTACTLESS = "Desk 1", "Antenna, ward 2"


@pytest.fixture
def tray() -> Iterator[Tray]:
    with Tray() as tray:
        yield tray


@pytest.fixture
def simulation(tray: Tray) -> Iterator[Simulation]:
    """Two readers; the cards ``one`` and ``two``."""
    with Simulation(tray) as simulation:
        simulation.add_reader(CONTACT, Interface.CONTACT)
        simulation.add_reader(CONTACTLESS, Interface.CONTACTLESS)
        for name in ("one", "two"):
            simulation.cards.put_plastic(name, SoftwarePlastic(blank_card().memory))
        yield simulation


@pytest.fixture
def client(simulation: Simulation) -> Client:
    return Client(create_app(simulation))
