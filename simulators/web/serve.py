"""Run the application on a loopback socket, with a clean end."""

import socket
from typing import Final

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

from simulators.reader.errors import ReaderSetupError
from simulators.web.simulation import History

LOOPBACK: Final = "127.0.0.1"
GRACE_S: Final = 5  # an answer in progress may take so long once the service is asked to stop
_BACKLOG: Final = 128


class Server(uvicorn.Server):
    """A server that ends the streams of events first: they never end by themselves."""

    def __init__(self, app: FastAPI, history: History) -> None:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        super().__init__(config)
        self._history = history

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._history.close()
        await super().shutdown(sockets)


def bind(port: int) -> socket.socket:
    """Return a socket that listens on loopback; with port 0 on any free port.

    Raises:
        ReaderSetupError: the port is taken, or nobody may use it.
    """
    try:
        return socket.create_server((LOOPBACK, port), backlog=_BACKLOG)
    except OSError as error:
        raise ReaderSetupError(
            f"cannot listen on {LOOPBACK}:{port} ({error.strerror})",
            remedy="choose another with --port; 0 takes any free one",
        ) from error
