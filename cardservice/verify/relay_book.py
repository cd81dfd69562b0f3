"""The sessions that are open now: bounded in number, by client, in idle time and in life."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from cardservice.errors import Refusal
from cardservice.verify.examining import Examined, Steps
from cardservice.verify.relaying import Answers, RelaySession, Reply, unknown

_ID_OCTETS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many sessions there may be, and for how long.

    Attributes:
        sessions: in all.
        of_client: of one client.
        idle_s: seconds without an answer until a session is removed.
        life_s: seconds a session lives at most.
    """

    sessions: int = 10_000
    of_client: int = 200
    idle_s: float = 30.0
    life_s: float = 120.0


LIMITS: Final = Limits()


@dataclass(slots=True)
class _Entry:
    client: Hashable
    session: RelaySession
    opened: float
    seen: float


class RelaySessions:
    """The open sessions of one process; safe to share between threads.

    A session is known to the client alone that opened it. Those that are over are removed
    whenever anything is asked; each is looked at once, so that this costs nothing that grows.

    Args:
        timer: seconds that never go back.
        limits: of number and time.
        new_id: an identifier nobody can guess.
    """

    def __init__(
        self,
        *,
        timer: Callable[[], float],
        limits: Limits = LIMITS,
        new_id: Callable[[], str] = lambda: secrets.token_urlsafe(_ID_OCTETS),
    ) -> None:
        self._timer = timer
        self._limits = limits
        self._new_id = new_id
        self._by_age: OrderedDict[str, _Entry] = OrderedDict()
        self._by_use: OrderedDict[str, _Entry] = OrderedDict()
        self._of_client: dict[Hashable, int] = {}
        self._changing = Lock()

    def __len__(self) -> int:
        """Return how many are open, those included whose time is up and nobody noticed yet."""
        return len(self._by_age)

    @property
    def limits(self) -> Limits:
        """How many there may be, and for how long."""
        return self._limits

    def open(self, client: Hashable, steps: Steps[Examined]) -> tuple[str, Reply]:
        """Begin an examination for ``client``; return the session's identifier and first step.

        Raises:
            Refusal: ``sessions-full``: this client, or all together, have as many as they may.
        """
        self.remove_old()
        self._require_room(client)
        session = RelaySession(steps, timer=self._timer)
        if session.over:
            return self._new_id(), session.reply
        with self._changing:
            self._require_room(client)
            id_, now = self._new_id(), self._timer()
            self._by_age[id_] = self._by_use[id_] = _Entry(client, session, now, now)
            self._of_client[client] = self._of_client.get(client, 0) + 1
        return id_, session.reply

    def take(self, client: Hashable, id_: str, sent: Answers) -> Reply:
        """Return the next step of a session, or what came of it.

        Raises:
            Refusal: ``session-unknown``, ``step-wrong`` or ``answers-wrong``.
        """
        self.remove_old()
        session = self._used(client, id_)
        try:
            return session.take(sent)
        finally:
            if session.over:
                self._remove(id_)

    def end(self, client: Hashable, id_: str) -> None:
        """End a session without a result.

        Raises:
            Refusal: ``session-unknown``.
        """
        self.remove_old()
        self._used(client, id_)
        self._remove(id_)

    def remove_old(self) -> None:
        """Remove the sessions whose time is up."""
        now = self._timer()
        for id_ in self._old(now):
            self._remove(id_)

    def _old(self, now: float) -> list[str]:
        """Return those over time: both books begin with what was used or opened longest ago."""
        found = []
        with self._changing:
            for id_, entry in self._by_use.items():
                if now - entry.seen <= self._limits.idle_s:
                    break
                found.append(id_)
            for id_, entry in self._by_age.items():
                if now - entry.opened <= self._limits.life_s:
                    break
                found.append(id_)
        return found

    def _require_room(self, client: Hashable) -> None:
        mine = self._of_client.get(client, 0)
        if len(self._by_age) >= self._limits.sessions or mine >= self._limits.of_client:
            raise Refusal("sessions-full", "Too many cards are being read now. Try again shortly.")

    def _used(self, client: Hashable, id_: str) -> RelaySession:
        with self._changing:
            entry = self._by_age.get(id_)
            if entry is None or entry.client != client:
                raise unknown()
            entry.seen = self._timer()
            self._by_use.move_to_end(id_)
            return entry.session

    def _remove(self, id_: str) -> None:
        with self._changing:
            entry = self._by_age.pop(id_, None)
            if entry is None:
                return
            del self._by_use[id_]
            left = self._of_client[entry.client] - 1
            if left:
                self._of_client[entry.client] = left
            else:
                del self._of_client[entry.client]
        entry.session.end()
