"""Which orders a station has leased, kept on its disk: names, versions and terms; no person.

The office wants to hear the version of an order with each change. A station that was killed reads
here what it had, and names a command that nobody answered as it named it before.
"""

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal import check_order_id

FORGOTTEN_AFTER: Final = timedelta(days=30)
"""How long a lease that was lost is remembered: for what was made under it and is told late."""

MOST_OCTETS: Final = 8 << 20  # of the file; a thousand leases have 150 KiB
_SALT_OCTETS: Final = 8
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One order that is, or was, this station's.

    Attributes:
        version: of the order, as the office told it last.
        until: when the lease ends, by this station's clock; aware.
        valid_until: last day of the card that is made; None: unlimited.
        lost: the office said that it is not this station's any more.
    """

    order_id: str
    version: int
    until: datetime
    work: Work
    valid_until: date | None = None
    lost: bool = False


class LeaseBook:
    """The leases of one station; safe for its threads.

    Args:
        path: of the file, which is written as a whole each time.
        entropy: unpredictable octets, for a new book.

    Raises:
        Refusal: ``lease-book-damaged``: the file is none of ours; nothing was changed.
        SourceUnavailableError: ``lease-book-not-written``, from each method that writes; what the
            book holds in memory is right, and is written with the next change.
    """

    def __init__(self, path: Path, *, entropy: Callable[[int], bytes]) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._leases: dict[str, Lease] = {}
        self._salt, self._next = entropy(_SALT_OCTETS).hex(), 1
        if path.exists():
            self._salt, self._next, leases = _read(path)
            self._leases = {one.order_id: one for one in leases}
        else:
            self.save()

    def get(self, order_id: str) -> Lease | None:
        """Return what is known of an order."""
        return self._leases.get(order_id)

    def leases(self) -> Sequence[Lease]:
        """Return all leases, in the order in which they were taken."""
        with self._lock:
            return tuple(self._leases.values())

    @property
    def key(self) -> str:
        """Return the name of the next lease that is asked for; the same until it was answered."""
        return f"{self._salt}-lease-{self._next}"

    def answered(self) -> None:
        """The office answered the lease that was asked for: the next one has another name."""
        with self._lock:
            self._next += 1
            self.save()

    def taken(self, lease: Lease) -> None:
        """Keep a lease that was asked for under ``key``."""
        with self._lock:
            self.remember(lease)
            self.answered()

    def keep(self, lease: Lease) -> None:
        """Keep what became of a lease; when this returns it is on the disk."""
        with self._lock:
            self.remember(lease)
            self.save()

    def remember(self, lease: Lease) -> None:
        """Note what became of a lease that may be asked for again; ``save`` follows soon."""
        with self._lock:
            self._leases[lease.order_id] = lease

    def drop(self, order_id: str) -> None:
        """Forget an order: it is done, or the office's again."""
        with self._lock:
            if self._leases.pop(order_id, None) is not None:
                self.save()

    def forget_old(self, now: datetime) -> None:
        """Forget leases that were lost long ago."""
        with self._lock:
            old = [one for one in self._leases.values() if one.lost]
            gone = [one.order_id for one in old if now - one.until > FORGOTTEN_AFTER]
            for order_id in gone:
                del self._leases[order_id]
            if gone:
                self.save()

    def save(self) -> None:
        """Write the book; when this returns it is on the disk."""
        with self._lock:
            kept = {
                "format": _FORMAT,
                "salt": self._salt,
                "next": self._next,
                "orders": [_line(one) for one in self._leases.values()],
            }
            _write(self._path, json.dumps(kept, separators=(",", ":")).encode())


def lost(lease: Lease) -> Lease:
    """Return the lease as one that the office gave to somebody else, or took back."""
    return replace(lease, lost=True)


def _line(lease: Lease) -> dict[str, Any]:
    day = lease.valid_until
    return {
        "order": lease.order_id,
        "version": lease.version,
        "until": lease.until.isoformat(),
        "work": lease.work.value,
        "valid_until": None if day is None else day.isoformat(),
        "lost": lease.lost,
    }


def _lease(line: Mapping[str, Any]) -> Lease:
    day, until = line["valid_until"], datetime.fromisoformat(line["until"])
    if until.tzinfo is None:
        raise ValueError("a lease ends at an aware time")
    return Lease(
        order_id=check_order_id(line["order"]),
        version=int(line["version"]),
        until=until,
        work=Work(line["work"]),
        valid_until=None if day is None else date.fromisoformat(day),
        lost=bool(line["lost"]),
    )


def _read(path: Path) -> tuple[str, int, list[Lease]]:
    try:
        with path.open("rb") as file:
            kept = json.loads(file.read(MOST_OCTETS))
        salt, count = bytes.fromhex(kept["salt"]).hex(), int(kept["next"])
        # The key is looked up, so that a book of another version is no book of ours.
        return salt, count, [_lease(line) for line in {_FORMAT: kept["orders"]}[kept["format"]]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sentence = (
            f"{path} is damaged. Move it away: the orders are asked for again by their names, "
            "and leases that nobody knows of end by themselves."
        )
        raise Refusal("lease-book-damaged", sentence) from None


def _write(path: Path, octets: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
        _sync(path.parent)
    except OSError as error:
        # What was asked of the office can be asked again, so this is as good as no answer.
        sentence = f"{path}: {error.strerror}; make room on the station's disk."
        raise SourceUnavailableError("lease-book-not-written", sentence) from None


def _sync(folder: Path) -> None:
    # The new name is on the disk only once its folder is.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
