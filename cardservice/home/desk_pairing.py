"""Which clinic systems may ask this desk: one file in the desk's folder, tokens as hashes only.

The desk and the command line change the file one after the other, and each sees at its next look
what the other did: a pairing that was ended is over for a desk that runs.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final

from cardservice.errors import Refusal
from cardservice.home.folder import damaged_file, read_whole, write_atomically

FILE: Final = "pairings.json"
MOST: Final = 32
"""Pairings of one desk; a machine has a few browsers and a system or two."""
NAME_MAX: Final = 80  # characters of a system's name
TOKEN_OCTETS: Final = 32  # random: a hash without salt tells nothing of them
_ID_OCTETS: Final = 8
_KIND: Final = "cardservice desk pairings"
_FORMAT: Final = 1
_Seen = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One clinic system in one browser.

    Attributes:
        id: 16 hexadecimal digits; names the pairing and opens nothing.
        name: what the system calls itself, at most 80 characters.
        origin: scheme, host and port of its pages; the token is good from there alone.
        token_hash: SHA-256 of the token, hexadecimal.
        paired_at: by this machine's clock, with its zone.
    """

    id: str
    name: str
    origin: str
    token_hash: str = field(repr=False)
    paired_at: datetime


def pairing_unknown() -> Refusal:
    """Return the refusal of a pairing that is not there, or is over."""
    return Refusal("pairing-unknown", "There is no such pairing, or it is over.")


class DeskPairings:
    """The pairings in one folder; several threads and processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._known: tuple[_Seen | None, tuple[Pairing, ...]] = (None, ())

    def all(self) -> tuple[Pairing, ...]:
        """Return the pairings, oldest first.

        Raises:
            Refusal: ``home-damaged``; then nobody is let in.
        """
        seen = self._look()
        known, pairings = self._known
        if seen is None or seen != known:
            pairings = () if seen is None else self._read()
            self._known = (seen, pairings)
        return pairings

    def add(self, name: str, origin: str, *, at: datetime) -> tuple[Pairing, str]:
        """Return a new pairing and its token, 32 octets in base64url, which is kept nowhere.

        Raises:
            Refusal: ``pairings-full``, ``home-damaged``.
        """
        token = secrets.token_urlsafe(TOKEN_OCTETS)
        made = Pairing(
            id=secrets.token_hex(_ID_OCTETS),
            name=name,
            origin=origin,
            token_hash=_hash(token),
            paired_at=at,
        )
        with self._alone():
            known = self.all()
            if len(known) >= MOST:
                raise Refusal("pairings-full", "This desk has as many pairings as it may; end one.")
            self._write((*known, made))
        return made, token

    def end(self, pairing_id: str) -> Pairing:
        """End that pairing and return it; raises Refusal ``pairing-unknown``, ``home-damaged``."""
        with self._alone():
            known = self.all()
            ended = next((one for one in known if one.id == pairing_id), None)
            if ended is None:
                raise pairing_unknown()
            self._write(tuple(one for one in known if one is not ended))
        return ended

    def holder_of(self, token: str, origin: str) -> Pairing | None:
        """Return whose token this is; None for another origin's, or nobody's.

        Raises:
            Refusal: ``home-damaged``.
        """
        hashed = _hash(token)
        found = [one for one in self.all() if compare_digest(one.token_hash, hashed)]
        return next((one for one in found if one.origin == origin), None)

    def _look(self) -> _Seen | None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self) -> tuple[Pairing, ...]:
        try:
            return _pairings(json.loads(read_whole(self._path)))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise damaged_file(self._path, "these are no pairings of this version") from None

    def _write(self, pairings: tuple[Pairing, ...]) -> None:
        said = {"kind": _KIND, "format": _FORMAT, "pairings": [_members(one) for one in pairings]}
        write_atomically(self._path, json.dumps(said, ensure_ascii=False).encode() + b"\n")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Change the file one after the other; a change takes milliseconds, so waiting is fine."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = self._path.with_suffix(".lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "backslashreplace")).hexdigest()


def _members(one: Pairing) -> dict[str, str]:
    return {
        "id": one.id,
        "name": one.name,
        "origin": one.origin,
        "token_hash": one.token_hash,
        "paired_at": one.paired_at.isoformat(),
    }


def _pairings(said: Any) -> tuple[Pairing, ...]:
    if said["kind"] != _KIND or said["format"] != _FORMAT:
        raise ValueError
    return tuple(_pairing(one) for one in said["pairings"])


def _pairing(said: Any) -> Pairing:
    texts = {name: said[name] for name in ("id", "name", "origin", "token_hash")}
    if not all(isinstance(one, str) and one.isprintable() for one in texts.values()):
        raise ValueError
    if not texts["token_hash"].isascii():
        raise ValueError
    return Pairing(**texts, paired_at=datetime.fromisoformat(said["paired_at"]))
