"""Models and migrations agree, on both databases, from wherever one starts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cardservice.errors import Refusal, UsageError
from cardservice.storage import schema
from cardservice.storage.engine import Database, open_database
from cardservice.storage.repositories.base import Rows, Scope, Shape
from cardservice.storage.rows.base import Json
from cardservice.storage.tables import metadata
from cardservice.storage.work import Work

DERIVED = {"name_key", "search_key"}
BY_SECRET = {"sessions", "attempts", "challenges"}
BY_HAND = {
    "policy_numbers",
    "idempotency_keys",
    "counters",
    "accounts",
    "sessions",
    "audit_entries",
    "stock_totals",
}


def test_migrated_tables_are_those_of_the_program(database: Database) -> None:
    assert schema.differences(database) == []
    assert schema.current_revision(database) == schema.newest_revision()


def test_a_column_that_no_migration_made_is_noticed(database: Database) -> None:
    with database.connected(writing=True) as connection:
        connection.execute(text("ALTER TABLE looks ADD COLUMN extra INTEGER"))
    assert schema.differences(database)


@pytest.mark.parametrize("revision", schema.revisions())
def test_each_revision_is_brought_up_to_the_newest(empty_address: str, revision: str) -> None:
    with open_database(empty_address) as database:
        assert schema.migrate(database, revision=revision) == revision
        assert schema.migrate(database) == schema.newest_revision()
        assert schema.differences(database) == []


def test_a_database_without_tables_is_refused_with_what_to_do(empty_address: str) -> None:
    with open_database(empty_address) as database:
        assert schema.current_revision(database) is None
        with pytest.raises(Refusal, match="cardservice database migrate") as refused:
            schema.require_current(database)
        assert refused.value.code == "database-empty"
        with pytest.raises(Refusal) as refused, database.reading() as work:
            work.people.by_snils("000-000-000 00")
        assert refused.value.code == "database-schema"


def test_a_database_of_a_newer_program_is_left_alone(database: Database) -> None:
    with database.connected(writing=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    for judge in (schema.require_current, schema.migrate):
        with pytest.raises(Refusal) as refused:
            judge(database)
        assert refused.value.code == "database-newer"


def test_two_processes_that_migrate_at_once_both_succeed(empty_address: str) -> None:
    def migrate() -> str:
        with open_database(empty_address) as database:
            return schema.migrate(database)

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(migrate) for _ in range(2)]
        assert {one.result() for one in done} == {schema.newest_revision()}


@pytest.mark.parametrize("table", ["policies", "cards"])
def test_what_ends_is_found_by_its_last_day_and_what_never_ends_is_not_in_the_index(
    database: Database, table: str
) -> None:
    index = f"ix_{table}_region_state_valid_until"
    ended = "region = '00000' AND state IN ('active') AND valid_until < '2026-01-01'"
    due = f"SELECT id FROM {table} WHERE {ended}"  # noqa: S608 - our own words
    catalog, explain = "SELECT sql FROM sqlite_master WHERE name = :name", "EXPLAIN QUERY PLAN"
    with database.connected(writing=True) as connection:
        if database.is_postgresql:
            catalog, explain = "SELECT indexdef FROM pg_indexes WHERE indexname = :name", "EXPLAIN"
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = str(connection.execute(text(f"{explain} {due}")).all())
        definition = connection.execute(text(catalog), {"name": index}).scalar_one()
    assert index in plan
    assert "valid_until IS NOT NULL" in definition


def test_every_table_but_the_nationwide_ones_begins_its_key_with_the_region() -> None:
    others = {name for name, table in metadata.tables.items() if _first_key(table) != "region"}
    assert others == BY_SECRET | {"policy_numbers", "card_numbers"}


def test_rows_and_tables_have_the_same_fields_and_may_be_empty_alike() -> None:
    seen = 0
    for shape in _shapes():
        columns = {one.name: one.nullable for one in shape.table.columns}
        row: Any = shape._row
        may_be_none = {
            one.name: one.type is not Json and "None" in str(one.type) for one in fields(row)
        }
        due = {"due_on"} & may_be_none.keys()  # kept as the last day
        left_out = DERIVED | due | (set() if "key" in may_be_none else {"key"})
        expected = {name: columns[name] for name in columns.keys() - left_out}
        assert {name: may_be_none[name] for name in may_be_none.keys() - due} == expected
        seen += 1
    assert seen == len(metadata.tables) - len(BY_HAND)


def _may_be_none(field: Field[Any]) -> bool:
    return field.type is not Json and "None" in str(field.type)


def _first_key(table: Any) -> str:
    return str(next(iter(table.primary_key)).name)


def _shapes() -> list[Shape[Any]]:
    from cardservice.storage.repositories import audit, exchange, making
    from cardservice.storage.stores import sessions, tries

    work = Work(Scope(None, None))  # type: ignore[arg-type]
    names = [name for name in vars(Work) if not name.startswith("_")]
    parts = [getattr(work, name) for name in names]
    extra: list[Shape[Any]] = [
        audit._HEAD,
        making._NUMBER,
        exchange._NOTIFICATION,
        sessions._TOKEN,
        tries._ATTEMPTS,
        tries._CHALLENGE,
    ]
    return [*(one.shape for one in parts if isinstance(one, Rows)), *extra]


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://u:s3cret@h/d", "s3cret", "postgresql://h"]
)
def test_other_addresses_are_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        open_database(url)
    assert "s3cret" not in str(refused.value)


def test_an_sqlite_file_and_those_beside_it_are_their_owners_alone(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path}/new/registry.sqlite3") as database:
        schema.migrate(database)
        modes = {one.stat().st_mode & 0o777 for one in (tmp_path / "new").iterdir()}
    assert modes == {0o600}
