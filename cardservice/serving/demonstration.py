"""What the demonstration has beside its desk: an office, and the service for clinics.

Each is a scratch home with fictional people, gone with the process. They are made one after the
other in a thread, so that the desk answers first, and then the office.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

import click

from cardservice.errors import CardServiceError
from cardservice.home.office_demonstration import (
    DemonstrationOffice,
    demonstration_office,
    fill_office,
)
from cardservice.serving.clinics_command import address_of, say_demonstration
from cardservice.serving.office import office_serving, serve_office
from cardservice.settings import Settings

STOP_S: Final = 60.0
"""The office and the service for clinics each may take half of it."""


def serve_demonstration_office(settings: Settings, listener: socket.socket) -> None:
    """Fill a scratch office, say who can sign in, and serve it until told to stop."""
    with demonstration_office(settings, show=_show) as demonstration:
        fill_office(demonstration)
        _announce(demonstration)
        serve_office(demonstration.office, listener)


@contextmanager
def demonstration_beside(
    settings: Settings, *, office: socket.socket | None, clinics: socket.socket | None
) -> Iterator[None]:
    """Serve both in a thread meanwhile: who connects before they are made waits.

    Args:
        office, clinics: where each listens; None: without it.
    """
    beside = _Beside(settings, office, clinics)
    thread = threading.Thread(target=beside.serve, name="demonstration", daemon=True)
    thread.start()
    try:
        yield
    finally:
        beside.stop.set()
        thread.join(STOP_S)


@dataclass(frozen=True, slots=True)
class _Beside:
    settings: Settings
    office: socket.socket | None
    clinics: socket.socket | None
    stop: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        """Begin one after the other, and serve until told to stop."""
        with ExitStack() as stack:
            self._begin("office", self._serve_office, self.office, stack)
            self._begin("service for clinics", self._serve_clinics, self.clinics, stack)
            self.stop.wait()

    def _begin(
        self,
        what: str,
        serve: Callable[[socket.socket, ExitStack], None],
        listener: socket.socket | None,
        stack: ExitStack,
    ) -> None:
        if listener is None or self.stop.is_set():
            return
        try:
            serve(listener, stack)
        except (CardServiceError, OSError) as error:
            click.echo(f"The {what} did not start: {error}", err=True)

    def _serve_office(self, listener: socket.socket, stack: ExitStack) -> None:
        demonstration = stack.enter_context(demonstration_office(self.settings, show=_show))
        if fill_office(demonstration, stop=self.stop.is_set):
            stack.enter_context(office_serving(demonstration.office, listener))
            _announce(demonstration)

    def _serve_clinics(self, listener: socket.socket, stack: ExitStack) -> None:
        # Only now: neither the desk nor the office is to wait until this is loaded.
        from cardservice.home.clinics_demonstration import demonstration_clinics  # noqa: PLC0415
        from cardservice.serving.clinics import clinics_serving  # noqa: PLC0415

        address = address_of(self.settings, listener, tls=False)
        made = stack.enter_context(demonstration_clinics(self.settings, address))
        stack.enter_context(clinics_serving(made.home, listener))
        say_demonstration(self.settings, made, address, command="./run")


def _announce(demonstration: DemonstrationOffice) -> None:
    names = ", ".join(demonstration.names)
    click.echo(f"Sign in at the office as {names} with the password {demonstration.password}")
    click.echo(f"Or look an application up: {demonstration.applicant}")


def _show(line: str) -> None:
    click.echo(f"Told: {line}")
