"""``cardservice serve``: the desk, and for a demonstration the office beside it."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from socket import socket
from typing import Final, cast

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.serving.desk import demonstration_desk, serve_desk, served_desk
from cardservice.serving.listening import PORT, listening, say_address, until_stopped
from cardservice.settings import Settings, load_settings

Beside = Callable[[Settings, socket], AbstractContextManager[None]]
_BESIDE: Final = "cardservice.serving.demonstration", "demonstration_office_beside"


@click.command(
    name="serve",
    epilog="""\b
Examples:
  cardservice serve
  cardservice serve --demo --port 8081""",
)
@click.option("--demo", is_flag=True, help="Desk and office with demonstration data, no home.")
@click.option("--host", help="Address to listen on; default: the setting.")
@click.option("--port", type=PORT, help="Port; 0 takes any free one.")
@click.option("--office-port", type=PORT, help="Port of the office beside it, with --demo.")
@reports_errors
def serve_command(
    host: str | None, port: int | None, office_port: int | None, *, demo: bool
) -> None:
    """Start the desk: follow the readers, show each card's verdict on a page.

    A desk enrolled at a service works as `cardservice desk run`. With --demo, the insurer's
    office beside it. Ctrl-C stops both.
    """
    # Who takes any free port for the desk is not to be stopped by a taken one for the office.
    other = 0 if port == 0 and office_port is None else office_port
    settings = load_settings(host=host, port=port, office_port=other)
    with until_stopped():
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
        listening(settings.host, settings.office_port, option="--office-port") as office_listener,
    ):
        say_address("desk", settings, listener)
        say_address("office", settings, office_listener)
        with _office_beside()(settings, office_listener):
            serve_desk(settings, desk, listener)


def _office_beside() -> Beside:
    # A desk alone is not to wait until all of the office is loaded.
    module, name = _BESIDE
    return cast("Beside", getattr(importlib.import_module(module), name))
