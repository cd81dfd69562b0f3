"""The home's signer of status lists: its key, its certificate, and when both are made anew."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cardservice.errors import PeerError, UsageError
from cardservice.home.folder import (
    Entropy,
    Folder,
    damaged_file,
    new_serial,
    open_root,
    read_fund,
    read_whole,
    write_atomically,
)
from cardservice.pki.certificates import Certificate, parse_certificate
from cardservice.pki.extensions import usage_period_of
from cardservice.pki.keys import KeyStore
from cardservice.pki.status_list_tokens import StatusListSigner
from cardservice.pki.status_list_trust import LIST_SIGNER_TERMS, STATUS_LIST_TYPE

LIST_SIGNER_SPARE: Final = timedelta(days=14)
"""As for a document signer: long enough to notice that the root's key is needed."""
_FILE: Final = "list-signer.der"


def list_signer_file(folder: Folder) -> Path:
    """Return where the signer's certificate lies."""
    return folder.path / _FILE


def open_list_signer(folder: Folder, keys: KeyStore) -> StatusListSigner:
    """Return the home's signer of lists with its key.

    Raises:
        KeyStoreError: its key is not in the store, or cannot be opened.
        Refusal: ``home-damaged``: its certificate is missing or damaged.
    """
    certificate = _certificate(list_signer_file(folder))
    try:
        return StatusListSigner(certificate, keys.signing_key(_key_name(certificate.not_before)))
    except UsageError as error:
        raise damaged_file(list_signer_file(folder), error) from None


def renew_list_signer(folder: Folder, keys: KeyStore, *, entropy: Entropy, at: datetime) -> bool:
    """Certify a new list key under the root if there is none, or its time is short.

    Returns whether it did.

    Raises:
        KeyStoreError: the root's key is not here; then its owner does this elsewhere.
        Refusal: ``home-damaged``.
    """
    path = list_signer_file(folder)
    if path.exists() and usage_period_of(_certificate(path)).end - at >= LIST_SIGNER_SPARE:
        return False
    root = open_root(folder, keys)
    key = keys.generate(_key_name(at))
    octets = root.issue_signer(
        read_fund(folder),
        public_key=key.public_key,
        serial=new_serial(entropy),
        at=at,
        terms=LIST_SIGNER_TERMS,
        types=(STATUS_LIST_TYPE,),
    )
    write_atomically(path, octets)
    return True


def _certificate(path: Path) -> Certificate:
    try:
        return parse_certificate(read_whole(path))
    except PeerError as error:
        raise damaged_file(path, error) from None


def _key_name(at: datetime) -> str:
    return f"list-signer-{at.astimezone(UTC):%Y%m%d%H%M%S}"
