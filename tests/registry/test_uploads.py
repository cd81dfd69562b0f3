"""Tables of employers: each good row an application, once; each bad row its findings."""

import csv
import io
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import pytest

from cardservice.domain.enp import demonstration_number
from cardservice.domain.holder import Sex
from cardservice.domain.order_columns import Column
from cardservice.domain.roles import Role
from cardservice.domain.rows import Refused
from cardservice.errors import Refusal
from cardservice.keystores.software_keys import AesKey
from cardservice.registry import uploads, uploads_taking
from cardservice.registry.actor import Actor
from cardservice.registry.applications_approving import approve
from cardservice.registry.applications_finding import identity_of
from cardservice.registry.commands import Answer
from cardservice.registry.frame import Act
from cardservice.registry.people_exporting import export_person
from cardservice.registry.people_merging import merge_people
from cardservice.registry.ports_base import Ask
from cardservice.registry.uploads import (
    ReceiveTable,
    list_uploads,
    receive_table,
    refused_rows,
    upload_results,
    view_upload,
)
from cardservice.registry.uploads_drafts import TableTerms
from cardservice.registry.uploads_finding import KnownPeople
from cardservice.uploads.tables.fingerprints import RowFingerprints
from cardservice.uploads.tables.reading import Good, read_table
from tests.registry import forms
from tests.registry.offices import REGION, Desk, refused
from tests.registry.test_people import merging, twins
from tests.shared import data

READ_ON = date(2030, 1, 1)  # after every insurance of the fictional table began
BORN_BEFORE = "2008"
FIVE = 5  # people, the least an employer sends
FINGERPRINTS = RowFingerprints(AesKey(bytes(32)), sender="employer")
Rows = list[dict[str, str]]


def holders(count: int = FIVE) -> Rows:
    """Return the first grown-up citizens of the fictional table."""
    rows = csv.DictReader(io.StringIO(data("holders.csv").decode()))
    adults = (one for one in rows if one["birth_date"] < BORN_BEFORE)
    return list(islice((one for one in adults if one["category"] == "citizen"), count))


def table(rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, [one.value for one in Column], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def receiving(desk: Desk, rows: Rows, **more: Any) -> ReceiveTable:
    octets = table(rows)
    read = read_table(octets, today=READ_ON, fingerprints=FINGERPRINTS)
    values: dict[str, Any] = {
        "name": "люди.csv",
        "content_hash": sha256(octets).digest(),
        "rows": read.rows,
        "consent": True,
    }
    return ReceiveTable(region=REGION, key=desk.key(), **(values | more))


def receive(desk: Desk, rows: Rows, *, actor: Actor | None = None, **more: Any) -> Answer:
    return receive_table(desk.office, actor or desk.clerk, receiving(desk, rows, **more))


def counts(answer: Answer) -> tuple[int, int, int]:
    """Return how many rows were taken, known and refused."""
    taken, known, bad = (int(answer.made[one]) for one in ("taken", "known", "refused"))
    assert taken + known + bad == int(answer.made["rows"])
    return taken, known, bad


def applications(desk: Desk) -> int:
    """Return how many applications wait."""
    with desk.reading() as work:
        return len(work.applications.queue(REGION, "submitted", Ask(limit=200)).rows)


def results(desk: Desk, answer: Answer) -> list[tuple[int, bool, list[str]]]:
    page = upload_results(
        desk.office, desk.clerk, region=REGION, upload_id=answer.id, ask=Ask(limit=200)
    )
    return [(one.number, one.application_id is not None, codes(one)) for one in page.rows]


def codes(row: Any) -> list[str]:
    """Return what is wrong with a row."""
    return [one["code"] for one in row.findings]


def test_good_rows_become_submitted_applications_and_bad_ones_their_findings(
    either_desk: Desk,
) -> None:
    desk, rows = either_desk, holders(7)
    rows[2]["enp"] = "1"
    rows[4]["surname"] = ""
    answer = receive(desk, rows)
    assert (answer.state, counts(answer)) == ("done", (5, 0, 2))
    assert applications(desk) == 5
    bad = {4: ["enp-length"], 6: ["surname-missing"]}
    assert results(desk, answer) == [(n, n not in bad, bad.get(n, [])) for n in range(2, 9)]
    refusals = refused_rows(desk.office, desk.clerk, region=REGION, upload_id=answer.id).rows
    assert [one.number for one in refusals] == [4, 6]
    submits = [one for one in desk.audit() if one.fact.action == "application.submit"]
    assert {one.fact.ground for one in submits} == {f"upload/{answer.id}"}
    assert len(submits) == 5


def test_a_taken_row_is_an_application_that_can_be_approved(desk: Desk) -> None:
    rows = holders()
    answer = receive(desk, rows)
    page = upload_results(desk.office, desk.clerk, region=REGION, upload_id=answer.id)
    with desk.reading() as work:
        first = work.applications.get(REGION, page.rows[0].application_id)
    assert (first.channel, first.state, first.entered_by) == (
        "employer",
        "submitted",
        desk.clerk.name,
    )
    assert first.draft["person"]["surname"] == rows[0]["surname"]
    filed = Answer(id=first.id, version=first.version)
    command = forms.approving(desk, filed, enp=rows[0]["enp"])
    done = approve(desk.office, desk.approver, command)
    assert done.state == "approved"
    given: Any = export_person(
        desk.office, desk.clerk, region=REGION, person_id=forms.made(done, "person")
    )
    assert [one["channel"] for one in given["consents"]] == ["employer"]


def test_a_worker_without_a_policy_number_gets_one_and_paper(desk: Desk) -> None:
    rows = [one | {"enp": "", "channel": "", "insurance_start": ""} for one in holders()]
    rows[0] |= {
        "category": "eaeu_worker",
        "citizenship_code": "KGZ",
        "citizenship_name": "Киргизия",
        "document_type": "employment_contract",
        "document_number": "К-1",
    }
    answer = receive(desk, rows)
    assert counts(answer) == (FIVE, 0, 0)
    page = upload_results(desk.office, desk.clerk, region=REGION, upload_id=answer.id)
    with desk.reading() as work:
        worker = work.applications.get(REGION, page.rows[0].application_id)
        citizen = work.applications.get(REGION, page.rows[1].application_id)
    refused("stay-end-missing", lambda: _approve(desk, worker))
    done = _approve(desk, citizen, enp=forms.enp(citizen.birth_date))
    assert {"person", "policy", "order"} <= done.made.keys()
    assert counts(receive(desk, rows)) == (0, FIVE, 0)


def _approve(desk: Desk, row: Any, **more: Any) -> Answer:
    filed = Answer(id=row.id, version=row.version)
    return approve(desk.office, desk.approver, forms.approving(desk, filed, **more))


def test_a_table_sent_again_takes_nothing_twice_and_is_recognised(desk: Desk) -> None:
    rows = holders()
    command = receiving(desk, rows)
    first = receive_table(desk.office, desk.clerk, command)
    assert receive_table(desk.office, desk.clerk, command) == first
    again = receive(desk, rows)
    assert again.id != first.id
    assert again.made["earlier"] == str(first.id)
    assert counts(again) == (0, FIVE, 0)
    rows[0]["address"] = "Новый адрес"
    changed = receive(desk, rows)
    assert "earlier" not in changed.made
    assert counts(changed) == (1, 4, 0)
    assert applications(desk) == FIVE + 1


def test_a_key_used_for_another_table_is_refused(desk: Desk) -> None:
    command = receiving(desk, holders())
    receive_table(desk.office, desk.clerk, command)
    other = replace(command, content_hash=bytes(32))
    refused("key-reused", lambda: receive_table(desk.office, desk.clerk, other))


@pytest.mark.parametrize("new_key", [True, False])
def test_what_a_crash_left_undone_is_gone_on_with(
    desk: Desk, new_key: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BATCH", 2)
    rows = holders(9)
    rows[8]["sex"] = "?"
    command, calls = receiving(desk, rows), []

    def dying(*args: Any, **more: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        uploads_taking.take(*args, **more)

    monkeypatch.setattr(uploads, "take", dying)
    with pytest.raises(KeyboardInterrupt):
        receive_table(desk.office, desk.clerk, command)
    assert applications(desk) == 4
    (begun,) = list_uploads(desk.office, desk.clerk, REGION).rows
    assert (begun.state, begun.taken, begun.refused) == ("judged", 4, 1)
    monkeypatch.setattr(uploads, "take", uploads_taking.take)
    if new_key:
        command = replace(command, key=desk.key())
    done = receive_table(desk.office, desk.clerk, command)
    assert (done.id, counts(done)) == (begun.id, (8, 0, 1))
    assert applications(desk) == 8
    assert desk.actions().count("application.submit") == 8


def test_who_comes_late_to_a_table_that_is_done_changes_nothing(desk: Desk) -> None:
    rows = holders(6)
    rows[0]["enp"] = "1"
    command = receiving(desk, rows)
    done = receive_table(desk.office, desk.clerk, command)
    good = [one for one in command.rows if isinstance(one, Good)]
    bad = [one for one in command.rows if isinstance(one, Refused)]

    def again(act: Act) -> None:
        uploads_taking.take(act, done.id, good, TableTerms(consent=True))
        uploads_taking.keep_refused(act, done.id, bad)

    desk.office.run(desk.clerk, REGION, again)
    kept = view_upload(desk.office, desk.clerk, region=REGION, upload_id=done.id)
    assert (kept.state, kept.version) == ("done", done.version)
    assert applications(desk) == FIVE


def test_a_row_that_the_register_refuses_says_why(desk: Desk) -> None:
    rows = holders()
    known = rows[1]
    receive(desk, rows)
    page = upload_results(desk.office, desk.clerk, region=REGION, upload_id=only(desk))
    with desk.reading() as work:
        row = work.applications.get(REGION, page.rows[1].application_id)
    filed = Answer(id=row.id, version=row.version)
    approve(desk.office, desk.approver, forms.approving(desk, filed, enp=known["enp"]))
    known["phone"] = "+7 900 000-00-01"
    child = dict(rows[0], enp=forms.enp(), snils="", birth_date="2020-01-01", surname="Дитя")
    child["document_type"] = "birth_certificate"
    later = receive(desk, [*rows[1:], child])
    assert counts(later) == (0, 3, 2)
    codes = {number: found for number, good, found in results(desk, later) if not good}
    assert codes[2] == ["policy-exists"]
    assert codes[6] == ["applicant-not-of-age"]


def only(desk: Desk) -> UUID:
    """Return the one upload there is."""
    (found,) = list_uploads(desk.office, desk.clerk, REGION).rows
    return found.id


def test_a_number_of_a_merged_record_finds_the_one_that_was_kept(desk: Desk) -> None:
    first, second = twins(desk)
    merge_people(desk.office, desk.approver, merging(desk, first, second))
    with desk.reading() as work:
        enp = work.policies.get(REGION, forms.made(second, "policy")).enp
        sought = identity_of(forms.person(enp=enp, snils=""))
        found = KnownPeople(work, {"row": sought}).of("row")
    everyone = {one.person.id for one in (*found.same, *found.maybe)}
    assert everyone == {forms.made(first, "person")}


def test_too_few_people_or_no_consent_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    refused("employer-too-few", lambda: receive(desk, holders(4)))
    refused("consent-missing", lambda: receive(desk, holders(), consent=False))
    refused("name-too-long", lambda: receive(desk, holders(), name="a" * 301))
    refused("role-not-allowed", lambda: receive(desk, holders(), actor=desk.officer))
    refused("role-not-allowed", lambda: receive(desk, holders(), actor=desk.applicant))
    assert list_uploads(desk.office, desk.clerk, REGION).rows == ()
    assert desk.audit() == ()


def test_an_employer_sees_their_own_uploads_and_the_office_all(desk: Desk) -> None:
    one, other = employer(desk), employer(desk)
    answer = receive(desk, holders(), actor=one)

    def seen(actor: Actor) -> list[UUID]:
        return [row.id for row in list_uploads(desk.office, actor, REGION).rows]

    assert (seen(one), seen(other), seen(desk.clerk)) == ([answer.id], [], [answer.id])
    assert view_upload(desk.office, one, region=REGION, upload_id=answer.id).taken == FIVE
    for look in (view_upload, upload_results, refused_rows):
        with pytest.raises(Refusal) as caught:
            look(desk.office, other, region=REGION, upload_id=answer.id)
        assert caught.value.code == "not-found"


def employer(desk: Desk) -> Actor:
    return Actor(desk.office.new_id(), Role.EMPLOYER)


def test_nothing_of_a_persons_row_is_kept_with_the_upload(desk: Desk) -> None:
    rows = holders()
    rows[0]["snils"] = "111-111-111 11"
    receive(desk, rows)
    page = upload_results(desk.office, desk.clerk, region=REGION, upload_id=only(desk))
    kept = repr(page.rows)
    for row in rows:
        for name in ("surname", "enp", "snils", "phone", "document_number"):
            assert not row[name] or row[name] not in kept


def test_a_command_does_not_print_its_people(desk: Desk) -> None:
    printed = repr(receiving(desk, holders()))
    assert holders()[0]["surname"] not in printed
    assert "люди" not in printed


def test_ten_thousand_rows_with_bad_ones_are_taken_once_however_often_sent(desk: Desk) -> None:
    command = receiving(desk, many(10_000, bad=300))
    for taken, known in ((9_700, 0), (0, 9_700)):
        command = replace(command, key=desk.key())
        answer = receive_table(desk.office, desk.clerk, command)
        assert counts(answer) == (taken, known, 300)
    assert desk.actions().count("application.submit") == 9_700


def many(count: int, *, bad: int) -> Rows:
    """Return rows, the first ``bad`` of which have a wrong number."""
    rows = list(islice(cycle(holders(240)), count))
    return [_another(row, serial, is_bad=serial <= bad) for serial, row in enumerate(rows, 1)]


def _another(row: dict[str, str], serial: int, *, is_bad: bool) -> dict[str, str]:
    born, sex = date.fromisoformat(row["birth_date"]), Sex.MALE
    enp = "12" if is_bad else demonstration_number(born, sex, serial)
    return {**row, "enp": enp, "snils": "", "patronymic": f"П{'ё' * (serial % 40)}"}
