"""A unit of work happens wholly, once, or not at all, whoever else is there."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bench.registry_cluster import Cluster
from cardservice.errors import Refusal
from cardservice.storage import engine
from cardservice.storage.engine import Database, open_database
from cardservice.storage.errors import BusyError, StaleError, UnavailableError
from cardservice.storage.rows.access import RememberedAnswer
from cardservice.storage.work import Work
from tests.shared import ROOT
from tests.storage import samples as make

WRITERS = 4
TIMES = 10


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    person = make.person()

    def half(work: Work) -> None:
        work.people.add(person)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.transaction(half, region=make.REGION)
    with database.reading() as work:
        assert work.people.find(person.region, person.id) is None


def test_of_writers_who_read_the_same_version_exactly_one_wins(database: Database) -> None:
    person = make.person()
    database.transaction(lambda work: work.people.add(person), region=make.REGION)
    start = threading.Barrier(WRITERS)

    def write(number: int) -> bool:
        start.wait()
        changed = replace(person, address=f"ул. {number}")
        try:
            database.transaction(
                lambda work: work.people.change(changed), region=make.REGION, alone=False
            )
        except StaleError:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        assert sum(pool.map(write, range(WRITERS))) == 1


def test_writers_of_a_region_see_each_others_work(database: Database) -> None:
    def append(work: Work) -> int:
        last = work.audit.last(make.REGION)
        number = 1 if last is None else last.number + 1
        work.audit.append(make.audit_entry(number))
        return number

    def many(_: int) -> list[int]:
        return [database.transaction(append, region=make.REGION) for _ in range(TIMES)]

    with ThreadPoolExecutor(WRITERS) as pool:
        numbers = sorted(one for some in pool.map(many, range(WRITERS)) for one in some)
    assert numbers == list(range(1, WRITERS * TIMES + 1))


def test_a_reader_sees_one_moment_and_holds_nobody_up(database: Database) -> None:
    person = make.person()
    with database.reading() as work:
        assert work.people.find(person.region, person.id) is None
        database.transaction(lambda other: other.people.add(person), region=make.REGION)
        assert work.people.find(person.region, person.id) is None
    with database.reading() as work:
        assert work.people.find(person.region, person.id) == person


def test_a_command_sent_twice_at_once_is_carried_out_once(database: Database) -> None:
    start = threading.Barrier(WRITERS)

    def carry_out(work: Work) -> RememberedAnswer:
        earlier = work.commands.earlier(make.command())
        if earlier is not None:
            return earlier
        number = work.counters.next(make.REGION, "application")
        answer = RememberedAnswer(status=201, answer={"number": number})
        work.commands.remember(make.command(), answer, at=make.NOW)
        return answer

    def send(_: int) -> RememberedAnswer:
        start.wait()
        return database.transaction(carry_out, region=make.REGION)

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(send, range(WRITERS)))
    assert answers == [RememberedAnswer(status=201, answer={"number": 1})] * WRITERS


def test_a_key_used_for_another_request_is_refused_and_can_be_forgotten(
    database: Database,
) -> None:
    database.transaction(
        lambda work: work.commands.remember(make.command(), make.answer(), at=make.NOW),
        region=make.REGION,
    )
    other = make.command(request=b"\1" * 32)
    with pytest.raises(Refusal) as refused, database.reading() as work:
        work.commands.earlier(other)
    assert refused.value.code == "key-reused"
    later = make.NOW.replace(year=2031)
    forgotten = database.transaction(
        lambda work: work.commands.forget(make.REGION, later), region=make.REGION
    )
    assert forgotten == 1
    with database.reading() as work:
        assert work.commands.earlier(other) is None


def test_regions_do_not_wait_for_each_other_on_postgresql(cluster: Cluster) -> None:
    with open_database(cluster.create("regions", template="ready")) as database:
        inside, done = threading.Event(), threading.Event()

        def hold(_: Work) -> bool:
            inside.set()
            return done.wait(10)

        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(database.transaction, hold, region=make.REGION)
            assert inside.wait(10)
            person = make.person(region=make.OTHER_REGION)
            database.transaction(lambda work: work.people.add(person), region=make.OTHER_REGION)
            done.set()
            assert held.result()
    cluster.drop("regions")


def _lost_race(sqlstate: str) -> OperationalError:
    cause = Exception("secret")
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    return OperationalError("secret", None, cause)


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_lost_race_is_run_again_and_given_up_after_a_few(
    database: Database, sqlstate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(database, "_pause", pauses.append)
    person, tries = make.person(), 0

    def lose(work: Work) -> None:
        nonlocal tries
        tries += 1
        work.people.add(person)
        if tries < engine.ATTEMPTS:
            raise _lost_race(sqlstate)

    database.transaction(lose, region=make.REGION)
    assert tries == engine.ATTEMPTS
    assert pauses == sorted(pauses)
    assert len(pauses) == engine.ATTEMPTS - 1

    def lose_always(_: Work) -> None:
        raise _lost_race(sqlstate)

    with pytest.raises(BusyError) as refused:
        database.transaction(lose_always, region=make.REGION)
    assert "secret" not in str(refused.value)


def test_a_writer_who_never_comes_to_their_turn_is_told_so(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_S", 1)
    with open_database(address) as database:

        def wait_in_vain(_: Work) -> None:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(database.transaction, lambda _: None, region=make.REGION).result()

        with pytest.raises(BusyError):
            database.transaction(wait_in_vain, region=make.REGION)


def test_a_database_that_cannot_be_reached_is_said_so_without_its_address(tmp_path: Path) -> None:
    url = f"postgresql://office:s3cret@/office?host={tmp_path}"
    with open_database(url) as database, pytest.raises(UnavailableError) as refused:
        database.transaction(lambda _: None, region=make.REGION)
    assert "s3cret" not in str(refused.value) + repr(database)
    assert str(tmp_path) not in str(refused.value)


def test_a_connection_that_died_while_resting_is_replaced(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "RESTED_S", 0.0)
    with open_database(cluster.create("resting", template="ready")) as database:
        with database.reading() as work:
            assert work.audit.regions() == ()
        cluster.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'resting'"
        )
        with database.reading() as work:
            assert work.audit.regions() == ()
    cluster.drop("resting")


KILLED = """
import os, signal, sys
from cardservice.storage.engine import open_database
from tests.storage import samples as make

def half(work):
    person = make.person()
    work.people.add(person)
    work.policies.add(make.policy(person))
    work.audit.append(make.audit_entry(1))
    os.kill(os.getpid(), signal.SIGKILL)

open_database(sys.argv[1]).transaction(half, region=make.REGION)
"""


def test_a_process_killed_in_a_transaction_leaves_nothing_and_keeps_nobody_out(
    address: str,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, address],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    with open_database(address) as database:
        with database.reading() as work:
            assert work.people.search(birth_date=make.BORN).rows == ()
            assert work.policies.by_enp("0054910834000015") is None
            assert work.audit.last(make.REGION) is None
        database.transaction(lambda work: work.people.add(make.person()), region=make.REGION)
