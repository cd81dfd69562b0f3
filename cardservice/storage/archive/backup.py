"""From a database to an archive: one moment of it, whole or not at all."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, text

from cardservice.errors import Refusal
from cardservice.storage.archive.manifest import MANIFEST, Manifest, TablePart
from cardservice.storage.archive.members import read_table
from cardservice.storage.engine import Database, open_database
from cardservice.storage.faults import translated
from cardservice.storage.schema import require_current, revision_on
from cardservice.storage.tables import metadata

Progress = Callable[[str, int], None]
"""Told a table's name and the rows of it that are done, again and again."""

_PAGES: Final = 1000  # of SQLite's online backup at a time; writers come in between


def ignore_progress(_table: str, _rows: int) -> None:
    """Tell nobody."""


def back_up(
    database: Database, path: Path, *, at: datetime, progress: Progress = ignore_progress
) -> Manifest:
    """Write all rows of one moment to ``path``, a new file that only its owner can read.

    The service may go on meanwhile. The file is not sealed: it holds persons.

    Raises:
        Refusal: ``archive-exists``; ``database-…``: the tables are not this program's; or
            ``database-damaged``.
    """
    if path.exists():
        raise Refusal("archive-exists", f"There is a file {path.name} already; name another one.")
    require_current(database)
    with _new_file(path) as partial, translated(), _snapshot(database, partial.parent) as snapshot:
        return _write(snapshot, partial, at=at, progress=progress)


def _write(connection: Connection, path: Path, *, at: datetime, progress: Progress) -> Manifest:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        manifest = Manifest(
            made_at=at,
            schema=revision_on(connection) or "",
            source=connection.dialect.name,
            tables=tuple(
                _write_table(connection, archive, name, progress)
                for name in [table.name for table in metadata.sorted_tables]
            ),
        )
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _write_table(
    connection: Connection, archive: ZipFile, name: str, progress: Progress
) -> TablePart:
    columns = tuple(column.name for column in metadata.tables[name].columns)
    part = TablePart(name=name, columns=columns, rows=0, sha256="")
    digest, rows = hashlib.sha256(), 0
    with archive.open(part.member, "w", force_zip64=True) as member:
        for octets in read_table(connection, name, columns):
            digest.update(octets)
            rows += octets.count(b"\n")
            member.write(octets)
            progress(name, rows)
    progress(name, rows)
    return TablePart(name=name, columns=columns, rows=rows, sha256=digest.hexdigest())


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    os.close(descriptor)
    partial = Path(name)
    try:
        yield partial
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _snapshot(database: Database, folder: Path) -> Iterator[Connection]:
    if database.is_postgresql:
        with database.connected(writing=False) as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as scratch:
        copy = Path(scratch) / "copy.sqlite3"
        with database.connected(writing=False) as connection:
            _copy_online(connection.connection.driver_connection, copy)
        with open_database(f"sqlite:///{copy}") as copied, copied.connected(writing=False) as one:
            yield one


def _copy_online(source: Any, copy: Path) -> None:
    target = sqlite3.connect(copy)
    try:
        source.backup(target, pages=_PAGES)
        sound = target.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
        if not sound or target.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise Refusal("database-damaged", "The database is damaged; restore an older backup.")
    finally:
        target.close()
