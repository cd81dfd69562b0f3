"""The queue: what is due, in which order, and found by its number."""

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.web.office.queue import listing
from tests.office_world import World
from tests.registry.forms import draft, person, snils, started, submitted
from tests.unit.web_office.catalogs import fuzzy_or_unused, untranslated
from tests.unit.web_office.queue.cases import case_address
from tests.unit.web_office.queue.pages import fill, words

QUEUE = "/office/queue"


def test_the_soonest_due_comes_first_and_what_is_late_says_so_in_a_word(world: World) -> None:
    early = submitted(world.desk)
    world.desk.clock.pass_days(27)
    late = submitted(world.desk, draft(person=person(snils=snils(), surname="Позднее")))
    page = world.browser(Role.CLERK).get(QUEUE)
    assert page.text.index(case_address(early)) < page.text.index(case_address(late))
    assert words(page).count("Nearly overdue") == 1
    world.desk.clock.pass_days(4)
    assert "Overdue" in words(world.browser(Role.APPROVER).get(QUEUE))


def test_a_state_shows_only_what_is_in_it(world: World) -> None:
    filed = submitted(world.desk)
    clerk = world.browser(Role.CLERK)
    assert case_address(filed) not in clerk.get(f"{QUEUE}?state=documents-needed").text
    assert "There is none." in words(clerk.get(f"{QUEUE}?state=refused"))


def test_a_list_names_nobody(world: World) -> None:
    submitted(world.desk)
    assert "Пробный" not in world.browser(Role.CLERK).get(QUEUE).text


def test_fifty_stand_on_a_page_and_the_next_one_follows(world: World) -> None:
    for _ in range(51):
        submitted(world.desk, draft(person=person(snils=snils())))
    clerk = world.browser(Role.CLERK)
    first = clerk.get(QUEUE).text
    assert first.count('<th scope="row"') == 50
    forward = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert clerk.get(forward).text.count('<th scope="row"') == 1


def test_a_cursor_that_is_none_of_ours_is_refused(world: World) -> None:
    answer = world.browser(Role.CLERK).get(f"{QUEUE}?cursor=AAAA")
    assert answer.status_code == httpx.codes.CONFLICT


def test_the_number_alone_leads_to_the_application(world: World) -> None:
    filed = submitted(world.desk)
    assert filed.number is not None
    answer = fill(world.browser(Role.CLERK), QUEUE, number=f" {filed.number.lower()} ")
    assert (answer.status_code, answer.headers["location"]) == (303, case_address(filed))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("AAAA", "There is no such application."),
        ("", "Type the number of the application."),
        ("\0", "Type the number of the application."),
        ("Ж", "Type the number of the application."),
        ("A" * 41, "Type the number of the application."),
    ],
)
def test_what_is_not_found_is_said_and_stays_in_the_form(
    world: World, typed: str, said: str
) -> None:
    answer = fill(world.browser(Role.CLERK), QUEUE, number=typed)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert said in words(answer)
    assert f'value="{typed}"' in answer.text


def test_every_state_says_how_many_are_in_it(world: World) -> None:
    submitted(world.desk)
    submitted(world.desk, draft(person=person(snils=snils())))
    started(world.desk)
    page = words(world.browser(Role.CLERK).get(QUEUE))
    assert "Submitted 2 Documents needed 0 Draft 1 Approved 0 Refused 0 Withdrawn 0" in page


def test_more_than_are_counted_are_said_to_be_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(world.desk)
    monkeypatch.setattr(listing, "MOST_COUNTED", 1)
    assert "Submitted 1 + or more" in words(world.browser(Role.CLERK).get(QUEUE))


def test_only_who_reads_applications_comes_in(world: World) -> None:
    visitor = world.browser().get(QUEUE)
    assert visitor.headers["location"].startswith("/sign-in")
    for role in (Role.STATION, Role.AUDITOR, Role.ADMINISTRATOR):
        assert world.browser(role).get(QUEUE).status_code == httpx.codes.FORBIDDEN


def test_every_text_of_the_queue_is_said_in_russian() -> None:
    assert untranslated("queue") == set()
    assert fuzzy_or_unused("queue") == set()
