"""Run the desk: readers, page and a clean end."""

import socket

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.request_log import RequestLog

GRACE_S = 5  # seconds an answer in progress may take once the service is asked to stop
LONGEST_FRAME = 4096  # octets; what a page of a clinic system says on a socket is far shorter
BACKLOG = 64  # connections that may wait to be accepted; a desk has a few


class DeskServer(uvicorn.Server):
    """A server that ends the event streams first when it is asked to stop.

    A stream never ends by itself, and the server waits for its connections: without this
    every stop would last until the grace is over.
    """

    def __init__(self, app: FastAPI, hub: DeskHub) -> None:
        config = uvicorn.Config(
            RequestLog(app),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
            ws_max_size=LONGEST_FRAME,
        )
        super().__init__(config)
        self._hub = hub

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; with port 0 on any free port, see its ``getsockname``.

    Raises:
        OSError: the address is taken or is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Accepted sockets inherit it; asyncio sets it only where a socket names its protocol, and an
    # answer in two parts would wait 40 ms for the other side's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(app: FastAPI, *, hub: DeskHub, runner: DeskRunner, listener: socket.socket) -> None:
    """Follow the readers and answer on ``listener`` until the process is told to stop."""
    runner.start()
    try:
        DeskServer(app, hub).run(sockets=[listener])
    finally:
        runner.stop()
        listener.close()
