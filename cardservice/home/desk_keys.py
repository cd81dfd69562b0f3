"""The key store of a desk: the home's folder of encrypted files, or a security module.

A key in a module (PKCS#11) never comes out of it. One in a folder is a file under a passphrase:
whoever copies the file and learns the passphrase has the key.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from cardservice.home.enrolment import DESK_KEY
from cardservice.home.folder import Folder
from cardservice.home.station_keys import Prompt, ask_secrets, open_key_store
from cardservice.home.terminals_authority import next_number
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.keys import KeyStore, RemovableKeys, SigningKey
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


def remove_former_keys(keys: KeyStore, *, sequence: str) -> tuple[str, ...]:
    """Remove the keys that cards were shown before, all but the last of them; return their names.

    The last one stays for a program that still works with its certificate.

    Args:
        sequence: five digits, of the key in use; later ones wait for their certificates.

    Raises:
        KeyStoreError: a key cannot be removed; those before it are.
    """
    names, present = _numbered(keys, DESK_KEY), f"{DESK_KEY}{sequence}"
    # Not the store that the certificate's key is in, or another desk's too: whose are these?
    if present not in names or _is_shared(keys):
        return ()
    return _removed(keys, sorted(one for one in names if one < present)[:-1])


def remove_desk_keys(keys: KeyStore) -> tuple[str, ...]:
    """Remove all keys of a desk that has left; return their names; raises as above.

    Of a store that another desk has keys in none goes: their names do not say whose they are.
    """
    if _is_shared(keys):
        return ()
    names = (one for stem in (ASSERTION_KEY, DESK_KEY) for one in _numbered(keys, stem))
    return _removed(keys, names)


def _is_shared(keys: KeyStore) -> bool:
    return len(_numbered(keys, ASSERTION_KEY)) > 1


def _numbered(keys: KeyStore, stem: str) -> list[str]:
    return [
        one for one in keys.names() if one.startswith(stem) and one.removeprefix(stem).isdigit()
    ]


def _removed(keys: KeyStore, names: Iterable[str]) -> tuple[str, ...]:
    if not isinstance(keys, RemovableKeys):
        return ()
    gone = tuple(names)
    for one in gone:
        keys.remove(one)
    return gone


def new_assertion_key(keys: KeyStore) -> tuple[str, SigningKey]:
    """Return a new assertion key with its name; raises KeyStoreError."""
    name = f"{ASSERTION_KEY}{next_number(keys, ASSERTION_KEY)}"
    return name, keys.generate(name)
