"""The transcript of a key ceremony: who was there, what was made, each entry bound to the last.

It holds names of keys, public keys and hashes; nothing in it is secret.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from cardservice.errors import MalformedDataError, UsageError
from cardservice.home.enrolment_files import LONGEST_NAME, canonical, group_digits

FORMAT: Final = 1
PERSONS: Final = 2
"""Four eyes: one person can neither hold a ceremony nor vouch for one."""
NOTHING_BEFORE: Final = "0" * 64
MAX_TRANSCRIPT: Final = 1_048_576  # octets; a ceremony of twenty entries has ten thousand

_KIND: Final = "cardservice key ceremony"
_LINE: Final = "_" * 32


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers for a ceremony with a key of their own.

    Attributes:
        name: as it is printed under the transcript.
        public_key: SubjectPublicKeyInfo of their P-256 key, DER.

    Raises:
        UsageError: a name that does not print.
    """

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= LONGEST_NAME or not self.name.isprintable():
            raise UsageError(f"a name has 1 to {LONGEST_NAME} characters that print")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key, hexadecimal."""
        return hashlib.sha256(self.public_key).hexdigest()


def read_person(name: str, pem: bytes) -> Person:
    """Return the person with the public key in ``pem``; raises UsageError for another kind."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        raise UsageError(f"the public key of {name} is no PEM file") from None
    return Person(name, spki_of(key))


def spki_of(key: object) -> bytes:
    """Return the SubjectPublicKeyInfo of a P-256 public key; raises UsageError for another."""
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UsageError("a person's key is an ECDSA key on P-256")
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def require_two(persons: Sequence[Person]) -> tuple[Person, Person]:
    """Return the two persons.

    Raises:
        UsageError: fewer, more, or twice the same name or key.
    """
    if len(persons) != PERSONS:
        raise UsageError("a ceremony is held by two persons")
    first, second = persons
    same_name = _plain(first.name) == _plain(second.name)
    if same_name or first.public_key == second.public_key:
        raise UsageError("the two persons of a ceremony are different, and so are their keys")
    return first, second


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a transcript.

    Attributes:
        at: when it was written, UTC.
        event: what happened.
        details: names and fingerprints, as texts.
        previous: hash of the entry before, of this ceremony or of the one before it.
    """

    at: datetime
    event: str
    details: Mapping[str, str]
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 of everything in the entry, hexadecimal."""
        return hashlib.sha256(canonical(self.to_json())).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the entry as members."""
        return {
            "at": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "event": self.event,
            "details": dict(self.details),
            "previous": self.previous,
        }


@dataclass(frozen=True, slots=True)
class Transcript:
    """A ceremony from its opening to its end; each entry names the hash of the one before."""

    title: str
    persons: tuple[Person, Person]
    entries: tuple[Entry, ...]

    @property
    def head(self) -> str:
        """Hash of the last entry, which binds all before it."""
        return self.entries[-1].hash

    def encode(self) -> bytes:
        """Return ``transcript.json``, the octets that both persons sign."""
        persons = [
            {"name": one.name, "public_key": base64.b64encode(one.public_key).decode("ascii")}
            for one in self.persons
        ]
        said = {
            "kind": _KIND,
            "format": FORMAT,
            "title": self.title,
            "persons": persons,
            "entries": [{**one.to_json(), "hash": one.hash} for one in self.entries],
        }
        return canonical(said) + b"\n"

    def text(self) -> str:
        """Return the transcript as it is printed, with a line for each signature."""
        lines = [f"Key ceremony: {self.title}", ""]
        for number, entry in enumerate(self.entries, 1):
            lines.append(f"{number}. {entry.to_json()['at']}  {entry.event}")
            # Sorted as in the file: text and file say the same, down to the octet.
            lines += [f"     {name}: {value}" for name, value in sorted(entry.details.items())]
        digest = hashlib.sha256(self.encode()).hexdigest()
        lines += ["", f"Hash of the last entry:   {self.head}"]
        lines += ["SHA-256 of transcript.json, which both sign:", f"  {group_digits(digest)}", ""]
        for person in self.persons:
            lines += [f"{_LINE}  {person.name}", f"  key {group_digits(person.fingerprint)}", ""]
        return "\n".join(lines)


def parse_transcript(octets: bytes) -> Transcript:
    """Return the transcript that ``transcript.json`` is, its chain of hashes whole.

    Not checked: signatures, and whether the ceremony before it is the one it names.

    Raises:
        MalformedDataError: another structure, an entry that was altered, left out or moved, or
            not two different persons.
    """
    try:
        said = json.loads(octets if len(octets) <= MAX_TRANSCRIPT else b"")
        if (said["kind"], said["format"]) != (_KIND, FORMAT):
            raise MalformedDataError("no transcript of a key ceremony, or of another version")
        transcript = Transcript(
            str(said["title"]),
            require_two([_person(one) for one in said["persons"]]),
            tuple(_entry(one) for one in said["entries"]),
        )
        hashes = [str(one["hash"]) for one in said["entries"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MalformedDataError("no transcript of a key ceremony, or a damaged one") from None
    _require_chain(transcript.entries, hashes)
    if transcript.encode() != octets:
        raise MalformedDataError("the transcript was written by another hand")
    return transcript


def _require_chain(entries: Sequence[Entry], hashes: Sequence[str]) -> None:
    if not entries or [one.hash for one in entries] != list(hashes):
        raise MalformedDataError("an entry of the transcript was altered")
    if any(one.previous != before for one, before in zip(entries[1:], hashes, strict=False)):
        raise MalformedDataError("entries of the transcript were left out or moved")


def _person(said: Mapping[str, Any]) -> Person:
    return Person(said["name"], base64.b64decode(said["public_key"], validate=True))


def _entry(said: Mapping[str, Any]) -> Entry:
    details = {str(name): str(value) for name, value in said["details"].items()}
    at = datetime.fromisoformat(said["at"])
    return Entry(at, str(said["event"]), details, str(said["previous"]))


def _plain(name: str) -> str:
    return "".join(name.casefold().split())
