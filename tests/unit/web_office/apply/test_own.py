"""One's own application after it was sent: what became of it, papers, a time, one's cards."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.certificates import IssueCertificate, issue_certificate
from cardservice.registry.places import OpenTimes, open_times
from tests.office_world import NOBODYS, World
from tests.registry.forms import approved, draft, person, snils, submitted
from tests.registry.offices import REGION, TODAY
from tests.registry.stations_world import card_now, keep, new_place
from tests.registry.test_cards import new_card
from tests.unit.web_office.apply.filler import Filler, asked_for_documents, begun, signed_in
from tests.unit.web_office.queue.cases import with_papers

PDF = b"%PDF-"


@pytest.fixture
def applicant(world: World) -> Filler:
    """One whose application was sent."""
    return signed_in(world, submitted(world.desk).id)


def test_a_draft_says_how_it_is_found_again(world: World) -> None:
    page = begun(world).page("")
    assert "It is not sent yet." in page
    assert "fill in the birth date and a telephone number or e-mail address" in page


def test_what_is_asked_for_stands_on_the_page(applicant: Filler) -> None:
    asked_for_documents(applicant, "a clearer picture")
    assert "a clearer picture" in applicant.page("")


def test_an_approved_application_shows_its_card_on_the_way(world: World) -> None:
    page = signed_in(world, approved(world.desk).id).page("")
    assert "Approved." in page
    assert "Your card" in page
    assert "state-queued" in page


def test_only_who_is_sure_takes_the_application_back(applicant: Filler) -> None:
    answer = applicant.send("/withdrawn", on="")
    assert answer.status_code == 422
    assert "Tick that you are sure." in answer.text
    assert applicant.row.state == "submitted"
    assert applicant.send("/withdrawn", on="", sure="yes").status_code == 303
    assert applicant.row.state == "withdrawn"
    assert "You took this application back." in applicant.page("")


def test_looking_at_ones_own_data_is_recorded_too(world: World) -> None:
    applicant = signed_in(world, approved(world.desk).id)
    applicant.page("")
    person_id = applicant.row.person_id
    with world.desk.reading() as work:
        looks = work.looks.at_person(REGION, person_id).rows
    assert any(one.role == "applicant" for one in looks)


def test_before_it_is_approved_a_form_shows_and_stops_no_card_of_who_it_names(
    world: World,
) -> None:
    card, holder = new_card(world.desk, number=12345678)
    assert holder.account is not None
    applicant = signed_in(world, holder.account)
    page = applicant.page("/cards")
    assert "5678" in page
    form = applicant.hidden(page, "/application/cards/lost")
    waiting = replace(applicant.row, state="submitted")
    keep(world.desk, lambda work: work.applications.change(waiting))
    assert "5678" not in applicant.page("/cards")
    answer = applicant.browser.send("/application/cards/lost", {**form, "loss": "lost"})
    assert answer.status_code == 422
    assert card_now(world.desk, card.id).state == "active"


def test_nobody_sees_another_ones_application(world: World) -> None:
    one = signed_in(world, submitted(world.desk).id)
    other = signed_in(world, submitted(world.desk, draft(person=person(snils=snils()))).id)
    assert one.row.number in one.page("")
    assert one.row.number not in other.page("")


@pytest.mark.parametrize("path", ["", "/why", "/more", "/cards", "/booking", "/form.pdf"])
def test_without_a_session_one_is_led_to_the_sign_in(world: World, path: str) -> None:
    answer = world.browser().get(f"/application{path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["", "/why", "/cards", "/booking"])
def test_a_clerk_has_no_application_of_their_own(world: World, path: str) -> None:
    assert world.browser(Role.CLERK).get(f"/application{path}").status_code == 403


def test_an_applicant_enters_nothing_for_others(applicant: Filler) -> None:
    address = f"/office/enter/{applicant.application_id}"
    for path in ("/office/enter", address, f"{address}/why"):
        assert applicant.browser.get(path).status_code == 403


@pytest.mark.parametrize("path", [str(NOBODYS), f"{NOBODYS}/why"])
def test_a_clerk_finds_no_application_that_is_not_there(world: World, path: str) -> None:
    assert world.browser(Role.CLERK).get(f"/office/enter/{path}").status_code == 404


def test_the_paper_to_be_signed_is_a_pdf(applicant: Filler) -> None:
    with_papers(applicant.world)
    answer = applicant.browser.get("/application/form.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(PDF)


def test_the_temporary_certificate_is_offered_when_there_is_one(applicant: Filler) -> None:
    with_papers(applicant.world)
    assert applicant.browser.get("/application/certificate.pdf").status_code == 404
    desk, row = applicant.world.desk, applicant.row
    command = IssueCertificate(
        region=REGION, key=desk.key(), application_id=row.id, version=row.version
    )
    given = issue_certificate(desk.office, desk.clerk, command)
    page = applicant.page("")
    assert given.number is not None
    assert given.number in page
    assert 'href="/application/certificate.pdf"' in page
    assert applicant.browser.get("/application/certificate.pdf").content.startswith(PDF)


def test_an_office_that_cannot_print_says_so(applicant: Filler) -> None:
    assert "No papers can be printed here" in applicant.page("")
    answer = applicant.browser.get("/application/form.pdf")
    assert answer.status_code == 409
    assert "no fonts" in answer.text


def test_a_draft_has_no_paper(world: World) -> None:
    with_papers(world)
    assert begun(world).browser.get("/application/form.pdf").status_code == 409


def _open_times(world: World) -> str:
    desk, place = world.desk, new_place(world.desk)
    command = OpenTimes(
        region=REGION, key=desk.key(), place_id=place, day=TODAY + timedelta(days=7)
    )
    open_times(desk.office, desk.clerk, command)
    return str(place)


def test_a_time_is_booked_and_given_up(applicant: Filler) -> None:
    place = _open_times(applicant.world)
    page = applicant.page(f"/booking?place={place}")
    (first, *_) = re.findall(r'<option value="([^"]+)">8 Jun 2026', page)
    answer = applicant.send("/booking", f"/booking?place={place}", slot_id=first)
    assert answer.status_code == 303, answer.text
    assert "8 Jun 2026" in applicant.page("")
    assert applicant.send("/booking/ended", on="").status_code == 303
    assert "No time is booked." in applicant.page("")


@pytest.mark.parametrize("slot", ["", "x", str(NOBODYS)])
def test_a_time_that_is_not_there_is_not_booked(applicant: Filler, slot: str) -> None:
    place = _open_times(applicant.world)
    answer = applicant.send("/booking", f"/booking?place={place}", slot_id=slot)
    assert answer.status_code == 422
    assert "8 Jun 2026" in answer.text


def test_without_places_the_page_says_so(applicant: Filler) -> None:
    assert "No place of issue takes bookings" in applicant.page("/booking")


@pytest.mark.parametrize("loss", ["lost", "stolen"])
def test_a_card_that_is_reported_ends_at_once(world: World, loss: str) -> None:
    card, holder = new_card(world.desk, 1_234_567)
    assert holder.account is not None
    applicant = signed_in(world, holder.account)
    page = applicant.page("/cards")
    assert "4567" in page
    assert "1234567" not in page
    answer = applicant.send("/cards/lost", "/cards", loss=loss)
    assert "The card is stopped" in answer.text
    kept = card_now(world.desk, card.id)
    assert (kept.state, kept.reason) == ("terminated", loss)


def test_after_a_loss_a_duplicate_is_applied_for_with_ones_own_data(world: World) -> None:
    applicant = signed_in(world, approved(world.desk).id)
    answer = applicant.send("/cards/duplicate", "/cards", because="stolen")
    assert answer.headers["location"] == "/application/why"
    page = applicant.browser.get("/application/why").text
    assert re.search(r'value="duplicate" checked', page)
    assert re.search(r'value="stolen" checked', page)
    assert 'value="Пробный"' in applicant.browser.get("/application/person").text
    check = applicant.browser.get("/application/check").text
    assert not re.search(r'<input id="consent"[^>]*checked', check)


def test_one_cannot_end_the_card_of_another_person(world: World) -> None:
    card, _ = new_card(world.desk, 1)
    _, other = new_card(world.desk, 2)
    assert other.account is not None
    applicant = signed_in(world, other.account)
    hidden = applicant.hidden(applicant.page("/cards"), "/application/cards/lost")
    form = {**hidden, "card_id": str(card.id), "loss": "lost"}
    answer = applicant.browser.send("/application/cards/lost", form)
    assert answer.status_code == 422
    assert card_now(world.desk, card.id).state == "active"


def test_a_loss_that_is_none_ends_nothing(world: World) -> None:
    card, holder = new_card(world.desk)
    assert holder.account is not None
    answer = signed_in(world, holder.account).send("/cards/lost", "/cards", loss="evil")
    assert answer.status_code == 422
    assert card_now(world.desk, card.id).state == "active"
