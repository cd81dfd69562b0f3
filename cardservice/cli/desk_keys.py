"""What an enrolled desk shows to cards, fetched for the commands that read them."""

import click

from cardservice.cli.passphrase import ask_passphrase
from cardservice.errors import PeerError, Refusal
from cardservice.home.enrolment import installed
from cardservice.home.issuer import Home
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.keys import KeyStoreError
from cardservice.verify.access import Enrolment


def desk_enrolment(home: Home) -> Enrolment | None:
    """Return the desk's enrolment; None if there is none, or it cannot be used now.

    A desk whose certificate has ended still reads what every desk reads; it is told why the rest
    stays shut. The passphrase is asked for only where a desk is enrolled.
    """
    try:
        if installed(home.folder) is None:
            return None
        keys = SoftwareKeyStore(home.folder.keys, passphrase_from(prompt=ask_passphrase))
        return home.enrolment(keys)
    except (KeyStoreError, PeerError, Refusal) as error:
        click.echo(f"note: this desk's certificates are not shown to cards: {error}", err=True)
        return None
