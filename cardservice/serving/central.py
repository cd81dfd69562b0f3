"""``cardservice station central``: a service that has the keys, for stations that have none."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click
import uvicorn

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.passphrase import ask_passphrase
from cardservice.errors import UsageError
from cardservice.home.central import opened_book, opened_central, tokens_of
from cardservice.home.station_keys import ask_secrets
from cardservice.personalization.central import LONGEST_MESSAGE
from cardservice.serving.listening import PORT, is_loopback, listening, until_stopped
from cardservice.serving.logs import service_logs
from cardservice.settings import Settings, load_settings
from cardservice.web.central.app import MOST_OPEN, Central, create_central_app
from cardservice.web.central.conversation import Bounds
from cardservice.web.request_log import RequestLog
from cardservice.web.serve import GRACE_S

LISTENS_ON: Final = 8071
PING_S: Final = 20.0  # a station that was switched off is known within twice this time
_QUEUE: Final = 2  # messages of one station that may wait: it speaks in turn
_STOP_S: Final = GRACE_S + 5.0


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  cardservice station central token station-2
  cardservice station central --port 8071""",
)
@click.option("--host", help="Address to listen on.  [default: setting host]")
@click.option("--port", type=PORT, default=LISTENS_ON, show_default=True, help="Port; 0: any free.")
@click.pass_context
@reports_errors
def central(context: click.Context, host: str | None, port: int) -> None:
    """Have the keys, and make cards with them in the readers of stations that have none.

    Speaks plain http: beyond this machine a proxy with TLS stands before it.
    """
    if context.invoked_subcommand is None:
        _serve(load_settings(host=host), port)


@central.command(
    short_help="Draw a station's token, or end it.",
    epilog="""\b
Examples:
  cardservice station central token station-2
  cardservice station central token station-2 --end""",
)
@click.argument("name")
@click.option("--end", is_flag=True, help="End the station's token; it makes no more cards.")
@reports_errors
def token(name: str, *, end: bool) -> None:
    """Draw the token of the station NAME, shown once; its earlier one ends.

    Put it into a file at the station that station_central_token_file names.
    """
    tokens = tokens_of(load_settings())
    if end:
        tokens.end(name)
        click.echo(f"{name} makes no more cards here.", err=True)
        return
    click.echo(tokens.draw(name, os.urandom))


@central.command(
    short_help="Let another card be made for an order.",
    epilog="""\b
Example:
  cardservice station central release order-17""",
)
@click.argument("order")
@click.option("--yes", is_flag=True, help="Do not ask.")
@reports_errors
def release(order: str, *, yes: bool) -> None:
    """Let another card be made for ORDER, with another number: its card is lost or destroyed.

    For an order of a station that lost its journal; the service must not be running.
    """
    if not yes:
        click.confirm("Is the card of this order destroyed, or blocked?", abort=True, err=True)
    with opened_book(load_settings()) as book:
        chip = book.release(order)
    click.echo(f"Another card may be made for {order}; its card was {chip.hex().upper()}.")


def central_server(
    made: Central, *, bounds: Bounds | None = None, most_open: int = MOST_OPEN
) -> uvicorn.Server:
    """Return the server of a central service, not begun."""
    config = uvicorn.Config(
        RequestLog(create_central_app(made, bounds=bounds, most_open=most_open)),
        log_config=None,
        # The library logs an error for each station it turns away, and other people's words.
        log_level="critical",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        ws_max_queue=_QUEUE,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        # A length must not tell what is in a message, nor a small one become a large one.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    return uvicorn.Server(config)


@contextmanager
def central_serving(
    made: Central,
    listener: socket.socket,
    *,
    bounds: Bounds | None = None,
    most_open: int = MOST_OPEN,
) -> Iterator[None]:
    """Answer on ``listener`` from a thread meanwhile."""
    server = central_server(made, bounds=bounds, most_open=most_open)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="central", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_STOP_S)


def require_private(settings: Settings) -> None:
    """Do nothing if PIN and PUK may go over the line as it is.

    Raises:
        UsageError: in production, on an address that others than this machine reach.
    """
    if settings.production and not is_loopback(settings.host):
        raise UsageError(
            "the central service speaks plain http: listen on 127.0.0.1, with a proxy with TLS "
            "before it"
        )


def _serve(settings: Settings, port: int) -> None:
    require_private(settings)
    given = ask_secrets(settings, prompt=ask_passphrase if sys.stdin.isatty() else None)
    with (
        until_stopped(),
        service_logs(settings, requests=True),
        listening(settings.host, port) as listener,
        given.tried() as key_secrets,
        opened_central(settings, key_secrets) as made,
    ):
        if not made.tokens.names():
            click.echo("No station has a token: cardservice station central token NAME", err=True)
        place = listener.getsockname()[1]
        click.echo(f"The central service: port {place}  (Ctrl-C stops it)", err=True)
        central_server(made).run(sockets=[listener])
