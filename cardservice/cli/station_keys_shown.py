"""The key versions of a home in words and as JSON; never a key, nor a check value of one."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cardservice.home.folder import issuer_master_name
from cardservice.home.key_versions import Change, KeyVersions
from cardservice.keystores.memory import TRANSPORT_MASTER
from cardservice.personalization.key_versions import TRANSPORT_KEY_VERSION, spell_version

_NAME_WIDTH: Final = len(TRANSPORT_MASTER)
_MISSING: Final = "missing"


class VersionRow(NamedTuple):
    """One version as it is shown: two digits, the name of its master, a word."""

    version: str
    master: str
    state: str


def version_rows(
    versions: KeyVersions, known: Sequence[int], *, has_transport: bool
) -> list[VersionRow]:
    """Return all versions, the card maker's first, then the issuer's from the oldest on.

    Args:
        versions: what the home says.
        known: versions whose master is in the store.
        has_transport: the card maker's master is in it too.
    """
    state = "on blank cards" if has_transport else _MISSING
    rows = [VersionRow(spell_version(TRANSPORT_KEY_VERSION), TRANSPORT_MASTER, state)]
    for version in sorted({*known, versions.current, *versions.retired}):
        state = _state(version, versions) if version in known else _MISSING
        rows.append(VersionRow(spell_version(version), issuer_master_name(version), state))
    return rows


def as_lines(where: str, versions: KeyVersions, rows: Sequence[VersionRow]) -> Iterator[str]:
    """Yield what a person reads."""
    yield f"Keys are in {where}."
    for version, name, state in rows:
        yield f"  {version}  {name:{_NAME_WIDTH}}  {state}"
    for one in versions.history:
        yield f"{one.at:%Y-%m-%d %H:%M} UTC  {one.act} {spell_version(one.version)}, by {one.by}"


def as_members(where: str, versions: KeyVersions, rows: Sequence[VersionRow]) -> dict[str, object]:
    """Return what a program reads."""
    return {
        "store": where,
        "current": spell_version(versions.current),
        "versions": [row._asdict() for row in rows],
        "history": [_members(one) for one in versions.history],
    }


def _state(version: int, versions: KeyVersions) -> str:
    if version == versions.current:
        return "current"
    return "retired" if version in versions.retired else "opened"


def _members(change: Change) -> dict[str, str]:
    return {
        "act": change.act,
        "version": spell_version(change.version),
        "at": change.at.isoformat(),
        "by": change.by,
    }
