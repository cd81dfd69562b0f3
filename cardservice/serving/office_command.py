"""``cardservice office serve``: pages, API and timers of the office."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from socket import socket

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.passphrase import ask_passphrase
from cardservice.home.office_setup import office_of
from cardservice.keystores.passphrase import passphrase_from
from cardservice.serving.demonstration import serve_demonstration_office
from cardservice.serving.listening import PORT, listening, say_address, until_stopped
from cardservice.serving.logs import service_logs
from cardservice.serving.office import serve_office
from cardservice.settings import Settings, load_settings
from cardservice.transport.budget import BudgetedWatch
from cardservice.web.office.delivery.reading import DeskReader
from cardservice.web.office.parts import ClerkReader


@click.command(
    name="serve",
    epilog="""\b
Examples:
  cardservice office serve
  cardservice office serve --reader
  cardservice office serve --demo --port 8091""",
)
@click.option("--demo", is_flag=True, help="Fictional people and accounts, no home.")
@click.option(
    "--reader",
    is_flag=True,
    help="Follow the card readers of this machine: a card opens its person at the hand-over.",
)
@click.option("--host", help="Address to listen on; default: the setting.")
@click.option("--port", type=PORT, help="Port; 0 takes any free one.")
@reports_errors
def office_serve_command(host: str | None, port: int | None, *, demo: bool, reader: bool) -> None:
    """Start the office's pages, API and timers. Ctrl-C stops them."""
    settings = load_settings(host=host, office_port=port)
    if demo and reader:
        raise click.UsageError("the demonstration's cards lie on the readers of its desk")
    with until_stopped(), service_logs(settings):
        if demo:
            with _listening(settings) as listener:
                serve_demonstration_office(settings, listener)
        else:
            _serve(settings, reader=reader)


def _serve(settings: Settings, *, reader: bool) -> None:
    with (
        office_of(settings, passphrase_from(prompt=ask_passphrase)) as office,
        _listening(settings) as listener,
        _clerk_reader(settings) if reader else nullcontext() as clerk_reader,
    ):
        serve_office(office, listener, reader=clerk_reader)


@contextmanager
def _clerk_reader(settings: Settings) -> Iterator[ClerkReader]:
    # Only who wants one loads PC/SC.
    from cardservice.serving.desk import real_desk  # noqa: PLC0415

    with real_desk(settings) as desk:
        followed = DeskReader(BudgetedWatch(desk.watch, settings.card_time_budget_s), desk.examiner)
        followed.start()
        try:
            yield followed
        finally:
            followed.stop()


@contextmanager
def _listening(settings: Settings) -> Iterator[socket]:
    with listening(settings.host, settings.office_port) as listener:
        say_address("office", settings, listener)
        yield listener
