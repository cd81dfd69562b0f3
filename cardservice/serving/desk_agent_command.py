"""``cardservice desk run``: the page of a desk that is enrolled at a service, and its agent."""

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.serving.desk import enrolled_desk, serve_desk
from cardservice.serving.listening import PORT, listening, say_address, until_stopped
from cardservice.serving.logs import service_logs
from cardservice.settings import load_settings


@click.command(
    name="run",
    epilog="""\b
Examples:
  cardservice desk run
  CARDSERVICE_KEY_PASSPHRASE=… cardservice desk run --port 8081""",
)
@click.option("--host", help="Address to listen on; default: the setting.")
@click.option("--port", type=PORT, help="Port; 0 takes any free one.")
@reports_errors
def run_command(host: str | None, port: int | None) -> None:
    """Follow the readers, show each card's verdict, keep fresh what it rests on.

    The service need not be reached to start. Ctrl-C or SIGTERM stops it.
    """
    settings = load_settings(host=host, port=port)
    with (
        until_stopped(),
        service_logs(settings),
        enrolled_desk(settings) as desk,
        listening(settings.host, settings.port) as listener,
    ):
        say_address("desk", settings, listener)
        serve_desk(settings, desk, listener)
