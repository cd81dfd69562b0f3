"""Sessions and programs' tokens: ``SessionStore`` and ``ApiTokenStore``."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from cardservice.accounts.api_tokens import MOST_SHOWN, ApiToken
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Session, Stage, Subject
from cardservice.storage.engine import Database
from cardservice.storage.repositories.base import Shape
from cardservice.storage.tables.access import api_tokens, sessions

_TOKEN: Final = Shape(
    api_tokens,
    ApiToken,
    kinds={"role": Role, "scopes": lambda kept: frozenset(map(Right, kept))},
)


class DatabaseSessions:
    """Sessions by the SHA-256 of their token."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, token_hash: bytes) -> Session | None:
        """Return the session whose token has this hash, or None."""
        wanted = select(sessions).where(sessions.c.token_hash == token_hash)
        with self._database.reading_tables() as connection:
            found = connection.execute(wanted).first()
        return None if found is None else _session(found)

    def put(self, session: Session) -> None:
        """Store a new session, or one in place of that with its token."""
        old = delete(sessions).where(sessions.c.token_hash == session.token_hash)
        with self._database.writing_tables() as connection:
            connection.execute(old)
            connection.execute(insert(sessions), [_values(session)])

    def touch(self, token_hash: bytes, seen_at: datetime) -> None:
        """Note when a session was seen last; nothing happens if it has ended meanwhile."""
        its = update(sessions).where(sessions.c.token_hash == token_hash)
        with self._database.writing_tables() as connection:
            connection.execute(its.values(seen_at=seen_at))

    def end(self, token_hash: bytes) -> bool:
        """End a session; of two at once exactly one hears True."""
        return self._delete(sessions.c.token_hash == token_hash) == 1

    def end_all(self, subject: UUID, *, but: bytes | None = None) -> int:
        """End every session of a subject except ``but``; return how many there were."""
        theirs = sessions.c.subject_id == subject
        return self._delete(theirs if but is None else theirs & (sessions.c.token_hash != but))

    def prune(self, *, created_before: datetime) -> int:
        """End the sessions of sign-ins before ``created_before``; return how many there were."""
        return self._delete(sessions.c.authenticated_at < created_before)

    def _delete(self, condition: ColumnElement[bool]) -> int:
        with self._database.writing_tables() as connection:
            return connection.execute(delete(sessions).where(condition)).rowcount


class DatabaseApiTokens:
    """Programs' tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, token_hash: bytes) -> ApiToken | None:
        """Return the token with this hash, or None."""
        return self._first(api_tokens.c.token_hash == token_hash)

    def by_id(self, token: UUID) -> ApiToken | None:
        """Return the token with this id, or None."""
        return self._first(api_tokens.c.id == token)

    def of_region(self, region: str) -> tuple[ApiToken, ...]:
        """Return the newest tokens of a region, ended ones too; ``MOST_SHOWN`` at most."""
        table = api_tokens.c
        here = _TOKEN.selected.where(table.region == region)
        newest = here.order_by(table.created_at.desc(), table.id.desc()).limit(MOST_SHOWN)
        with self._database.reading_tables() as connection:
            return tuple(map(_TOKEN.value, connection.execute(newest)))

    def put(self, token: ApiToken) -> None:
        """Store a new token, or a change of one."""
        its = (api_tokens.c.region == token.region) & (api_tokens.c.id == token.id)
        values = {**_TOKEN.values(token), "scopes": sorted(token.scopes)}
        with self._database.writing_tables() as connection:
            if connection.execute(update(api_tokens).where(its).values(values)).rowcount == 0:
                connection.execute(insert(api_tokens), [values])

    def _first(self, condition: ColumnElement[bool]) -> ApiToken | None:
        with self._database.reading_tables() as connection:
            found = connection.execute(_TOKEN.selected.where(condition)).first()
        return None if found is None else _TOKEN.value(found)


def _values(session: Session) -> dict[str, Any]:
    subject = session.subject
    return {
        "token_hash": session.token_hash,
        "region": subject.region,
        "subject_id": subject.id,
        "label": subject.label,
        "roles": sorted(subject.roles),
        "stage": session.stage,
        "authenticated_at": session.authenticated_at,
        "seen_at": session.seen_at,
    }


def _session(record: Row[Any]) -> Session:
    return Session(
        token_hash=record.token_hash,
        subject=Subject(
            id=record.subject_id,
            region=record.region,
            roles=frozenset(map(Role, record.roles)),
            label=record.label,
        ),
        stage=Stage(record.stage),
        authenticated_at=record.authenticated_at,
        seen_at=record.seen_at,
    )
