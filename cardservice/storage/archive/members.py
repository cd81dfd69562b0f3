"""Tables as streams: out of a database and into one, each kind in its own fast way."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, column, insert, inspect, select, table, text

from cardservice.storage.archive.copy_text import Coding, coding_for, from_line, to_line
from cardservice.storage.archive.manifest import damaged
from cardservice.storage.errors import UnavailableError

BATCH: Final = 1000  # rows
MAX_LINE: Final = 1 << 24  # octets of a row; the largest form has a fiftieth of it
_SQLITE: Final = "sqlite"
NUL: Final = b"\0"


def read_table(connection: Connection, name: str, columns: Sequence[str]) -> Iterator[bytes]:
    """Yield a table's rows in COPY's text format: whole lines, some at a time."""
    if connection.dialect.name == _SQLITE:
        return _read_sqlite(connection, name, columns)
    return _read_postgresql(connection, name, columns)


def write_table(
    connection: Connection, name: str, columns: Sequence[str], octets: Iterable[bytes]
) -> None:
    """Store rows in COPY's text format; the octets may come in any pieces.

    Raises:
        Refusal: ``archive-damaged``: they are no rows of this table.
    """
    if connection.dialect.name == _SQLITE:
        _write_sqlite(connection, name, columns, octets)
    else:
        _write_postgresql(connection, name, columns, octets)


def lines(octets: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines without their ends.

    Raises:
        Refusal: ``archive-damaged``: a line without its end, a longer one than any row, or NUL.
    """
    rest = b""
    for piece in octets:
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > MAX_LINE:
            raise damaged("a row is too long")
        yield from map(_sound, whole)
    if rest:
        raise damaged("its last row is cut short")


def _sound(line: bytes) -> bytes:
    if NUL in line:
        raise damaged("a row holds the character NUL")
    return line


def _read_sqlite(connection: Connection, name: str, columns: Sequence[str]) -> Iterator[bytes]:
    codings = _codings(connection, name, columns)
    # Columns without a type: the values come as SQLite keeps them.
    wanted = select(table(name, *map(column, columns)))
    found = connection.execute(wanted)
    while rows := found.fetchmany(BATCH):
        yield b"".join(to_line(tuple(row), codings) for row in rows)


def _write_sqlite(
    connection: Connection, name: str, columns: Sequence[str], octets: Iterable[bytes]
) -> None:
    codings = _codings(connection, name, columns)
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))  # a row may name a later one
    statement = insert(table(name, *map(column, columns)))
    rows = (dict(zip(columns, from_line(line, codings), strict=True)) for line in lines(octets))
    while batch := list(islice(rows, BATCH)):
        connection.execute(statement, batch)


def _codings(connection: Connection, name: str, columns: Sequence[str]) -> list[Coding]:
    declared = {one["name"]: str(one["type"]) for one in inspect(connection).get_columns(name)}
    if not declared.keys() >= set(columns):
        raise damaged("it has a column that its tables have not")
    return [coding_for(declared[one]) for one in columns]


def _read_postgresql(connection: Connection, name: str, columns: Sequence[str]) -> Iterator[bytes]:
    statement = sql.SQL("COPY {}({}) TO STDOUT").format(*_identifiers(name, columns))
    with _cursor(connection) as cursor, cursor.copy(statement) as copy:
        for block in copy:
            yield bytes(block)


def _write_postgresql(
    connection: Connection, name: str, columns: Sequence[str], octets: Iterable[bytes]
) -> None:
    statement = sql.SQL("COPY {}({}) FROM STDIN").format(*_identifiers(name, columns))
    try:
        with _cursor(connection) as cursor, cursor.copy(statement) as copy:
            for piece in octets:
                copy.write(piece)
    except psycopg.OperationalError:
        raise UnavailableError from None
    except psycopg.Error:
        raise damaged(f"rows of {name} do not fit") from None


def _identifiers(name: str, columns: Sequence[str]) -> tuple[sql.Composable, sql.Composable]:
    return sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    driver: Any = connection.connection.driver_connection
    cursor: psycopg.Cursor[Any] = driver.cursor()
    return cursor
