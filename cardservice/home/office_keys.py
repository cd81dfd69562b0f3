"""The office's keys: five secrets and two that sign, in the key store of its home.

What others need of those that sign, the public halves, lies beside them in plain files, so that
the log can be verified and a desk be set up without the passphrase.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from pathlib import Path
from typing import Final

from cardservice.errors import Refusal
from cardservice.home.folder import Folder, read_whole, write_atomically
from cardservice.pki.keys import KeyStore, SecretKey, SigningKey
from cardservice.uploads.derivation import derive

SECRET_OCTETS: Final = 32
STATEMENT_KEY: Final = "office-statements"
HEAD_KEY: Final = "office-audit-00001"
"""Signs heads of the audit log; the next one would be 00002, and both are then known."""

_HEAD_KEYS: Final = "office-audit-"
_CURSOR_LABELS: Final = ("page cursor 1", "page cursor 2")
PUBLIC_SUFFIX: Final = ".der"


@unique
class OfficeSecret(StrEnum):
    """Names of secret keys of 32 octets; each is for one thing."""

    SCANS = "office-scans"
    NOTICES = "office-notices"
    SECOND_FACTORS = "office-second-factors"
    ROWS = "office-rows"
    CURSORS = "office-cursors"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeKeys:
    """The keys, opened.

    Attributes:
        scans: of the vault.
        notices: seals what the outbox keeps.
        second_factors: seals the secrets of authenticator devices.
        rows: for fingerprints of rows of tables.
        cursor_key: 64 octets for AES-SIV.
        head_name, head: signs heads of the audit log.
        statement: the insurer's, signs the statement on temporary certificates.
    """

    scans: SecretKey
    notices: SecretKey
    second_factors: SecretKey
    rows: SecretKey
    cursor_key: bytes = field(repr=False)
    head_name: str
    head: SigningKey
    statement: SigningKey


def public_folder(folder: Folder) -> Path:
    """Return where the public halves lie."""
    return folder.path / "office"


def make_office_keys(folder: Folder, keys: KeyStore) -> tuple[str, ...]:
    """Make the keys that are missing; return their names, none if all were there.

    A run that was interrupted is finished by the next one: no key is ever made anew.

    Raises:
        KeyStoreError: the store refused.
    """
    there = frozenset(keys.names())
    secret = [name.value for name in OfficeSecret if name not in there]
    signing = [name for name in (STATEMENT_KEY, HEAD_KEY) if name not in there]
    for name in secret:
        keys.generate_secret(name, octets=SECRET_OCTETS)
    for name in signing:
        keys.generate(name)
    for name in (STATEMENT_KEY, HEAD_KEY):
        path = public_folder(folder) / f"{name}{PUBLIC_SUFFIX}"
        if not path.is_file():
            write_atomically(path, keys.signing_key(name).public_key)
    return (*secret, *signing)


def open_office_keys(keys: KeyStore) -> OfficeKeys:
    """Return the keys, opened.

    Raises:
        Refusal: ``no-office``: they were never made.
        KeyStoreError: one cannot be opened.
    """
    require_office_keys(keys)
    cursors = keys.secret(OfficeSecret.CURSORS)
    return OfficeKeys(
        scans=keys.secret(OfficeSecret.SCANS),
        notices=keys.secret(OfficeSecret.NOTICES),
        second_factors=keys.secret(OfficeSecret.SECOND_FACTORS),
        rows=keys.secret(OfficeSecret.ROWS),
        cursor_key=b"".join(derive(cursors, label) for label in _CURSOR_LABELS),
        head_name=HEAD_KEY,
        head=keys.signing_key(HEAD_KEY),
        statement=keys.signing_key(STATEMENT_KEY),
    )


def require_office_keys(keys: KeyStore) -> None:
    """Return if the office's keys were made; raises Refusal ``no-office``."""
    wanted = {name.value for name in OfficeSecret} | {STATEMENT_KEY, HEAD_KEY}
    if not wanted <= set(keys.names()):
        raise _no_office()


def head_keys(folder: Folder) -> Mapping[str, bytes]:
    """Return name → SubjectPublicKeyInfo, DER, of every key that ever signed a head.

    Raises:
        Refusal: ``no-office``: there is none.
    """
    files = sorted(public_folder(folder).glob(f"{_HEAD_KEYS}*{PUBLIC_SUFFIX}"))
    if not files:
        raise _no_office()
    return {file.stem: read_whole(file) for file in files}


def _no_office() -> Refusal:
    sentence = "This home has no keys of an office; make them with: cardservice office init"
    return Refusal("no-office", sentence)
