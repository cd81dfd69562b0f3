"""From a wish for a policy to its decision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.domain.application import Ground
from cardservice.domain.documents import DocumentType
from cardservice.domain.draft_form import draft_form
from cardservice.domain.holder import Category
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, ReissueKind, ReissueSubject
from cardservice.registry import applications_deciding as deciding
from cardservice.registry import applications_finding
from cardservice.registry.applications import SaveDraft, StartDraft, save_draft, start_draft
from cardservice.registry.applications_approving import approve
from cardservice.registry.applications_finding import find_records, identity_of
from cardservice.registry.applications_reading import (
    view_application,
)
from cardservice.registry.applications_submitting import check_application, submit
from cardservice.registry.commands import Answer
from cardservice.registry.errors import FindingsRefusal
from tests.registry import forms
from tests.registry.offices import BORN, REGION, TODAY, Desk, refused


def saving(desk: Desk, begun: Answer, **form: object) -> SaveDraft:
    return SaveDraft(
        region=REGION,
        key=desk.key(),
        application_id=begun.id,
        version=begun.version,
        form=form,
    )


def test_a_draft_may_miss_anything_and_keeps_what_was_typed(desk: Desk) -> None:
    begun = start_draft(desk.office, desk.clerk, StartDraft(region=REGION, key=desk.key()))
    typed = {"person": {"surname": "  Проб ", "snils": "12"}}
    kept = save_draft(desk.office, desk.clerk, saving(desk, begun, **typed))
    assert (kept.state, kept.version) == ("draft", begun.version + 1)
    file = view_application(desk.office, desk.clerk, region=REGION, application_id=begun.id)
    assert (file.draft.person.surname, file.draft.person.snils) == ("  Проб ", "12")
    assert desk.actions() == ["application.start", "application.save"]


def test_a_row_of_a_table_is_taken_once_whatever_its_key(desk: Desk) -> None:
    first, again = (forms.started(desk, source="table-1/2") for _ in range(2))
    assert first == again
    assert desk.actions() == ["application.start"]


def test_another_applicants_draft_is_not_there(desk: Desk) -> None:
    begun = forms.started(desk)
    refused("not-found", lambda: save_draft(desk.office, desk.applicant, saving(desk, begun)))
    own = start_draft(desk.office, desk.applicant, StartDraft(region=REGION, key=desk.key()))
    assert save_draft(desk.office, desk.applicant, saving(desk, own)).version == 2


def test_a_security_officer_enters_no_application(desk: Desk) -> None:
    command = StartDraft(region=REGION, key=desk.key())
    refused("role-not-allowed", lambda: start_draft(desk.office, desk.officer, command))


def test_a_submitted_application_is_no_draft_any_more(desk: Desk) -> None:
    filed = forms.submitted(desk)
    command = saving(desk, filed)
    refused("state-application-submitted", lambda: save_draft(desk.office, desk.clerk, command))


def test_every_error_stands_beside_its_field_and_nothing_is_changed(desk: Desk) -> None:
    form = forms.draft(person=forms.person(surname="", snils="1"), insurer_ogrn="", consent=False)
    begun = forms.started(desk, form)
    with pytest.raises(FindingsRefusal) as caught:
        submit(desk.office, desk.clerk, forms.submitting(desk, begun))
    assert caught.value.code == "form-has-errors"
    fields = {one.field for one in caught.value.findings if one.is_error}
    assert {"surname", "snils", "insurer_ogrn", "consent"} <= fields
    assert desk.actions() == ["application.start"]
    same = check_application(
        desk.office, desk.clerk, region=REGION, application_id=begun.id, version=begun.version
    )
    assert same == caught.value.findings


def test_a_submitted_application_is_due_in_thirty_days_and_keeps_the_consent(desk: Desk) -> None:
    filed = forms.submitted(desk)
    with desk.reading() as work:
        kept = work.applications.get(REGION, filed.id)
        assert kept.due_on == TODAY + timedelta(days=30)
        assert kept.number == filed.number
    assert filed.state == "submitted"


def test_an_approval_makes_person_policy_insurer_order_and_certificate(desk: Desk) -> None:
    done = forms.approved(desk)
    with desk.reading() as work:
        person = work.people.get(REGION, forms.made(done, "person"))
        policy = work.policies.get(REGION, forms.made(done, "policy"))
        order = work.orders.get(REGION, forms.made(done, "order"))
        certificate = work.certificates.get(REGION, forms.made(done, "certificate"))
        (insurer,) = work.insurers.of_policy(REGION, policy.id)
        kept = work.applications.get(REGION, done.id)
    assert person.surname == "Пробный"
    assert (policy.person_id, policy.state, policy.enp[:2]) == (person.id, "active", "00")
    assert (order.policy_id, order.state, order.card_id) == (policy.id, "queued", None)
    assert order.due_on == TODAY + timedelta(days=30)
    assert len(certificate.number) == 9
    assert certificate.valid_until >= order.due_on
    assert (insurer.ogrn, insurer.start_date, insurer.end_date) == (forms.INSURER, TODAY, None)
    assert (kept.state, kept.person_id) == ("approved", person.id)
    assert kept.decided_by == desk.approver.name
    assert desk.actions()[2:] == [
        "person.make",
        "policy.open",
        "policy.insure",
        "order.make",
        "certificate.issue",
        "application.approve",
    ]


def test_the_audit_log_holds_no_value_of_a_person(desk: Desk) -> None:
    forms.approved(desk)
    said = " ".join(repr(one.fact) for one in desk.audit())
    for value in ("Проб", forms.SNILS, "0000 000001", "person0@", BORN.isoformat()):
        assert value not in said


def test_who_has_no_right_to_a_card_gets_a_policy_and_no_order(desk: Desk) -> None:
    form = forms.draft()
    documents = (
        replace(form.documents[0], kind=DocumentType.FOREIGN_PASSPORT, number="A1"),
        replace(form.documents[0], kind=DocumentType.RESIDENCE_PERMIT, number="B2"),
    )
    category = Category.PERMANENT_RESIDENT
    person = forms.person(category=category, citizenship_code="BLR", citizenship_name="Беларусь")
    done = forms.approved(desk, replace(form, person=person, documents=documents))
    assert "policy" in done.made
    assert "order" not in done.made


def test_a_second_application_finds_the_first_policy(desk: Desk) -> None:
    forms.approved(desk)
    begun = forms.started(desk)
    with pytest.raises(FindingsRefusal) as caught:
        submit(desk.office, desk.clerk, forms.submitting(desk, begun))
    assert [one.code for one in caught.value.findings if one.is_error] == ["policy-exists"]


def test_of_two_first_applications_that_both_waited_one_is_approved(desk: Desk) -> None:
    one, other = forms.submitted(desk), forms.submitted(desk)
    approve(desk.office, desk.approver, forms.approving(desk, one))
    command = forms.approving(desk, other)
    refused("form-has-errors", lambda: approve(desk.office, desk.approver, command))


def test_on_a_day_on_which_many_were_born_the_person_is_found_by_the_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = forms.approved(desk, forms.draft(person=forms.person(snils=forms.snils())))
    others = ("Аистов", "Борисов")  # before the person among all who were born that day
    for surname in others:
        other = forms.person(surname=surname, snils=forms.snils())
        forms.approved(desk, forms.draft(person=other), new_person=True)
    monkeypatch.setattr(applications_finding, "MAX_PAGE", len(others))
    with desk.reading() as work:
        found = find_records(work, identity_of(forms.person(snils="")))
    near = {one.person.id for one in (*found.same, *found.maybe)}
    assert forms.made(first, "person") in near


def test_a_similar_person_must_be_told_apart_by_the_approver(desk: Desk) -> None:
    first = forms.approved(desk, forms.draft(person=forms.person(snils=forms.snils())))
    twin = forms.submitted(desk, forms.draft(person=forms.person(snils=forms.snils())))
    command = forms.approving(desk, twin)
    refused("person-undecided", lambda: approve(desk.office, desk.approver, command))
    as_first = forms.approving(desk, twin, person_id=forms.made(first, "person"))
    refused("policy-exists", lambda: approve(desk.office, desk.approver, as_first))
    stranger = forms.approving(desk, twin, person_id=desk.clerk.account)
    refused("not-found", lambda: approve(desk.office, desk.approver, stranger))
    done = approve(desk.office, desk.approver, forms.approving(desk, twin, new_person=True))
    assert done.made["person"] != first.made["person"]


def test_the_number_of_the_federal_register_is_needed_outside_demonstrations(desk: Desk) -> None:
    strict = desk.with_settings(draws_policy_numbers=False)
    filed = forms.submitted(strict)
    command = forms.approving(strict, filed)
    refused("enp-needed", lambda: approve(strict.office, strict.approver, command))
    number = forms.enp()
    done = approve(strict.office, strict.approver, forms.approving(strict, filed, enp=number))
    with desk.reading() as work:
        assert work.policies.get(REGION, forms.made(done, "policy")).enp == number


def test_the_number_of_somebody_else_is_refused(desk: Desk) -> None:
    number = forms.enp()
    forms.approved(desk, enp=number)
    other = forms.person(surname="Иной", birth_date=date(1990, 1, 1), snils=forms.snils())
    filed = forms.submitted(desk, forms.draft(person=other))
    command = forms.approving(desk, filed, enp=number)
    refused("enp-taken", lambda: approve(desk.office, desk.approver, command))


def test_a_reissue_changes_the_person_and_keeps_the_number(desk: Desk) -> None:
    number = forms.enp()
    first = forms.approved(desk, enp=number)
    person = forms.person(surname="Новый", enp=number)
    ground = Ground(subjects=frozenset({ReissueSubject.NAME}), kind=ReissueKind.WRONG)
    form = forms.draft(reason=ApplyReason.REISSUE, person=person, ground=ground)
    again = forms.approved(desk, form)
    assert again.made["policy"] == first.made["policy"]
    assert again.made["order"] != first.made["order"]
    with desk.reading() as work:
        assert work.people.get(REGION, forms.made(first, "person")).surname == "Новый"
        assert work.policies.get(REGION, forms.made(first, "policy")).enp == number
    fact = next(one.fact for one in desk.audit() if one.fact.action == "person.update")
    assert fact.details == {"fields": "surname"}


def test_who_entered_it_does_not_approve_it_where_the_office_says_so(desk: Desk) -> None:
    strict = desk.with_second_person(SecondPersonAct.APPROVE_APPLICATION)
    own = replace(strict, clerk=strict.approver)
    filed = forms.submitted(own)
    command = forms.approving(own, filed)
    refused("second-person-needed", lambda: approve(own.office, own.approver, command))
    filed = forms.submitted(
        strict, forms.draft(person=forms.person(snils=forms.snils(), surname="Иной"))
    )
    done = approve(strict.office, strict.approver, forms.approving(strict, filed))
    assert done.state == "approved"


def test_a_clerk_decides_nothing(desk: Desk) -> None:
    filed = forms.submitted(desk)
    command = forms.approving(desk, filed)
    refused("role-not-allowed", lambda: approve(desk.office, desk.clerk, command))
    no = deciding.RefuseApplication(
        region=REGION, key=desk.key(), application_id=filed.id, version=filed.version, words="x"
    )
    refused("role-not-allowed", lambda: deciding.refuse(desk.office, desk.clerk, no))


def test_a_scan_that_is_only_named_does_not_count(desk: Desk) -> None:
    form = forms.draft()
    forms.started(desk, form)
    command = StartDraft(region=REGION, key=desk.key(), form=draft_form(form))
    other = start_draft(desk.office, desk.clerk, command)  # it names another one's scans
    with pytest.raises(FindingsRefusal) as caught:
        submit(desk.office, desk.clerk, forms.submitting(desk, other))
    wrong = [(one.field, one.code) for one in caught.value.findings if one.is_error]
    assert wrong == [("documents.0.scan", "scan-not-attached"), ("photo", "scan-not-attached")]


def test_an_applicant_does_not_learn_that_somebody_has_a_policy(desk: Desk) -> None:
    forms.approved(desk)
    visit = forms.without_scans(channel=Channel.HOME, disability=True)
    command = StartDraft(region=REGION, key=desk.key(), form=draft_form(visit))
    begun = start_draft(desk.office, desk.applicant, command)
    found = check_application(
        desk.office,
        desk.applicant,
        region=REGION,
        application_id=begun.id,
        version=begun.version,
    )
    assert "policy-exists" not in [one.code for one in found]
    sent = submit(desk.office, desk.applicant, forms.submitting(desk, begun))
    with pytest.raises(FindingsRefusal) as caught:
        approve(desk.office, desk.approver, forms.approving(desk, sent))
    assert [one.code for one in caught.value.findings if one.is_error] == ["policy-exists"]
