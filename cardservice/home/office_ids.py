"""Ids that grow with time, so that new rows lie beside each other in every index.

Source: RFC 9562, 5.7 (UUIDv7); 6.2, method 1: a counter below the milliseconds.
"""

import secrets
import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

_VERSION: Final = 7 << 76
_VARIANT: Final = 2 << 62
_COUNTER_BITS: Final = 12  # the field rand_a
_RANDOM_OCTETS: Final = 8
_RANDOM_MASK: Final = (1 << 62) - 1
_PER_MS: Final = 1_000_000  # nanoseconds


class TimeOrderedIds:
    """Gives ids, each greater than the one before; safe for threads.

    Args:
        nanoseconds: the time since 1970.
        draw: so many random octets.
    """

    def __init__(
        self,
        *,
        nanoseconds: Callable[[], int] = time.time_ns,
        draw: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._nanoseconds = nanoseconds
        self._draw = draw
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> UUID:
        """Return a new id: 48 bits of milliseconds, 12 of a counter, 62 of chance."""
        now = (self._nanoseconds() // _PER_MS) << _COUNTER_BITS
        with self._lock:
            # A clock that was set back, or a full counter, borrows from the time to come.
            self._last = tick = max(now, self._last + 1)
        millisecond, counter = divmod(tick, 1 << _COUNTER_BITS)
        chance = int.from_bytes(self._draw(_RANDOM_OCTETS)) & _RANDOM_MASK
        return UUID(int=millisecond << 80 | _VERSION | counter << 64 | _VARIANT | chance)


new_id: Final = TimeOrderedIds()
"""This process's ids."""
