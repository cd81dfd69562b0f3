"""A backup holds one moment, restores on either database, and shows any damage."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import text

from bench.registry_cluster import Cluster
from cardservice.errors import Refusal
from cardservice.storage.archive.backup import back_up
from cardservice.storage.archive.copy_text import coding_for, from_line, to_line
from cardservice.storage.archive.restore import check, restore
from cardservice.storage.engine import Database, open_database
from cardservice.storage.schema import current_revision, differences, migrate
from cardservice.storage.stores.accounts import DatabaseAccounts
from cardservice.storage.stores.sessions import DatabaseSessions
from cardservice.storage.work import Work
from tests.storage import samples as make
from tests.storage.test_rows import store_one_of_each

Members = dict[str, bytes]
ODD = "\\ \t\n\r\b\f\v \\N \\. ' \" % ё 😀"


def fill(work: Work) -> None:
    store_one_of_each(work)
    work.people.add(make.person(surname=ODD, address="\\N", birth_place=""))
    kept = make.person("Вторая Запись")
    work.people.add(make.person(merged_into=None), kept)
    work.applications.add(make.application("2", draft=ODD, due_on=None))
    work.audit.append(make.audit_entry(1))
    work.audit.add_head(make.audit_head(1))
    work.notifications.add(make.notification())
    work.commands.remember(make.command(), make.answer(), at=make.NOW)
    work.counters.next(make.REGION, "application")


def everything(database: Database) -> dict[str, object]:
    with database.reading() as work:
        people = work.people.search(birth_date=make.BORN).rows
        uploads = work.uploads.of_region(make.REGION).rows
        return {
            "people": people,
            "queue": work.applications.queue(make.REGION, "submitted").rows,
            "orders": work.orders.queue(make.REGION, "queued").rows,
            "cards": work.cards.by_number((1 << 48) - 1),
            "audit": (list(work.audit.entries(make.REGION)), work.audit.heads(make.REGION)),
            "outbox": work.notifications.due(make.NOW, 10),
            "receipts": work.receipts.of_person(make.REGION, people[0].person.id),
            "attachments": work.attachments.with_content(bytes(range(1, 33))),
            "stock": work.stock.totals(make.REGION),
            "uploads": uploads,
            "upload rows": work.upload_rows.of_upload(make.REGION, uploads[0].id).rows,
            "answer": work.commands.earlier(make.command()),
        }


@pytest.fixture
def archive(database: Database, tmp_path: Path) -> Path:
    database.transaction(fill, region=make.REGION)
    DatabaseAccounts(database).add(make.account())
    DatabaseSessions(database).put(make.session(make.account()))
    path = tmp_path / "office.zip"
    back_up(database, path, at=make.NOW)
    return path


@contextmanager
def fresh(kind: str, cluster: Cluster, folder: Path) -> Iterator[Database]:
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'restored.sqlite3'}"
    else:
        url = cluster.create("restored")
    try:
        with open_database(url) as database:
            yield database
    finally:
        cluster.drop("restored")


def test_totals_of_blanks_that_are_not_what_the_movements_come_to_are_found(
    database: Database, tmp_path: Path
) -> None:
    def move(work: Work) -> None:
        work.stock.add(make.movement("receive", 9), make.movement("spoil-at-station", 2, "a\t"))

    database.transaction(move, region=make.REGION)
    check(packed(database, tmp_path / "right.zip"))
    with database.connected(writing=True) as connection:
        connection.execute(text("UPDATE stock_totals SET quantity = 3 WHERE station <> ''"))
    with pytest.raises(Refusal, match="is 3, the movements come to 2") as refused:
        check(packed(database, tmp_path / "wrong.zip"))
    assert refused.value.code == "stock-differs"


def packed(database: Database, path: Path) -> Path:
    back_up(database, path, at=make.NOW)
    return path


def altered(archive: Path, change: Callable[[Members], None]) -> Path:
    with ZipFile(archive) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    change(members)
    path = archive.with_name("altered.zip")
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, octets in members.items():
            packed.writestr(name, octets)
    return path


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_of_either_restores_everything_on_either(
    database: Database, archive: Path, kind: str, cluster: Cluster, tmp_path: Path
) -> None:
    with fresh(kind, cluster, tmp_path) as restored:
        manifest = restore(restored, archive)
        assert everything(restored) == everything(database)
        assert DatabaseAccounts(restored).by_name("clerk") == DatabaseAccounts(database).by_name(
            "clerk"
        )
        assert DatabaseSessions(restored).find(bytes(32)) == DatabaseSessions(database).find(
            bytes(32)
        )
        assert differences(restored) == []
        assert manifest == check(archive)
        assert manifest.rows > 20
        restored.transaction(  # numbers go on where they were
            lambda work: work.counters.next(make.REGION, "application"), region=make.REGION
        )


def test_a_merged_person_stored_before_the_one_it_names_is_restored(
    database: Database, cluster: Cluster, tmp_path: Path
) -> None:
    merged, kept = make.person(), make.person()
    database.transaction(lambda work: work.people.add(merged), region=make.REGION)
    database.transaction(lambda work: work.people.add(kept), region=make.REGION)
    database.transaction(
        lambda work: work.people.change(replace(merged, merged_into=kept.id)), region=make.REGION
    )
    back_up(database, tmp_path / "a.zip", at=make.NOW)
    with fresh("sqlite", cluster, tmp_path) as restored:
        restore(restored, tmp_path / "a.zip")
        with restored.reading() as work:
            assert len(work.people.merged_into(make.REGION, kept.id)) == 1


def test_an_archive_is_its_owners_alone_and_never_replaces_a_file(
    database: Database, archive: Path
) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refusal) as refused:
        back_up(database, archive, at=make.NOW)
    assert refused.value.code == "archive-exists"


def test_a_backup_that_breaks_off_leaves_nothing(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def break_off(table: str, _rows: int) -> None:
        if table == "persons":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(database, folder / "a.zip", at=make.NOW, progress=break_off)
    assert list(folder.iterdir()) == []


def test_a_backup_holds_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    person = make.person()

    def write(_table: str, _rows: int) -> None:
        with database.reading() as work:
            known = work.people.find(person.region, person.id)
        if known is None:
            database.transaction(lambda work: work.people.add(person), region=make.REGION)

    database.transaction(lambda work: work.people.add(make.person()), region=make.REGION)
    manifest = back_up(database, tmp_path / "a.zip", at=make.NOW, progress=write)
    assert {one.name: one.rows for one in manifest.tables}["persons"] == 1


def test_a_database_with_rows_is_not_restored_into(database: Database, archive: Path) -> None:
    before = everything(database)
    with pytest.raises(Refusal) as refused:
        restore(database, archive)
    assert refused.value.code == "database-not-empty"
    assert everything(database) == before


def _flip(members: Members) -> None:
    members["tables/persons.copy"] = members["tables/persons.copy"].replace(b"male", b"mole")


def _less(members: Members) -> None:
    octets = members["tables/persons.copy"]
    members["tables/persons.copy"] = octets[octets.index(b"\n") + 1 :]


def _drop(members: Members) -> None:
    del members["tables/looks.copy"]


def _more(members: Members) -> None:
    members["tables/../../evil"] = b""


def _no_manifest(members: Members) -> None:
    del members["manifest.json"]


def _garbage(members: Members) -> None:
    members["manifest.json"] = b"[" * 100_000


def _manifest(**values: object) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, **values}).encode()

    return change


def _evil_name(members: Members) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["tables"][0]["name"] = 'x"; DROP TABLE persons; --'
    members["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_flip, "archive-damaged"),
        (_less, "archive-damaged"),
        (_drop, "archive-damaged"),
        (_more, "archive-damaged"),
        (_no_manifest, "archive-damaged"),
        (_garbage, "archive-damaged"),
        (_evil_name, "archive-damaged"),
        (_manifest(format=2), "archive-format"),
        (_manifest(tables=[]), "archive-damaged"),
    ],
)
@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_an_altered_archive_is_refused_and_leaves_the_database_empty(
    archive: Path, change: Callable[[Members], None], code: str, cluster: Cluster, tmp_path: Path
) -> None:
    path = altered(archive, change)
    with pytest.raises(Refusal) as refused:
        check(path)
    assert refused.value.code == code
    for kind in ("sqlite", "postgresql"):
        with fresh(kind, cluster, tmp_path) as restored:
            with pytest.raises(Refusal) as refused:
                restore(restored, path)
            assert refused.value.code == code
            assert current_revision(restored) is None


def test_a_revision_we_do_not_know_is_refused(
    archive: Path, cluster: Cluster, tmp_path: Path
) -> None:
    path = altered(archive, _manifest(schema="future"))
    with fresh("sqlite", cluster, tmp_path) as restored, pytest.raises(Refusal) as refused:
        restore(restored, path)
    assert refused.value.code == "database-newer"


def test_a_cut_file_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        archive.write_bytes(whole[:length])
        with pytest.raises(Refusal) as refused:
            check(archive)
        assert refused.value.code == "archive-damaged"


def test_a_damaged_sqlite_file_is_not_backed_up(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    with open_database(f"sqlite:///{path}") as database:
        migrate(database)
        database.transaction(fill, region=make.REGION)
    with path.open("r+b") as file:  # an index loses its entries
        octets = file.read()
        at = octets.rindex("пробный проба".encode())
        file.seek(at)
        file.write(b"damage")
    with open_database(f"sqlite:///{path}") as database, pytest.raises(Refusal) as refused:
        back_up(database, tmp_path / "a.zip", at=make.NOW)
    assert refused.value.code == "database-damaged"
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize("line", [b"", b"a", b"a\tb\tc", b"\\q\t1", b"\\", b"\xff\t1", b"a\tx"])
def test_a_line_that_is_no_row_is_refused(line: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        from_line(line, [coding_for("VARCHAR(9)"), coding_for("BIGINT")])
    assert refused.value.code == "archive-damaged"


def test_a_line_gives_back_the_values_it_was_made_from() -> None:
    kinds = ["VARCHAR(9)", "BIGINT", "BOOLEAN", "BLOB", "DATETIME", "CHAR(32)", "JSON"]
    values = [ODD, -1, 1, b"\0\xff\\", "2030-01-02 03:04:05.000001", "7" * 32, '{"a": "\\t"}']
    codings = [coding_for(kind) for kind in kinds]
    line = to_line(values, codings)
    assert line.count(b"\n") == 1
    assert from_line(line[:-1], codings) == values
    nothing = [None] * len(kinds)
    assert from_line(to_line(nothing, codings)[:-1], codings) == nothing
