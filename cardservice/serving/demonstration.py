"""The demonstration's office: a scratch home, fictional people, accounts, shown notifications."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import click

from cardservice.errors import CardServiceError
from cardservice.home.office_demonstration import (
    DemonstrationOffice,
    demonstration_office,
    fill_office,
)
from cardservice.serving.office import office_serving, serve_office
from cardservice.settings import Settings

STOP_S: Final = 30.0
_log: Final = logging.getLogger(__name__)


def serve_demonstration_office(settings: Settings, listener: socket.socket) -> None:
    """Fill a scratch office, say who can sign in, and serve it until told to stop."""
    with demonstration_office(settings, show=_show) as demonstration:
        fill_office(demonstration)
        _announce(demonstration)
        serve_office(demonstration.office, listener)


@contextmanager
def demonstration_office_beside(settings: Settings, listener: socket.socket) -> Iterator[None]:
    """Do the same in a thread meanwhile: who connects before it is filled waits."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_fill_and_serve, args=(settings, listener, stop), name="demonstration", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_S)


def _fill_and_serve(settings: Settings, listener: socket.socket, stop: threading.Event) -> None:
    try:
        with ExitStack() as stack:
            demonstration = stack.enter_context(demonstration_office(settings, show=_show))
            if not fill_office(demonstration, stop=stop.is_set):
                return
            stack.enter_context(office_serving(demonstration.office, listener))
            _announce(demonstration)
            stop.wait()
    except (CardServiceError, OSError) as error:
        click.echo(f"The office did not start: {error}", err=True)


def _announce(demonstration: DemonstrationOffice) -> None:
    names = ", ".join(demonstration.names)
    click.echo(f"Sign in at the office as {names} with the password {demonstration.password}")
    click.echo(f"Or look an application up: {demonstration.applicant}")


def _show(line: str) -> None:
    click.echo(f"Told: {line}")
