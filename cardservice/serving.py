"""``cardservice serve``: where the commands, the home and the web service are joined."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cardservice.cli.desk_keys import desk_enrolment
from cardservice.cli.exit_codes import reports_errors
from cardservice.errors import UsageError
from cardservice.home.demonstration import make_demonstration
from cardservice.home.issuer import open_home, scratch_home
from cardservice.settings import Settings, load_settings
from cardservice.texts.languages import Language
from cardservice.transport.budget import BudgetedWatch
from cardservice.transport.events import ReaderWatch
from cardservice.transport.inprocess import InProcessWatch
from cardservice.transport.pcsc.watch import PcscWatch
from cardservice.verify.ports import Examiner
from cardservice.web.app import create_app
from cardservice.web.context import LOOPBACK_HOSTS, WebSettings
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.serve import bind, serve

Desk = tuple[ReaderWatch, Examiner, Demonstration | None]


@click.command(
    name="serve",
    epilog="""\b
Examples:
  cardservice serve
  cardservice serve --demo --port 8081""",
)
@click.option("--demo", is_flag=True, help="Demonstration data and simulated readers, no home.")
@click.option("--host", help="Address to listen on; default: the setting.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes any free one.")
@reports_errors
def serve_command(host: str | None, port: int | None, *, demo: bool) -> None:
    """Start the desk: follow the readers, show each card's verdict on a page.

    Ctrl-C stops it.
    """
    settings = load_settings(host=host, port=port)
    with _until_stopped(), _demonstration_desk(settings) if demo else _desk(settings) as desk:
        _serve(settings, desk)


@contextmanager
def _until_stopped() -> Iterator[None]:
    # Ended politely by whatever started it, the service tidies up as with Ctrl-C.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _desk(settings: Settings) -> Iterator[Desk]:
    home = open_home(settings)
    yield PcscWatch(), home.examiner(enrolment=desk_enrolment(home)), None


@contextmanager
def _demonstration_desk(settings: Settings) -> Iterator[Desk]:
    with scratch_home(settings) as (home, keys):
        demonstration = make_demonstration(home, keys)
        watch = InProcessWatch(demonstration.tray.readers.values())
        yield watch, home.examiner(), demonstration


def _serve(settings: Settings, desk: Desk) -> None:
    watch, examiner, demonstration = desk
    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            "choose another with --port"
        ) from error
    hub = DeskHub()
    app = create_app(hub, settings=_web_settings(settings), demonstration=demonstration)
    runner = DeskRunner(
        hub=hub, watch=BudgetedWatch(watch, settings.card_time_budget_s), examiner=examiner
    )
    port = listener.getsockname()[1]
    click.echo(f"The desk: http://{_in_url(settings.host)}:{port}/  (Ctrl-C stops it)")
    serve(app, hub=hub, runner=runner, listener=listener)


def _web_settings(settings: Settings) -> WebSettings:
    hosts = LOOPBACK_HOSTS | {_in_url(settings.host).lower()}
    return WebSettings(hosts=hosts, language=Language(settings.language))


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
