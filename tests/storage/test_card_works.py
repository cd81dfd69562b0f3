"""From the first tables to those with works, numbers and chips: rows are kept, and filled."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import Table, insert

from cardservice.storage.archive.backup import back_up
from cardservice.storage.archive.restore import check, restore
from cardservice.storage.engine import Database, open_database
from cardservice.storage.errors import DanglingError, DuplicateError
from cardservice.storage.rows.making import CardNumber
from cardservice.storage.schema import current_revision, differences, migrate, newest_revision
from cardservice.storage.tables import making as tables
from cardservice.storage.work import Work
from tests.storage import samples as make

FIRST = "0001"
LIST = 1 << 32
WORKS = {"queued": "new-card", "made": "new-card", "update": "change-insurer"}
LATER_TABLES = (
    *("card_numbers", "clinic_desks", "enrolment_codes"),
    *("desk_terminals", "presentations", "substitutes", "abuse_signs"),
)
NEW_COLUMNS = {
    "orders": {
        *("work", "ground", "new_card_number", "signed_at", "spoiled_by", "spoiled_version"),
    },
    "stock_movements": {"first_chip", "last_chip"},
}


def first_rows(work: Work) -> dict[str, UUID]:
    """Store an order of each kind and their cards, as the first tables had them."""
    person = make.person()
    policy = make.policy(person)
    made, held = make.card(policy, 1), make.card(policy, 2)
    orders = {name: make.order(policy) for name in WORKS}
    cards = {"queued": None, "made": made.id, "update": held.id}
    movement = make.movement("receive", 1)
    work.people.add(person)
    work.policies.add(policy)
    for name, one in orders.items():
        _insert(work, tables.orders, replace(one, card_id=cards[name]))
    _insert(work, tables.stock_movements, movement)
    work.cards.add(replace(made, order_id=orders["made"].id), held)
    return {name: one.id for name, one in orders.items()} | {"moved": movement.id}


def _insert(work: Work, table: Table, row: object) -> None:
    left_out = NEW_COLUMNS[table.name]
    names = {one.name for one in table.columns} - left_out
    values = {name: getattr(row, name) for name in names}
    work.orders.scope.connection.execute(insert(table).values(values))


def test_orders_of_the_first_tables_get_the_work_that_they_were(empty_address: str) -> None:
    with open_database(empty_address) as database:
        migrate(database, revision=FIRST)
        ids = database.transaction(first_rows, region=make.REGION)
        migrate(database)
        assert differences(database) == []
        with database.reading() as work:
            orders = {name: work.orders.get(make.REGION, ids[name]) for name in WORKS}
            movement = work.stock.get(make.REGION, ids["moved"])
    assert {name: one.work for name, one in orders.items()} == WORKS
    assert {one.new_card_number for one in orders.values()} == {None}
    assert (movement.quantity, movement.first_chip, movement.last_chip) == (1, None, None)


def numbered(work: Work, number: int = LIST | 7) -> CardNumber:
    """Keep an order with all it can say and the number allotted to it; return the number's row."""
    person = make.person()
    policy = make.policy(person)
    order = make.order(
        policy,
        work="new-pin",
        ground="pin-forgotten",
        new_card_number=number,
        signed_at=make.NOW,
        spoiled_by="station",
        spoiled_version=3,
    )
    row = CardNumber(
        number=number, region=make.REGION, order_id=order.id, station="station", at=make.NOW
    )
    work.people.add(person)
    work.policies.add(policy)
    work.orders.add(order)
    work.card_numbers.add(row)
    return row


def test_a_number_is_found_with_what_it_was_allotted_to(database: Database) -> None:
    row = database.transaction(numbered, region=make.REGION)
    with database.reading() as work:
        assert work.card_numbers.find(row.number) == row
        assert work.card_numbers.find(row.number + 1) is None
        order = work.orders.get(make.REGION, row.order_id)
    assert (order.new_card_number, order.spoiled_by, order.spoiled_version) == (
        *(row.number, "station", 3),
    )


def test_a_number_is_allotted_once_and_to_an_order_that_there_is(database: Database) -> None:
    row = database.transaction(numbered, region=make.REGION)

    def again(work: Work) -> None:
        work.card_numbers.add(row)

    def to_nothing(work: Work) -> None:
        nothing = CardNumber(
            number=LIST | 8, region=make.REGION, order_id=uuid4(), station="s", at=make.NOW
        )
        work.card_numbers.add(nothing)

    with pytest.raises(DuplicateError) as refused:
        database.transaction(again, region=make.REGION)
    assert refused.value.table == "card_numbers"
    with pytest.raises(DanglingError):
        database.transaction(to_nothing, region=make.REGION)


def test_a_backup_has_the_numbers_works_and_chips(database: Database, tmp_path: Path) -> None:
    row = database.transaction(numbered, region=make.REGION)
    chips = make.movement("receive", 1)
    database.transaction(lambda work: work.stock.add(chips), region=make.REGION)
    back_up(database, tmp_path / "office.zip", at=make.NOW)
    assert "card_numbers" in {one.name for one in check(tmp_path / "office.zip").tables}
    with open_database(f"sqlite:///{tmp_path / 'restored.sqlite3'}") as restored:
        restore(restored, tmp_path / "office.zip")
        with restored.reading() as work, database.reading() as kept:
            assert work.card_numbers.find(row.number) == row
            order = work.orders.get(make.REGION, row.order_id)
            assert order == kept.orders.get(make.REGION, row.order_id)


def as_first(archive: Path) -> Path:
    """Return the same archive as a program of the first tables would have written it."""
    with ZipFile(archive) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(members["manifest.json"])
    manifest["schema"] = FIRST
    manifest["tables"] = [one for one in manifest["tables"] if one["name"] not in LATER_TABLES]
    for name in LATER_TABLES:
        del members[f"tables/{name}.copy"]
    for part in manifest["tables"]:
        member = f"tables/{part['name']}.copy"
        members[member] = _without(part, members[member])
    members["manifest.json"] = json.dumps(manifest).encode()
    path = archive.with_name("first.zip")
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, octets in members.items():
            packed.writestr(name, octets)
    return path


def _without(part: dict[str, list[str]], octets: bytes) -> bytes:
    gone = NEW_COLUMNS.get(str(part["name"]), set())
    keeps = [name not in gone for name in part["columns"]]
    lines = [_kept(line.split(b"\t"), keeps) for line in octets.splitlines()]
    part["columns"] = [name for name in part["columns"] if name not in gone]
    left = b"".join(b"\t".join(line) + b"\n" for line in lines)
    part["sha256"] = hashlib.sha256(left).hexdigest()  # type: ignore[assignment]
    return left


def _kept(values: list[bytes], keeps: list[bool]) -> list[bytes]:
    return [value for value, kept in zip(values, keeps, strict=True) if kept]


def test_a_backup_of_the_first_tables_is_restored_and_brought_up_to_date(
    database: Database, tmp_path: Path
) -> None:
    row = database.transaction(numbered, region=make.REGION)
    back_up(database, tmp_path / "office.zip", at=make.NOW)
    first = as_first(tmp_path / "office.zip")
    check(first)
    with open_database(f"sqlite:///{tmp_path / 'restored.sqlite3'}") as restored:
        restore(restored, first)
        assert current_revision(restored) == newest_revision()
        with restored.reading() as work:
            assert work.orders.get(make.REGION, row.order_id).work == "new-card"
            assert work.card_numbers.find(row.number) is None
