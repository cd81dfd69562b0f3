"""What runs out and is renewed: the revocation list, the document signer."""

from datetime import datetime, timedelta
from typing import Final

from cryptography.x509 import load_der_x509_crl

from cardservice.errors import MalformedDataError
from cardservice.home.folder import (
    Entropy,
    Folder,
    damaged_file,
    issue_signer,
    open_root,
    open_signer,
    read_fund,
    read_whole,
    write_atomically,
)
from cardservice.pki.keys import KeyStore
from cardservice.pki.revocations import Revocation, parse_revocation_list

SIGNER_SPARE: Final = timedelta(days=14)
"""A signer with less time left is replaced: a batch must not stop in its middle."""


def renew(folder: Folder, keys: KeyStore, *, entropy: Entropy, at: datetime) -> list[str]:
    """Issue a fresh revocation list, and a new signer if the old one's time is short.

    Returns what was done, in sentences.

    Raises:
        KeyStoreError: the root's key is not here; then its owner does this elsewhere.
        Refusal: ``home-damaged``: a certificate or the list held is missing or damaged.
    """
    root = open_root(folder, keys)
    held = read_whole(folder.revocations)
    number = _number(folder, held) + 1
    fresh = root.issue_revocations(_revocations(held), number=number, at=at)
    write_atomically(folder.revocations, fresh)
    done = [f"revocation list {number} issued"]
    if open_signer(folder, keys).usage.end - at < SIGNER_SPARE:
        issue_signer(folder, keys, root, read_fund(folder), entropy=entropy, at=at)
        done.append("new document signer issued")
    return done


def _number(folder: Folder, held: bytes) -> int:
    try:
        return parse_revocation_list(held).number
    except MalformedDataError as error:
        raise damaged_file(folder.revocations, error) from None


def _revocations(held: bytes) -> list[Revocation]:
    entries = load_der_x509_crl(held)
    return [Revocation(one.serial_number, one.revocation_date_utc) for one in entries]
