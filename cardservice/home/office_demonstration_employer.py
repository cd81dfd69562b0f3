"""The table that an employer sends in the demonstration: fictional people, two rows wrong."""

import csv
import io
from hashlib import sha256
from typing import Final

from cardservice.accounts.roles import Role
from cardservice.data import Table, read_table
from cardservice.domain.orders import Channel
from cardservice.home.office_demonstration_stage import Stage
from cardservice.registry.uploads import ReceiveTable, receive_table
from cardservice.uploads.tables.fingerprints import RowFingerprints
from cardservice.uploads.tables.reading import read_table as read_rows

ROWS: Final = 20
_NAME: Final = "сотрудники.csv"
_CHANNEL, _NUMBER, _BORN = "channel", "enp", "birth_date"
_WRONG_DAY: Final = "30.02.1990"


def send_table(stage: Stage) -> None:
    """Let the employer send a table: its good rows are applications now."""
    octets = employer_table()
    actor = stage.actors[Role.EMPLOYER]
    table = read_rows(
        octets,
        today=stage.office.today,
        fingerprints=RowFingerprints(stage.row_secret, sender=actor.name),
    )
    command = ReceiveTable(
        region=stage.region,
        key=stage.key(),
        name=_NAME,
        content_hash=sha256(octets).digest(),
        rows=table.rows,
        consent=True,
    )
    receive_table(stage.office, actor, command)


def employer_table() -> bytes:
    """Return the table, UTF-8; nobody in it has a policy yet."""
    reader = csv.DictReader(io.StringIO(read_table(Table.HOLDERS).decode()))
    people = [row for row in reader if row[_CHANNEL] == Channel.EMPLOYER][:ROWS]
    for row in people:
        row[_NUMBER] = ""
    people[3][_BORN] = _WRONG_DAY
    people[8]["surname"] = ""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(people[0]))
    writer.writeheader()
    writer.writerows(people)
    return written.getvalue().encode()
