"""Tables of any length for a station: the demonstration's people again and again, renumbered."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from cardservice.cli.rows import first_orders, table_lines
from cardservice.data import Table, read_table
from cardservice.domain.enp import demonstration_number
from cardservice.domain.holder import Sex
from cardservice.domain.order_columns import Column


def write_table(path: Path, rows: int) -> None:
    """Write a table of ``rows`` people who may have a card, no policy number twice."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(one.value for one in Column)
        writer.writerows(islice(_rows(), rows))


def _rows() -> Iterator[list[str]]:
    policies, _ = first_orders(table_lines(None), len(read_table(Table.HOLDERS).splitlines()))
    holders = {str(policy.holder.enp): policy.holder for policy in policies}
    typed = csv.DictReader(read_table(Table.HOLDERS).decode().splitlines())
    good = [(list(_cells(row)), holders[row["enp"]]) for row in typed if row["enp"] in holders]
    place, serials = list(Column).index(Column.ENP), Counter[tuple[date, Sex]]()
    while True:
        for cells, holder in good:
            born = holder.birth_date, holder.sex
            serials[born] += 1
            number = demonstration_number(*born, serials[born])
            yield [*cells[:place], str(number), *cells[place + 1 :]]


def _cells(row: dict[str, str]) -> Iterator[str]:
    return (row.get(one.value) or "" for one in Column)
