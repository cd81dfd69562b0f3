"""Lists that staff read: accounts, tokens, uploads, and the audit log searched."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cardservice.accounts.api_tokens import ApiToken
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.registry.audit import AuditLog, AuditSearch
from cardservice.registry.audit_values import AuditEntry, AuditFact
from cardservice.storage.engine import Database
from cardservice.storage.stores.accounts import DatabaseAccounts
from cardservice.storage.stores.sessions import DatabaseApiTokens
from cardservice.storage.work import Work
from tests.storage import samples as make

DAY = timedelta(days=1)
FACT = AuditFact(
    region=make.REGION,
    actor="clerk-7",
    role="clerk",
    action="place.add",
    subject_kind="place",
    subject_id=str(make.new_id()),
    ground="",
)


def token(number: int, **more: Any) -> ApiToken:
    values: dict[str, Any] = {
        "id": make.new_id(),
        "region": make.REGION,
        "label": "Станция",
        "role": Role.STATION,
        "scopes": frozenset({Right.ORDER_READ}),
        "prefix": "epc_12345678",
        "token_hash": bytes([number]) * 32,
        "created_at": make.NOW,
        "expires_at": make.NOW + 30 * DAY,
    }
    return ApiToken(**(values | more))


def record(database: Database, at: datetime) -> AuditEntry:
    def work(kept: Work) -> AuditEntry:
        return AuditLog(kept.audit, lambda: at).record(FACT)

    return database.transaction(work, region=make.REGION)


def test_accounts_of_a_region_are_listed_by_name_from_a_name_on(database: Database) -> None:
    store = DatabaseAccounts(database)
    for name in ("b", "a", "c"):
        store.add(make.account(name))
    store.add(replace(make.account("d"), region=make.OTHER_REGION))
    assert [one.name for one in store.of_region(make.REGION, limit=2)] == ["a", "b"]
    assert [one.name for one in store.of_region(make.REGION, after="b", limit=2)] == ["c"]
    assert [one.name for one in store.of_region(make.OTHER_REGION, limit=2)] == ["d"]


def test_tokens_of_a_region_are_listed_the_newest_first(database: Database) -> None:
    store = DatabaseApiTokens(database)
    old, new = token(1), token(2, created_at=make.NOW + DAY)
    for one in (new, old, token(3, region=make.OTHER_REGION)):
        store.put(one)
    assert store.of_region(make.REGION) == (new, old)
    assert len(store.of_region(make.OTHER_REGION)) == 1


def test_uploads_are_listed_the_newest_first_a_senders_own_or_all(database: Database) -> None:
    early, late = make.upload(), make.upload(received_at=make.NOW + DAY)
    theirs = make.upload(sender="other", received_at=make.NOW + 2 * DAY)
    database.transaction(lambda work: work.uploads.add(early, late, theirs), region=make.REGION)
    with database.reading() as work:
        assert work.uploads.newest(make.REGION, early.sender, limit=9) == (late, early)
        assert work.uploads.newest(make.REGION, None, limit=2) == (theirs, late)


def test_the_audit_log_is_searched_by_number_actor_and_subject(database: Database) -> None:
    for _ in range(9):
        record(database, make.NOW)
    with database.reading() as work:
        found = work.audit.newest(make.REGION, AuditSearch(above=2, below=8, limit=3))
        assert [one.number for one in found] == [7, 6, 5]
        every = AuditSearch(below=99, limit=99)
        for wanted in (replace(every, actor="clerk-7"), replace(every, subject_id=FACT.subject_id)):
            assert len(work.audit.newest(make.REGION, wanted)) == 9
        for unwanted in (replace(every, actor="nobody"), replace(every, subject_id="nothing")):
            assert work.audit.newest(make.REGION, unwanted) == ()


def test_the_first_entry_since_a_time_is_found_by_halving(database: Database) -> None:
    times = [make.NOW + timedelta(hours=7 * number) for number in range(9)]
    for at in times:
        record(database, at)
    with database.reading() as work:
        for number, at in enumerate(times, 1):
            assert work.audit.first_since(make.REGION, at) == number
            assert work.audit.first_since(make.REGION, at + timedelta(seconds=1)) == number + 1
        assert work.audit.first_since(make.OTHER_REGION, make.NOW) == 1
