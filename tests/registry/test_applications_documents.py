"""Documents and photos taken off and replaced, and how many an application may ever have."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from cardservice.domain.application import Application as Draft
from cardservice.domain.documents import DocumentType
from cardservice.domain.draft_form import draft_form
from cardservice.keystores.software_keys import AesKey
from cardservice.registry import applications_documents
from cardservice.registry.actor import Actor
from cardservice.registry.applications import SaveDraft, draft_of, save_draft
from cardservice.registry.applications_deciding import AskForDocuments, ask_for_documents
from cardservice.registry.applications_detaching import DetachDocument, detach_document
from cardservice.registry.applications_documents import AttachDocument, Scan, attach_document
from cardservice.registry.applications_photo import MOST_PHOTOS, AttachPhoto, attach_photo
from cardservice.registry.commands import Answer
from cardservice.registry.ports_applications import Application, Document
from cardservice.registry.scans import sweep_scans
from cardservice.uploads.vault import ScanVault
from tests.registry import forms
from tests.registry.offices import REGION, Desk, refused

SCAN = Scan(content_hash=bytes(32), wrapped_key=b"", media_type="image/png", size=9)


def attach(desk: Desk, seen: Answer, **more: Any) -> Answer:
    values: dict[str, Any] = {
        "kind": DocumentType.SNILS,
        "number": "112-233-445 95",
        "scan": SCAN,
        **more,
    }
    command = AttachDocument(
        region=REGION,
        key=desk.key(),
        application_id=seen.id,
        version=seen.version,
        **values,
    )
    return attach_document(desk.office, desk.clerk, command)


def photograph(desk: Desk, seen: Answer, scan: Scan = SCAN) -> Answer:
    command = AttachPhoto(
        region=REGION, key=desk.key(), application_id=seen.id, version=seen.version, scan=scan
    )
    return attach_photo(desk.office, desk.clerk, command)


def detach(desk: Desk, seen: Answer, document_id: UUID | str, actor: Actor | None = None) -> Answer:
    command = DetachDocument(
        region=REGION,
        key=desk.key(),
        application_id=seen.id,
        version=seen.version,
        document_id=UUID(str(document_id)),
    )
    return detach_document(desk.office, actor or desk.clerk, command)


def save(desk: Desk, begun: Answer, form: Draft) -> Answer:
    command = SaveDraft(
        region=REGION,
        key=desk.key(),
        application_id=begun.id,
        version=begun.version,
        form=draft_form(form),
    )
    return save_draft(desk.office, desk.clerk, command)


def asked(desk: Desk, filed: Answer) -> Answer:
    command = AskForDocuments(
        region=REGION,
        key=desk.key(),
        application_id=filed.id,
        version=filed.version,
        words="Второй лист",
    )
    return ask_for_documents(desk.office, desk.clerk, command)


def row_of(desk: Desk, document_id: str) -> Document:
    with desk.reading() as work:
        found: Document = work.documents.get(REGION, UUID(document_id))
    return found


def kept(desk: Desk, of: Answer) -> Application:
    with desk.reading() as work:
        found: Application = work.applications.get(REGION, of.id)
    return found


def test_a_document_leaves_form_and_row_and_the_log_says_so(either_desk: Desk) -> None:
    desk = either_desk
    attached = attach(desk, forms.started(desk))
    document_id = attached.made["document"]
    left = detach(desk, attached, document_id)
    assert document_id not in [one.scan for one in draft_of(kept(desk, left)).documents]
    row = row_of(desk, document_id)
    assert (row.number, row.content_hash, row.media_type, row.size) == (None, None, None, None)
    assert row.erased_at == desk.clock()
    fact = desk.audit()[-1].fact
    assert (fact.action, fact.subject_id) == ("document.detach", document_id)
    assert dict(fact.details) == {"application": str(left.id)}


def test_a_photo_is_taken_off_as_well(desk: Desk) -> None:
    photographed = photograph(desk, forms.started(desk))
    left = detach(desk, photographed, photographed.made["photo"])
    assert draft_of(kept(desk, left)).photo is None


def test_what_was_asked_for_can_be_exchanged_before_it_is_brought(desk: Desk) -> None:
    waiting = asked(desk, forms.submitted(desk))
    wrong = attach(desk, waiting)
    assert detach(desk, wrong, wrong.made["document"]).state == "documents-needed"


def test_what_somebody_may_be_judging_is_not_taken_away(desk: Desk) -> None:
    form = forms.draft()
    filed = forms.submitted(desk, form)
    refused("state-application-submitted", lambda: detach(desk, filed, form.photo or ""))
    done = forms.approved(desk, forms.draft(person=forms.person(snils=forms.snils())))
    refused("state-application-approved", lambda: detach(desk, done, uuid4()))


def test_only_what_the_application_has_is_taken_off_and_once(desk: Desk) -> None:
    one, other = forms.started(desk), forms.started(desk)
    attached = attach(desk, one)
    foreign = attached.made["document"]
    refused("not-found", lambda: detach(desk, other, foreign))
    assert row_of(desk, foreign).content_hash is not None
    left = detach(desk, attached, foreign)
    refused("not-found", lambda: detach(desk, left, foreign))
    refused("stale", lambda: detach(desk, attached, foreign))


def test_a_form_that_names_another_ones_scan_loses_the_name_and_nothing_else(desk: Desk) -> None:
    foreign = attach(desk, forms.started(desk)).made["document"]
    form = forms.draft()
    naming = replace(form, documents=(replace(form.documents[0], scan=foreign),), photo=None)
    begun = forms.started(desk, replace(form, documents=(), photo=None))
    left = detach(desk, save(desk, begun, naming), foreign)
    assert draft_of(kept(desk, left)).documents == ()
    assert row_of(desk, foreign).content_hash is not None


def test_nobody_takes_anything_off_anothers_application(desk: Desk) -> None:
    attached = attach(desk, forms.started(desk))
    document_id = attached.made["document"]
    refused("not-found", lambda: detach(desk, attached, document_id, desk.applicant))
    refused("role-not-allowed", lambda: detach(desk, attached, document_id, desk.officer))


def test_the_scan_goes_with_the_next_sweep(desk: Desk, tmp_path: Path) -> None:
    vault = ScanVault(tmp_path / "scans", AesKey(bytes(32)))
    address = bytes.fromhex(vault.keep(b"a scan"))
    scan = replace(SCAN, content_hash=address)
    attached = attach(desk, forms.started(desk), scan=scan)
    later = desk.clock() + timedelta(days=10_000)
    assert sweep_scans(vault, desk.office.database, now=later) == 0
    detach(desk, attached, attached.made["document"])
    assert sweep_scans(vault, desk.office.database, now=later) == 1


def test_a_new_photo_takes_the_place_of_the_old_one_whose_scan_may_go(desk: Desk) -> None:
    first = photograph(desk, forms.started(desk))
    second = photograph(desk, first, replace(SCAN, content_hash=b"2" * 32))
    assert row_of(desk, first.made["photo"]).content_hash is None
    assert row_of(desk, second.made["photo"]).kind == "photo"
    assert draft_of(kept(desk, second)).photo == second.made["photo"]


def test_a_photo_is_not_replaced_for_ever(desk: Desk) -> None:
    seen = forms.started(desk)
    for _ in range(MOST_PHOTOS):
        seen = photograph(desk, seen)
    refused("photos-too-many", lambda: photograph(desk, seen))


def test_attaching_and_taking_off_comes_to_an_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = forms.started(desk)
    with desk.reading() as work:
        there = len(work.documents.of_application(REGION, seen.id))
    monkeypatch.setattr(applications_documents, "MOST_ATTACHED", there + 2)
    for _ in range(2):
        attached = attach(desk, seen)
        seen = detach(desk, attached, attached.made["document"])
    refused("documents-too-many", lambda: attach(desk, seen))
