"""Commands carried out once, and numbers given out."""

import hmac
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from cardservice.registry.errors import key_reused
from cardservice.storage.repositories.base import Scope
from cardservice.storage.rows.access import Command, RememberedAnswer
from cardservice.storage.tables.access import counters, idempotency_keys

_KEYS: Final = idempotency_keys.c
# Made once: every command asks and answers with them.
_EARLIER: Final = select(_KEYS.request_hash, _KEYS.status, _KEYS.answer).where(
    _KEYS.region == bindparam("its_region"),
    _KEYS.actor == bindparam("its_actor"),
    _KEYS.key == bindparam("its_key"),
)
_REMEMBERED: Final = insert(idempotency_keys)


class Commands:
    """Commands by idempotency key: the second time they get the first time's answer."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def earlier(self, command: Command) -> RememberedAnswer | None:
        """Return what this command was answered before; None: it is new.

        Raises:
            Refusal: ``key-reused``: the key was used for another request.
        """
        its = {"its_region": command.region, "its_actor": command.actor, "its_key": command.key}
        found = self._scope.connection.execute(_EARLIER, its).first()
        if found is None:
            return None
        if not hmac.compare_digest(found.request_hash, command.request_hash):
            raise key_reused()
        return RememberedAnswer(status=found.status, answer=found.answer)

    def remember(self, command: Command, answer: RememberedAnswer, *, at: datetime) -> None:
        """Keep the answer of a command, in the transaction that carries it out."""
        self._scope.require_region(command.region)
        row = {**asdict(command), "status": answer.status, "answer": answer.answer, "at": at}
        self._scope.connection.execute(_REMEMBERED, row)

    def forget(self, region: str, before: datetime) -> int:
        """Forget commands of a region from before ``before``; return how many."""
        self._scope.require_region(region)
        old = idempotency_keys.c.region == region, idempotency_keys.c.at < before
        return self._scope.connection.execute(delete(idempotency_keys).where(*old)).rowcount


class Counters:
    """Numbers given out one after the other; one that a refused command took is given again."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def next(self, region: str, name: str) -> int:
        """Return the next number, 1 first."""
        self._scope.require_region(region)
        its = counters.c.region == region, counters.c.name == name
        counted = update(counters).where(*its).values(value=counters.c.value + 1)
        found = self._scope.connection.execute(counted.returning(counters.c.value)).scalar()
        if found is not None:
            return int(found)
        first = {"region": region, "name": name, "value": 1}
        self._scope.connection.execute(insert(counters), [first])
        return 1
