"""The two signatures under a transcript, each detached, by a person's own key.

A signature is ECDSA with SHA-256 over the octets of ``transcript.json``, DER, in a file of its own:
``openssl dgst -sha256 -sign`` makes the same, on a machine that this program never sees.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cardservice.errors import AuthenticationError, PeerError, Refusal, UsageError
from cardservice.home.ceremony import TEXT, TRANSCRIPT, ceremonies, read_transcript
from cardservice.home.ceremony_transcript import (
    NOTHING_BEFORE,
    PERSONS,
    Person,
    Transcript,
    spki_of,
)
from cardservice.home.folder import Folder, read_whole, write_atomically
from cardservice.pki.suite import ECDSA_P256_SHA256

_SCHEME: Final = ec.ECDSA(SHA256())
MAX_SIGNATURE: Final = 72  # octets of SEQUENCE{r, s} on P-256


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyCheck:
    """What two signatures say about a transcript.

    Attributes:
        title: of the ceremony.
        digest: SHA-256 of what is signed, hexadecimal.
        signed: names of those whose signature verified.
        missing: names of those who did not sign yet.
        faults: sentences; with one of them the transcript proves nothing.
    """

    title: str
    digest: str
    signed: tuple[str, ...]
    missing: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """True when both signed the same and nothing speaks against it."""
        return len(self.signed) == PERSONS and not self.missing and not self.faults


def sign_with_key(
    place: Path, name: str, pem: bytes, ask: Callable[[str], str] = lambda _: ""
) -> Path:
    """Sign the transcript in ``place`` for the person ``name``; return the signature's file.

    Args:
        place: the ceremony's folder.
        name: one of its two persons.
        pem: their private key, PEM, encrypted or not.
        ask: asks for the passphrase of an encrypted one.

    Raises:
        Refusal: ``not-of-ceremony``: nobody of that name is answerable for it, or the key is not
            the one that the transcript names; ``home-damaged``.
        UsageError: no P-256 key, or another passphrase.
    """
    transcript = read_transcript(place)
    key = _load(pem, ask)
    number, person = _person(transcript, name)
    if spki_of(key.public_key()) != person.public_key:
        raise Refusal("not-of-ceremony", f"The transcript names another key of {person.name}.")
    return _put(place, number, key.sign(transcript.encode(), _SCHEME))


def add_signature(place: Path, name: str, signature: bytes) -> Path:
    """Take a signature that was made elsewhere; return its file.

    Raises:
        Refusal: as ``sign_with_key``, when it does not verify with the key of that person.
    """
    transcript = read_transcript(place)
    number, person = _person(transcript, name)
    try:
        _verify(transcript, person, signature)
    except PeerError:
        sentence = f"This is not a signature of {person.name} over {TRANSCRIPT}."
        raise Refusal("not-of-ceremony", sentence) from None
    return _put(place, number, signature)


def check(folder: Folder, place: Path) -> CeremonyCheck:
    """Return what is proved about the ceremony in ``place``, and what is missing.

    Raises:
        Refusal: ``home-damaged``: the transcript itself is no transcript, or was altered.
    """
    transcript = read_transcript(place)
    signed, missing, faults = [], [], _faults(folder, place, transcript)
    for number, person in enumerate(transcript.persons, 1):
        path = _signature(place, number)
        if not path.exists():
            missing.append(person.name)
            continue
        try:
            _verify(transcript, person, read_whole(path))
            signed.append(person.name)
        except PeerError:
            faults.append(f"{path.name} is not a signature of {person.name}")
    return CeremonyCheck(
        title=transcript.title,
        digest=hashlib.sha256(transcript.encode()).hexdigest(),
        signed=tuple(signed),
        missing=tuple(missing),
        faults=tuple(faults),
    )


def find(folder: Folder, name: str | None) -> Path:
    """Return the folder of the ceremony of that name, of the last one without a name.

    Raises:
        Refusal: ``no-ceremony``.
    """
    held = [one for one in ceremonies(folder) if name in (None, one.name)]
    if not held:
        raise Refusal("no-ceremony", "There is no transcript of such a ceremony in this home.")
    return held[-1]


def _faults(folder: Folder, place: Path, transcript: Transcript) -> list[str]:
    faults = []
    if read_whole(place / TEXT) != transcript.text().encode():
        faults.append(f"{TEXT} says something else than {TRANSCRIPT}")
    if transcript.entries[0].previous != _head_before(folder, place):
        faults.append("the ceremony before it is another one, or is missing")
    return faults


def _head_before(folder: Folder, place: Path) -> str:
    before = [one for one in ceremonies(folder) if one.name < place.name]
    return read_transcript(before[-1]).head if before else NOTHING_BEFORE


def _verify(transcript: Transcript, person: Person, signature: bytes) -> None:
    if len(signature) > MAX_SIGNATURE:
        raise AuthenticationError("longer than a signature")
    ECDSA_P256_SHA256.verifier(person.public_key)(signature, transcript.encode())


def _person(transcript: Transcript, name: str) -> tuple[int, Person]:
    for number, person in enumerate(transcript.persons, 1):
        if person.name == name:
            return number, person
    names = " and ".join(one.name for one in transcript.persons)
    raise Refusal("not-of-ceremony", f"This ceremony was held by {names}.")


def _put(place: Path, number: int, signature: bytes) -> Path:
    path = _signature(place, number)
    write_atomically(path, signature)
    return path


def _signature(place: Path, number: int) -> Path:
    return place / f"signature-{number}.sig"


def _load(pem: bytes, ask: Callable[[str], str]) -> ec.EllipticCurvePrivateKey:
    passphrase: bytes | None = None
    if b"ENCRYPTED" in pem:
        passphrase = ask("Passphrase of your own key: ").encode()
    try:
        key = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError):
        raise UsageError("your key does not open: no PEM file, or another passphrase") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UsageError("a person's key is an ECDSA key on P-256")
    return key
