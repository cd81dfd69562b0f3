"""Stores that forget: for tests and demonstrations only."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from cardservice.accounts.account import Account
from cardservice.accounts.ports import Attempts, Challenge, StaleAccountError
from cardservice.accounts.session import Session
from cardservice.errors import Refusal, UsageError

MAX_ROWS: Final = 20_000  # of counters and challenges: some megabytes, whoever knocks


class InsecureMemory:
    """What the stand-ins have in common.

    Raises:
        UsageError: in production.
    """

    def __init__(self, *, production: bool = False) -> None:
        if production:
            raise UsageError(f"{type(self).__name__} is for tests; set up a real store")
        self._lock = Lock()


class InsecureMemoryAccounts(InsecureMemory):
    """An ``AccountStore`` that lives as long as the process."""

    def __init__(self, *, production: bool = False) -> None:
        super().__init__(production=production)
        self._rows: dict[UUID, Account] = {}

    def by_id(self, account: UUID) -> Account | None:
        return self._rows.get(account)

    def by_name(self, name: str) -> Account | None:
        return next((one for one in list(self._rows.values()) if one.name == name), None)

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        wanted = issuer, subject
        rows = list(self._rows.values())
        return next((one for one in rows if (one.issuer, one.subject) == wanted), None)

    def of_region(self, region: str, *, after: str = "", limit: int = 50) -> tuple[Account, ...]:
        rows = [one for one in list(self._rows.values()) if one.region == region]
        wanted = sorted((one for one in rows if one.name > after), key=lambda one: one.name)
        return tuple(wanted[:limit])

    def add(self, account: Account) -> None:
        with self._lock:
            if any(_same(one, account) for one in self._rows.values()):
                raise Refusal("account-exists", "There is such an account already.", field="name")
            self._rows[account.id] = account

    def save(self, account: Account) -> Account:
        with self._lock:
            stored = self._rows.get(account.id)
            if stored is None or stored.version != account.version:
                raise StaleAccountError
            saved = replace(account, version=account.version + 1)
            self._rows[account.id] = saved
            return saved


def _same(one: Account, other: Account) -> bool:
    identity = one.issuer is not None and (one.issuer, one.subject) == (other.issuer, other.subject)
    return one.id == other.id or one.name == other.name or identity


class InsecureMemorySessions(InsecureMemory):
    """A ``SessionStore`` that lives as long as the process."""

    def __init__(self, *, production: bool = False) -> None:
        super().__init__(production=production)
        self._rows: dict[bytes, Session] = {}

    def find(self, token_hash: bytes) -> Session | None:
        return self._rows.get(token_hash)

    def put(self, session: Session) -> None:
        with self._lock:
            self._rows[session.token_hash] = session

    def touch(self, token_hash: bytes, seen_at: datetime) -> None:
        with self._lock:
            if token_hash in self._rows:
                self._rows[token_hash] = replace(self._rows[token_hash], seen_at=seen_at)

    def end(self, token_hash: bytes) -> bool:
        with self._lock:
            return self._rows.pop(token_hash, None) is not None

    def end_all(self, subject: UUID, *, but: bytes | None = None) -> int:
        return self._drop(lambda one: one.subject.id == subject and one.token_hash != but)

    def prune(self, *, created_before: datetime) -> int:
        return self._drop(lambda one: one.authenticated_at < created_before)

    def _drop(self, unwanted: Callable[[Session], bool]) -> int:
        with self._lock:
            gone = [key for key, one in self._rows.items() if unwanted(one)]
            for key in gone:
                del self._rows[key]
            return len(gone)


class InsecureMemoryAttempts(InsecureMemory):
    """An ``AttemptStore`` of bounded size; the counters asked for longest ago are forgotten."""

    def __init__(self, *, production: bool = False, rows: int = MAX_ROWS) -> None:
        super().__init__(production=production)
        self._rows: OrderedDict[bytes, Attempts] = OrderedDict()
        self._most = rows

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: bytes) -> Attempts | None:
        return self._rows.get(key)

    def replace(self, key: bytes, old: Attempts | None, new: Attempts | None) -> bool:
        with self._lock:
            if self._rows.get(key) != old:
                return False
            self._rows.pop(key, None)
            if new is not None:
                self._rows[key] = new
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
            return True


class InsecureMemoryChallenges(InsecureMemory):
    """A ``ChallengeStore`` of bounded size; the oldest are forgotten."""

    def __init__(self, *, production: bool = False, rows: int = MAX_ROWS) -> None:
        super().__init__(production=production)
        self._rows: OrderedDict[bytes, Challenge] = OrderedDict()
        self._most = rows

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, challenge: Challenge) -> None:
        with self._lock:
            self._rows[challenge.id] = challenge
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)

    def find(self, challenge_id: bytes) -> Challenge | None:
        return self._rows.get(challenge_id)

    def replace(self, old: Challenge, new: Challenge | None) -> bool:
        with self._lock:
            if self._rows.get(old.id) != old:
                return False
            if new is None:
                del self._rows[old.id]
            else:
                self._rows[old.id] = new
            return True


class InsecurePlainSealer(InsecureMemory):
    """A ``Sealer`` that hides nothing."""

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        return len(context).to_bytes(2) + context + plain

    def open(self, sealed: bytes, *, context: bytes) -> bytes:
        head = self.seal(b"", context=context)
        if not sealed.startswith(head):
            raise UsageError("sealed for something else")
        return sealed[len(head) :]
