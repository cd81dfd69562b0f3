"""The key store of a home's station, in the hand of a command."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from cardservice.home.folder import Folder
from cardservice.home.station_keys import KeySecrets, Prompt, ask_secrets, open_key_store
from cardservice.pki.keys import KeyStore
from cardservice.settings import Settings


@dataclass(frozen=True, slots=True)
class KeysAtHand:
    """A home, its key store, and where that is, in words."""

    folder: Folder
    store: KeyStore
    where: str


@contextmanager
def keys_at_hand(settings: Settings, *, prompt: Prompt) -> Iterator[KeysAtHand]:
    """Lend the key store; asks for what opens it.

    Raises:
        Refusal: ``no-home``; KeyStoreError: it cannot be opened.
    """
    folder = Folder(settings.home).require()
    with ask_secrets(settings, prompt=prompt).tried() as given:
        yield from _opened(settings, folder, given)


@contextmanager
def reading_keys(settings: Settings, *, prompt: Prompt) -> Iterator[KeysAtHand]:
    """Lend the key store to whoever wants the names only: of a folder nothing is asked.

    Raises:
        Refusal: ``no-home``; KeyStoreError: the module cannot be opened.
    """
    if settings.hsm_module is not None:
        with keys_at_hand(settings, prompt=prompt) as at_hand:
            yield at_hand
        return
    yield from _opened(settings, Folder(settings.home).require(), KeySecrets())


def _opened(settings: Settings, folder: Folder, given: KeySecrets) -> Iterator[KeysAtHand]:
    with ExitStack() as stack:
        store = open_key_store(settings, folder, given, stack)
        yield KeysAtHand(folder, store, _where(settings, folder))


def _where(settings: Settings, folder: Folder) -> str:
    if settings.hsm_module is None:
        return f"the key folder {folder.keys}"
    return f"the security module {settings.hsm_module}, token {settings.hsm_token!r}"
