"""``cardservice clinics serve``: the API for clinics and their desks."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.passphrase import ask_passphrase
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.home.office import open_office
from cardservice.home.office_setup import require_allowed
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.serving.clinics_tls import Tls
from cardservice.serving.listening import PORT, in_url, is_loopback, listening, until_stopped
from cardservice.settings import Settings, load_settings

if TYPE_CHECKING:
    from cardservice.home.clinics import ClinicHome
    from cardservice.home.clinics_demonstration import DemonstrationClinics
    from cardservice.pki.keys import KeyStore

FILE: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"  # read when the figures' library is first loaded


@click.command(
    name="serve",
    epilog="""\b
Examples:
  cardservice clinics serve
  cardservice clinics serve --demo
  cardservice clinics serve --workers 4
  cardservice clinics serve --host 10.0.0.5 --tls-cert chain.pem --tls-key key.pem""",
)
@click.option("--demo", is_flag=True, help="One fictional clinic, codes to try it; no home.")
@click.option("--host", help="Address to listen on; default: the setting.")
@click.option("--port", type=PORT, help="Port; 0 takes any free one.  [default: 8060]")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; default: the setting.")
@click.option("--tls-cert", type=FILE, help="Certificate chain, PEM; without it: plain http.")
@click.option("--tls-key", type=FILE, help="Its key, PEM.")
@reports_errors
def serve_command(  # noqa: PLR0913 - the options of the command
    host: str | None,
    port: int | None,
    workers: int | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    *,
    demo: bool,
) -> None:
    """Start the API for clinics and their desks, publish status lists. Ctrl-C stops it.

    Needs the issuer's home with the keys of an office. Plain http is for this machine: beyond it
    a proxy with TLS stands before it, or --tls-cert is given.
    """
    settings = load_settings(host=host, clinics_port=port, clinics_workers=workers)
    with_tls = _paired(tls_cert, tls_key)
    require_private(settings, tls=with_tls)
    if demo and settings.clinics_workers > 1:
        raise click.UsageError("the demonstration's keys are in the memory of one process")
    with until_stopped(), ExitStack() as stack:
        if demo:
            _demonstrate(settings, _tls(tls_cert, tls_key), stack)
            return
        _share_figures(settings, stack)
        _serve(settings, _tls(tls_cert, tls_key), stack)


def require_private(settings: Settings, *, tls: bool) -> None:
    """Return if nobody else can read what goes over the line.

    Raises:
        UsageError: in production, plain http on an address that others than this machine reach.
    """
    if settings.production and not tls and not is_loopback(settings.host):
        raise UsageError(
            "the API for clinics would speak plain http beyond this machine: give --tls-cert and "
            "--tls-key, or listen on 127.0.0.1 with a proxy with TLS before it"
        )


def address_of(settings: Settings, listener: socket, *, tls: bool) -> str:
    """Return where clinics find the service: as it is set, or where it listens."""
    if settings.clinics_address is not None:
        return settings.clinics_address
    port = listener.getsockname()[1]
    return f"{'https' if tls else 'http'}://{in_url(settings.host)}:{port}"


def say_demonstration(
    settings: Settings, made: "DemonstrationClinics", address: str, *, command: str
) -> None:
    """Print where it is and how a desk enrols; a program's token where only this machine reaches.

    Args:
        command: how ``cardservice`` is called here.
    """
    click.echo(f"The API for clinics: {address}/api/v1  (Ctrl-C stops it)")
    click.echo(f"Enrol a desk: {command} desk enrol {made.code} --service {address}")
    # Whoever reads it may ask at once, unlike with the code, which one desk uses up.
    if is_loopback(settings.host) and settings.clinics_address is None:
        click.echo(f"Token of a clinic's program, ends with this: {made.new_token()}")


@contextmanager
def opened_clinics(settings: Settings, store: "KeyStore", address: str) -> Iterator["ClinicHome"]:
    """Lend the service of the home folder; each process opens its own.

    Raises:
        UsageError, Refusal, KeyStoreError: as ``open_office`` and ``open_clinics``.
    """
    from cardservice.home.clinics import open_clinics  # noqa: PLC0415 - loads the figures' library

    with open_office(settings, store) as office:
        yield open_clinics(office, store, address=address)


def _serve(settings: Settings, tls: Tls | None, stack: ExitStack) -> None:
    from cardservice.serving.clinics import Upkeep, serve_clinics  # noqa: PLC0415 - see METRICS
    from cardservice.serving.clinics_workers import Workers  # noqa: PLC0415
    from cardservice.serving.logs import install_logs  # noqa: PLC0415

    install_logs(settings)
    require_allowed(settings)
    folder = Folder(settings.home).require()
    store = SoftwareKeyStore(folder.keys, passphrase_from(prompt=ask_passphrase))
    listener = stack.enter_context(listening(settings.host, settings.clinics_port))
    address = address_of(settings, listener, tls=tls is not None)
    with opened_clinics(settings, store, address) as home:
        # Before anybody can ask: what is missing is said here, where a person reads it.
        Upkeep(home).look()
    click.echo(f"The API for clinics: {address}/api/v1  (Ctrl-C stops it)")

    def work() -> None:
        with opened_clinics(settings, store, address) as home:
            serve_clinics(home, listener, tls=tls)

    if settings.clinics_workers == 1:
        work()
    else:
        Workers(work, settings.clinics_workers).run()


def _demonstrate(settings: Settings, tls: Tls | None, stack: ExitStack) -> None:
    from cardservice.home.clinics_demonstration import demonstration_clinics  # noqa: PLC0415
    from cardservice.serving.clinics import serve_clinics  # noqa: PLC0415 - see METRICS
    from cardservice.serving.logs import service_logs  # noqa: PLC0415

    stack.enter_context(service_logs(settings, requests=True))
    listener = stack.enter_context(listening(settings.host, settings.clinics_port))
    address = address_of(settings, listener, tls=tls is not None)
    made = stack.enter_context(demonstration_clinics(settings, address))
    say_demonstration(settings, made, address, command="cardservice")
    serve_clinics(made.home, listener, tls=tls)


def _share_figures(settings: Settings, stack: ExitStack) -> None:
    """Let all processes count in one folder, so that whichever is asked tells of all."""
    if settings.clinics_workers > 1 and not os.environ.get(METRICS):
        place = stack.enter_context(TemporaryDirectory(prefix="cardservice-figures-"))
        os.environ[METRICS] = place
        stack.callback(os.environ.pop, METRICS, None)


def _paired(certificate: Path | None, key: Path | None) -> bool:
    if (certificate is None) != (key is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    return certificate is not None


def _tls(certificate: Path | None, key: Path | None) -> Tls | None:
    if certificate is None or key is None:
        return None
    tls = Tls(certificate, key)
    tls.require_usable()
    return tls
