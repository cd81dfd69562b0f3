"""Guessing gets slower and slower, and never stops for good.

A try is counted before it is looked at, so that guesses made at the same time are counted each.
Counters go by the name as typed, whether there is such an account or not: the answer tells
nothing. Who knows a name can make its owner wait, at most ``longest``; a lock for ever would
hand that person the office.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from cardservice.accounts.dice import Clock
from cardservice.accounts.ports import Attempts, AttemptStore
from cardservice.errors import Refusal

# Threads that count at one key at the same moment are fewer than this; one that loses every
# race is refused, never let through uncounted.
_RACES: Final = 64
_DOUBLINGS: Final = 30  # a second becomes 34 years: beyond any longest, below an overflow


class LockedOutError(Refusal):
    """Too many wrong tries; ``wait_s`` whole seconds are left, at least 1."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("sign-in-wait", "Too many wrong tries. Wait a little and try again.")
        self.wait_s = max(1, int(wait.total_seconds()) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """How waiting grows: nothing for ``free`` tries, then ``first``, doubled up to ``longest``.

    Numbers are this project's own, within NIST SP 800-63B-4, section 3.2.2 (at most 100 wrong
    tries in a row): with these a day has room for about 100 tries at one name.
    """

    free: int
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=15)
    forget: timedelta = timedelta(days=1)

    def after(self, failures: int) -> timedelta:
        """Return how long to wait after that many wrong tries in a row."""
        over = failures - self.free
        if over < 0:
            return timedelta(0)
        return min(self.first * (1 << min(over, _DOUBLINGS)), self.longest)


BY_NAME: Final = Delays(free=5)
BY_ADDRESS: Final = Delays(free=30)  # an office shares one address


class Lockout:
    """Counters of one kind of key."""

    def __init__(self, kind: str, delays: Delays, *, store: AttemptStore, clock: Clock) -> None:
        self._kind = kind
        self._delays = delays
        self._store = store
        self._clock = clock

    def count(self, key: str) -> None:
        """Count one try at ``key``, as a wrong one until ``forgive`` says otherwise.

        Raises:
            LockedOutError: it is not time yet; this try is not looked at and not counted.
        """
        for _ in range(_RACES):
            now, old = self._clock(), self._store.get(self._hidden(key))
            if old is not None and now < old.not_before:
                raise LockedOutError(old.not_before - now)
            if self._store.replace(self._hidden(key), old, self._next(old, now)):
                return
        raise LockedOutError(self._delays.first)

    def forgive(self, key: str) -> None:
        """Forget the tries at ``key``: the last one was right."""
        for _ in range(_RACES):
            old = self._store.get(self._hidden(key))
            if old is None or self._store.replace(self._hidden(key), old, None):
                return

    def take_back(self, key: str) -> None:
        """Take one try at ``key`` back; older wrong ones stay. For keys that many share."""
        for _ in range(_RACES):
            old = self._store.get(self._hidden(key))
            if old is None or self._store.replace(self._hidden(key), old, _one_less(old)):
                return

    def _next(self, old: Attempts | None, now: datetime) -> Attempts:
        recent = old is not None and now - old.last_at < self._delays.forget
        failures = old.failures + 1 if old is not None and recent else 1
        wait = self._delays.after(failures)
        return Attempts(failures=failures, last_at=now, not_before=now + wait)

    def _hidden(self, key: str) -> bytes:
        return sha256(f"{self._kind}\0{key}".encode("utf-8", "surrogatepass")).digest()


def _one_less(old: Attempts) -> Attempts | None:
    if old.failures <= 1:
        return None
    return Attempts(failures=old.failures - 1, last_at=old.last_at, not_before=old.last_at)
