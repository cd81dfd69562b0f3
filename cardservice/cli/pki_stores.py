"""What the commands of ``cardservice pki`` share: whose home, whose keys, who is at work."""

import getpass
from pathlib import Path

import click

from cardservice.cli.passphrase import ask_new_passphrase, ask_passphrase
from cardservice.errors import UsageError
from cardservice.home.enrolment_files import MAX_FILE, RIGHT_NAMES, rights_named
from cardservice.home.folder import Folder
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.cv.terms import TerminalRights
from cardservice.settings import load_settings

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)

out_option = click.option("--out", type=OUT, metavar="FILE", help="Where the file goes.")
right_option = click.option(
    "--right",
    "rights",
    multiple=True,
    type=click.Choice(list(RIGHT_NAMES)),
    help="What the desk may do; repeat it for more.  [default: read-policy]",
)
as_option = click.option(
    "--as", "by", metavar="NAME", help="Who does it, for the register.  [default: your login]"
)


def open_issuer() -> tuple[Folder, SoftwareKeyStore]:
    """Return the issuer's home and its keys; raises Refusal ``no-home`` without one."""
    folder = Folder(load_settings().home)
    return folder, SoftwareKeyStore(folder.require().keys, passphrase_from(prompt=ask_passphrase))


def open_desk() -> tuple[Folder, SoftwareKeyStore]:
    """Return the folder of a desk and its keys; both are made if they are not there."""
    folder = Folder(load_settings().home)
    # The first passphrase is typed twice, as for a new home.
    has_keys = folder.keys.is_dir() and any(folder.keys.iterdir())
    prompt = ask_passphrase if has_keys else ask_new_passphrase
    return folder, SoftwareKeyStore(folder.keys, passphrase_from(prompt=prompt))


def rights_of(names: tuple[str, ...]) -> TerminalRights | None:
    """Return the rights that options name; None when none was given."""
    return rights_named(list(names)) if names else None


def read_bounded(path: Path) -> bytes:
    """Return the octets of a small file; raises UsageError for a longer one."""
    with path.open("rb") as file:
        octets = file.read(MAX_FILE + 1)
    if len(octets) > MAX_FILE:
        raise UsageError(f"{path} is longer than any file of this kind")
    return octets


def who(given: str | None) -> str:
    """Return the name for the register: the one given, or that of the login."""
    try:
        return given or getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        raise UsageError("this login has no name; give yours: --as NAME") from None
