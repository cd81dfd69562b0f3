"""Accounts, sessions, tries, the outbox and the audit log keep what their rooms ask of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import text

from cardservice.accounts.api_tokens import ApiToken, ApiTokenStore
from cardservice.accounts.ports import (
    AccountStore,
    Attempts,
    AttemptStore,
    Challenge,
    ChallengeStore,
    SessionStore,
    StaleAccountError,
)
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.errors import Refusal, UsageError
from cardservice.registry.audit import AuditLog, AuditStore, record_together
from cardservice.registry.audit_values import AuditEntry
from cardservice.registry.audit_verifying import verify_chain
from cardservice.registry.outbox_ports import OutboxStore
from cardservice.registry.outbox_values import NoticeState
from cardservice.storage.engine import Database
from cardservice.storage.errors import StaleError
from cardservice.storage.stores.accounts import DatabaseAccounts
from cardservice.storage.stores.outbox import DatabaseOutbox
from cardservice.storage.stores.sessions import DatabaseApiTokens, DatabaseSessions
from cardservice.storage.stores.tries import DatabaseAttempts, DatabaseChallenges
from cardservice.storage.work import Work
from tests.storage import samples as make

LATER = make.NOW + timedelta(hours=1)
GUESSERS = 4


def test_the_stores_are_what_their_rooms_ask_for(database: Database) -> None:
    accounts: AccountStore = DatabaseAccounts(database)
    sessions: SessionStore = DatabaseSessions(database)
    tokens: ApiTokenStore = DatabaseApiTokens(database)
    attempts: AttemptStore = DatabaseAttempts(database)
    challenges: ChallengeStore = DatabaseChallenges(database)
    outbox: OutboxStore = DatabaseOutbox(database)
    with database.reading() as work:
        audit: AuditStore = work.audit
        within: OutboxStore = work.notifications
        assert all((accounts, sessions, tokens, attempts, challenges, outbox, audit, within))


def test_an_account_is_found_by_id_name_and_identity_as_it_was_stored(database: Database) -> None:
    store = DatabaseAccounts(database)
    account = make.account(issuer="https://op", subject="s-1", disabled=True, pending=b"\1")
    plain = make.account("other", second_factor=None, recovery=())
    store.add(account)
    store.add(plain)
    assert store.by_id(account.id) == store.by_name("clerk") == account
    assert store.by_subject("https://op", "s-1") == account
    assert store.by_subject("https://op", "s-2") is store.by_name("CLERK") is None
    assert store.by_id(plain.id) == plain


def test_a_name_or_identity_that_is_taken_is_refused(database: Database) -> None:
    store = DatabaseAccounts(database)
    store.add(make.account(issuer="i", subject="s"))
    for taken in (make.account(), make.account("other", issuer="i", subject="s")):
        with pytest.raises(Refusal) as refused:
            store.add(taken)
        assert refused.value.code == "account-exists"


def test_of_two_changes_of_an_account_the_second_is_stale(database: Database) -> None:
    store, account = DatabaseAccounts(database), make.account()
    store.add(account)
    saved = store.save(replace(account, disabled=True))
    assert saved.version == account.version + 1
    with pytest.raises(StaleAccountError):
        store.save(account)
    assert store.by_id(account.id) == saved


def test_a_session_is_kept_seen_and_ended_once(database: Database) -> None:
    store, session = DatabaseSessions(database), make.session(make.account())
    store.touch(session.token_hash, LATER)
    assert store.find(session.token_hash) is None
    store.put(session)
    store.put(session)
    store.touch(session.token_hash, LATER)
    assert store.find(session.token_hash) == replace(session, seen_at=LATER)
    with ThreadPoolExecutor(GUESSERS) as pool:
        ended = list(pool.map(store.end, [session.token_hash] * GUESSERS))
    assert sorted(ended) == [False] * (GUESSERS - 1) + [True]
    assert store.find(session.token_hash) is None


def test_sessions_end_by_subject_but_one_and_by_age(database: Database) -> None:
    store, account, other = DatabaseSessions(database), make.account(), make.account("other")
    for number in range(3):
        store.put(make.session(account, bytes([number]) * 32))
    store.put(make.session(other, b"o" * 32, at=LATER))
    assert store.end_all(account.id, but=bytes(32)) == 2
    assert store.find(bytes(32)) is not None
    assert store.prune(created_before=LATER) == 1
    assert store.find(b"o" * 32) is not None
    assert store.end_all(other.id) == 1


def test_a_programs_token_is_kept_and_revoked(database: Database) -> None:
    store = DatabaseApiTokens(database)
    token = ApiToken(
        id=UUID(int=1),
        region=make.REGION,
        label="station 1",
        role=Role.STATION,
        scopes=frozenset(list(Right)[:2]),
        prefix="epc_1234",
        token_hash=bytes(32),
        created_at=make.NOW,
        expires_at=LATER,
    )
    store.put(token)
    assert store.find(bytes(32)) == store.by_id(token.id) == token
    store.put(replace(token, revoked_at=LATER))
    assert store.by_id(token.id) == replace(token, revoked_at=LATER)
    assert store.find(b"x") is None


def test_guesses_sent_at_once_count_each(database: Database) -> None:
    store, key = DatabaseAttempts(database), bytes(32)

    def count(_: int) -> bool:
        old = store.get(key)
        failures = 1 if old is None else old.failures + 1
        return store.replace(
            key, old, Attempts(failures=failures, last_at=make.NOW, not_before=LATER)
        )

    with ThreadPoolExecutor(GUESSERS) as pool:
        counted = sum(pool.map(count, range(10 * GUESSERS)))
    found = store.get(key)
    assert found is not None
    assert found.failures == counted > 0
    assert store.replace(key, None, None) is False
    assert store.replace(key, replace(found, failures=999), None) is False
    assert store.replace(key, found, None) is True
    assert store.replace(key, None, None) is True
    assert store.replace(key, found, found) is False
    store.replace(key, None, found)
    assert (store.forget(make.NOW), store.forget(LATER)) == (0, 1)


def test_a_one_time_code_is_tried_as_often_as_it_says(database: Database) -> None:
    store = DatabaseChallenges(database)
    challenge = Challenge(
        id=bytes(32),
        region=make.REGION,
        subject=None,
        code_mac=bytes(32),
        until=LATER,
        tries_left=5,
    )
    store.put(challenge)
    store.put(challenge)
    less = replace(challenge, tries_left=4)
    assert store.replace(challenge, less) is True
    assert store.replace(challenge, less) is False
    assert store.find(challenge.id) == less
    assert store.replace(less, None) is True
    assert store.find(challenge.id) is None
    store.put(replace(challenge, subject=UUID(int=1)))
    assert store.forget(LATER + timedelta(seconds=1)) == 1


def test_the_outbox_gives_what_is_due_and_one_of_two_senders_takes_it(database: Database) -> None:
    store = DatabaseOutbox(database)
    due, later = make.notification(), make.notification(LATER)
    again = make.notification(make.NOW - timedelta(1), state=NoticeState.FAILED)
    given_up = make.notification(None, state=NoticeState.FAILED)
    for one in (later, due, again, given_up):
        store.add(one)
    assert store.due(make.NOW, 10) == (again, due)
    assert store.due(make.NOW, 1) == (again,)
    taken = store.replace(replace(due, state=NoticeState.SENDING))
    assert taken.version == due.version + 1
    with pytest.raises(StaleError) as refused:
        store.replace(replace(due, state=NoticeState.SENDING))
    assert refused.value.code == "stale"
    assert store.get(due.region, due.id) == taken
    assert store.overdue(LATER, 10) == (taken,)
    with database.reading() as work:
        assert work.notifications.in_state(make.REGION, "failed").rows == (again, given_up)


def test_an_unknown_notification_is_refused(database: Database) -> None:
    store = DatabaseOutbox(database)
    lost: list[Callable[[], object]] = [
        lambda: store.get(make.REGION, UUID(int=1)),
        lambda: store.replace(make.notification()),
    ]
    for call in lost:
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code == "notification-unknown"


def test_the_audit_log_is_read_in_order_and_a_number_is_used_once(database: Database) -> None:
    entries = [make.audit_entry(number) for number in range(1, 4)]

    def append(work: Work) -> None:
        for entry in entries:
            work.audit.append(entry)
        work.audit.add_head(make.audit_head(3))

    database.transaction(append, region=make.REGION)
    with pytest.raises(StaleError):
        database.transaction(lambda work: work.audit.append(entries[1]), region=make.REGION)
    with database.reading() as work:
        assert list(work.audit.entries(make.REGION)) == entries
        assert list(work.audit.entries(make.REGION, after=2)) == entries[2:]
        assert work.audit.last(make.REGION) == entries[2]
        assert work.audit.last(make.OTHER_REGION) is None
        assert work.audit.about(make.REGION, str(UUID(int=1))) == tuple(entries)
        assert work.audit.heads(make.REGION) == (make.audit_head(3),)
        assert work.audit.regions() == (make.REGION,)


def test_facts_recorded_in_units_of_work_at_once_make_one_chain(database: Database) -> None:
    def record(work: Work) -> int:
        log = AuditLog(work.audit, lambda: make.NOW)
        return log.record(make.audit_entry(1).fact).number

    with ThreadPoolExecutor(GUESSERS) as pool:
        done = [pool.submit(database.transaction, record, region=make.REGION) for _ in range(20)]
        assert sorted(one.result() for one in done) == list(range(1, 21))
    with database.reading() as work:
        entries = list(work.audit.entries(make.REGION))
    pairs = pairwise(entries)
    assert all(one.hash == following.previous_hash for one, following in pairs)


def test_facts_recorded_together_and_one_by_one_make_one_chain(database: Database) -> None:
    def record(work: Work) -> None:
        log, fact = work.audit, make.audit_entry(1).fact
        for count in (3, 0, 2):
            record_together(log, make.REGION, [fact] * count, at=make.NOW)
            AuditLog(log, lambda: make.NOW).record(fact)

    for _ in range(2):  # the first time it begins the log
        database.transaction(record, region=make.REGION)
    with database.reading() as work:
        entries = tuple(work.audit.entries(make.REGION))
    assert verify_chain(entries, (), {}, region=make.REGION).entries == len(entries) == 16


def test_entries_added_at_once_are_refused_wholly_if_a_number_is_taken(database: Database) -> None:
    kept, *new = make.audit_entry(1), *_linked(2)
    database.transaction(lambda work: work.audit.append(kept), region=make.REGION)
    with pytest.raises(StaleError):
        database.transaction(lambda work: work.audit.append_all(new), region=make.REGION)
    with database.reading() as work:
        assert tuple(work.audit.entries(make.REGION)) == (kept,)


@pytest.mark.parametrize("change", ["number", "previous_hash", "region"])
def test_entries_that_do_not_follow_each_other_are_not_added_at_once(
    database: Database, change: str
) -> None:
    one, other = _linked(2)
    broken = {
        "number": replace(other, number=3),
        "previous_hash": replace(other, previous_hash=bytes(32)),
        "region": replace(other, fact=make.audit_entry(2, make.OTHER_REGION).fact),
    }
    both = (one, broken[change])
    with pytest.raises(UsageError):
        database.transaction(lambda work: work.audit.append_all(both), region=make.REGION)


def _linked(count: int) -> list[AuditEntry]:
    first, *others = (make.audit_entry(number) for number in range(1, count + 1))
    entries = [first]
    for one in others:
        entries.append(replace(one, previous_hash=entries[-1].hash))
    return entries


def test_an_entry_changed_into_no_entry_is_named(database: Database) -> None:
    database.transaction(lambda work: work.audit.append(make.audit_entry(1)), region=make.REGION)
    with database.writing_tables() as connection:
        connection.execute(text("UPDATE audit_entries SET actor = 'Пробный Проба'"))
    with pytest.raises(Refusal, match="Entry 1") as refused, database.reading() as work:
        list(work.audit.entries(make.REGION))
    assert refused.value.code == "audit-damaged"
    assert "Пробный" not in str(refused.value)


def test_the_outbox_writes_only_the_transactions_region(database: Database) -> None:
    with pytest.raises(UsageError):
        database.transaction(
            lambda work: work.notifications.add(make.notification(region=make.OTHER_REGION)),
            region=make.REGION,
        )
