"""Key ceremonies: a home changes in the presence of two persons, and what changed is written down.

What was made is seen by comparing the home before and after, so a ceremony can leave nothing out
and need not know what it is about.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from cardservice.errors import CardServiceError, PeerError
from cardservice.home.ceremony_transcript import (
    NOTHING_BEFORE,
    Entry,
    Person,
    Transcript,
    parse_transcript,
    require_two,
)
from cardservice.home.folder import Folder, damaged_file, read_whole, write_atomically
from cardservice.pki.keys import KeyStore, KeyStoreError

TRANSCRIPT: Final = "transcript.json"
TEXT: Final = "transcript.txt"

_PROGRAM: Final = "electronic-policy-card"
_PUBLIC: Final = ("trust/*.der", "signer.der", "terminals/**/*.cvcert")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """What a ceremony is for and who is there.

    Attributes:
        title: in a few words.
        persons: the two who answer for it and sign.
        witnesses: names of others in the room.
        place: where it is held.
    """

    title: str
    persons: Sequence[Person]
    witnesses: Sequence[str] = ()
    place: str = ""


def ceremonies(folder: Folder) -> tuple[Path, ...]:
    """Return the folders of all ceremonies of a home, the oldest first."""
    place = folder.path / "ceremonies"
    return tuple(sorted(one.parent for one in place.glob(f"*/{TRANSCRIPT}")))


def hold(
    folder: Folder,
    keys: KeyStore,
    ceremony: Ceremony,
    action: Callable[[], Sequence[str]],
    *,
    clock: Callable[[], datetime],
) -> Path:
    """Run ``action`` and write down what it changed; return the folder of the transcript.

    An action that fails is written down too, if there is a home, and then fails.

    Args:
        folder: the home; for its foundation there is none yet.
        keys: where the keys are made.
        ceremony: its title and who is there.
        action: changes the home and says in sentences what it did.
        clock: aware times for the entries.

    Raises:
        UsageError: not two different persons.
        CardServiceError: whatever ``action`` raises.
    """
    persons = require_two(ceremony.persons)
    record = _Record(clock, _last_hash(folder))
    record.write("opened", _opening(folder, ceremony))
    before = _Snapshot.take(folder, keys)
    try:
        done = action()
    except CardServiceError as error:
        if folder.marker.is_file():
            record.changes(before, _Snapshot.take(folder, keys), keys)
            record.write("failed", {"because": str(error)})
            _keep(folder, Transcript(ceremony.title, persons, tuple(record.entries)))
        raise
    record.changes(before, _Snapshot.take(folder, keys), keys)
    record.write("closed", {f"done {number}": said for number, said in enumerate(done, 1)})
    return _keep(folder, Transcript(ceremony.title, persons, tuple(record.entries)))


class _Record:
    """Entries as they are written, each with the hash of the one before."""

    def __init__(self, clock: Callable[[], datetime], previous: str) -> None:
        self._clock = clock
        self._previous = previous
        self.entries: list[Entry] = []

    def write(self, event: str, details: Mapping[str, str]) -> None:
        entry = Entry(self._clock().replace(microsecond=0), event, details, self._previous)
        self.entries.append(entry)
        self._previous = entry.hash

    def changes(self, before: "_Snapshot", after: "_Snapshot", keys: KeyStore) -> None:
        for name in sorted(after.keys - before.keys):
            self.write("key made", _about_key(name, keys))
        for path, digest in sorted(after.files.items()):
            if before.files.get(path) != digest:
                event = "file replaced" if path in before.files else "file made"
                self.write(event, {"file": path, "SHA-256": digest})


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What is public in a home: names of keys, hashes of certificates and lists."""

    keys: frozenset[str]
    files: Mapping[str, str]

    @classmethod
    def take(cls, folder: Folder, keys: KeyStore) -> "_Snapshot":
        files = {
            path.relative_to(folder.path).as_posix(): _sha256(path)
            for pattern in _PUBLIC
            for path in folder.path.glob(pattern)
        }
        return cls(frozenset(keys.names()), files)


def _about_key(name: str, keys: KeyStore) -> dict[str, str]:
    """Return what may be told of a key: of a secret one, that it is there."""
    try:
        public = keys.signing_key(name).public_key
    except KeyStoreError:
        return {"key": name, "kind": "secret"}
    digest = hashlib.sha256(public).hexdigest()
    return {"key": name, "kind": "signing", "SHA-256 of the public key": digest}


def _opening(folder: Folder, ceremony: Ceremony) -> dict[str, str]:
    persons = {
        f"person {number}": f"{one.name}, key {one.fingerprint}"
        for number, one in enumerate(ceremony.persons, 1)
    }
    witnesses = {f"witness {number}": name for number, name in enumerate(ceremony.witnesses, 1)}
    place = {"place": ceremony.place} if ceremony.place else {}
    program = {"program": f"{_PROGRAM} {version(_PROGRAM)}", "home": folder.path.name}
    return {**program, **place, **persons, **witnesses}


def _last_hash(folder: Folder) -> str:
    """Return the hash that binds all ceremonies so far; zeros when there was none."""
    held = ceremonies(folder)
    if not held:
        return NOTHING_BEFORE
    return read_transcript(held[-1]).head


def read_transcript(place: Path) -> Transcript:
    """Return the transcript in a ceremony's folder; raises Refusal ``home-damaged``."""
    path = place / TRANSCRIPT
    try:
        return parse_transcript(read_whole(path))
    except PeerError as error:
        raise damaged_file(path, error) from None


def _keep(folder: Folder, transcript: Transcript) -> Path:
    """Write the transcript into a folder of its own, named so that they sort by time."""
    number = len(ceremonies(folder)) + 1
    place = folder.path / "ceremonies" / f"{number:04}-{transcript.entries[0].at:%Y%m%d-%H%M%S}"
    write_atomically(place / TEXT, transcript.text().encode())
    write_atomically(place / TRANSCRIPT, transcript.encode())
    return place


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
