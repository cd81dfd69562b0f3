"""What terminals of clinics' desks were given is kept in the database, and decided there."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, delete, event

from cardservice.errors import Refusal
from cardservice.home.clinics_terminals import take_over
from cardservice.home.enrolment import installed
from cardservice.home.enrolment_files import DeskBundle, DeskRequest, rights_named
from cardservice.home.terminals import Decision, FileRecords, enrol, read_request
from cardservice.home.terminals_register import Desk as KnownDesk
from cardservice.home.terminals_register import DeskRegister, Ground, append_line
from cardservice.home.trust_points import TerminalFolder
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.registry.clinics import end_left_desks
from cardservice.registry.ports_clinics import ClinicDesk, DeskTerminal
from cardservice.storage.tables.clinics import clinic_desks, desk_terminals
from tests.unit.web_clinics.service_world import (
    OGRNS,
    REGION,
    START,
    Desk,
    Service,
)

BY = Ground(by="Петрова", at=START, reason="first certificate")


def row_of(service: Service, desk: Desk) -> DeskTerminal:
    with service.home.office.database.reading() as kept:
        its = kept.clinic_desks.by_client(desk.client_id)
        assert its is not None
        found = kept.desk_terminals.find(its.region, its.id)
    assert found is not None
    return found


def clinic_desk(service: Service, desk: Desk) -> ClinicDesk:
    with service.home.office.database.reading() as kept:
        found = kept.clinic_desks.by_client(desk.client_id)
    assert found is not None
    return found


def engine(service: Service) -> Engine:
    found = service.home.office.database._engine
    assert isinstance(found, Engine)
    return found


def file_of(service: Service) -> Path:
    return TerminalFolder(service.home.folder.path).desks


def next_request(desk: Desk) -> DeskRequest:
    """Return a request for the desk's next key, which its own store does not have."""
    clone = InsecureMemoryKeyStore(production=False)
    clone._signing.update(desk.keys._signing)
    aside = Desk(desk.service, desk.folder, desk.wish, keys=clone)
    return read_request(json.dumps(aside.renewal()).encode())


def as_an_older_program_left_it(service: Service, desk: Desk) -> KnownDesk:
    """Put what the database has of a desk into the file instead; return it."""
    row = row_of(service, desk)
    known = KnownDesk(
        holder=row.holder,
        name=row.desk,
        clinic=row.clinic,
        rights=rights_named(row.rights),
        enrolled=row.enrolled_at,
        sequence=row.sequence,
        fingerprint=row.fingerprint,
        until=row.not_after,
    )
    bundle = installed(desk.folder)
    assert bundle is not None
    FileRecords(service.home.folder).certified(known, BY, bundle)
    forget(service, row)
    return known


def forget(service: Service, row: DeskTerminal) -> None:
    with engine(service).begin() as connection:
        connection.execute(delete(desk_terminals).where(desk_terminals.c.id == row.id))


def taken(service: Service, **more: str) -> int:
    return take_over(service.home.office.office, service.home.folder, **more)


def renewed(service: Service, desk: Desk) -> DeskBundle:
    answer = service.post("/terminal-certificates", {"request": desk.renewal()}, token=desk.token())
    assert answer.status_code == 200, answer.text
    return desk.install(answer.json()["bundle"])


def test_a_certificate_is_kept_by_ogrn_and_desk_and_the_file_stays(
    service: Service, tmp_path: Path
) -> None:
    before = file_of(service).read_bytes()
    desk = service.enrolled(tmp_path / "desk")
    service.clock.go(days=4)
    bundle, row = renewed(service, desk), row_of(service, desk)
    assert (row.ogrn, str(row.id), row.sequence) == (OGRNS[0], desk.client_id, "00002")
    assert (row.not_before, row.not_after) == (
        bundle.terminal.effective,
        bundle.terminal.expiration,
    )
    assert (row.bundle, row.enrolled_at) == (bundle.encode(), START)
    assert file_of(service).read_bytes() == before
    assert not TerminalFolder(service.home.folder.path).issued(row.holder, row.sequence).exists()


def test_a_renewal_reads_no_file(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    append_line(file_of(service), b"damaged")
    assert renewed(service, desk).reference.sequence == "00002"


def test_a_renewal_costs_as_many_statements_at_10000_desks_as_at_10(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    renewed(service, desk)  # from now on its client is known without asking
    crowd(service, desk, 10)
    with counted(service) as few:
        renewed(service, desk)
    crowd(service, desk, 9_990)
    with counted(service) as many:
        renewed(service, desk)
    assert 0 < len(few) == len(many)
    assert not list(scans(service, many))


def test_every_question_about_terminals_is_answered_by_an_index(
    service: Service, tmp_path: Path
) -> None:
    row = row_of(service, service.enrolled(tmp_path / "desk"))
    with counted(service) as sent, service.home.office.database.reading() as kept:
        assert kept.desk_terminals.by_holder(row.holder) == row
        assert kept.desk_terminals.going_on(row.clinic, row.desk) == (row,)
        assert len(kept.clinic_desks.by_holders([row.holder, "RUNOBODY"])) == 1
    assert sum(statement.startswith("SELECT") for statement, _ in sent) == 3
    assert not list(scans(service, sent))


def test_of_two_processes_that_certify_one_reference_only_one_does(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    its, start = clinic_desk(service, desk), Barrier(2)
    requests = [next_request(desk), next_request(desk)]
    assert requests[0].reference == requests[1].reference

    def renew(request: DeskRequest) -> str:
        start.wait(timeout=30)
        try:
            service.home.desks.renew(its, request)
        except Refusal as refused:
            return refused.code
        return "certified"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(renew, requests))
    assert answers == ["certified", "desk-request-used"]
    row = row_of(service, desk)
    assert row.fingerprint in {one.fingerprint for one in requests}
    assert row.version == 2


def test_a_desk_ended_a_moment_ago_gets_nothing_though_its_token_is_still_known(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    its, request = clinic_desk(service, desk), next_request(desk)
    service.end(desk)
    with pytest.raises(Refusal) as refused:
        service.home.desks.renew(its, request)
    assert refused.value.code == "desk-ended"
    assert (row_of(service, desk).ended_at, row_of(service, desk).sequence) == (START, "00001")


def test_a_desk_ended_before_its_first_certificate_gets_none(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    its, request = clinic_desk(service, desk), next_request(desk)
    forget(service, row_of(service, desk))
    service.end(desk)
    with pytest.raises(Refusal) as refused:
        service.home.desks.renew(its, request)
    assert refused.value.code == "desk-ended"


def test_references_of_another_desk_are_refused_even_under_the_same_names(
    service: Service, tmp_path: Path
) -> None:
    first, second = service.clinic(), service.clinic(ogrn=OGRNS[1])
    honest = service.desk(tmp_path / "one")
    request = honest.request()
    assert honest.enrol(service.code(first), request).status_code == 201
    before = row_of(service, honest)
    answer = service.desk(tmp_path / "two").enrol(service.code(second), request)
    assert (answer.status_code, answer.json()["code"]) == (409, "desk-renamed")
    assert row_of(service, honest) == before


def test_what_the_file_knew_is_taken_over_once(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    before = row_of(service, desk)
    as_an_older_program_left_it(service, desk)
    assert taken(service) == 1
    after = row_of(service, desk)
    by, reason = after.certified_by, after.reason
    assert after == replace(before, certified_by=by, reason=reason)
    written = file_of(service).read_bytes()
    assert taken(service) == 0
    assert (file_of(service).read_bytes(), row_of(service, desk)) == (written, after)
    assert renewed(service, desk).reference.sequence == "00002"


def test_a_desk_that_nobody_took_over_is_at_its_next_renewal(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    holder = as_an_older_program_left_it(service, desk).holder
    assert renewed(service, desk).reference.sequence == "00002"
    known = DeskRegister(file_of(service)).find(holder)
    assert known is not None
    assert known.moved


def test_desks_that_are_of_no_clinic_stay_in_the_file(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    known = as_an_older_program_left_it(service, desk)
    register = DeskRegister(file_of(service))
    register.certified(replace(known, name="Окно 7"), BY)
    before = file_of(service).read_bytes()
    assert taken(service) == 0
    assert file_of(service).read_bytes() == before
    with service.home.office.database.reading() as kept:
        assert kept.desk_terminals.by_holder(known.holder) is None


def test_a_start_that_was_cut_between_database_and_file_is_made_up_for(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    row = row_of(service, desk)
    known = as_an_older_program_left_it(service, desk)
    assert taken(service) == 1
    renewed(service, desk)
    lines = file_of(service).read_bytes().splitlines(keepends=True)
    file_of(service).write_bytes(b"".join(lines[:-1]))  # "moved" was not written
    assert taken(service) == 1
    assert DeskRegister(file_of(service)).active(known.name, known.clinic) == ()
    assert (row_of(service, desk).id, row_of(service, desk).sequence) == (row.id, "00002")


def test_a_row_that_an_older_backup_lacks_is_made_anew_of_the_file(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    as_an_older_program_left_it(service, desk)
    assert taken(service) == 1
    forget(service, row_of(service, desk))
    assert taken(service) == 0  # a start does not look through all that moved
    assert renewed(service, desk).reference.sequence == "00002"


def test_a_damaged_file_moves_nobody(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    holder = as_an_older_program_left_it(service, desk).holder
    append_line(file_of(service), b"{}")
    with pytest.raises(Refusal) as refused:
        taken(service)
    assert refused.value.code == "desks-damaged"
    with service.home.office.database.reading() as kept:
        assert kept.desk_terminals.by_holder(holder) is None


def test_a_desk_that_moved_gets_nothing_by_the_file(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    as_an_older_program_left_it(service, desk)
    taken(service)
    request = next_request(desk)
    decision = Decision(by="Петрова", fingerprint=request.fingerprint)
    with pytest.raises(Refusal) as refused:
        enrol(service.home.folder, service.home.store, request, decision, at=service.clock())
    assert refused.value.code == "desk-ended"


def test_a_desk_that_was_ended_before_it_moved_makes_room(service: Service, tmp_path: Path) -> None:
    clinic = service.clinic()
    lost = service.desk(tmp_path / "lost")
    lost.enrol(service.code(clinic))
    as_an_older_program_left_it(service, lost)
    service.end(lost)
    assert taken(service) == 1
    assert row_of(service, lost).ended_at == START
    assert service.desk(tmp_path / "new").enrol(service.code(clinic)).status_code == 201


def test_a_desk_of_a_clinic_that_left_is_ended_with_its_terminal(
    service: Service, tmp_path: Path
) -> None:
    clinic = service.clinic()
    desk = service.desk(tmp_path / "desk")
    desk.enrol(service.code(clinic))
    service.leave(clinic, START.date())
    service.clock.go(days=2)
    assert end_left_desks(service.home.office.office, REGION) == 1
    assert row_of(service, desk).ended_at == START + timedelta(days=2)


def crowd(service: Service, like: Desk, number: int) -> None:
    """Put desks with certificates into the clinic of a desk."""
    desk, row = clinic_desk(service, like), row_of(service, like)
    ids = [uuid4() for _ in range(number)]
    with engine(service).begin() as connection:
        connection.execute(clinic_desks.insert(), [_desk_like(desk, one) for one in ids])
        connection.execute(desk_terminals.insert(), [_row_like(row, one) for one in ids])


def _desk_like(desk: ClinicDesk, id_: UUID) -> dict[str, object]:
    values = {one.name: getattr(desk, one.name) for one in clinic_desks.columns}
    return values | {"id": id_, "client_id": str(id_), "holder": f"RU{id_.hex[:9]}"}


def _row_like(row: DeskTerminal, id_: UUID) -> dict[str, object]:
    values = {one.name: getattr(row, one.name) for one in desk_terminals.columns}
    return values | {"id": id_, "desk": f"Окно {id_}", "holder": f"RU{id_.hex[:9]}"}


@contextmanager
def counted(service: Service) -> Iterator[list[tuple[str, object]]]:
    """Lend what is sent to the database meanwhile."""
    sent: list[tuple[str, object]] = []

    def note(_: Connection, __: object, statement: str, values: object, *___: object) -> None:
        sent.append((statement, values))

    event.listen(engine(service), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine(service), "before_cursor_execute", note)


def scans(service: Service, sent: list[tuple[str, object]]) -> Iterator[str]:
    """Yield the reading statements that go through a whole table of desks."""
    with engine(service).connect() as connection:
        for statement, values in sent:
            if not statement.startswith(("SELECT", "UPDATE")) or "desk" not in statement:
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            if any(str(line[3]).startswith("SCAN") for line in plan):
                yield statement
