"""Tables of holders on the command line."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click

from cardservice.data import Table, read_table
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.rows import Accepted, Refused, bounded_lines, read_rows


def table_lines(path: Path | None) -> Iterator[bytes]:
    """Yield the lines of the table at ``path``, or of the demonstration table."""
    if path is None:
        yield from read_table(Table.HOLDERS).splitlines(keepends=True)
        return
    with path.open("rb") as file:
        yield from bounded_lines(file)


def judged_rows(lines: Iterable[bytes]) -> Iterator[Accepted | Refused]:
    """Yield what became of each row, judged today.

    Raises:
        Refusal: the table's header is wrong.
    """
    return read_rows(lines, today=datetime.now(UTC).date())


def first_orders(lines: Iterable[bytes], count: int) -> tuple[list[PolicyOrder], int]:
    """Return the first ``count`` orders of a table, and how many rows were refused on the way."""
    refused = 0

    def accepted() -> Iterator[PolicyOrder]:
        nonlocal refused
        for row in judged_rows(lines):
            if isinstance(row, Accepted):
                yield row.order
            else:
                refused += 1

    return list(islice(accepted(), count)), refused


def say_refused(row: Refused) -> None:
    """Print each fault of a row: number, field, reason code, sentence; never the cell itself."""
    for refusal in row.refusals:
        where = "" if refusal.field is None else f", {refusal.field}"
        click.echo(f"row {row.row}{where}: {refusal.code}: {refusal.sentence}", err=True)


def say_warnings(row: Accepted) -> None:
    """Print what in a good row a person should look at again."""
    for warning in row.warnings:
        click.echo(f"row {row.row}: note: {warning}", err=True)
