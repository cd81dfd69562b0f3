"""``cardservice init``: a home."""

import secrets

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.passphrase import ask_new_passphrase
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.names import Fund
from cardservice.settings import load_settings


@click.command(
    epilog="""\b
Examples:
  CARDSERVICE_HOME=/srv/cards cardservice init --fund 45001 --name "Территориальный фонд"
  cardservice init --demonstration"""
)
@click.option("--fund", metavar="CODE", help="Issuing fund, five digits; default: the setting.")
@click.option("--name", default="Фонд ОМС", show_default=True, help="The fund's name.")
@click.option(
    "--demonstration",
    is_flag=True,
    help="Mark the root, so that production refuses it; take the published transport key, "
    "which simulated cards have.",
)
@reports_errors
def init(fund: str | None, name: str, *, demonstration: bool) -> None:
    """Make a home: root, document signer, CVCA, master keys, first revocation list.

    The folder is CARDSERVICE_HOME. The passphrase of its keys comes from
    CARDSERVICE_KEY_PASSPHRASE or is asked for.
    """
    settings = load_settings()
    folder = Folder(settings.home)
    wish = NewHome(fund=Fund(fund or settings.fund, name), demonstration=demonstration)
    keys = SoftwareKeyStore(folder.keys, passphrase_from(prompt=ask_new_passphrase))
    establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    click.echo(f"The home {folder.path} is ready.")
    click.echo(f"Desks trust: {folder.root}")
    click.echo(f"Back up {folder.path} and keep its passphrase elsewhere; see docs/home.md.")
