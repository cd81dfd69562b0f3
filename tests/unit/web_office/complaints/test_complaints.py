"""Complaints on their pages: late ones first, answered, withdrawn; the contact on one page only."""

from dataclasses import replace
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.commands import Answer
from cardservice.registry.complaints import Attachment, FileComplaint, file_complaint
from cardservice.registry.ports_exchange import Complaint
from tests.office_world import NOBODYS, World
from tests.registry.offices import REGION
from tests.registry.stations_world import new_policy
from tests.unit.web_office.sending import send

LIST = "/office/complaints"
TEXT = "Долго ждал.\nОчень."
CONTACT = "proba@example.org"
PNG = b"\x89PNG\r\n\x1a\n and more"


def complain(world: World, **more: object) -> Answer:
    desk = world.desk
    command = FileComplaint(region=REGION, key=desk.key(), text=TEXT, contact=CONTACT)
    return file_complaint(desk.office, desk.clerk, replace(command, **more))  # type: ignore[arg-type]


def kept(world: World, filed: Answer) -> Complaint:
    with world.desk.reading() as work:
        found: Complaint = work.complaints.get(REGION, filed.id)
    return found


def test_late_complaints_lead_and_the_list_shows_neither_text_nor_contact(world: World) -> None:
    late = complain(world)
    world.desk.clock.pass_days(40)
    complain(world)
    page = world.browser(Role.CLERK).get(LIST).text
    assert page.index(str(late.number)) < page.index("000002")
    assert page.count("state-overdue") == 1
    assert CONTACT not in page
    assert "Долго" not in page


def test_one_complaint_shows_its_words_and_where_the_answer_goes(world: World) -> None:
    filed = complain(world)
    page = world.browser(Role.CLERK).get(f"{LIST}/{filed.id}").text
    assert "<p>Долго ждал.</p><p>Очень.</p>" in page
    assert CONTACT in page


def test_an_answer_is_kept_and_the_complaint_leaves_those_that_wait(world: World) -> None:
    filed, clerk = complain(world), world.browser(Role.CLERK)
    one = f"{LIST}/{filed.id}"
    sent = send(clerk, f"{one}/answer", {"answer": "Разобрались.\nПростите."}, on=one)
    assert (sent.status_code, sent.headers["location"]) == (303, one)
    assert kept(world, filed).answer == "Разобрались.\nПростите."
    assert kept(world, filed).answered_by == str(world.people[Role.CLERK])
    assert str(filed.number) not in clerk.get(LIST).text
    assert str(filed.number) in clerk.get(f"{LIST}?state=answered").text
    assert "Send the answer" not in clerk.get(one).text


def test_an_answer_that_is_refused_is_not_lost(world: World) -> None:
    filed, clerk = complain(world), world.browser(Role.CLERK)
    one = f"{LIST}/{filed.id}"
    typed = "Ответ с\u202eобманом"
    sent = send(clerk, f"{one}/answer", {"answer": typed}, on=one)
    assert sent.status_code == 422
    assert typed in sent.text
    assert 'href="#answer"' in sent.text
    assert 'aria-invalid="true"' in sent.text


def test_an_answer_to_a_complaint_that_changed_meanwhile_is_stale(world: World) -> None:
    filed, clerk = complain(world), world.browser(Role.CLERK)
    one = f"{LIST}/{filed.id}"
    sent = send(clerk, f"{one}/answer", {"answer": "Да.", "version": "7"}, on=one)
    assert sent.status_code == 422
    assert "Somebody else has changed this" in sent.text
    assert kept(world, filed).answer is None


def test_a_withdrawn_complaint_is_closed_without_an_answer(world: World) -> None:
    filed, clerk = complain(world), world.browser(Role.CLERK)
    one = f"{LIST}/{filed.id}"
    assert send(clerk, f"{one}/withdrawal", {}, on=one).status_code == 303
    assert kept(world, filed).state == "withdrawn"


def test_an_attachment_is_sent_to_be_kept_and_only_with_its_complaint(world: World) -> None:
    _, application = new_policy(world.desk)
    address = world.parts.vault.keep(PNG)
    scan = Attachment(
        content_hash=bytes.fromhex(address), wrapped_key=b"", media_type="image/png", size=len(PNG)
    )
    filed = complain(world, application_id=application.id, attachments=(scan,))
    other, clerk = complain(world), world.browser(Role.CLERK)
    attachment = filed.made["attachment-0"]
    assert f"/attachments/{attachment}" in clerk.get(f"{LIST}/{filed.id}").text
    sent = clerk.get(f"{LIST}/{filed.id}/attachments/{attachment}")
    assert sent.content == PNG
    assert sent.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in sent.headers["content-security-policy"]
    assert clerk.get(f"{LIST}/{other.id}/attachments/{attachment}").status_code == 404


def test_a_look_at_a_persons_complaint_is_recorded(world: World) -> None:
    policy, application = new_policy(world.desk)
    filed = complain(world, application_id=application.id)
    world.browser(Role.CLERK).get(f"{LIST}/{filed.id}")
    with world.desk.reading() as work:
        looks = work.looks.at_person(REGION, policy.person_id).rows
    assert f"complaint/{filed.id}" in [one.reason for one in looks]


@pytest.mark.parametrize("path", [LIST, f"{LIST}/{NOBODYS}"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.EMPLOYER])
def test_others_see_no_complaint(world: World, role: Role, path: str) -> None:
    assert world.browser(role).get(path).status_code == 403


def test_a_complaint_that_is_not_there_and_a_state_that_is_none_are_refused(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    assert clerk.get(f"{LIST}/{uuid4()}").status_code == 404
    assert clerk.get(f"{LIST}/not-an-id").status_code == 422
    assert clerk.get(f"{LIST}?state=lost").status_code == 422
