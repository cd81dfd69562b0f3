"""Decisions: approved with order and certificate, refused, sent back, withdrawn."""

import httpx
import pytest

from cardservice.accounts.four_eyes import Act
from cardservice.accounts.roles import Role
from cardservice.domain.draft_form import draft_form
from cardservice.domain.orders import Channel
from cardservice.domain.places import Collectable, Service
from cardservice.registry.actor import Actor
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.applications_submitting import SubmitApplication, submit
from cardservice.registry.places import AddPlace, add_place
from cardservice.registry.places_form import PlaceForm
from tests.office_world import World
from tests.registry.forms import (
    approved,
    attach,
    draft,
    enp,
    made,
    person,
    snils,
    started,
    submitted,
)
from tests.registry.offices import REGION
from tests.unit.web_office.queue.cases import (
    case_address,
    looked_at,
    with_second_person,
    with_settings,
)
from tests.unit.web_office.queue.pages import fill, hidden_of, words


def test_approving_shows_policy_order_and_certificate(world: World) -> None:
    case = case_address(submitted(world.desk))
    approver = world.browser(Role.APPROVER)
    answer = fill(approver, case, f"{case}/approval", person_id="", place_id="")
    assert (answer.status_code, answer.headers["location"]) == (303, case)
    page = approver.get(case)
    for one in ("Approved", "To the person", "Policy", "In the queue", "Temporary certificate"):
        assert one in words(page)
    for link in ("/office/people/", "/office/orders/"):
        assert f'href="{link}' in page.text


def test_a_clerk_sees_the_application_and_no_decision(world: World) -> None:
    case = case_address(submitted(world.desk))
    clerk = world.browser(Role.CLERK)
    page = clerk.get(case)
    assert "An approver decides on it." in words(page)
    assert "/approval" not in page.text
    assert f"{case}/refusal" not in page.text
    sent = clerk.send(f"{case}/approval", {"token": clerk.token(case)})
    assert sent.status_code == httpx.codes.FORBIDDEN
    assert clerk.get(f"{case}/refusal").status_code == httpx.codes.FORBIDDEN


def test_who_entered_it_is_told_that_another_one_approves(world: World) -> None:
    approver = world.browser(Role.APPROVER)
    actor = Actor(world.people[Role.APPROVER], world.desk.approver.role)
    desk = world.desk
    form = draft()
    begun = start_draft(
        desk.office, actor, StartDraft(region=REGION, key="a", form=draft_form(form))
    )
    attach(desk, begun, form)
    filed = submit(
        desk.office,
        actor,
        SubmitApplication(region=REGION, key="b", application_id=begun.id, version=begun.version),
    )
    case = case_address(filed)
    assert "/approval" in approver.get(case).text
    with_second_person(world, Act.APPROVE_APPLICATION)
    page = approver.get(case)
    assert "Another person has to approve it." in words(page)
    assert "/approval" not in page.text
    sent = approver.send(
        f"{case}/approval",
        {"token": approver.token(case), "key": "c", "version": str(filed.version)},
    )
    assert sent.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Somebody other than the person who entered this" in words(sent)


def test_a_missing_number_is_said_beside_its_field_and_what_was_typed_stays(world: World) -> None:
    with_settings(world, draws_policy_numbers=False)
    place = add_place(world.desk.office, world.desk.clerk, _place(world))
    case = case_address(submitted(world.desk))
    answer = fill(
        world.browser(Role.APPROVER), case, f"{case}/approval", enp="", place_id=str(place.id)
    )
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert 'href="#enp"' in answer.text
    assert f'value="{place.id}" selected' in answer.text
    wrong = fill(world.browser(Role.APPROVER), case, f"{case}/approval", enp="123")
    assert 'name="enp" type="text" value="123"' in wrong.text


def test_a_similar_person_is_chosen_or_said_to_be_another(world: World) -> None:
    world.desk.clock.pass_days(1)
    first = approved(world.desk)
    filed = submitted(world.desk, draft(person=person(snils=snils(), birth_place="")))
    case = case_address(filed)
    approver = world.browser(Role.APPROVER)
    page = approver.get(case)
    assert "There are persons who may be this one" in words(page)
    assert f'value="{first.made["person"]}"' in page.text
    undecided = fill(approver, case, f"{case}/approval")
    assert "say which, or that it is none of them" in words(undecided)
    assert 'href="#person_id"' in undecided.text
    answer = fill(approver, case, f"{case}/approval", person_id="nobody", enp=enp())
    assert answer.status_code == httpx.codes.SEE_OTHER


def test_looking_at_a_similar_person_is_recorded(world: World) -> None:
    first = approved(world.desk)
    filed = submitted(world.desk, draft(person=person(snils=snils(), birth_place="")))
    world.browser(Role.CLERK).get(case_address(filed))
    looks = looked_at(world, made(first, "person"))
    assert ("clerk", f"application/{filed.id}") in looks


def test_words_are_needed_to_ask_for_documents(world: World) -> None:
    case = case_address(submitted(world.desk))
    step = f"{case}/steps/ask-for-documents"
    clerk = world.browser(Role.CLERK)
    assert "The ground is missing." in words(fill(clerk, step, ground=" "))
    long = fill(clerk, step, ground="x" * 301)
    assert "x" * 301 in long.text
    assert fill(clerk, step, ground="Паспорт").headers["location"] == case
    page = words(clerk.get(case))
    assert "Documents needed" in page
    assert "What was asked for: Паспорт" in page


def test_documents_that_were_brought_lead_back_to_the_queue(world: World) -> None:
    case = case_address(submitted(world.desk))
    clerk = world.browser(Role.CLERK)
    fill(clerk, f"{case}/steps/ask-for-documents", ground="Паспорт")
    assert fill(clerk, f"{case}/steps/bring-documents").status_code == httpx.codes.SEE_OTHER
    assert "Submitted" in words(clerk.get(case))


def test_a_refusal_says_why(world: World) -> None:
    case = case_address(submitted(world.desk))
    approver = world.browser(Role.APPROVER)
    fill(approver, f"{case}/refusal", ground="Документы чужие")
    page = words(approver.get(case))
    assert "Refused" in page
    assert "Why it was refused: Документы чужие" in page
    assert "Decision" not in page


def test_an_application_is_withdrawn_once(world: World) -> None:
    case = case_address(submitted(world.desk))
    clerk = world.browser(Role.CLERK)
    step = f"{case}/steps/withdraw"
    form = clerk.get(step)
    assert fill(clerk, step).status_code == httpx.codes.SEE_OTHER
    again = clerk.send(step, hidden_of(form.text, step) | {"key": "another"})
    assert again.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Somebody else has changed this meanwhile" in words(again)


def test_a_certificate_is_issued_to_a_filed_application_once(world: World) -> None:
    case = case_address(submitted(world.desk))
    clerk = world.browser(Role.CLERK)
    assert fill(clerk, case, f"{case}/certificate").headers["location"] == case
    assert "Issue a temporary certificate" not in words(clerk.get(case))


@pytest.mark.parametrize("version", ["", "-1", "2e3", "9" * 400, "²"])
def test_a_version_that_is_none_is_stale(world: World, version: str) -> None:
    case = case_address(submitted(world.desk))
    answer = fill(world.browser(Role.APPROVER), case, f"{case}/approval", version=version)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Somebody else has changed this meanwhile" in words(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/office/applications/none", httpx.codes.UNPROCESSABLE_ENTITY),
        ("/office/applications/00000000-0000-7000-8000-000000000000", httpx.codes.NOT_FOUND),
    ],
)
def test_an_application_that_is_not_there_is_no_fault_of_ours(
    world: World, path: str, status: int
) -> None:
    assert world.browser(Role.CLERK).get(path).status_code == status


def test_findings_stand_beside_their_fields(world: World) -> None:
    filed = submitted(world.desk, draft(channel=Channel.OFFICE, person=person(email="")))
    page = world.browser(Role.CLERK).get(case_address(filed))
    assert "What the check found" in words(page)
    assert 'href="#phone"' in page.text
    assert 'id="phone"' in page.text


def test_a_draft_leads_to_its_form(world: World) -> None:
    begun = started(world.desk)
    page = world.browser(Role.CLERK).get(case_address(begun))
    assert f'href="/office/enter/{begun.id}/why"' in page.text


def _place(world: World) -> AddPlace:
    form = PlaceForm(
        name="Пункт 1",
        address="ул. Учебная, 1",
        hours=((0, "09:00", "10:00"),),
        services=frozenset({Service.HAND_OVER}),
        collectables=frozenset({Collectable.CARD}),
    )
    return AddPlace(region=REGION, key=world.desk.key(), form=form)
