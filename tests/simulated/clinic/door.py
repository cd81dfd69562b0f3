"""Where the verification service answers, on the loopback."""

import threading
import time
from collections.abc import Callable
from typing import Final

import uvicorn
from fastapi import FastAPI

from cardservice.home.clinics import ClinicHome
from cardservice.serving.clinics import clinics_server
from cardservice.web.serve import bind

PATIENCE_S: Final = 20.0


class Door:
    """Where the service answers; it can be shut and opened again at the same address."""

    def __init__(self) -> None:
        self._listener = bind("127.0.0.1", 0)
        self.port: int = self._listener.getsockname()[1]
        self._running: tuple[uvicorn.Server, threading.Thread] | None = None

    @property
    def app(self) -> FastAPI:
        """The application that answers now."""
        assert self._running is not None
        app = self._running[0].config.app
        assert isinstance(app, FastAPI)
        return app

    @property
    def address(self) -> str:
        """The service's address."""
        return f"http://127.0.0.1:{self.port}"

    def open(self, home: ClinicHome) -> None:
        """Let the service answer."""
        if self._listener.fileno() < 0:
            self._listener = bind("127.0.0.1", self.port)
        server = clinics_server(home)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [self._listener]}, daemon=True
        )
        self._running = (server, thread)
        thread.start()
        until(lambda: server.started)

    def shut(self) -> None:
        """End the service in the middle of whatever it does."""
        if self._running is not None:
            server, thread = self._running
            server.should_exit = True
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
            self._running = None
        self._listener.close()


def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread brings about."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
