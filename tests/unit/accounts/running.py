"""The sign-in pages in a thread of this process, on a free port of the loopback interface."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from cardservice.web.serve import bind
from tests.unit.accounts.office import Office

STOP_WITHIN_S = 10.0


@contextmanager
def running_app(app: FastAPI) -> Iterator[str]:
    """Serve ``app`` for the length of the block; its address."""
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    server, listener = uvicorn.Server(config), bind("127.0.0.1", 0)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        listener.close()
        assert not thread.is_alive()


@contextmanager
def running_office(office: Office) -> Iterator[str]:
    """Serve ``office`` for the length of the block; its address."""
    with running_app(office.app()) as address:
        yield address
