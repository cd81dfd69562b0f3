"""The desk's side of enrolment: its keys, which never leave it, and what it shows to cards."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.errors import PeerError, Refusal, UsageError
from cardservice.home.enrolment_files import (
    DeskBundle,
    DeskWish,
    parse_bundle,
    write_request,
)
from cardservice.home.folder import Folder, damaged_file, read_whole, write_atomically
from cardservice.home.terminals_authority import COUNTRY, next_number
from cardservice.pki.cv.certificates import CvCertificate
from cardservice.pki.cv.keys import plain_signer, public_key_of
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import authenticate_request, create_request
from cardservice.pki.cv.terms import Role
from cardservice.pki.keys import KeyStore, SigningKey
from cardservice.verify.access import Enrolment

DESK_KEY: Final = "desk-"
_MNEMONIC_LEN: Final = 9


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """The paths below ``desk/`` of a desk's home, which need not be an issuer's."""

    home: Path

    @property
    def request(self) -> Path:
        """The last request that was made here."""
        return self.home / "desk" / "request.json"

    @property
    def bundle(self) -> Path:
        """The bundle that is in use."""
        return self.home / "desk" / "bundle.json"


def request_enrolment(folder: Folder, keys: KeyStore, wish: DeskWish) -> bytes:
    """Return the request of a new desk, with a new key and references of its own.

    The references are made of the key, so that two desks never have the same, and no clinic
    needs to ask for one.

    Raises:
        Refusal: ``home-damaged``.
        KeyStoreError: the key cannot be made.
    """
    number = _next_number(folder, keys)
    key = keys.generate(f"{DESK_KEY}{number}")
    digest = hashlib.sha256(key.public_key).digest()
    mnemonic = base64.b32encode(digest).decode("ascii")[:_MNEMONIC_LEN]
    request = create_request(key, holder=HolderReference(COUNTRY, mnemonic, number))
    return _kept(folder, write_request(wish, key, request))


def request_renewal(folder: Folder, keys: KeyStore) -> bytes:
    """Return the request for the next key of an enrolled desk; the present key vouches for it.

    Raises:
        Refusal: ``not-enrolled``, or ``home-damaged``.
        KeyStoreError: the present key is not here, or the next one cannot be made.
    """
    bundle = installed(folder)
    if bundle is None:
        sentence = "This desk is not enrolled; begin with: cardservice pki desk request"
        raise Refusal("not-enrolled", sentence)
    present, number = _key_of(bundle.terminal, keys), _next_number(folder, keys)
    key = keys.generate(f"{DESK_KEY}{number}")
    holder = HolderReference(COUNTRY, bundle.reference.mnemonic, number)
    request = create_request(key, holder=holder)
    vouched = authenticate_request(request, key=present, holder=bundle.reference)
    return _kept(folder, write_request(bundle.wish, key, request, vouched=vouched))


def install(folder: Folder, keys: KeyStore, octets: bytes, *, at: datetime) -> DeskBundle:
    """Take the bundle that the issuer sent, if it is for a key of this desk and good today.

    Raises:
        Refusal: ``bundle-refused``: damaged, not in time, for another desk, or older than the
            one in use.
        KeyStoreError: the key of the bundle is not here.
    """
    try:
        bundle = parse_bundle(octets)
        bundle.verify(on=at.date())
        _require_key(bundle, _key_of(bundle.terminal, keys))
    except (PeerError, UsageError) as error:
        raise Refusal("bundle-refused", f"The bundle cannot be taken: {error}.") from None
    if _age(bundle) < _age(installed(folder)):
        raise Refusal("bundle-refused", "The bundle cannot be taken: a newer one is in use.")
    write_atomically(DeskFolder(folder.path).bundle, octets)
    return bundle


def installed(folder: Folder) -> DeskBundle | None:
    """Return the bundle in use, not verified; None at a desk that has none.

    Raises:
        Refusal: ``home-damaged``.
    """
    path = DeskFolder(folder.path).bundle
    if not path.exists():
        return None
    try:
        return parse_bundle(read_whole(path))
    except PeerError as error:
        raise damaged_file(path, error) from None


def load_enrolment(folder: Folder, keys: KeyStore, *, on: date) -> Enrolment | None:
    """Return what the desk shows to cards, all of it verified; None at a desk without a bundle.

    Args:
        folder: of the desk.
        keys: with the desk's key.
        on: the day, UTC; a program that runs for days loads again every day.

    Raises:
        Refusal: ``enrolment-expired``, ``enrolment-early``, or ``home-damaged``.
        KeyStoreError: the desk's key is not here.
    """
    bundle = installed(folder)
    if bundle is None:
        return None
    _require_in_time(bundle, on)
    key = _key_of(bundle.terminal, keys)
    try:
        chain = bundle.verify(on=on)
        _require_key(bundle, key)
        rights = chain.rights
    except (PeerError, UsageError) as error:
        raise damaged_file(DeskFolder(folder.path).bundle, error) from None
    return Enrolment((TerminalChain(chain.certificates, rights),), plain_signer(key))


def _kept(folder: Folder, octets: bytes) -> bytes:
    write_atomically(DeskFolder(folder.path).request, octets)
    return octets


def _next_number(folder: Folder, keys: KeyStore) -> str:
    """Return the number after those of the keys, and after that of the certificate in use.

    Keys go, and a token may be another one; a bundle with a lower number would not be taken.
    """
    bundle, after_keys = installed(folder), next_number(keys, DESK_KEY)
    present = "" if bundle is None else bundle.reference.sequence
    if not present.isdigit():
        return after_keys
    return max(after_keys, str(int(present) + 1).zfill(len(present)))


def _key_of(terminal: CvCertificate, keys: KeyStore) -> SigningKey:
    sequence = HolderReference.parse(terminal.chr).sequence
    if not sequence.isdigit():
        raise UsageError("it is for no key of this desk")
    return keys.signing_key(f"{DESK_KEY}{sequence}")


def _require_key(bundle: DeskBundle, key: SigningKey) -> None:
    if public_key_of(key).without_domain() != bundle.terminal.public_key:
        raise UsageError("it is for another desk")


def _age(bundle: DeskBundle | None) -> tuple[str, date]:
    """Return what is higher for the newer of two bundles of one home."""
    if bundle is None:
        return "", date.min
    return bundle.reference.sequence, bundle.terminal.expiration


def _require_in_time(bundle: DeskBundle, on: date) -> None:
    ends = min(one.expiration for one in bundle.certificates if one.chat.role is not Role.CVCA)
    if on > ends:
        raise Refusal(
            "enrolment-expired",
            f"This desk's certificate ran out on {ends}; renew it: cardservice pki desk renew",
        )
    if on < max(one.effective for one in bundle.certificates):
        raise Refusal(
            "enrolment-early",
            f"This desk's certificate begins on {bundle.terminal.effective}, and today is {on} "
            "by the clock of this machine; set the clock.",
        )
