"""Applications decided: documents asked for, refused, withdrawn, looked up, waiting."""

from dataclasses import replace

from cardservice.domain.documents import DocumentType
from cardservice.domain.draft_form import draft_form
from cardservice.domain.lives import ApplicationState
from cardservice.domain.terms import Standing
from cardservice.registry import applications_deciding as deciding
from cardservice.registry.applications_documents import AttachDocument, Scan, attach_document
from cardservice.registry.applications_reading import (
    applications_due,
    queue,
    status_of,
    view_application,
)
from cardservice.registry.applications_submitting import submit
from cardservice.registry.outbox_values import Template
from cardservice.registry.ports_base import Ask
from tests.registry import forms
from tests.registry.offices import BORN, REGION, TODAY, Desk, refused


def test_documents_are_asked_for_told_and_brought(desk: Desk) -> None:
    filed = forms.submitted(desk)
    ask = deciding.AskForDocuments(
        region=REGION,
        key=desk.key(),
        application_id=filed.id,
        version=filed.version,
        words="Второй лист",
    )
    waiting = deciding.ask_for_documents(desk.office, desk.clerk, ask)
    assert waiting.state == "documents-needed"
    (notice,) = desk.outbox()
    assert notice.template is Template.DOCUMENTS_NEEDED
    scan = Scan(content_hash=bytes(32), wrapped_key=b"k", media_type="image/png", size=10)
    attach = AttachDocument(
        region=REGION,
        key=desk.key(),
        application_id=waiting.id,
        version=waiting.version,
        kind=DocumentType.PASSPORT_RF,
        scan=scan,
    )
    attached = attach_document(desk.office, desk.clerk, attach)
    bring = deciding.BringDocuments(
        region=REGION, key=desk.key(), application_id=waiting.id, version=attached.version
    )
    assert deciding.bring_documents(desk.office, desk.clerk, bring).state == "submitted"
    file = view_application(desk.office, desk.clerk, region=REGION, application_id=filed.id)
    assert [one.scan for one in file.draft.documents][1:] == [attached.made["document"]]
    assert file.documents[-1].content_hash == bytes(32)


def test_a_scan_goes_to_the_document_that_the_draft_names_already(desk: Desk) -> None:
    form = forms.draft()
    bare = replace(form, documents=(replace(form.documents[0], scan=None),))
    begun = forms.started(desk, bare)
    attach = AttachDocument(
        region=REGION,
        key=desk.key(),
        application_id=begun.id,
        version=begun.version,
        kind=DocumentType.PASSPORT_RF,
    )
    attached = attach_document(desk.office, desk.clerk, attach)
    assert submit(desk.office, desk.clerk, forms.submitting(desk, attached)).state == "submitted"
    file = view_application(desk.office, desk.clerk, region=REGION, application_id=begun.id)
    assert [one.number for one in file.draft.documents] == ["0000 000001"]


def test_asking_without_saying_for_what_is_refused_and_tells_nobody(desk: Desk) -> None:
    filed = forms.submitted(desk)
    ask = deciding.AskForDocuments(
        region=REGION, key=desk.key(), application_id=filed.id, version=filed.version, words=" "
    )
    refused("ground-missing", lambda: deciding.ask_for_documents(desk.office, desk.clerk, ask))
    assert desk.outbox() == ()
    assert desk.actions()[-1] == "application.submit"


def test_more_documents_than_the_rules_allow_are_refused(desk: Desk) -> None:
    most = desk.office.settings.rules.documents_maximum.value
    form = forms.draft()
    begun = forms.started(desk, replace(form, documents=form.documents * most))
    attach = AttachDocument(
        region=REGION,
        key=desk.key(),
        application_id=begun.id,
        version=begun.version,
        kind=DocumentType.SNILS,
    )
    refused("documents-too-many", lambda: attach_document(desk.office, desk.clerk, attach))


def test_a_refusal_is_told_without_its_reason(desk: Desk) -> None:
    filed = forms.submitted(desk)
    no = deciding.RefuseApplication(
        region=REGION,
        key=desk.key(),
        application_id=filed.id,
        version=filed.version,
        words="Нет права",
    )
    assert deciding.refuse(desk.office, desk.approver, no).state == "refused"
    (notice,) = desk.outbox()
    assert notice.template is Template.REFUSED
    assert "Нет права" not in notice.sealed.decode("unicode_escape")
    status = status_of(desk.office, number=filed.number or "", birth_date=BORN)
    assert (status.state, status.words) == ("refused", "Нет права")


def test_an_unusable_address_stands_in_nobodys_way(desk: Desk) -> None:
    person = forms.person(email="", phone="8 000 000")
    filed = forms.submitted(desk, forms.draft(person=person))
    no = deciding.RefuseApplication(
        region=REGION, key=desk.key(), application_id=filed.id, version=filed.version, words="x"
    )
    assert deciding.refuse(desk.office, desk.approver, no).state == "refused"
    assert desk.outbox() == ()


def test_an_approved_application_is_not_withdrawn(desk: Desk) -> None:
    begun = forms.started(desk)
    back = deciding.WithdrawApplication(
        region=REGION, key=desk.key(), application_id=begun.id, version=begun.version
    )
    assert deciding.withdraw(desk.office, desk.clerk, back).state == "withdrawn"
    done = forms.approved(desk)
    late = replace(back, key=desk.key(), application_id=done.id, version=done.version)
    refused("state-application-approved", lambda: deciding.withdraw(desk.office, desk.clerk, late))


def test_the_status_page_answers_the_same_for_a_wrong_number_and_a_wrong_date(desk: Desk) -> None:
    filed = forms.submitted(desk)
    number = filed.number or ""
    assert status_of(desk.office, number=f" {number.lower()}", birth_date=BORN).state == "submitted"
    wrong = [
        refused("not-found", lambda: status_of(desk.office, number="X", birth_date=BORN)),
        refused("not-found", lambda: status_of(desk.office, number=number, birth_date=TODAY)),
    ]
    assert wrong[0].sentence == wrong[1].sentence


def test_the_queue_shows_the_soonest_due_first_page_by_page(desk: Desk) -> None:
    numbers: list[str | None] = []
    for name in ("А", "Б", "В"):
        form = forms.draft(person=forms.person(surname=name, snils=forms.snils()))
        numbers.append(forms.submitted(desk, form).number)
        desk.clock.pass_days(1)
    state, ask = ApplicationState.SUBMITTED, Ask(limit=2)
    page = queue(desk.office, desk.clerk, region=REGION, state=state, ask=ask)
    seen = [*page.rows]
    assert page.after is not None
    ask = Ask(limit=2, after=page.after)
    seen += queue(desk.office, desk.clerk, region=REGION, state=state, ask=ask).rows
    assert [one.number for one in seen] == numbers
    refused(
        "role-not-allowed", lambda: queue(desk.office, desk.officer, region=REGION, state=state)
    )


def test_what_is_overdue_and_nearly_so_is_shown_before_the_rest(desk: Desk) -> None:
    forms.submitted(desk)
    desk.clock.pass_days(20)
    forms.submitted(desk, forms.draft(person=forms.person(surname="Иной", snils=forms.snils())))

    def due() -> list[Standing | None]:
        state = ApplicationState.SUBMITTED
        page = applications_due(desk.office, desk.clerk, region=REGION, state=state)
        return [one.standing for one in page.rows]

    assert due() == []
    desk.clock.pass_days(8)
    assert due() == [Standing.NEARLY_OVERDUE]
    desk.clock.pass_days(3)
    assert due() == [Standing.OVERDUE]


def test_a_draft_as_json_is_read_as_it_was_written(desk: Desk) -> None:
    form = forms.draft()
    begun = forms.started(desk, form)
    file = view_application(desk.office, desk.clerk, region=REGION, application_id=begun.id)
    assert draft_form(file.draft) == draft_form(form)
