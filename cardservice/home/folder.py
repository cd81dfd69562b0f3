"""What lies where in a home folder, and how a new one comes to be whole or not at all."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cardservice.errors import PeerError, Refusal, UsageError
from cardservice.home.terminals_authority import found_terminal_authority
from cardservice.keystores.memory import DEMONSTRATION_TRANSPORT_MASTER, TRANSPORT_MASTER
from cardservice.personalization.key_versions import (
    FIRST_ISSUER_KEY_VERSION,
    parse_version,
    require_issuer_version,
)
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import Certificate, parse_certificate
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.keys import KeyStore, KeyStoreError
from cardservice.pki.names import Fund, root_name

FORMAT: Final = 1
SERIAL_OCTETS: Final = 9  # certificates: 64 random bits at least, 159 at most
ROOT_KEY: Final = "root"
"""Of the first root; those that follow have the moment behind it: ``root-20310601090000``."""
SCHEME: Final = "ОМС"
"""Organization of the root: the scheme, none of its funds. Short: every card bears it."""
ISSUER_MASTER: Final = "issuer-master"
"""Of the first key version, 31; the later ones have theirs behind it: ``issuer-master-32``."""

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Folder:
    """The paths of a home; see ``docs/home.md``."""

    path: Path

    @property
    def marker(self) -> Path:
        return self.path / "home.json"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def key_versions(self) -> Path:
        return self.path / "key-versions.json"

    @property
    def root(self) -> Path:
        return self.path / "trust" / "root.der"

    @property
    def revocations(self) -> Path:
        return self.path / "trust" / "revocations.der"

    @property
    def signer(self) -> Path:
        return self.path / "signer.der"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.jsonl"

    @property
    def letters(self) -> Path:
        return self.path / "letters"

    def require(self) -> "Folder":
        """Return this folder; raises Refusal ``no-home`` when it was never set up."""
        if not self.marker.is_file():
            raise Refusal(
                "no-home", f"There is no home in {self.path}; make one with: cardservice init"
            )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHome:
    """What a new home is made for.

    Attributes:
        fund: the issuing fund whose document signer it gets.
        demonstration: mark the root and take the published transport master.
    """

    fund: Fund
    demonstration: bool


def establish(
    folder: Folder, keys: KeyStore, wish: NewHome, *, entropy: Entropy, at: datetime
) -> None:
    """Make root, document signer, masters, the first revocation list, and who certifies terminals.

    The marker is written last: a set-up that was interrupted is no home, and is begun again in
    another folder or after this one was removed.

    Raises:
        Refusal: ``home-exists``, or ``home-unfinished``: a set-up was interrupted here.
    """
    _require_room(folder, keys)
    root = create_root(
        keys.generate(ROOT_KEY),
        subject=root_name(SCHEME),
        serial=new_serial(entropy),
        at=at,
        demonstration=wish.demonstration,
    )
    _make_masters(keys, demonstration=wish.demonstration)
    write_atomically(folder.root, root.certificate.der)
    issue_signer(folder, keys, root, wish.fund, entropy=entropy, at=at)
    write_atomically(folder.revocations, root.issue_revocations((), number=1, at=at))
    for name, octets in found_terminal_authority(keys, wish.fund, at=at).items():
        write_atomically(folder.path / name, octets)
    _write_marker(folder, wish)


def issue_signer(  # noqa: PLR0913 - the parts of one ceremony
    folder: Folder,
    keys: KeyStore,
    root: CertificateAuthority,
    fund: Fund,
    *,
    entropy: Entropy,
    at: datetime,
) -> DocumentSigner:
    """Make the fund's next document signer with a new key; the old key signs no more."""
    key = keys.generate(f"signer-{at.astimezone(UTC):%Y%m%d%H%M%S}")
    der = root.issue_signer(fund, public_key=key.public_key, serial=new_serial(entropy), at=at)
    write_atomically(folder.signer, der)
    return DocumentSigner(parse_certificate(der), key)


def open_signer(folder: Folder, keys: KeyStore) -> DocumentSigner:
    """Return the home's document signer with its key.

    Raises:
        KeyStoreError: its key is not in the store, or cannot be opened.
        Refusal: ``home-damaged``: its certificate is missing or damaged.
    """
    certificate = _read_certificate(folder.signer)
    return DocumentSigner(certificate, keys.signing_key(_signer_key_name(certificate)))


def open_root(folder: Folder, keys: KeyStore) -> CertificateAuthority:
    """Return the home's root with its key; raises as ``open_signer``."""
    certificate = _read_certificate(folder.root)
    name = root_key_name(certificate.not_before)
    key = keys.signing_key(name if name in keys.names() else ROOT_KEY)
    try:
        return CertificateAuthority(certificate, key)
    except UsageError:
        # The first root's key is here, and that of the present root is not.
        remedy = "put it back, or do this where the root is kept"
        raise KeyStoreError(f"there is no key {name}", remedy=remedy) from None


def root_key_name(begin: datetime) -> str:
    """Return the name of the key of a root that follows another, by its first moment."""
    return f"{ROOT_KEY}-{begin.astimezone(UTC):%Y%m%d%H%M%S}"


def read_marker(folder: Folder) -> Mapping[str, object]:
    """Return what the marker says.

    Raises:
        Refusal: ``home-format``: made by another version, or damaged.
    """
    try:
        marker = json.loads(read_whole(folder.require().marker))
        known = marker["format"] == FORMAT and isinstance(marker["demonstration"], bool)
    except (ValueError, KeyError, TypeError):
        known, marker = False, {}
    if not known:
        raise _damaged(folder)
    return dict(marker)


def read_fund(folder: Folder) -> Fund:
    """Return the fund the home issues for; raises Refusal as ``read_marker``."""
    named = read_marker(folder).get("fund")
    if not isinstance(named, dict) or not {"code", "name"} <= named.keys():
        raise _damaged(folder)
    try:
        return Fund(named["code"], named["name"])
    except (UsageError, TypeError):
        raise _damaged(folder) from None


def issuer_master_name(version: int) -> str:
    """Return the name of the master that issuer keys of that version are derived from."""
    suffix = f"{require_issuer_version(version):02x}"
    return ISSUER_MASTER if version == FIRST_ISSUER_KEY_VERSION else f"{ISSUER_MASTER}-{suffix}"


def issuer_master_version(name: str) -> int | None:
    """Return the key version whose master has that name; None: it is another key."""
    if name == ISSUER_MASTER:
        return FIRST_ISSUER_KEY_VERSION
    try:
        version = parse_version(name.removeprefix(f"{ISSUER_MASTER}-"))
    except UsageError:
        return None
    return version if issuer_master_name(version) == name else None


def new_serial(entropy: Entropy) -> int:
    """Return a positive random serial number of 71 bits."""
    return int.from_bytes(entropy(SERIAL_OCTETS)) >> 1 | 1


def write_atomically(path: Path, octets: bytes) -> None:
    """Put ``octets`` at ``path`` whole or not at all; on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # The new name is on the disk only once its folder is.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_whole(path: Path) -> bytes:
    """Return the octets of a file that every home has.

    Raises:
        Refusal: ``home-damaged``: it is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise damaged_file(path, error.strerror or "unreadable") from None


def damaged_file(path: Path, why: object) -> Refusal:
    """Return the refusal ``home-damaged`` for one file of a home."""
    return Refusal("home-damaged", f"{path}: {why}; restore it from a backup.")


def _read_certificate(path: Path) -> Certificate:
    try:
        return parse_certificate(read_whole(path))
    except PeerError as error:
        raise damaged_file(path, error) from None


def _require_room(folder: Folder, keys: KeyStore) -> None:
    if folder.marker.exists():
        raise Refusal("home-exists", f"{folder.path} is a home already; choose an empty folder.")
    if ROOT_KEY in keys.names():
        sentence = f"A set-up of {folder.path} was interrupted; remove the folder and begin again."
        raise Refusal("home-unfinished", sentence)
    if folder.path.exists() and any(
        one.name not in {"settings.toml", "keys"} for one in folder.path.iterdir()
    ):
        raise Refusal("home-exists", f"{folder.path} is in use; choose an empty folder.")


def _damaged(folder: Folder) -> Refusal:
    return Refusal("home-format", f"{folder.marker} is of another version, or damaged.")


def _signer_key_name(certificate: Certificate) -> str:
    return f"signer-{certificate.not_before:%Y%m%d%H%M%S}"


def _make_masters(keys: KeyStore, *, demonstration: bool) -> None:
    if demonstration:
        keys.put_secret(TRANSPORT_MASTER, DEMONSTRATION_TRANSPORT_MASTER)
    else:
        keys.generate_secret(TRANSPORT_MASTER)
    keys.generate_secret(ISSUER_MASTER)


def _write_marker(folder: Folder, wish: NewHome) -> None:
    marker = {
        "format": FORMAT,
        "fund": {"code": wish.fund.code, "name": wish.fund.name},
        "demonstration": wish.demonstration,
    }
    write_atomically(folder.marker, json.dumps(marker, ensure_ascii=False).encode() + b"\n")
