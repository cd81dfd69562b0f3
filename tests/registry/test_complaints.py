"""Complaints: filed, answered by a date, withdrawn; late ones come first."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from cardservice.domain.roles import Role
from cardservice.domain.terms import Standing
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer
from cardservice.registry.complaints import (
    LETTER_LENGTH,
    AnswerComplaint,
    Attachment,
    FileComplaint,
    WithdrawComplaint,
    answer_complaint,
    contact_of,
    file_complaint,
    overdue_complaints,
    waiting_complaints,
    withdraw_complaint,
)
from cardservice.registry.complaints_open import FileOpenComplaint, file_open_complaint
from cardservice.registry.outbox_values import Template
from cardservice.registry.ports_exchange import Complaint
from tests.registry.offices import REGION, TODAY, Desk, refused
from tests.registry.stations_world import STATION, at_once, new_policy

SCAN = Attachment(content_hash=bytes(32), wrapped_key=b"w", media_type="image/png", size=9)


def complain(desk: Desk, actor: Actor | None = None, **more: Any) -> Answer:
    values: dict[str, Any] = {"text": "Долго ждал.\nОчень."}
    command = FileComplaint(region=REGION, key=desk.key(), **(values | more))
    return file_complaint(desk.office, actor or desk.clerk, command)


def reply(
    desk: Desk, filed: Answer, text: str = "Разобрались.", actor: Actor | None = None
) -> Answer:
    command = AnswerComplaint(
        region=REGION,
        key=desk.key(),
        complaint_id=filed.id,
        version=filed.version,
        answer=text,
    )
    return answer_complaint(desk.office, actor or desk.clerk, command)


def withdraw(desk: Desk, filed: Answer, actor: Actor) -> Answer:
    command = WithdrawComplaint(
        region=REGION, key=desk.key(), complaint_id=filed.id, version=filed.version
    )
    return withdraw_complaint(desk.office, actor, command)


def kept(desk: Desk, filed: Answer) -> Complaint:
    with desk.reading() as work:
        found: Complaint = work.complaints.get(REGION, filed.id)
    return found


def test_a_complaint_has_a_number_and_a_day_to_answer_it(desk: Desk) -> None:
    filed = complain(desk, contact="proba@example.org")
    complaint = kept(desk, filed)
    assert (filed.number, filed.state) == ("000001", "received")
    assert complaint.text == "Долго ждал.\nОчень."
    assert complaint.due_on == TODAY + timedelta(days=30)
    assert contact_of(desk.office, complaint) == "proba@example.org"
    assert contact_of(desk.office, kept(desk, complain(desk))) == ""
    assert desk.actions() == ["complaint.file"] * 2


def test_attachments_are_kept_with_the_complaint(desk: Desk) -> None:
    _, application = new_policy(desk)
    filed = complain(desk, application_id=application.id, attachments=(SCAN, SCAN))
    with desk.reading() as work:
        kept = work.attachments.of_complaint(REGION, filed.id)
        assert work.documents.of_application(REGION, application.id) == ()
    assert [(one.content_hash, one.media_type, one.size) for one in kept] == [
        (SCAN.content_hash, SCAN.media_type, SCAN.size)
    ] * 2
    assert list(filed.made.values()) == [str(one.id) for one in kept]


def test_attachments_of_nobody_are_refused_and_so_are_too_many(desk: Desk) -> None:
    _, application = new_policy(desk)
    refused("attachments-unowned", lambda: complain(desk, attachments=(SCAN,)))
    many = (SCAN,) * 11
    refused(
        "attachments-many",
        lambda: complain(desk, application_id=application.id, attachments=many),
    )
    assert waiting_complaints(desk.office, desk.clerk, REGION).rows == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": " \n "}, "text-missing"),
        ({"text": "a" * (LETTER_LENGTH + 1)}, "text-too-long"),
        ({"text": "a\u202eb"}, "control-character"),
        ({"text": "a\0b"}, "control-character"),
        ({"contact": "a" * 301}, "contact-too-long"),
    ],
)
def test_a_complaint_that_cannot_be_kept_is_refused(
    desk: Desk, changes: dict[str, Any], code: str
) -> None:
    refused(code, lambda: complain(desk, **changes))


def test_an_answer_is_kept_with_who_gave_it(desk: Desk) -> None:
    filed = complain(desk)
    assert reply(desk, filed).state == "answered"
    complaint = kept(desk, filed)
    assert (complaint.answer, complaint.answered_by) == ("Разобрались.", desk.clerk.name)
    refused("state-complaint-answered", lambda: reply(desk, filed))
    assert desk.actions() == ["complaint.file", "complaint.answer"]


@pytest.mark.parametrize(
    ("contact", "masked"), [("proba@example.org", ".org"), ("+7 900 000-00-09", "09")]
)
def test_who_complained_is_told_of_an_answer_but_not_what_it_says(
    desk: Desk, contact: str, masked: str
) -> None:
    filed = complain(desk, contact=contact)
    reply(desk, filed)
    (letter,) = desk.outbox()
    assert (letter.template, letter.about) == (Template.COMPLAINT_ANSWERED, filed.number)
    assert letter.masked.endswith(masked)
    assert "Разобрались" not in letter.sealed.decode()


def test_without_a_contact_the_person_is_told_and_without_both_nobody(desk: Desk) -> None:
    _, application = new_policy(desk)
    reply(desk, complain(desk))
    assert desk.outbox() == ()
    reply(desk, complain(desk, person_id=application.person_id))
    (letter,) = desk.outbox()
    assert letter.template is Template.COMPLAINT_ANSWERED


def test_an_answer_says_something_to_the_complaint_as_it_is_now(desk: Desk) -> None:
    filed = complain(desk)
    refused("answer-missing", lambda: reply(desk, filed, "\n"))
    refused("stale", lambda: reply(desk, replace(filed, version=2)))
    for actor in (STATION, desk.officer):
        refused("role-not-allowed", partial(reply, desk, filed, "Да.", actor))


def test_an_applicant_complains_about_their_own_application_only(desk: Desk) -> None:
    _, own = new_policy(desk, 1)
    _, other = new_policy(desk, 2)
    applicant, stranger = Actor(own.id, Role.APPLICANT), Actor(other.id, Role.APPLICANT)
    filed = complain(desk, applicant, attachments=(SCAN,))
    complaint = kept(desk, filed)
    assert (complaint.application_id, complaint.person_id) == (own.id, own.person_id)
    refused("not-found", lambda: complain(desk, applicant, application_id=other.id))
    refused("not-found", lambda: complain(desk, applicant, person_id=other.person_id))
    refused("not-found", lambda: withdraw(desk, filed, stranger))
    refused("role-not-allowed", lambda: complain(desk, STATION))
    assert withdraw(desk, filed, applicant).state == "withdrawn"
    refused("state-complaint-withdrawn", lambda: reply(desk, filed))


def test_what_should_have_been_answered_is_shown_late_and_before_it_is(desk: Desk) -> None:
    late = complain(desk)
    desk.clock.pass_days(10)
    complain(desk)

    def standings() -> list[Standing]:
        page = waiting_complaints(desk.office, desk.clerk, REGION)
        return [one.standing for one in page.rows]

    assert standings() == [Standing.IN_TIME, Standing.IN_TIME]
    desk.clock.pass_days(20)
    assert standings() == [Standing.NEARLY_OVERDUE, Standing.IN_TIME]
    assert overdue_complaints(desk.office, desk.clerk, REGION).rows == ()
    desk.clock.pass_days(1)
    overdue = overdue_complaints(desk.office, desk.clerk, REGION).rows
    assert [(one.complaint.id, one.standing) for one in overdue] == [(late.id, Standing.OVERDUE)]
    reply(desk, late)
    assert overdue_complaints(desk.office, desk.clerk, REGION).rows == ()
    refused("role-not-allowed", lambda: overdue_complaints(desk.office, STATION, REGION))


def test_a_complaint_filed_twice_with_one_key_is_one(desk: Desk) -> None:
    command = FileComplaint(region=REGION, key="once", text="Раз.")
    first = file_complaint(desk.office, desk.clerk, command)
    assert file_complaint(desk.office, desk.clerk, command) == first
    other = replace(command, text="Два.")
    refused("key-reused", lambda: file_complaint(desk.office, desk.clerk, other))
    assert len(waiting_complaints(desk.office, desk.clerk, REGION).rows) == 1


def test_a_complaint_does_not_print_what_it_says() -> None:
    command = FileComplaint(region=REGION, key="k", text="тайна", contact="адрес")
    assert "тайна" not in repr(command)
    assert "адрес" not in repr(command)


def test_a_complaint_answered_twice_at_once_has_one_answer(either_desk: Desk) -> None:
    desk = either_desk
    filed = complain(desk)
    came_to = at_once([partial(reply, desk, filed, text) for text in ("Да.", "Нет.")])
    assert [one for one in came_to if isinstance(one, str)] == ["state-complaint-answered"]
    assert desk.actions().count("complaint.answer") == 1


def complain_as_visitor(desk: Desk, actor: Actor | None = None, **more: Any) -> Answer:
    values: dict[str, Any] = {"text": "Никого не было.", "contact": "proba@example.org"}
    command = FileOpenComplaint(region=REGION, key=desk.key(), **(values | more))
    return file_open_complaint(desk.office, actor or desk.applicant, command)


def test_somebody_without_an_application_complains_and_is_told_of_the_answer(desk: Desk) -> None:
    filed = complain_as_visitor(desk)
    complaint = kept(desk, filed)
    assert (complaint.application_id, complaint.person_id) == (None, None)
    assert complaint.due_on == TODAY + timedelta(days=30)
    assert desk.actions() == ["complaint.file"]
    reply(desk, filed)
    (letter,) = desk.outbox()
    assert letter.template is Template.COMPLAINT_ANSWERED


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"contact": " "}, "complaint-contact-missing"),
        ({"contact": "a" * 301}, "contact-too-long"),
        ({"text": ""}, "text-missing"),
        ({"text": "a\0b"}, "control-character"),
    ],
)
def test_a_complaint_of_somebody_unknown_that_cannot_be_answered_is_refused(
    desk: Desk, more: dict[str, Any], code: str
) -> None:
    refused(code, lambda: complain_as_visitor(desk, **more))
    assert waiting_complaints(desk.office, desk.clerk, REGION).rows == ()


def test_the_office_does_not_complain_as_somebody_unknown(desk: Desk) -> None:
    refused("role-not-allowed", lambda: complain_as_visitor(desk, desk.clerk))


def test_nobody_withdraws_the_complaint_of_somebody_unknown_from_home(desk: Desk) -> None:
    filed = complain_as_visitor(desk)
    refused("not-found", lambda: withdraw(desk, filed, desk.applicant))
