"""Pairing by a code: read at the desk, typed in the clinic system, so somebody is there."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from threading import Lock
from typing import Final

from cardservice.errors import Refusal
from cardservice.home.desk_pairing import pairing_unknown

CODE_DIGITS: Final = 6
TRIES: Final = 5
GOOD_FOR_S: Final = 120.0
STARTS: Final = 10
"""Pairings begun within ``STARTS_WITHIN_S``: fifty guesses of a million are what anybody has."""
STARTS_WITHIN_S: Final = 600.0
_ID_OCTETS: Final = 12

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingNotice:
    """What the desk shows its clerk.

    Attributes:
        name: what the system calls itself; it may say anything.
        origin: where its page comes from; this is known.
        code: six digits.
        seconds: it is good for.
    """

    id: str
    name: str
    origin: str
    code: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    id: str
    name: str
    origin: str
    code: str = field(repr=False)
    ends_at: float
    tries: int = TRIES


class PairingBook:
    """Pairings that have begun, in memory alone; at most one of an origin. Thread-safe.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._begun: dict[str, _Begun] = {}
        self._starts: deque[float] = deque(maxlen=STARTS)

    def begin(self, name: str, origin: str) -> PairingNotice:
        """Begin; what the origin had begun before is over.

        Raises:
            Refusal: ``pairing-too-often``.
        """
        with self._lock:
            now = self._clock()
            self._require_rest(now)
            self._starts.append(now)
            begun = _Begun(
                id=secrets.token_urlsafe(_ID_OCTETS),
                name=name,
                origin=origin,
                code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
                ends_at=now + GOOD_FOR_S,
            )
            self._begun[origin] = begun
            return _notice(begun, now)

    def confirm(self, pairing_id: str, origin: str, code: str) -> str:
        """Return the name of the system whose code this is; the code is used up.

        Raises:
            Refusal: ``pairing-unknown``: over, tried too often, or another origin's;
                ``pairing-code-wrong``.
        """
        with self._lock:
            begun = self._begun.get(origin)
            if begun is None or begun.ends_at <= self._clock():
                raise pairing_unknown()
            if not compare_digest(begun.id.encode(), pairing_id.encode("utf-8", "replace")):
                raise pairing_unknown()
            del self._begun[origin]
            if compare_digest(begun.code.encode(), code.encode("utf-8", "replace")):
                return begun.name
            if begun.tries > 1:
                self._begun[origin] = replace(begun, tries=begun.tries - 1)
            raise Refusal("pairing-code-wrong", "This is not the code on the desk's page.")

    def notices(self) -> tuple[PairingNotice, ...]:
        """Return what the clerk is to see now, the oldest first."""
        with self._lock:
            now = self._clock()
            self._begun = {at: one for at, one in self._begun.items() if one.ends_at > now}
            return tuple(_notice(one, now) for one in self._begun.values())

    def _require_rest(self, now: float) -> None:
        if len(self._starts) == STARTS and now - self._starts[0] < STARTS_WITHIN_S:
            raise Refusal("pairing-too-often", "Pairing was begun too often; wait ten minutes.")


def _notice(begun: _Begun, now: float) -> PairingNotice:
    return PairingNotice(
        id=begun.id,
        name=begun.name,
        origin=begun.origin,
        code=begun.code,
        seconds=max(0, round(begun.ends_at - now)),
    )
