"""A person's own data: given to them, and erased by rule, with the files of scans."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.domain.documents import DocumentType
from cardservice.domain.rules import with_value
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.domain.terms import Term, Unit
from cardservice.keystores.software_keys import AesKey
from cardservice.registry import people_exporting
from cardservice.registry.applications_documents import AttachDocument, Scan, attach_document
from cardservice.registry.commands import Answer
from cardservice.registry.complaints import (
    AnswerComplaint,
    Attachment,
    FileComplaint,
    answer_complaint,
    file_complaint,
)
from cardservice.registry.outbox_values import Template
from cardservice.registry.people import view_person
from cardservice.registry.people_erasing import (
    KEPT,
    ErasePerson,
    ProposeErase,
    erase_person,
    propose_erase,
)
from cardservice.registry.people_exporting import export_person
from cardservice.registry.policies import move_policy
from cardservice.registry.ports import Work
from cardservice.registry.ports_applications import Document
from cardservice.registry.scans import sweep_scans
from cardservice.uploads.vault import ScanVault
from tests.registry import forms
from tests.registry.offices import REGION, Desk, refused
from tests.registry.test_people import looks, version
from tests.registry.test_policies import moving

FIVE_YEARS = 366 * 5 + 1  # days


@pytest.fixture
def vault(tmp_path: Path) -> ScanVault:
    return ScanVault(tmp_path / "scans", AesKey(bytes(32)))


def erasing(desk: Desk, person: UUID, **more: Any) -> ErasePerson:
    return ErasePerson(
        region=REGION, key=desk.key(), person_id=person, version=version(desk, person), **more
    )


def closed(desk: Desk, done: Answer) -> UUID:
    """Return the person of an approval whose policy is closed now."""
    change = moving(desk, forms.made(done, "policy"), PolicyChangeReason.DEATH)
    move_policy(desk.office, desk.clerk, change)
    return forms.made(done, "person")


def forgotten(desk: Desk) -> UUID:
    """Return a person that may be erased."""
    person = closed(desk, forms.approved(desk))
    desk.clock.pass_days(FIVE_YEARS)
    return person


def with_scan(desk: Desk, vault: ScanVault, octets: bytes) -> Answer:
    """Return a draft with a scan."""
    begun = forms.started(desk)
    content_hash = bytes.fromhex(vault.keep(octets))
    scan = Scan(content_hash=content_hash, wrapped_key=b"", media_type="image/png", size=9)
    command = AttachDocument(
        region=REGION,
        key=desk.key(),
        application_id=begun.id,
        version=begun.version,
        kind=DocumentType.PASSPORT_RF,
        number="0000 000009",
        scan=scan,
    )
    return attach_document(desk.office, desk.clerk, command)


def complain(desk: Desk, person: UUID, vault: ScanVault, octets: bytes) -> Answer:
    """Return a complaint of a person with an attachment."""
    content_hash = bytes.fromhex(vault.keep(octets))
    file = Attachment(content_hash=content_hash, wrapped_key=b"", media_type="a/b", size=1)
    command = FileComplaint(
        region=REGION,
        key=desk.key(),
        text="Тайная жалоба",
        contact="proba@example.org",
        person_id=person,
        attachments=(file,),
    )
    return file_complaint(desk.office, desk.clerk, command)


def test_a_person_gets_everything_that_is_kept_of_them(desk: Desk, vault: ScanVault) -> None:
    done = forms.approved(desk)
    person = forms.made(done, "person")
    complain(desk, person, vault, b"receipt")
    view_person(desk.office, desk.clerk, region=REGION, person_id=person, why="call")
    given: Any = export_person(desk.office, desk.clerk, region=REGION, person_id=person)
    assert json.loads(json.dumps(given)) == given
    assert given["person"]["surname"] == "Пробный"
    assert given["applications"][0]["draft"]["person"]["snils"] == forms.SNILS
    assert [one["reason"] for one in given["looks"]] == ["call"]
    assert given["looks_complete"] is True
    assert given["complaints"][0]["contact"] == "proba@example.org"
    counts = {name: len(given[name]) for name in ("policies", "insurers", "orders", "consents")}
    assert counts == {"policies": 1, "insurers": 1, "orders": 1, "consents": 1}
    assert (given["insurers"][0]["ground"], given["insurers"][0]["filed_on"]) == ("first", None)
    assert desk.actions()[-1] == "person.export"
    assert looks(desk, person)[-1] == (desk.clerk.name, "export")


def test_an_export_names_the_letters_that_were_sent_and_no_key(
    desk: Desk, vault: ScanVault
) -> None:
    done = forms.approved(desk)
    person = forms.made(done, "person")
    complain(desk, person, vault, b"receipt")
    tell(desk, done.number or "")
    tell(desk, "ANOTHER")
    given: Any = export_person(desk.office, desk.clerk, region=REGION, person_id=person)
    told = [one["about"] for one in given["notifications"]]
    assert told
    assert set(told) == {done.number}
    for secret in ("wrapped_key", "content_hash", "sealed"):
        assert secret not in json.dumps(given)


def tell(desk: Desk, number: str) -> None:
    """Put a letter about an application into the outbox."""
    desk.office.run(
        desk.clerk,
        REGION,
        lambda act: act.notify(
            Template.REFUSED, {"application": number}, email="a@example.org", phone=None
        ),
    )


def test_an_export_has_every_page_of_looks_up_to_a_bound(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = forms.made(forms.approved(desk), "person")
    for reason in "abcde":
        view_person(desk.office, desk.clerk, region=REGION, person_id=person, why=reason)
    monkeypatch.setattr(people_exporting, "MAX_PAGE", 2)
    given: Any = export_person(desk.office, desk.clerk, region=REGION, person_id=person)
    assert "".join(one["reason"] for one in given["looks"]) == "abcde"
    monkeypatch.setattr(people_exporting, "MOST_LOOKS", 4)
    given = export_person(desk.office, desk.clerk, region=REGION, person_id=person)
    assert "".join(one["reason"] for one in given["looks"]) == "abcd"
    assert given["looks_complete"] is False


def test_a_person_is_erased_when_nothing_needs_them_any_more(desk: Desk, vault: ScanVault) -> None:
    done = forms.approved(desk)
    person = forms.made(done, "person")
    office, officer = desk.office, desk.officer
    refused("role-not-allowed", lambda: erase_person(office, desk.approver, erasing(desk, person)))
    refused("person-insured", lambda: erase_person(office, officer, erasing(desk, person)))
    closed(desk, done)
    refused("retention", lambda: erase_person(office, officer, erasing(desk, person)))
    desk.clock.pass_days(FIVE_YEARS)
    filed = complain(desk, person, vault, b"receipt")
    refused("complaint-open", lambda: erase_person(office, officer, erasing(desk, person)))
    answer_complaint(
        office,
        desk.clerk,
        AnswerComplaint(
            region=REGION,
            key=desk.key(),
            complaint_id=filed.id,
            version=filed.version,
            answer="Тайный ответ",
        ),
    )
    erased = erase_person(office, officer, erasing(desk, person))
    said = "person,applications:1,documents:2,complaints:1"
    assert erased.made == {"erased": said, "kept": KEPT}
    with desk.reading() as work:
        left = repr(work.applications.get(REGION, done.id).draft)
        kept = work.people.get(REGION, person)
        complaint = work.complaints.get(REGION, filed.id)
        (attachment,) = work.attachments.of_complaint(REGION, filed.id)
        assert work.policies.get(REGION, forms.made(done, "policy")).state == "closed"
        assert work.people.by_snils(forms.SNILS) == ()
    assert "Проб" not in left + kept.surname + kept.given_name
    assert (kept.snils, kept.address, kept.email, kept.birth_place) == (None,) * 4
    assert kept.erased_at is not None
    assert (complaint.text, complaint.answer, complaint.contact) == ("—", None, None)
    assert (attachment.content_hash, attachment.wrapped_key) == (None, None)
    refused("person-gone", lambda: erase_person(office, officer, erasing(desk, person)))


def test_how_long_a_person_is_kept_is_the_offices_rule(desk: Desk) -> None:
    rules = with_value(desk.office.settings.rules, "retention_term", Term(1, Unit.MONTHS))
    brief = desk.with_settings(rules=rules)
    person = closed(brief, forms.approved(brief))
    brief.clock.pass_days(30)
    refused("retention", lambda: erase_person(brief.office, brief.officer, erasing(brief, person)))
    brief.clock.pass_days(1)
    assert erase_person(brief.office, brief.officer, erasing(brief, person)).id == person


def test_where_the_office_says_so_one_proposes_and_another_erases(desk: Desk) -> None:
    strict = desk.with_second_person(SecondPersonAct.ERASE_PERSON)
    stranger = forms.person(surname="Иной", given_name="Иной", snils=forms.snils())
    other = forms.made(forms.approved(strict, forms.draft(person=stranger)), "person")
    person = forgotten(strict)
    by = strict.clerk.account

    def erase(**more: Any) -> Callable[[], Answer]:
        return lambda: erase_person(strict.office, strict.officer, erasing(strict, person, **more))

    refused("second-person-needed", erase())
    own = {"proposed_by": strict.officer.account, "proposed_with": "p-1"}
    refused("second-person-needed", erase(**own))
    refused("proposal-unknown", erase(proposed_by=by, proposed_with="p-1"))
    for key, who in (("p-0", other), ("p-1", person)):
        proposal = ProposeErase(region=REGION, key=key, person_id=who)
        propose_erase(strict.office, strict.clerk, proposal)
    refused("proposal-unknown", erase(proposed_by=by, proposed_with="p-0"))
    assert erase(proposed_by=by, proposed_with="p-1")().id == person
    late = ProposeErase(region=REGION, key="p-2", person_id=person)
    refused("role-not-allowed", lambda: propose_erase(strict.office, strict.applicant, late))


def test_the_scan_of_an_erased_person_goes_and_one_that_another_has_stays(
    desk: Desk, vault: ScanVault
) -> None:
    shared, own = b"shared", b"own"
    theirs = forms.approved(desk)
    person = forms.made(theirs, "person")
    for octets in (shared, own):
        add_scan(desk, vault, octets, person=person)
    with_scan(desk, vault, shared)
    closed(desk, theirs)
    desk.clock.pass_days(FIVE_YEARS)
    erase_person(desk.office, desk.officer, erasing(desk, person), scans=vault)
    assert list(vault.addresses()) == [vault.address_of(shared)]


def add_scan(desk: Desk, vault: ScanVault, octets: bytes, *, person: UUID) -> None:
    """Keep a document of a person with a scan."""
    row = Document(
        region=REGION,
        id=desk.office.new_id(),
        person_id=person,
        kind=DocumentType.SNILS.value,
        content_hash=bytes.fromhex(vault.keep(octets)),
        uploaded_by=desk.clerk.name,
        uploaded_at=desk.clock(),
    )

    def add(work: Work) -> None:
        work.documents.add(row)

    desk.office.database.transaction(add, region=REGION)


def test_a_sweep_removes_what_a_crash_left_and_nothing_young_or_used(
    desk: Desk, vault: ScanVault, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with_scan(desk, vault, b"used")
    complain(desk, forms.made(forms.approved(desk), "person"), vault, b"attached")
    for octets in (b"left", b"kept again"):
        vault.keep(octets)
    before = (now - timedelta(days=2)).timestamp()
    for path in (tmp_path / "scans").rglob("*.*"):
        os.utime(path, (before, before))
    vault.keep(b"kept again")
    vault.keep(b"young")
    assert sweep_scans(vault, desk.office.database, now=now) == 1
    kept = (b"used", b"attached", b"kept again", b"young")
    assert sorted(vault.addresses()) == sorted(map(vault.address_of, kept))
