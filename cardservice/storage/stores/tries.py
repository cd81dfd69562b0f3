"""Wrong tries and one-time codes: ``AttemptStore`` and ``ChallengeStore``.

Both change a row only if it is still the one that was read, in one statement, so that guesses sent
at once count each.
"""

from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Delete, Table, Update, and_, delete, insert, update

from cardservice.accounts.ports import Attempts, Challenge
from cardservice.storage.engine import Database
from cardservice.storage.errors import BusyError, DuplicateError
from cardservice.storage.repositories.base import Shape
from cardservice.storage.tables.access import attempts, challenges

T = TypeVar("T")

_TRIES: Final = 5  # ids are random: nobody else writes this one
_ATTEMPTS: Final = Shape(attempts, Attempts)
_CHALLENGE: Final = Shape(challenges, Challenge)


class _Swapped(Generic[T]):
    """Rows that are changed by comparing and swapping."""

    def __init__(self, database: Database, shape: Shape[T]) -> None:
        self._database = database
        self._shape = shape

    def first(self, condition: ColumnElement[bool]) -> T | None:
        with self._database.reading_tables() as connection:
            found = connection.execute(self._shape.selected.where(condition)).first()
        return None if found is None else self._shape.value(found)

    def swap(self, key: dict[str, Any], old: T | None, new: T | None) -> bool:
        table = self._shape.table
        try:
            with self._database.writing_tables() as connection:
                if old is not None:
                    its = _same(table, {**key, **self._shape.values(old)})
                    change: Update | Delete = delete(table)
                    if new is not None:
                        change = update(table).values(self._shape.values(new))
                    return connection.execute(change.where(its)).rowcount == 1
                if new is not None:
                    connection.execute(insert(table), [{**key, **self._shape.values(new)}])
                return True
        except DuplicateError:
            return False

    def forget(self, condition: ColumnElement[bool]) -> int:
        with self._database.writing_tables() as connection:
            return connection.execute(delete(self._shape.table).where(condition)).rowcount


def _same(table: Table, values: dict[str, Any]) -> ColumnElement[bool]:
    return and_(*(table.c[name].is_not_distinct_from(value) for name, value in values.items()))


class DatabaseAttempts:
    """Counters of wrong tries."""

    def __init__(self, database: Database) -> None:
        self._rows = _Swapped(database, _ATTEMPTS)

    def get(self, key: bytes) -> Attempts | None:
        """Return the counter of a key, or None."""
        return self._rows.first(attempts.c.key == key)

    def replace(self, key: bytes, old: Attempts | None, new: Attempts | None) -> bool:
        """Store ``new`` if ``old`` still stands there; return whether it did."""
        if old is None and new is None:
            return self.get(key) is None
        return self._rows.swap({"key": key}, old, new)

    def forget(self, before: datetime) -> int:
        """Forget counters whose last wrong try was before ``before``; return how many."""
        return self._rows.forget(attempts.c.last_at < before)


class DatabaseChallenges:
    """One-time codes on their way."""

    def __init__(self, database: Database) -> None:
        self._rows = _Swapped(database, _CHALLENGE)

    def put(self, challenge: Challenge) -> None:
        """Store a new challenge, or one in place of that with its id."""
        for _ in range(_TRIES):
            if self._rows.swap({}, self.find(challenge.id), challenge):
                return
        raise BusyError

    def find(self, challenge_id: bytes) -> Challenge | None:
        """Return the challenge with this id, or None."""
        return self._rows.first(challenges.c.id == challenge_id)

    def replace(self, old: Challenge, new: Challenge | None) -> bool:
        """Store ``new`` (None: forget it) if ``old`` still stands there; return whether it did."""
        return self._rows.swap({}, old, new)

    def forget(self, before: datetime) -> int:
        """Forget challenges that ran out before ``before``; return how many."""
        return self._rows.forget(challenges.c.until < before)
