"""Who signs the cards of a zoo: the home's signer, one whose key was given away, and a stranger."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cardservice.home.folder import (
    Folder,
    new_serial,
    open_root,
    open_signer,
    read_fund,
    read_whole,
    write_atomically,
)
from cardservice.home.renewal import SIGNER_SPARE
from cardservice.keystores.software_keys import generate_key
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import Certificate, parse_certificate
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.extensions import usage_period_of
from cardservice.pki.keys import KeyStore
from cardservice.pki.names import root_name
from cardservice.pki.revocations import Revocation, parse_revocation_list
from cardservice.pki.suite import ECDSA_P256_SHA256
from cardservice.pki.trust import TrustStore

BACKDATED: Final = timedelta(days=2)
"""A zoo's keys are older than its cards, some of which were signed the day before."""

_FIRST_LIST: Final = 1
_STRANGER: Final = "Another scheme"


@dataclass(frozen=True, slots=True)
class Signing:
    """A document signer, and a store of somebody who believes it while the card is made."""

    signer: DocumentSigner
    trust: TrustStore


def publish_revocations(folder: Folder, keys: KeyStore, *, at: datetime) -> None:
    """Issue the next revocation list; it always names a signer whose key can still sign.

    Raises:
        Refusal, KeyStoreError: the home is damaged, or a key cannot be made.
    """
    root, held = open_root(folder, keys), parse_revocation_list(read_whole(folder.revocations))
    revoked = set(held.revoked)
    if not _has_revoked_signer(folder, at):
        revoked.add(_make_revoked_signer(folder, keys, root, began=at - BACKDATED))
    entries = [Revocation(serial, at) for serial in revoked]
    fresh = root.issue_revocations(entries, number=held.number + 1, at=at)
    write_atomically(folder.revocations, fresh)


def _has_revoked_signer(folder: Folder, at: datetime) -> bool:
    path = _revoked_path(folder)
    return path.exists() and usage_period_of(_certificate(path)).end - at > SIGNER_SPARE


def _make_revoked_signer(
    folder: Folder, keys: KeyStore, root: CertificateAuthority, *, began: datetime
) -> int:
    """Make a signer beside the home's own; return its serial number."""
    key, serial = keys.generate(_revoked_key(began)), new_serial(secrets.token_bytes)
    fund = read_fund(folder)
    der = root.issue_signer(fund, public_key=key.public_key, serial=serial, at=began)
    write_atomically(_revoked_path(folder), der)
    return serial


def signing_by(name: str, folder: Folder, keys: KeyStore, *, at: datetime) -> Signing:
    """Return who signs: ``good``, ``revoked`` or ``unknown``.

    Raises:
        KeyError: no signer of that name.
        Refusal, KeyStoreError: the home is damaged.
    """
    kinds: Mapping[str, Callable[[], Signing]] = {
        "good": lambda: _good(folder, keys, at),
        "revoked": lambda: _revoked(folder, keys, at),
        "unknown": lambda: _stranger(folder, at),
    }
    return kinds[name]()


def _good(folder: Folder, keys: KeyStore, at: datetime) -> Signing:
    root = open_root(folder, keys)
    return Signing(open_signer(folder, keys), _trust_in(root, at))


def _revoked(folder: Folder, keys: KeyStore, at: datetime) -> Signing:
    certificate = _certificate(_revoked_path(folder))
    signer = DocumentSigner(certificate, keys.signing_key(_revoked_key(certificate.not_before)))
    return Signing(signer, _trust_in(open_root(folder, keys), at))


def _stranger(folder: Folder, at: datetime) -> Signing:
    """Return a signer of the same fund under a root that is forgotten at once."""
    began = at - BACKDATED
    root = create_root(
        generate_key(ECDSA_P256_SHA256),
        subject=root_name(_STRANGER),
        serial=new_serial(secrets.token_bytes),
        at=began,
        demonstration=True,
    )
    key = generate_key(ECDSA_P256_SHA256)
    der = root.issue_signer(
        read_fund(folder),
        public_key=key.public_key,
        serial=new_serial(secrets.token_bytes),
        at=began,
    )
    return Signing(DocumentSigner(parse_certificate(der), key), _trust_in(root, at))


def _trust_in(root: CertificateAuthority, at: datetime) -> TrustStore:
    nothing_revoked = root.issue_revocations((), number=_FIRST_LIST, at=at)
    return TrustStore([root.certificate.der], revocations=[nothing_revoked], production=False)


def _revoked_key(began: datetime) -> str:
    return f"zoo-revoked-signer-{began.astimezone(UTC):%Y%m%d%H%M%S}"


def _revoked_path(folder: Folder) -> Path:
    return folder.path / "zoo" / "revoked-signer.der"


def _certificate(path: Path) -> Certificate:
    return parse_certificate(read_whole(path))
