"""Who came is checked box by box; the old card is asked for; the receipt is printed."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import escape
from uuid import UUID

import pytest

from cardservice.accounts.roles import Role
from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.registry.delivery_finding import Wanted, find_hand_over
from cardservice.registry.delivery_hand_over import IDENTITY, HandOver, OldCard, hand_over
from cardservice.registry.ports import Work
from cardservice.registry.ports_applications import Document
from cardservice.registry.ports_making import Order
from cardservice.web.office.delivery.finding import wanted_by
from tests.office_world import World
from tests.registry.offices import REGION, START, refused
from tests.registry.stations_world import card_now, keep, order_now
from tests.unit.accounts.browser import Browser
from tests.unit.web_office.delivery.stage import (
    GOOD_ENP,
    another_order,
    arrived_order,
    book,
    looks_at,
    made_order,
    send,
)

PAGE = "/office/hand-over"
CHECKED = {
    "came": "self",
    "shown": "passport_rf",
    "is_person": "yes",
    "is_genuine": "yes",
    "card_right": "yes",
}


def handed(clerk: Browser, order: Order, **typed: str) -> tuple[int, str]:
    """Return status and text of what the clerk is answered."""
    answer = send(clerk, f"{PAGE}/{order.id}", CHECKED | typed)
    return answer.status_code, answer.text


@pytest.fixture
def clerk(world: World) -> Browser:
    return world.browser(Role.CLERK)


def test_a_card_is_handed_over_with_a_receipt(world: World) -> None:
    order = arrived_order(world.desk)
    browser = world.browser(Role.CLERK)
    answer = send(browser, f"{PAGE}/{order.id}", CHECKED)
    assert answer.headers["location"] == f"{PAGE}/{order.id}/receipt"
    assert order_now(world.desk, order.id).state == "handed-over"
    assert order.card_id is not None
    assert card_now(world.desk, order.card_id).state == "active"
    receipt = browser.get(answer.headers["location"]).text
    assert all(one in receipt for one in ("Receipt 000001", "Passport of a citizen", "The person"))
    assert "Receipt 000001" in browser.get(f"{PAGE}/{order.id}").text


@pytest.mark.parametrize("box", ["is_person", "is_genuine", "card_right"])
def test_every_box_counts(world: World, clerk: Browser, box: str) -> None:
    order = arrived_order(world.desk)
    status, text = handed(clerk, order, **{box: ""})
    assert (status, order_now(world.desk, order.id).state) == (422, "arrived")
    assert "Without a check of who came" in text
    assert text.count('value="yes" checked') == 2  # what was ticked stays so


def test_who_came_for_another_shows_that_they_may(world: World, clerk: Browser) -> None:
    order = arrived_order(world.desk)
    assert handed(clerk, order, came="representative")[0] == 422
    assert handed(clerk, order, came="representative", may_take="yes")[0] == 303


@pytest.mark.parametrize("field", ["came", "shown"])
@pytest.mark.parametrize("typed", ["", "nobody", "\x00"])
def test_a_choice_that_is_none_is_said_beside_its_field(
    world: World, clerk: Browser, field: str, typed: str
) -> None:
    status, text = handed(clerk, arrived_order(world.desk), **{field: typed})
    assert status == 422
    assert f'id="{field}-said-1"' in text


@pytest.mark.parametrize("version", ["", "0", "999", "-1", "1" * 30, "²"])
def test_a_page_that_is_out_of_date_hands_nothing_over(
    world: World, clerk: Browser, version: str
) -> None:
    order = arrived_order(world.desk)
    assert handed(clerk, order, version=version)[0] == 422
    assert order_now(world.desk, order.id).state == "arrived"


def test_the_earlier_card_is_asked_for_and_ends(world: World, clerk: Browser) -> None:
    first = arrived_order(world.desk)
    assert handed(clerk, first)[0] == 303
    second = another_order(world.desk, first)
    status, text = handed(clerk, second)
    assert status == 422
    assert 'id="old_card-said-1"' in text
    assert first.card_id is not None
    assert card_now(world.desk, first.card_id).state == "active"
    assert handed(clerk, second, old_card="taken-back")[0] == 303
    assert card_now(world.desk, first.card_id).state == "terminated"


def test_saying_that_there_was_no_earlier_card_does_not_make_it_so(
    world: World, clerk: Browser
) -> None:
    first = arrived_order(world.desk)
    handed(clerk, first)
    second = another_order(world.desk, first)
    assert handed(clerk, second, old_card="none")[0] == 422
    assert order_now(world.desk, second.id).state == "arrived"


def test_what_is_not_at_a_place_is_not_offered(world: World) -> None:
    order = made_order(world.desk)
    shown = world.browser(Role.CLERK).get(f"{PAGE}/{order.id}").text
    assert "cannot be handed over now" in shown
    assert "Hand over and make the receipt" not in shown


def test_every_look_at_the_person_is_recorded(world: World) -> None:
    order = arrived_order(world.desk)
    browser = world.browser(Role.CLERK)
    browser.get(f"{PAGE}/{order.id}")
    assert looks_at(world, order) == ["card.hand-over"]
    assert browser.get(f"{PAGE}/{order.id}/receipt").status_code == 404
    assert looks_at(world, order) == ["card.hand-over"]


def test_a_courier_sees_name_and_door_and_no_number(world: World) -> None:
    order = arrived_order(world.desk)
    shown = world.browser(Role.COURIER).get(f"{PAGE}/{order.id}").text
    assert "Пробный" in shown
    hidden = (GOOD_ENP, "1980", "SNILS", "proba@example.org", "/office/people/")
    assert not [one for one in hidden if one in shown]


@pytest.mark.parametrize("typed", [GOOD_ENP, "0054 9108 3400 0015", " {order} ", "{card}"])
def test_a_number_leads_to_the_hand_over(world: World, typed: str) -> None:
    order = arrived_order(world.desk)
    assert order.card_id is not None
    number = card_now(world.desk, order.card_id).number
    text = typed.format(order=order.id, card=number)
    answer = send(world.browser(Role.CLERK), PAGE, {"card_number": text})
    assert answer.headers["location"] == f"{PAGE}/{order.id}"


def test_a_person_for_whom_no_card_waits_is_opened_instead(world: World, clerk: Browser) -> None:
    order = arrived_order(world.desk)
    handed(clerk, order)
    answer = send(clerk, PAGE, {"card_number": GOOD_ENP})
    assert re.fullmatch("/office/people/[0-9a-f-]{36}", answer.headers["location"])
    courier = send(world.browser(Role.COURIER), PAGE, {"card_number": GOOD_ENP})
    assert (courier.status_code, "No card waits" in courier.text) == (422, True)


@pytest.mark.parametrize(
    "typed", ["", " ", "x", "9" * 60, "' OR 1=1", "\x00", "٣" * 16, "{" * 100, "1" * 100_000]
)
def test_what_is_no_number_at_all_is_refused_unsearched(typed: str) -> None:
    refused("form-has-errors", lambda: wanted_by(typed))


def test_what_is_no_number_of_ours_is_said_and_stays_typed(clerk: Browser) -> None:
    for typed in ("0" * 15, "0054910834000016", "0054910834000015", "&lt;b&gt;"):
        answer = send(clerk, PAGE, {"card_number": typed})
        assert answer.status_code == 422
        assert f'value="{escape(typed)}"' in answer.text


def test_what_waits_at_a_place_and_who_comes_today_is_shown(world: World) -> None:
    order = arrived_order(world.desk)
    shown = world.browser(Role.CLERK).get(f"{PAGE}?place={order.place_id}").text
    assert f"{PAGE}/{order.id}" in shown
    assert "Nobody has booked a time for today." in shown


@pytest.mark.parametrize("place", ["x", "00000000-0000-7000-8000-00000000ffff"])
def test_a_place_that_is_none_is_no_server_error(world: World, place: str) -> None:
    assert world.browser(Role.CLERK).get(f"{PAGE}?place={place}").status_code in {404, 422}


def test_the_page_offers_what_shows_who_somebody_is_and_nothing_else(world: World) -> None:
    order = arrived_order(world.desk)
    assert order.place_id is not None
    for shown in DocumentType:
        command = HandOver(
            region=REGION,
            key=world.desk.key(),
            order_id=order.id,
            version=order.version,
            place_id=order.place_id,
            came=Applicant.SELF,
            shown=shown,
            matched=False,
            old_card=OldCard.NONE,
        )
        code = "identity-not-confirmed" if shown in IDENTITY else "identity-document"
        refused(code, partial(hand_over, world.desk.office, world.desk.clerk, command))


def test_who_booked_a_time_for_today_is_shown(world: World, clerk: Browser) -> None:
    order = arrived_order(world.desk)
    assert order.place_id is not None
    assert order.application_id is not None
    with world.desk.reading() as work:
        application = work.applications.get(REGION, order.application_id)
    book(world.desk, order.place_id, application.id, START + timedelta(hours=1))
    book(world.desk, order.place_id, application.id, START + timedelta(days=1))
    shown = clerk.get(f"{PAGE}?place={order.place_id}").text
    assert shown.count(f">{application.number}</a>") == 1


def test_photo_and_documents_of_the_application_are_there_to_compare(
    world: World, clerk: Browser
) -> None:
    order = arrived_order(world.desk)
    photo = with_papers(world, order)
    shown = clerk.get(f"{PAGE}/{order.id}").text
    assert f'src="/office/documents/{photo}"' in shown
    assert "4509 123456" in shown
    assert "Parent or guardian" in shown.split("Who applied")[1].split("</dd>")[0]
    courier = world.browser(Role.COURIER).get(f"{PAGE}/{order.id}").text
    assert not [one for one in ("/office/documents/", "4509") if one in courier]


def with_papers(world: World, order: Order) -> UUID:
    """Give the order's application a photo and a passport; return the photo's id."""
    assert order.application_id is not None
    photo, passport = (world.desk.office.new_id() for _ in range(2))
    papers = [
        Document(
            region=REGION,
            id=id_,
            application_id=order.application_id,
            kind=kind,
            number="4509 123456",
            uploaded_by="clerk",
            uploaded_at=START,
        )
        for id_, kind in ((photo, "photo"), (passport, "passport_rf"))
    ]
    draft = {"applicant": "parent-or-guardian", "photo": str(photo)}

    def add(work: Work) -> None:
        application = work.applications.get(REGION, papers[0].application_id or photo)
        work.applications.change(replace(application, draft=draft))
        work.documents.add(*papers)

    keep(world.desk, add)
    return photo


def test_another_regions_card_is_not_found_here(world: World) -> None:
    order = arrived_order(world.desk)
    assert order.card_id is not None
    number = card_now(world.desk, order.card_id).number
    find = partial(find_hand_over, world.desk.office, world.desk.clerk, "99000")
    for wanted in (Wanted(enp=GOOD_ENP), Wanted(number=number), Wanted(order_id=order.id)):
        refused("not-found", partial(find, wanted))
