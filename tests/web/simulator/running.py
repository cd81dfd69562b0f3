"""A tray served in a thread of this process, on a free port of the loopback interface."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from simulators.card import Interface, blank_card
from simulators.tray import SoftwarePlastic, Tray
from simulators.web.app import create_app
from simulators.web.serve import LOOPBACK, Server, bind
from simulators.web.simulation import Simulation

STOP_WITHIN_S = 10.0
PATIENCE_S = 10.0
CONTACT, CONTACTLESS = "Desk 1", "Antenna"


@dataclass(frozen=True, slots=True)
class RunningTray:
    """A tray with two readers and the cards ``one`` and ``two``, served at ``url``."""

    url: str
    port: int
    tray: Tray
    simulation: Simulation


@contextmanager
def running_tray(port: int = 0, *, heartbeat_s: float = 10.0) -> Iterator[RunningTray]:
    """Serve a tray for the length of the block and stop it cleanly."""
    with Tray(clock=time.time) as tray, Simulation(tray) as simulation:
        simulation.add_reader(CONTACT, Interface.CONTACT)
        simulation.add_reader(CONTACTLESS, Interface.CONTACTLESS)
        for name in ("one", "two"):
            simulation.cards.put_plastic(name, SoftwarePlastic(blank_card().memory))
        app = create_app(simulation, heartbeat_s=heartbeat_s)
        server = Server(app, simulation.history)
        with bind(port) as listener:
            taken = listener.getsockname()[1]
            run = {"sockets": [listener]}
            thread = Thread(target=server.run, kwargs=run, daemon=True)
            thread.start()
            try:
                yield RunningTray(f"http://{LOOPBACK}:{taken}", taken, tray, simulation)
            finally:
                server.should_exit = True
                thread.join(STOP_WITHIN_S)
                assert not thread.is_alive()
