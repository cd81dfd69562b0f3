"""How many applications a second the register takes, each checked, recorded and durable.

One by one (drafted, then submitted, as a person does; filed whole, as a program does) and from
tables of people, read from their octets. ``python -m bench.registry_rate --seconds 60`` measures
for as long as one likes.
"""

import argparse
import csv
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import StringIO
from multiprocessing import get_context
from typing import Final

import psycopg

from bench.figures import FULL, QUICK, Figure, Pace
from bench.registry_cluster import running_cluster
from bench.registry_filling import SETTINGS
from bench.registry_people import person
from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application
from cardservice.domain.application import Person as DraftPerson
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.draft_form import draft_form
from cardservice.domain.enp import demonstration_number
from cardservice.domain.holder import Category, Sex
from cardservice.domain.order_columns import Column
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.roles import Role
from cardservice.home.office_ids import new_id
from cardservice.keystores.software_keys import AesKey
from cardservice.notifying.templates import render
from cardservice.registry.actor import Actor
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.applications_filing import FileApplication, file_application
from cardservice.registry.applications_submitting import SubmitApplication, submit
from cardservice.registry.frame import Office
from cardservice.registry.outbox_sealing import KeyStoreSealer
from cardservice.registry.uploads import ReceiveTable, receive_table
from cardservice.storage.engine import Database, open_database
from cardservice.storage.schema import migrate
from cardservice.uploads.tables.fingerprints import RowFingerprints
from cardservice.uploads.tables.reading import read_table

WORKERS: Final = 4
SECONDS: Final = 20.0
QUICK_SECONDS: Final = 0.5
QUICK_WORKERS: Final = 1
BARE_SECONDS: Final = 3.0
_INSURER: Final = "1027700132195"
_HEAD_START_S: Final = 1.0
_FIRST_BIRTH: Final = date(1950, 1, 1)
_BIRTHS: Final = 20_000  # days: grown-ups, who apply for themselves
TABLE_ROWS: Final = 1_000
_WARMING: Final = 999_999  # an application that is not counted
_FIRST_SNILS: Final = 100_000_000  # numbers that small have a check
_FIRST: Final = 1_000_000  # each worker's people begin a million further


@dataclass(frozen=True, slots=True)
class Done:
    """What one worker did: how many, in how many seconds, of which its processor worked so many."""

    count: int
    seconds: float
    cpu_s: float


Work = Callable[[str, int, float, float], Done]
"""What a worker does: address, which worker, when it begins (seconds of the epoch), how long."""


def applications(pace: Pace = FULL) -> Figure:
    """Measure applications a second, drafted and submitted, by several processes."""
    return _measured("registry.applications", _apply, pace)


def filed(pace: Pace = FULL) -> Figure:
    """Measure applications a second, each filed whole by a program, by several processes."""
    return _measured("registry.applications.filed", _file, pace)


def tables(pace: Pace = FULL) -> Figure:
    """Measure applications a second that come as rows of tables, by several processes."""
    return _measured("registry.applications.tables", _take_tables, pace)


def _measured(name: str, work: Work, pace: Pace) -> Figure:
    if pace == QUICK:
        return measure(name, work, QUICK_SECONDS, QUICK_WORKERS)
    return measure(name, work, SECONDS)


def measure(name: str, work: Work, seconds: float, workers: int = WORKERS) -> Figure:
    """Measure ``work`` for ``seconds``; the reference is a bare committed insert by the driver."""
    with running_cluster(*SETTINGS) as cluster:
        url = cluster.create("bench")
        with open_database(url) as database:
            migrate(database)
        bare = _rate(_all(_insert, url, min(BARE_SECONDS, seconds), workers))
        done = _all(work, url, seconds, workers)
    count = sum(one.count for one in done)
    cpu = sum(one.cpu_s for one in done)
    return Figure(
        name=name,
        value=round(_rate(done), 1),
        unit="1/s",
        reference="bare INSERT and COMMIT by the driver, as many processes",
        reference_value=round(bare, 1),
        note=f"{count} in {seconds:.0f} s by {workers} processes in as many regions; "
        f"{1000 * cpu / max(count, 1):.2f} ms of the processor each in Python",
    )


def _rate(done: Sequence[Done]) -> float:
    return sum(one.count / one.seconds for one in done)


def _all(work: Work, url: str, seconds: float, workers: int) -> list[Done]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.2] * workers))  # every process is there
        begin = time.time() + _HEAD_START_S
        jobs = [pool.submit(work, url, number, begin, seconds) for number in range(workers)]
        return [job.result() for job in jobs]


def _insert(url: str, number: int, begin: float, seconds: float) -> Done:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE bare_{number} (id int, words text)".encode())
        statement = f"INSERT INTO bare_{number} VALUES (%s, %s)".encode()  # noqa: S608

        def insert(at: int) -> int:
            connection.execute(statement, (at, "words"))
            return 1

        return _timed(insert, begin, seconds)


def _timed(work: Callable[[int], int], begin: float, seconds: float) -> Done:
    """Do ``work`` from ``begin`` on again and again; what was begun in time is finished.

    Once at least: on a busy machine a process may be ready only when a short time is over.
    """
    time.sleep(max(0.0, begin - time.time()))
    cpu, start = time.process_time(), time.perf_counter()
    count = work(0)
    while time.time() < begin + seconds:
        count += work(count)
    return Done(count, time.perf_counter() - start, time.process_time() - cpu)


def _apply(url: str, number: int, begin: float, seconds: float) -> Done:
    region, first = f"000{number:02}", _FIRST * (number + 1)
    with open_database(url) as database:
        office, clerk = _office(database), Actor(new_id(), Role.CLERK)

        def apply(at: int) -> int:
            _one(office, clerk, region, first + at)
            return 1

        apply(_WARMING)
        return _timed(apply, begin, seconds)


def _file(url: str, number: int, begin: float, seconds: float) -> Done:
    region, first = f"000{number:02}", _FIRST * (number + 1)
    with open_database(url) as database:
        office, clerk = _office(database), Actor(new_id(), Role.CLERK)

        def file(at: int) -> int:
            command = FileApplication(region=region, key=f"file-{at}", form=_form(first + at))
            file_application(office, clerk, command)
            return 1

        file(_WARMING)
        return _timed(file, begin, seconds)


def _take_tables(url: str, number: int, begin: float, seconds: float) -> Done:
    region, first = f"000{number:02}", _FIRST * (number + 1)
    fingerprints = RowFingerprints(AesKey(bytes(32)), sender="employer")
    with open_database(url) as database:
        office, employer = _office(database), Actor(new_id(), Role.EMPLOYER)

        def take(at: int) -> int:
            octets = _table(first + at)
            table = read_table(octets, today=office.today, fingerprints=fingerprints)
            command = ReceiveTable(
                region=region,
                key=f"table-{at}",
                name="people.csv",
                content_hash=sha256(octets).digest(),
                rows=table.rows,
                consent=True,
            )
            return int(receive_table(office, employer, command).made["taken"])

        return _timed(take, begin, seconds)


def _office(database: Database) -> Office:
    return Office(
        database=database,
        clock=lambda: datetime.now(UTC),
        new_id=new_id,
        draw=os.urandom,
        sealer=KeyStoreSealer(AesKey(bytes(32))),
        render=render,
    )


def _table(first: int) -> bytes:
    file = StringIO()
    writer = csv.DictWriter(file, list(Column), restval="")
    writer.writeheader()
    for number in range(first, first + TABLE_ROWS):
        one = person(number)
        born = _FIRST_BIRTH + timedelta(days=number % _BIRTHS)
        writer.writerow(
            {
                Column.SURNAME: one.surname,
                Column.GIVEN_NAME: one.given_name,
                Column.PATRONYMIC: one.patronymic,
                Column.SEX: "M" if one.sex is Sex.MALE else "F",
                Column.BIRTH_DATE: born.isoformat(),
                Column.BIRTH_PLACE: "Пробноград",
                Column.CITIZENSHIP_CODE: "RUS",
                Column.CITIZENSHIP_NAME: "Россия",
                Column.CATEGORY: "citizen",
                Column.SNILS: _snils(number),
                Column.ENP: demonstration_number(born, one.sex, number // _BIRTHS),
                Column.DOCUMENT_TYPE: "passport_rf",
                Column.DOCUMENT_NUMBER: f"0000{number % 1_000_000:06}",
                Column.ADDRESS: "Пробноград, ул. Пробная, 1",
                Column.EMAIL: f"person{number}@example.org",
                Column.INSURER_OGRN: _INSURER,
                Column.OKATO: "45000",
                Column.INSURANCE_START: "2025-01-01",
                Column.CHANNEL: "employer",
            }
        )
    return file.getvalue().encode()


def _one(office: Office, clerk: Actor, region: str, number: int) -> None:
    begun = start_draft(
        office, clerk, StartDraft(region=region, key=f"start-{number}", form=_form(number))
    )
    wish = SubmitApplication(
        region=region, key=f"submit-{number}", application_id=begun.id, version=begun.version
    )
    submit(office, clerk, wish)


def _form(number: int) -> dict[str, object]:
    one = person(number)
    return draft_form(
        Application(
            channel=Channel.EMPLOYER,  # the documents are seen later, so there are no scans
            reason=ApplyReason.FIRST_POLICY,
            applicant=Applicant.SELF,
            person=DraftPerson(
                surname=one.surname,
                given_name=one.given_name,
                patronymic=one.patronymic,
                sex=one.sex,
                birth_date=_FIRST_BIRTH + timedelta(days=number % _BIRTHS),
                birth_place="Пробноград",
                citizenship_code="RUS",
                citizenship_name="Россия",
                category=Category.CITIZEN,
                snils=_snils(number),
                address="Пробноград, ул. Пробная, 1",
                email=f"person{number}@example.org",
            ),
            insurer_ogrn=_INSURER,
            okato="45000",
            documents=(
                Document(
                    kind=DocumentType.PASSPORT_RF,
                    number=f"0000 {number % 1_000_000:06}",
                    issued_on=date(2024, 3, 1),
                    issuer="Пробный отдел",
                ),
            ),
            consent=True,
        )
    )


def _snils(number: int) -> str:
    digits = f"{_FIRST_SNILS + number:09}"
    check = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=True))
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {check % 101 % 100:02}"


_WORKS: Final[Mapping[str, Work]] = {
    "applications": _apply,
    "applications.filed": _file,
    "applications.tables": _take_tables,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure for as long and with as many processes as wanted."""
    parser = argparse.ArgumentParser(prog="bench.registry_rate")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args(arguments)
    for name, work in _WORKS.items():
        figure = measure(f"registry.{name}", work, options.seconds, options.workers)
        print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
