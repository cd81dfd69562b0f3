"""References of terminals: one desk has them, and of two that certify a key at once one does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from cardservice.storage.engine import Database
from cardservice.storage.errors import DuplicateError
from cardservice.storage.rows.clinics import ClinicDesk, DeskTerminal
from cardservice.storage.work import Work
from tests.storage import samples as make

AT_ONCE = 4


def desk(database: Database, region: str = make.REGION) -> ClinicDesk:
    clinic = replace(make.clinic("Клиника", "хирург"), region=region)
    made = make.clinic_desk(clinic)

    def add(work: Work) -> None:
        work.medical_organisations.add(clinic)
        work.clinic_desks.add(made)

    database.transaction(add, region=region)
    return made


def test_references_are_one_desks_in_all_regions(database: Database) -> None:
    one, two = desk(database), desk(database, "77000")
    row = make.desk_terminal(one)
    database.transaction(lambda work: work.desk_terminals.add(row), region=one.region)
    other = make.desk_terminal(two)
    with pytest.raises(DuplicateError):
        database.transaction(lambda work: work.desk_terminals.add(other), region=two.region)
    with database.reading() as kept:
        assert kept.desk_terminals.by_holder(row.holder) == row


def test_of_many_that_certify_the_next_key_at_once_one_does(database: Database) -> None:
    one, start = desk(database), Barrier(AT_ONCE)
    row = make.desk_terminal(one)
    database.transaction(lambda work: work.desk_terminals.add(row), region=one.region)

    def certify(fingerprint: str) -> bool:
        start.wait(timeout=30)
        return database.transaction(
            lambda work: next_key(work, row, fingerprint), region=one.region
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(certify, map(str, range(AT_ONCE))))
    assert done.count(True) == 1
    with database.reading() as kept:
        assert kept.desk_terminals.get(one.region, one.id).fingerprint == str(done.index(True))


def test_an_ended_terminal_is_not_among_those_that_go_on(database: Database) -> None:
    one = desk(database)
    row = make.desk_terminal(one)
    database.transaction(lambda work: work.desk_terminals.add(row), region=one.region)
    ended = replace(row, ended_at=make.NOW)
    database.transaction(lambda work: work.desk_terminals.change(ended), region=one.region)
    with database.reading() as kept:
        assert kept.desk_terminals.going_on(row.clinic, row.desk) == ()
        assert kept.desk_terminals.by_holder(row.holder) == replace(ended, version=2)


def next_key(work: Work, of: DeskTerminal, fingerprint: str) -> bool:
    """Certify key 2 as the issuer does: if no later key than 1 was certified."""
    row = work.desk_terminals.get(of.region, of.id)
    if row.sequence != "00001":
        return False
    work.desk_terminals.change(replace(row, sequence="00002", fingerprint=fingerprint))
    return True
