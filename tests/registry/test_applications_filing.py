"""An application filed whole: as if it had been begun and submitted, or not at all."""

from dataclasses import replace
from typing import Any

import pytest

from cardservice.domain.draft_form import draft_form
from cardservice.domain.orders import Channel
from cardservice.registry.applications_approving import approve
from cardservice.registry.applications_filing import FileApplication, file_application
from cardservice.registry.commands import Answer
from cardservice.registry.errors import FindingsRefusal
from tests.registry import forms
from tests.registry.offices import REGION, TODAY, Desk, refused


def filing(desk: Desk, form: object = None, **more: Any) -> FileApplication:
    wanted = draft_form(forms.without_scans()) if form is None else form
    return FileApplication(region=REGION, key=desk.key(), form=wanted, **more)  # type: ignore[arg-type]


def filed(desk: Desk, form: object = None, **more: Any) -> Answer:
    return file_application(desk.office, desk.clerk, filing(desk, form, **more))


def test_it_is_kept_as_if_begun_and_submitted(either_desk: Desk) -> None:
    desk = either_desk
    whole, steps = filed(desk), forms.submitted(desk, forms.without_scans())
    assert (whole.state, whole.version) == ("submitted", 1)
    with desk.reading() as work:
        one, other = (work.applications.get(REGION, each.id) for each in (whole, steps))
        given, known = (work.consents.of_application(REGION, each.id) for each in (whole, steps))
    assert replace(one, id=other.id, number=other.number, version=other.version) == other
    assert [(c.purpose, c.wording, c.channel) for c in given] == [
        (c.purpose, c.wording, c.channel) for c in known
    ]
    assert desk.actions() == ["application.start", "application.submit"] * 2
    facts = [one.fact for one in desk.audit()]
    assert [(f.ground, dict(f.details)) for f in facts[:2]] == [
        (f.ground, dict(f.details)) for f in facts[2:]
    ]
    assert [one.template for one in desk.outbox()] == []


def test_it_can_be_approved(desk: Desk) -> None:
    done = approve(desk.office, desk.approver, forms.approving(desk, filed(desk)))
    assert done.state == "approved"


def test_with_an_error_nothing_is_kept_and_the_key_stays_free(desk: Desk) -> None:
    wrong = forms.without_scans(person=forms.person(surname="", snils="1"), consent=False)
    command = filing(desk, draft_form(wrong))
    with pytest.raises(FindingsRefusal) as caught:
        file_application(desk.office, desk.clerk, command)
    assert {"surname", "snils", "consent"} <= {
        one.field for one in caught.value.findings if one.is_error
    }
    assert desk.actions() == []
    with desk.reading() as work:
        assert work.applications.queue(REGION, "draft").rows == ()
    mended = replace(command, form=draft_form(forms.without_scans()))
    assert file_application(desk.office, desk.clerk, mended).state == "submitted"


def test_what_cannot_be_read_is_an_error_beside_its_field(desk: Desk) -> None:
    form = {**draft_form(forms.without_scans()), "photo_taken_on": "yesterday", "colour": "red"}
    with pytest.raises(FindingsRefusal) as caught:
        filed(desk, form)
    assert {(one.field, one.code) for one in caught.value.findings if one.is_error} == {
        ("photo_taken_on", "date-format"),
        ("application", "field-unknown"),
    }


def test_the_same_command_is_answered_as_before_and_another_is_refused(desk: Desk) -> None:
    command = filing(desk)
    first = file_application(desk.office, desk.clerk, command)
    assert file_application(desk.office, desk.clerk, command) == first
    other = replace(command, form=draft_form(forms.without_scans(okato="46000")))
    refused("key-reused", lambda: file_application(desk.office, desk.clerk, other))
    assert desk.actions() == ["application.start", "application.submit"]


def test_a_row_of_a_table_is_filed_once_whatever_its_key(desk: Desk) -> None:
    first, again = (filed(desk, source="table-1/2") for _ in range(2))
    assert first == again
    assert desk.actions() == ["application.start", "application.submit"]


def test_a_second_first_policy_is_refused(desk: Desk) -> None:
    forms.approved(desk)
    with pytest.raises(FindingsRefusal) as caught:
        filed(desk)
    assert "policy-exists" in {one.code for one in caught.value.findings}


def test_an_applicant_may_file_and_a_security_officer_may_not(desk: Desk) -> None:
    visit = draft_form(forms.without_scans(channel=Channel.HOME, disability=True))
    wish = filing(desk, visit)
    assert file_application(desk.office, desk.applicant, wish).state == "submitted"
    with pytest.raises(FindingsRefusal) as caught:
        file_application(desk.office, desk.applicant, filing(desk))  # as if an employer sent it
    assert [one.code for one in caught.value.findings if one.is_error] == ["channel-not-yours"]
    refused("role-not-allowed", lambda: file_application(desk.office, desk.officer, filing(desk)))


def test_it_is_due_in_thirty_days(desk: Desk) -> None:
    with desk.reading() as work:
        kept = work.applications.get(REGION, filed(desk).id)
    assert kept.due_on is not None
    assert (kept.due_on - TODAY).days == 30


def test_a_command_does_not_print_its_form(desk: Desk) -> None:
    assert forms.person().surname not in repr(filing(desk))
