"""The keys of a station: which store they are in, what opens it, and what the station does with it.

Two kinds of store: the home's folder of encrypted files under a passphrase, or a security module
(PKCS#11) where the settings name one. What opens a store is asked once, in the station's own
process, and goes to its lanes over their pipes; never through an argument or a variable.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cardservice.home.folder import Folder, open_signer
from cardservice.home.key_versions import issuer_masters
from cardservice.home.trust_points import trust_point_for_cards
from cardservice.keystores.memory import TRANSPORT_MASTER
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.personalization.ports import IssuerKeys
from cardservice.pki.keys import KeyStore, KeyStoreError
from cardservice.settings import StationSettings

Prompt = Callable[[str], str]
"""Shows its argument and returns what was typed, unseen."""

PIN_CODES: Final = frozenset({"hsm-pin-wrong", "hsm-pin-last-try", "hsm-pin-locked"})
"""After these no lane tries the PIN again: a token counts, and locks itself."""


@dataclass(frozen=True, slots=True)
class KeySecrets:
    """What opens a station's key store; of a PIN file, or a central service, nothing is here."""

    passphrase: str | None = field(default=None, repr=False)
    pin: bytes | None = field(default=None, repr=False)


class StationSecrets:
    """What opens the keys, for all lanes of a station; a wrong one is tried by one lane only."""

    def __init__(self, secrets: KeySecrets) -> None:
        self._secrets = secrets
        self._trying = threading.Lock()
        self._proved = False
        self._refused: LaneFaultError | None = None

    @contextmanager
    def tried(self) -> Iterator[KeySecrets]:
        """Lend the secrets for opening a store; until they opened one, to one lane at a time.

        Raises:
            LaneFaultError: they were refused before, with that code.
        """
        with ExitStack() as alone:
            alone.enter_context(self._trying)
            if self._proved:
                alone.close()
            if self._refused is not None:
                raise LaneFaultError(self._refused.code, self._refused.sentence)
            yield self._secrets
            self._proved = True

    def note(self, fault: LaneFaultError) -> None:
        """Remember a fault that says that the PIN must not be tried again."""
        if fault.code in PIN_CODES:
            self._proved, self._refused = False, fault


def ask_secrets(
    settings: StationSettings, *, prompt: Prompt | None, environment: Mapping[str, str] = os.environ
) -> StationSecrets:
    """Return what opens the keys: from the environment, or asked of a person now.

    Args:
        prompt: None where nobody sits.

    Raises:
        KeyStoreError: there is nobody to ask.
    """
    if settings.station_central is not None:
        return StationSecrets(KeySecrets())
    if settings.hsm_module is None:
        return StationSecrets(KeySecrets(passphrase_from(environment, prompt=prompt)()))
    if settings.hsm_pin_file is not None:
        return StationSecrets(KeySecrets())
    return StationSecrets(KeySecrets(pin=_asked_pin(prompt)))


def open_key_store(
    settings: StationSettings, folder: Folder, secrets: KeySecrets, stack: ExitStack
) -> KeyStore:
    """Return the key store of the settings; ``stack`` logs out of it.

    Raises:
        KeyStoreError: it cannot be opened; of a folder this is known at its first key.
    """
    if settings.hsm_module is None:
        return SoftwareKeyStore(folder.keys, lambda: _passphrase(secrets))
    # The binding is there where a module is, and nowhere else.
    from cardservice.keystores.pkcs11 import Pkcs11KeyStore  # noqa: PLC0415
    from cardservice.keystores.pkcs11_pin import pin_from_file  # noqa: PLC0415

    file = settings.hsm_pin_file
    pin = pin_from_file(file) if file is not None else (lambda: bytearray(secrets.pin or b""))
    return stack.enter_context(
        Pkcs11KeyStore(
            settings.hsm_module, settings.hsm_token, pin, serial=settings.hsm_serial or None
        )
    )


def issuer_keys(folder: Folder, keys: KeyStore) -> IssuerKeys:
    """Return the keys cards are made with, opened; those of the issuer in all its versions.

    Raises:
        KeyStoreError: a key is missing, or cannot be opened; Refusal: the home is damaged.
    """
    current, masters = issuer_masters(folder, keys)
    return IssuerKeys(
        transport_master=keys.secret(TRANSPORT_MASTER),
        issuer_master=masters[current],
        issuer_version=current,
        other_masters={one: master for one, master in masters.items() if one != current},
        signer=open_signer(folder, keys),
        trust_point=trust_point_for_cards(folder, on=datetime.now(UTC).date()),
    )


def _passphrase(secrets: KeySecrets) -> str:
    if secrets.passphrase is None:
        raise KeyStoreError("no passphrase for the key folder", remedy="start the station again")
    return secrets.passphrase


def _asked_pin(prompt: Prompt | None) -> bytes:
    if prompt is None:
        raise KeyStoreError(
            "nobody to ask for the PIN of the security module", remedy="set hsm_pin_file"
        )
    return prompt("PIN of the security module: ").encode()
