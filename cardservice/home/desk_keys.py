"""The key store of a desk: the home's folder of encrypted files, or a security module.

A key in a module (PKCS#11) never comes out of it. One in a folder is a file under a passphrase:
whoever copies the file and learns the passphrase has the key.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from cardservice.home.folder import Folder
from cardservice.home.station_keys import Prompt, ask_secrets, open_key_store
from cardservice.home.terminals_authority import next_number
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.keys import KeyStore, SigningKey
from cardservice.settings import Settings

ASSERTION_KEY: Final = "assertion-"
"""What the desk proves itself to the service with; its keys for cards are ``desk-``."""


@contextmanager
def desk_keys(settings: Settings, *, prompt: Prompt) -> Iterator[KeyStore]:
    """Lend the desk's key store; a folder's passphrase is asked for with the first key.

    Raises:
        KeyStoreError: it cannot be opened, or nobody is there to ask.
    """
    folder = Folder(settings.home)
    with ExitStack() as stack:
        if settings.hsm_module is None:
            yield SoftwareKeyStore(folder.keys, passphrase_from(prompt=prompt))
            return
        given = stack.enter_context(ask_secrets(settings, prompt=prompt).tried())
        yield open_key_store(settings, folder, given, stack)


def has_keys(folder: Folder) -> bool:
    """Return whether a folder has keys already: a first passphrase is typed twice."""
    return folder.keys.is_dir() and any(folder.keys.iterdir())


def new_assertion_key(keys: KeyStore) -> tuple[str, SigningKey]:
    """Return a new assertion key with its name; raises KeyStoreError."""
    name = f"{ASSERTION_KEY}{next_number(keys, ASSERTION_KEY)}"
    return name, keys.generate(name)
