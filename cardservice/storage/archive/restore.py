"""From an archive to an empty database; and an archive judged by itself."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - it is a class

from sqlalchemy import Connection, func, inspect, literal, select, table

from cardservice.errors import Refusal
from cardservice.storage.archive.backup import Progress, ignore_progress
from cardservice.storage.archive.manifest import (
    MANIFEST,
    MAX_MANIFEST,
    Manifest,
    TablePart,
    damaged,
    parse_manifest,
)
from cardservice.storage.archive.members import lines, write_table
from cardservice.storage.archive.stock_check import StockCheck
from cardservice.storage.engine import Database
from cardservice.storage.faults import translated
from cardservice.storage.schema import migrate_on, revision_on, revisions, unhurried

_PIECE: Final = 1 << 18  # octets
_SEALED: Final = 1  # flag of a member under a password


def check(path: Path, *, progress: Progress = ignore_progress) -> Manifest:
    """Return what the archive at ``path`` says of itself, after every octet of it was checked.

    It is compared with its own manifest: damage shows, a forgery by who wrote both does not. The
    totals of blank cards are compared with the movements they are the totals of.

    Raises:
        Refusal: ``archive-damaged``, ``archive-format`` or ``stock-differs``.
    """
    with _opened(path) as archive:
        manifest = _manifest(archive)
        stock = StockCheck()
        for part in manifest.tables:
            for line in lines(_checked(archive, part, progress)):
                stock.see(part, line)
        stock.expect_same()
        return manifest


def restore(database: Database, path: Path, *, progress: Progress = ignore_progress) -> Manifest:
    """Fill an empty database with the rows of the archive at ``path``, all or none.

    The tables are made as they were, filled, counted, and then brought up to date.

    Raises:
        Refusal: ``database-not-empty``, ``database-newer``, ``archive-damaged`` or
            ``archive-format``.
    """
    with _opened(path) as archive, translated(), unhurried(database) as connection:
        manifest = _manifest(archive)
        _make_tables(connection, manifest)
        for part in manifest.tables:
            octets = _checked(archive, part, progress)
            write_table(connection, part.name, part.columns, octets)
            counted = select(func.count()).select_from(table(part.name))
            if connection.execute(counted).scalar() != part.rows:
                raise damaged(f"rows of {part.name} did not arrive")
        migrate_on(connection)
        return manifest


def _make_tables(connection: Connection, manifest: Manifest) -> None:
    if manifest.schema not in revisions():
        sentence = "The archive was made by a newer version of this program; install that one."
        raise Refusal("database-newer", sentence)
    if revision_on(connection) is None:
        migrate_on(connection, revision=manifest.schema)
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    is_empty = all(
        connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first() is None
        for name in names
    )
    if revision_on(connection) != manifest.schema or not is_empty:
        sentence = "The database is not empty; restore into a new one."
        raise Refusal("database-not-empty", sentence)
    if names != {part.name for part in manifest.tables}:
        raise damaged("it has other tables than its revision")


def _manifest(archive: ZipFile) -> Manifest:
    names = archive.namelist()
    if MANIFEST not in names or any(one.flag_bits & _SEALED for one in archive.infolist()):
        raise damaged("it has no manifest, or is sealed")
    with archive.open(MANIFEST) as member:
        octets = member.read(MAX_MANIFEST + 1)
    if len(octets) > MAX_MANIFEST:
        raise damaged("its manifest is too long")
    manifest = parse_manifest(octets)
    if sorted([MANIFEST, *(part.member for part in manifest.tables)]) != sorted(names):
        raise damaged("it has other parts than its manifest says")
    return manifest


def _checked(archive: ZipFile, part: TablePart, progress: Progress) -> Iterator[bytes]:
    digest, rows = hashlib.sha256(), 0
    with archive.open(part.member) as member:
        while octets := _read(member):
            digest.update(octets)
            rows += octets.count(b"\n")
            progress(part.name, rows)
            yield octets
    if rows != part.rows or digest.hexdigest() != part.sha256:
        raise damaged(f"{part.name} is not what its manifest says")


def _read(member: IO[bytes]) -> bytes:
    return member.read(_PIECE)


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(path) as archive:
            yield archive
    except (BadZipFile, ZlibError, EOFError, NotImplementedError):
        # What zipfile says of files that are cut, changed or no archives at all.
        raise damaged("it cannot be unpacked") from None
