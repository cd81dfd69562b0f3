"""Documents and the photo: one file at a time, and what was typed beside a wrong one stays."""

import re

import pytest

from cardservice.domain.documents import DocumentType
from tests.office_world import World
from tests.unit.uploads.samples import jpeg, pdf, png
from tests.unit.web_office.apply.filler import (
    PAGES,
    PASSPORT,
    Filler,
    asked_for_documents,
    begun,
)


@pytest.fixture
def applicant(world: World) -> Filler:
    filler = begun(world)
    for step in PAGES:
        filler.fill(step)
    return filler


def test_what_is_needed_is_listed_and_ticked_off(applicant: Filler) -> None:
    assert re.search(r">missing</span>\s*<span>Passport of a citizen", applicant.page("/documents"))
    assert applicant.upload().headers["location"] == "/application/documents#documents"
    assert re.search(r">given</span>\s*<span>Passport of a citizen", applicant.page("/documents"))


@pytest.mark.parametrize("octets", [jpeg(), png(), pdf()])
def test_a_scan_lies_encrypted_in_the_vault(applicant: Filler, octets: bytes) -> None:
    assert applicant.upload(file=octets).status_code == 303
    (document,) = applicant.documents
    assert document.content_hash is not None
    vault = applicant.world.parts.vault
    assert b"".join(vault.read(document.content_hash.hex()))
    assert applicant.draft.documents[0].scan == str(document.id)


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"MZ" + bytes(100), "neither a JPEG or PNG picture nor a PDF"),
        (b"", "Choose a file."),
        (b"\xff\xd8\xff" + bytes(11 << 20), "too large for a scan"),
        (b"<svg onload=alert(1)>", "neither a JPEG or PNG picture nor a PDF"),
    ],
)
def test_a_file_that_will_not_do_is_refused_and_the_rest_stays(
    applicant: Filler, octets: bytes, why: str
) -> None:
    answer = applicant.upload(file=octets)
    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{PASSPORT["issuer"]}"' in answer.text
    assert 'value="person/passport_rf" selected' in answer.text
    assert applicant.documents == ()


def test_a_file_of_any_size_beyond_the_bound_is_not_read(applicant: Filler) -> None:
    assert applicant.upload(file=bytes(21 << 20)).status_code == 413
    assert applicant.documents == ()


@pytest.mark.parametrize("what", ["", "person/evil", "representative/passport_rf", "x"])
def test_only_documents_that_are_offered_can_be_added(applicant: Filler, what: str) -> None:
    answer = applicant.upload(fields={**PASSPORT, "what": what})
    assert answer.status_code == 422
    assert "Choose which document it is." in answer.text


def test_a_day_that_is_none_is_told_beside_its_field(applicant: Filler) -> None:
    answer = applicant.upload(fields={**PASSPORT, "issued_on": "99.99.2010"})
    assert answer.status_code == 422
    assert 'id="issued_on-said-1"' in answer.text
    assert 'value="99.99.2010"' in answer.text


def test_a_document_is_corrected_on_its_page(applicant: Filler) -> None:
    applicant.upload(fields={**PASSPORT, "number": "wrong"})
    answer = applicant.send("/documents", go="next")
    assert answer.status_code == 422
    assert 'id="documents.0.number-said-1"' in answer.text
    fixed = _document_fields("0000 000001")
    assert applicant.send("/documents", go="next", **fixed).status_code == 303
    assert applicant.draft.documents[0].number == "0000 000001"
    assert applicant.draft.documents[0].scan is not None


def _document_fields(number: str) -> dict[str, str]:
    names = ("number", "issued_on", "issuer")
    return {f"documents.0.{one}": PASSPORT[one] for one in names} | {"documents.0.number": number}


def test_a_document_added_by_mistake_is_removed(applicant: Filler) -> None:
    applicant.upload()
    answer = applicant.send("/documents", go="remove-0")
    assert answer.status_code == 200
    assert applicant.draft.documents == ()
    (row,) = applicant.documents
    assert (row.content_hash, row.number, row.erased_at is None) == (None, None, False)


def test_of_two_documents_the_one_that_was_meant_is_removed_and_the_other_is_as_typed(
    applicant: Filler,
) -> None:
    applicant.upload()
    applicant.upload(fields={**PASSPORT, "number": "0000 000002"})
    typed = {f"documents.1.{name}": value for name, value in PASSPORT.items() if name != "what"}
    fields = {**_document_fields("0000 000001"), **typed, "documents.1.number": "0000 000003"}
    assert applicant.send("/documents", go="remove-0", **fields).status_code == 200
    (left,) = applicant.draft.documents
    assert left.number == "0000 000003"
    assert [one.erased_at is None for one in applicant.documents] == [False, True]


def test_a_photo_that_was_replaced_is_emptied(applicant: Filler) -> None:
    for octets in (jpeg(), png()):
        assert applicant.upload("/photo/add", {}, file=octets).status_code == 303
    earlier, present = applicant.documents
    assert (earlier.content_hash, earlier.erased_at is None) == (None, False)
    assert (present.media_type, applicant.draft.photo) == ("image/png", str(present.id))


@pytest.mark.parametrize("go", ["remove-7", "remove--1", "remove-x", "remove-" + "9" * 5000])
def test_nothing_is_removed_that_is_not_there(applicant: Filler, go: str) -> None:
    applicant.upload()
    assert applicant.send("/documents", go=go, **_document_fields("1")).status_code == 200
    assert len(applicant.draft.documents) == 1


def test_the_scan_of_a_document_cannot_be_named_by_a_form(applicant: Filler) -> None:
    applicant.upload()
    kept = applicant.draft.documents[0].scan
    forged = {"documents.0.scan": "another", "photo": "another", "okato": "45000"}
    applicant.send("/documents", go="later", **_document_fields("1"), **forged)
    assert applicant.draft.documents[0].scan == kept
    assert (applicant.draft.photo, applicant.draft.okato) == (None, "00000")


def test_a_photo_is_kept_as_a_document_of_the_application(applicant: Filler) -> None:
    assert applicant.upload("/photo/add", {}).status_code == 303
    (photo,) = applicant.documents
    assert (photo.kind, applicant.draft.photo) == ("photo", str(photo.id))
    assert "There is a photo." in applicant.page("/documents")


def test_a_pdf_is_no_photo(applicant: Filler) -> None:
    answer = applicant.upload("/photo/add", {}, file=pdf())
    assert answer.status_code == 422
    assert "A photo is a JPEG or PNG picture." in answer.text
    assert applicant.draft.photo is None


def test_a_photo_is_not_replaced_for_ever(applicant: Filler) -> None:
    for _ in range(10):
        assert applicant.upload("/photo/add", {}).status_code == 303
    assert applicant.upload("/photo/add", {}).status_code == 422


def test_documents_that_were_asked_for_are_brought(applicant: Filler) -> None:
    applicant.upload()
    applicant.submit()
    asked_for_documents(applicant)
    page = applicant.page("")
    assert "the second page of the passport" in page
    answer = applicant.upload(on="/more", file=png())
    assert answer.headers["location"] == "/application#documents"
    assert [one.kind for one in applicant.documents] == [DocumentType.PASSPORT_RF] * 2
    assert applicant.send("/brought", on="").status_code == 303
    assert applicant.row.state == "submitted"


def test_a_wrong_file_is_told_on_the_page_of_what_is_asked_for(applicant: Filler) -> None:
    applicant.upload()
    applicant.submit()
    asked_for_documents(applicant)
    answer = applicant.upload(on="/more", file=b"nothing")
    assert answer.status_code == 422
    assert "the second page of the passport" in answer.text


def test_what_was_brought_by_mistake_is_removed_before_it_is_all_there(
    applicant: Filler,
) -> None:
    applicant.upload()
    applicant.submit()
    asked_for_documents(applicant)
    applicant.upload(on="/more", file=png())
    wrong = applicant.documents[-1]
    action = "/application/documents/remove"
    form = applicant.hidden(applicant.page("/more"), action)
    chosen = {**form, "document_id": str(wrong.id)}
    assert applicant.browser.send(action, chosen).headers["location"] == "/application/more"
    assert str(wrong.id) not in applicant.page("/more")
    assert len(applicant.draft.documents) == 1
    again = applicant.browser.send(action, {**chosen, "key": "again"})
    assert (again.status_code, "changed this meanwhile" in again.text) == (422, True)


def test_what_somebody_looks_at_is_not_removed(applicant: Filler) -> None:
    applicant.upload()
    applicant.submit()
    assert "/documents/remove" not in applicant.page("/more")
