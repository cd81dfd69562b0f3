"""Rate limits: a token bucket for each key, in bounded memory."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from cardservice.accounts.dice import Clock
from cardservice.errors import Refusal

MAX_KEYS: Final = 20_000  # buckets: some megabytes, whoever knocks


class TooManyRequestsError(Refusal):
    """Wait; ``wait_s`` whole seconds, at least 1."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too-many-requests", "Too many requests. Wait a little and try again.")
        self.wait_s = max(1, round(wait_s + 0.5))


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, then one every ``every_s`` seconds."""

    burst: int
    every_s: float


class TokenBuckets:
    """Buckets by key; the ones used longest ago are forgotten first."""

    def __init__(self, rate: Rate, *, clock: Clock, keys: int = MAX_KEYS) -> None:
        self._rate = rate
        self._clock = clock
        self._most = keys
        self._lock = Lock()
        # When each bucket will be full again, as a time stamp: one number a key.
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: Hashable) -> None:
        """Take one token of ``key``'s bucket.

        Raises:
            TooManyRequestsError: it is empty.
        """
        with self._lock:
            now = self._clock().timestamp()
            whole = self._rate.burst * self._rate.every_s
            before = max(now, self._full_at.get(key, now))
            if before > now + whole:
                # No bucket is emptier than empty: the clock was set back.
                self._full_at[key] = before = now + whole
            full_at = before + self._rate.every_s
            missing = full_at - now - whole
            if missing > 0:
                raise TooManyRequestsError(missing)
            self._full_at[key] = full_at
            self._full_at.move_to_end(key)
            if len(self._full_at) > self._most:
                self._full_at.popitem(last=False)
