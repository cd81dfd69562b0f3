"""The register of desks: an append-only file of the issuer, one JSON object a line."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum, unique
from pathlib import Path
from typing import Any, Final

from cardservice.errors import PeerError, Refusal
from cardservice.home.enrolment_files import name_rights, rights_named
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.terms import TerminalRights

_PRIVATE_FILE: Final = 0o600


@unique
class DeskEvent(StrEnum):
    """What happened to a desk."""

    CERTIFIED = "certified"
    ENDED = "ended"
    MOVED = "moved"
    """Its register is the office's database from then on; here it counts as ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A desk as the register knows it now.

    Attributes:
        holder: country and mnemonic of its references: the same for all keys of this desk.
        name: its name at its clinic.
        clinic: the clinic's name.
        rights: what its last certificate gives.
        enrolled: when it was certified for the first time, UTC.
        sequence: number of the key that was certified last, 5 digits.
        fingerprint: of the request for that key.
        until: last day of that certificate.
        ended: when its enrolment was ended, UTC; None while it goes on.
        moved: it ended here because it goes on in the office's database.
    """

    holder: str
    name: str
    clinic: str
    rights: TerminalRights
    enrolled: datetime
    sequence: str
    fingerprint: str
    until: date
    ended: datetime | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Who did something, when and why: every line of the register says it.

    Attributes:
        by: the person's name.
        at: when, UTC.
        reason: in a few words.
    """

    by: str
    at: datetime
    reason: str


def holder_of(reference: HolderReference) -> str:
    """Return country and mnemonic, what all references of a desk share."""
    return reference.country + reference.mnemonic


class DeskRegister:
    """The file and what it says.

    Raises:
        Refusal: ``desks-damaged``: a whole line is not one of ours; nothing is changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._desks: dict[str, Desk] = {}
        for number, line in enumerate(_whole_lines(path), 1):
            self._take(_parse(line, number), number)

    def desks(self) -> tuple[Desk, ...]:
        """Return all desks, those that were ended too, in the order of their enrolment."""
        return tuple(self._desks.values())

    def find(self, holder: str) -> Desk | None:
        """Return the desk with these references."""
        return self._desks.get(holder)

    def active(self, name: str, clinic: str | None = None) -> tuple[Desk, ...]:
        """Return the desks of this name, or with these references, that were not ended."""
        return tuple(
            desk
            for desk in self._desks.values()
            if desk.ended is None
            and name in (desk.name, desk.holder)
            and clinic in (None, desk.clinic)
        )

    def certified(self, desk: Desk, ground: Ground) -> None:
        """Record a certificate; when this returns it is on the disk."""
        self._append(
            {
                "event": DeskEvent.CERTIFIED,
                "holder": desk.holder,
                "name": desk.name,
                "clinic": desk.clinic,
                "rights": name_rights(desk.rights),
                "sequence": desk.sequence,
                "fingerprint": desk.fingerprint,
                "until": desk.until.isoformat(),
            },
            ground,
        )

    def ended(self, desk: Desk, ground: Ground) -> None:
        """Record the end of a desk's enrolment; when this returns it is on the disk."""
        self._append({"event": DeskEvent.ENDED, "holder": desk.holder}, ground)

    def moved(self, desks: Iterable[Desk], ground: Ground) -> None:
        """Record that desks are kept in the office's database, all in one write."""
        lines = [_whole({"event": DeskEvent.MOVED, "holder": one.holder}, ground) for one in desks]
        if lines:
            append_line(self._path, b"\n".join(map(_line, lines)))
        for line in lines:
            self._take(line, 0)

    def _append(self, members: Mapping[str, Any], ground: Ground) -> None:
        whole = _whole(members, ground)
        append_line(self._path, _line(whole))
        self._take(whole, 0)

    def _take(self, members: Mapping[str, Any], number: int) -> None:
        try:
            desk = _after(self._desks.get(str(members["holder"])), members)
        except (ValueError, KeyError, TypeError, PeerError):
            raise _damaged(number) from None
        self._desks[desk.holder] = desk


def _whole(members: Mapping[str, Any], ground: Ground) -> dict[str, Any]:
    at = ground.at.astimezone(UTC).isoformat()
    return {"at": at, **members, "by": ground.by, "reason": ground.reason}


def _line(members: Mapping[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False).encode()


def append_line(path: Path, line: bytes) -> None:
    """Append a line; it is on the disk when this returns. A torn one before it is dropped."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE_FILE)
    with os.fdopen(descriptor, "r+b") as file:
        # A line without its end was cut by a power cut, and was never promised to anyone.
        file.truncate(file.read().rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _whole_lines(path: Path) -> Iterable[bytes]:
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else ()


def _parse(line: bytes, number: int) -> dict[str, Any]:
    try:
        members = json.loads(line)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        raise _damaged(number)
    return members


def _after(desk: Desk | None, members: Mapping[str, Any]) -> Desk:
    at = datetime.fromisoformat(members["at"])
    event = DeskEvent(members["event"])
    if event is not DeskEvent.CERTIFIED:
        if desk is None:
            raise ValueError("a desk that never was cannot be ended")
        return replace(desk, ended=at, moved=event is DeskEvent.MOVED)
    return Desk(
        holder=str(members["holder"]),
        name=str(members["name"]),
        clinic=str(members["clinic"]),
        rights=rights_named(members["rights"]),
        enrolled=at if desk is None else desk.enrolled,
        sequence=str(members["sequence"]),
        fingerprint=str(members["fingerprint"]),
        until=date.fromisoformat(members["until"]),
        ended=None if desk is None else desk.ended,
    )


def _damaged(number: int) -> Refusal:
    return Refusal(
        "desks-damaged",
        f"Line {number} of the register of desks is damaged; restore the file from a backup.",
    )
