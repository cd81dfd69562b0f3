"""What an enrolled desk shows to cards, fetched for the commands that read them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click

from cardservice.cli.passphrase import ask_passphrase
from cardservice.errors import PeerError, Refusal, UsageError
from cardservice.home.desk_keys import desk_keys
from cardservice.home.enrolment import installed
from cardservice.home.issuer import Home
from cardservice.pki.keys import KeyStoreError
from cardservice.settings import Settings
from cardservice.verify.access import Enrolment


@contextmanager
def desk_enrolment(home: Home, settings: Settings) -> Iterator[Enrolment | None]:
    """Lend the desk's enrolment; None if there is none, or it cannot be used now.

    A desk whose certificate has ended still reads what every desk reads; it is told why the rest
    stays shut. The passphrase, or a module's PIN, is asked for only where a desk is enrolled; a
    module stays open as long as its key is used.
    """
    with ExitStack() as stack:
        yield _enrolment(home, settings, stack)


def _enrolment(home: Home, settings: Settings, stack: ExitStack) -> Enrolment | None:
    try:
        if installed(home.folder) is None:
            return None
        keys = stack.enter_context(desk_keys(settings, prompt=ask_passphrase))
        return home.enrolment(keys)
    except (KeyStoreError, PeerError, Refusal, UsageError) as error:
        click.echo(f"note: this desk's certificates are not shown to cards: {error}", err=True)
        return None
