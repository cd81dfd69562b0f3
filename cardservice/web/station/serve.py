"""The operator's page on the loopback interface, beside a floor that works."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final, cast

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

from cardservice.web.request_log import RequestLog
from cardservice.web.serve import GRACE_S, bind
from cardservice.web.station.context import StationContext

LOOPBACK: Final = "127.0.0.1"


class StationServer(uvicorn.Server):
    """A server that ends the event streams first when it is asked to stop."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            RequestLog(app),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        super().__init__(config)
        self._hub = cast("StationContext", app.state.context).hub

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


@contextmanager
def served_station(app: FastAPI, *, port: int) -> Iterator[str]:
    """Serve ``app`` in a thread for the length of the block; yield the address of the page.

    Args:
        app: from ``create_station_app``.
        port: on the loopback interface; 0: any free one.

    Raises:
        OSError: the port is taken.
    """
    listener = bind(LOOPBACK, port)
    server = StationServer(app)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="station page")
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
