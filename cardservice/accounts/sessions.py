"""Sessions: begun with a fresh token, ended by time, by hand, or by a change of the account."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cardservice.accounts.dice import Clock, Dice, draw_token, hash_token
from cardservice.accounts.ports import SessionStore
from cardservice.accounts.session import Session, Stage, Subject

TOKEN_MAX: Final = 64  # characters of a cookie that are looked at; ours have 43
# A session that is in use is written at most this often: a row a minute, not a row a click.
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTimes:
    """How long sessions last.

    Attributes:
        idle: without a request.
        absolute: since the sign-in, whatever happens.
        second_factor: between the password and the second factor.

    Source: NIST SP 800-63B-4, section 2.2.3 (AAL2: 1 h idle, 24 h in all); an office day is 12.
    """

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    second_factor: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session and its token, which only the browser keeps."""

    session: Session
    token: str = field(repr=False)


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(
        self, store: SessionStore, *, clock: Clock, dice: Dice, times: SessionTimes | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._dice = dice
        self._times = times or SessionTimes()

    def begin(self, subject: Subject, stage: Stage = Stage.FULL) -> Opened:
        """Begin a session under a token that nobody has seen before."""
        now = self._clock()
        return self._open(subject, stage, authenticated_at=now, now=now)

    def find(self, token: str | None) -> Session | None:
        """Return the session of a token that is still good, noting that it was seen."""
        if not token or len(token) > TOKEN_MAX:
            return None
        session = self._store.find(hash_token(token))
        if session is None:
            return None
        now = self._clock()
        if self._is_over(session, now):
            self._store.end(session.token_hash)
            return None
        return self._seen(session, now)

    def change(self, token: str, *, subject: Subject, stage: Stage = Stage.FULL) -> Opened | None:
        """Return the session under a new token and with other rights; the old one is ended.

        None: the old session had ended, perhaps a moment ago by a second request like this.
        """
        old = self._store.find(hash_token(token))
        if old is None or not self._store.end(old.token_hash):
            return None
        now = self._clock()
        since = old.authenticated_at if stage is old.stage else now
        return self._open(subject, stage, authenticated_at=since, now=now)

    def end(self, token: str) -> None:
        """End the session of ``token``; nothing happens if there is none."""
        self._store.end(hash_token(token))

    def end_all(self, subject: UUID, *, but: str | None = None) -> int:
        """End every session of a subject, except that of the token ``but``; how many there were."""
        return self._store.end_all(subject, but=None if but is None else hash_token(but))

    def prune(self) -> int:
        """Drop sessions that are over for good; how many."""
        return self._store.prune(created_before=self._clock() - self._times.absolute)

    def _open(
        self, subject: Subject, stage: Stage, *, authenticated_at: datetime, now: datetime
    ) -> Opened:
        token = draw_token(self._dice)
        session = Session(
            token_hash=hash_token(token),
            subject=subject,
            stage=stage,
            authenticated_at=authenticated_at,
            seen_at=now,
        )
        self._store.put(session)
        return Opened(session, token)

    def _is_over(self, session: Session, now: datetime) -> bool:
        half = session.stage is Stage.SECOND_FACTOR
        whole = self._times.second_factor if half else self._times.absolute
        return now - session.authenticated_at >= whole or now - session.seen_at >= self._times.idle

    def _seen(self, session: Session, now: datetime) -> Session:
        if now - session.seen_at < _SEEN_EVERY:
            return session
        self._store.touch(session.token_hash, now)
        return replace(session, seen_at=now)
