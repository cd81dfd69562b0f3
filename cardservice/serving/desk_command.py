"""``cardservice serve``: the desk, and for a demonstration what the service has beside it."""

import importlib
from contextlib import AbstractContextManager, ExitStack
from socket import socket
from typing import Final, Protocol, cast

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.errors import UsageError
from cardservice.serving.desk import demonstration_desk, serve_desk, served_desk
from cardservice.serving.listening import PORT, listening, say_address, until_stopped
from cardservice.serving.logs import service_logs
from cardservice.settings import Settings, load_settings

_BESIDE: Final = "cardservice.serving.demonstration", "demonstration_beside"


class Beside(Protocol):
    """``demonstration_beside``, which is loaded late."""

    def __call__(
        self, settings: Settings, *, office: socket | None, clinics: socket | None
    ) -> AbstractContextManager[None]:
        """Serve both meanwhile."""


@click.command(
    name="serve",
    epilog="""\b
Examples:
  cardservice serve
  cardservice serve --demo --port 8081""",
)
@click.option("--demo", is_flag=True, help="Desk, office, API for clinics; made-up data, no home.")
@click.option("--host", help="Address to listen on; default: the setting.")
@click.option("--port", type=PORT, help="Port; 0 takes any free one.")
@click.option("--office-port", type=PORT, help="Port of the office beside it, with --demo.")
@click.option("--clinics-port", type=PORT, help="Port of the API for clinics, with --demo.")
@reports_errors
def serve_command(
    host: str | None,
    port: int | None,
    office_port: int | None,
    clinics_port: int | None,
    *,
    demo: bool,
) -> None:
    """Start the desk: follow the readers, show each card's verdict on a page.

    A desk enrolled at a service works as `cardservice desk run`. With --demo, the insurer's
    office and the API for clinics beside it. Ctrl-C stops all.
    """
    # Who takes any free port for the desk is not to meet a taken one for the others.
    free = 0 if port == 0 else None
    settings = load_settings(
        host=host,
        port=port,
        office_port=free if office_port is None else office_port,
        clinics_port=free if clinics_port is None else clinics_port,
    )
    with until_stopped(), service_logs(settings):
        if demo:
            _serve_demonstration(settings)
        else:
            _serve(settings)


def _serve(settings: Settings) -> None:
    with served_desk(settings) as desk, listening(settings.host, settings.port) as listener:
        say_address("desk", settings, listener)
        serve_desk(settings, desk, listener)


def _serve_demonstration(settings: Settings) -> None:
    with (
        demonstration_desk(settings) as desk,
        listening(settings.host, settings.port) as listener,
        ExitStack() as stack,
    ):
        say_address("desk", settings, listener)
        office = _listening_beside("office", settings, settings.office_port, stack)
        clinics = _listening_beside("clinics", settings, settings.clinics_port, stack)
        if office is not None:
            say_address("office", settings, office)
        with _beside()(settings, office=office, clinics=clinics):
            serve_desk(settings, desk, listener)


def _listening_beside(what: str, settings: Settings, port: int, stack: ExitStack) -> socket | None:
    """Return a socket that listens; None, and it is said: the desk goes on without it."""
    try:
        return stack.enter_context(listening(settings.host, port, option=f"--{what}-port"))
    except UsageError as error:
        click.echo(f"Without {what}: {error}", err=True)
        return None


def _beside() -> Beside:
    # A desk alone is not to wait until all of the office is loaded.
    module, name = _BESIDE
    return cast("Beside", getattr(importlib.import_module(module), name))
