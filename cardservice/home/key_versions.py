"""The key versions of a home: which master is current, which are retired, and who changed it when.

The masters are in the key store under names that tell their version. What is here holds no key:
a small file, absent while the first version is the only one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum, unique
from typing import Any, Final

from cardservice.errors import UsageError
from cardservice.home.folder import (
    Folder,
    damaged_file,
    issuer_master_name,
    issuer_master_version,
    read_whole,
    write_atomically,
)
from cardservice.personalization.key_versions import (
    FIRST_ISSUER_KEY_VERSION,
    next_version,
    parse_version,
    spell_version,
)
from cardservice.pki.keys import KeyStore, SecretKey

FORMAT: Final = 1
_PROBE: Final = bytes(16)


@unique
class Act(StrEnum):
    """What was done to a version."""

    ROLLOVER = "rollover"
    RETIRED = "retired"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: what was done to which version, when (UTC), by whose login."""

    act: Act
    version: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyVersions:
    """The versions of a home's issuer keys.

    Attributes:
        current: written on new cards, 31 to 7F.
        retired: opened no more.
        history: every change, oldest first.
    """

    current: int = FIRST_ISSUER_KEY_VERSION
    retired: frozenset[int] = frozenset()
    history: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something now: a login, and the time, aware."""

    by: str
    at: datetime

    def did(self, act: Act, version: int) -> Change:
        """Return the change that it is."""
        return Change(act=act, version=version, at=self.at.astimezone(UTC), by=self.by)


def read_key_versions(folder: Folder) -> KeyVersions:
    """Return the versions of the home; the first alone where there never was a rollover.

    Raises:
        Refusal: ``home-damaged``: the file is of another form.
    """
    path = folder.key_versions
    if not path.exists():
        return KeyVersions()
    try:
        return _parse(json.loads(read_whole(path)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise damaged_file(path, "is of another version, or damaged") from None


def issuer_masters(folder: Folder, keys: KeyStore) -> tuple[int, Mapping[int, SecretKey]]:
    """Return the current version, and the masters of all versions that are opened.

    Raises:
        KeyStoreError: a key is missing, or cannot be opened; Refusal: ``home-damaged``.
    """
    versions = read_key_versions(folder)
    opened = {versions.current, *known_versions(keys)} - versions.retired
    return versions.current, {one: keys.secret(issuer_master_name(one)) for one in opened}


def known_versions(keys: KeyStore) -> tuple[int, ...]:
    """Return the versions whose master is in the store, oldest first; opens none of them."""
    found = map(issuer_master_version, keys.names())
    return tuple(sorted(version for version in found if version is not None))


def version_after(folder: Folder, keys: KeyStore) -> int:
    """Return the version that ``roll_over`` would make current; raises as it does."""
    versions = read_key_versions(folder)
    return next_version(versions.current, known_versions(keys), versions.retired)


def roll_over(folder: Folder, keys: KeyStore, *, author: Author) -> int:
    """Return the version that is current now; its master was made in the store.

    Begun again after an interruption it goes on with the master that was made then.

    Raises:
        KeyStoreError: the master cannot be made; nothing was changed.
        Refusal: ``home-damaged``; UsageError: no version is left.
    """
    versions = read_key_versions(folder)
    # Whoever cannot open the present master would find out at the next card.
    keys.secret(issuer_master_name(versions.current)).cmac(_PROBE)
    version = version_after(folder, keys)
    name = issuer_master_name(version)
    is_there = version in known_versions(keys)
    master = keys.secret(name) if is_there else keys.generate_secret(name)
    master.cmac(_PROBE)
    _write(folder, replace(versions, current=version), author.did(Act.ROLLOVER, version))
    return version


def retire(folder: Folder, keys: KeyStore, version: int, *, author: Author) -> None:
    """Let the station open no cards of a version; its master stays in the store.

    Raises:
        UsageError: it is the current one, is retired already, or has no master here.
    """
    versions = read_key_versions(folder)
    if version == versions.current:
        raise UsageError("the current version cannot be retired; roll over first")
    if version in versions.retired:
        raise UsageError(f"version {spell_version(version)} is retired already")
    if version not in known_versions(keys):
        raise UsageError(f"there is no master of version {spell_version(version)} in the key store")
    after = replace(versions, retired=versions.retired | {version})
    _write(folder, after, author.did(Act.RETIRED, version))


def restore(folder: Folder, version: int, *, author: Author) -> None:
    """Undo ``retire``; raises UsageError for a version that is not retired."""
    versions = read_key_versions(folder)
    if version not in versions.retired:
        raise UsageError(f"version {spell_version(version)} is not retired")
    after = replace(versions, retired=versions.retired - {version})
    _write(folder, after, author.did(Act.RESTORED, version))


def _write(folder: Folder, versions: KeyVersions, change: Change) -> None:
    members = {
        "format": FORMAT,
        "current": spell_version(versions.current),
        "retired": [spell_version(one) for one in sorted(versions.retired)],
        "history": [_members(one) for one in (*versions.history, change)],
    }
    octets = json.dumps(members, ensure_ascii=False, indent=1).encode() + b"\n"
    write_atomically(folder.key_versions, octets)


def _members(change: Change) -> dict[str, str]:
    return {
        "act": change.act,
        "version": spell_version(change.version),
        "at": change.at.isoformat(timespec="seconds"),
        "by": change.by,
    }


def _parse(members: Mapping[str, Any]) -> KeyVersions:
    """Return what the file says; raises what a wrong form makes of it, UsageError among it."""
    if members["format"] != FORMAT:
        raise ValueError("another format")
    versions = KeyVersions(
        current=parse_version(members["current"]),
        retired=frozenset(map(parse_version, members["retired"])),
        history=tuple(_change(one) for one in members["history"]),
    )
    if versions.current in versions.retired:
        raise ValueError("the current version is retired")
    return versions


def _change(members: Mapping[str, str]) -> Change:
    return Change(
        act=Act(members["act"]),
        version=parse_version(members["version"]),
        at=datetime.fromisoformat(members["at"]),
        by=members["by"],
    )
