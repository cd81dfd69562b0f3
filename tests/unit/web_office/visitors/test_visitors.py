"""Without signing in: status, a lost card, places, clinics, complaints."""

import html
import re
from collections.abc import Mapping

import httpx
import pytest

from cardservice.accounts.buckets import Rate
from cardservice.domain.places import Collectable, Service
from cardservice.registry.applications_deciding import RefuseApplication, refuse
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    OrganisationForm,
    add_organisation,
)
from cardservice.registry.places import ClosePlace, close_place
from tests.office_world import World
from tests.registry.forms import INSURER, approved, submitted
from tests.registry.offices import REGION, TODAY
from tests.registry.stations_world import new_place
from tests.unit.accounts.browser import Browser
from tests.unit.accounts.office import ORIGIN
from tests.unit.uploads.samples import jpeg
from tests.unit.web_office.apply.filler import signed_in
from tests.unit.web_office.catalogs import fuzzy_or_unused, untranslated

BORN = "29.02.1980"
NOT_FOUND = "There is no such application."
_HIDDEN = re.compile(r'name="(token|key)" value="([^"]*)"')


def ask(browser: Browser, path: str, **fields: str) -> httpx.Response:
    """Send the first form of the page at ``path``."""
    page = browser.get(path.removesuffix("/number")).text
    return browser.send(path, {**dict(_HIDDEN.findall(page)), **fields})


def complain(browser: Browser, fields: Mapping[str, str], *files: bytes) -> httpx.Response:
    """Send a complaint with files."""
    form = {**dict(_HIDDEN.findall(browser.get("/complaint").text)), **fields}
    # A browser sends a field without a file as a file without a name.
    sent = [("attachments", ("a file", one)) for one in files] or [("attachments", ("", b""))]
    request = httpx.Request("POST", f"{ORIGIN}/complaint", data=form, files=sent)
    headers = {**browser.origin, "content-type": request.headers["content-type"]}
    return browser.ask("POST", "/complaint", headers=headers, content=request.read())


def test_number_and_birth_date_show_what_became_of_an_application(world: World) -> None:
    filed = submitted(world.desk)
    answer = ask(world.browser(), "/status", number=filed.number or "", birth_date=BORN)
    assert answer.status_code == 200
    assert "It is being looked at." in answer.text
    assert "1 Jul 2026" in answer.text


def test_small_letters_and_blanks_in_the_number_do_no_harm(world: World) -> None:
    number = (submitted(world.desk).number or "").lower()
    answer = ask(world.browser(), "/status", number=f" {number} ", birth_date="29.2.1980")
    assert "It is being looked at." in answer.text


def test_the_status_shows_the_way_of_the_card(world: World) -> None:
    filed = approved(world.desk)
    answer = ask(world.browser(), "/status", number=filed.number or "", birth_date=BORN)
    assert "state-queued" in answer.text


def test_the_status_says_why_an_application_was_refused(world: World) -> None:
    desk, filed = world.desk, submitted(world.desk)
    command = RefuseApplication(
        region=REGION,
        key=desk.key(),
        application_id=filed.id,
        version=filed.version,
        words="not insured here",
    )
    refuse(desk.office, desk.approver, command)
    answer = ask(world.browser(), "/status", number=filed.number or "", birth_date=BORN)
    assert "not insured here" in answer.text


def test_a_wrong_number_and_a_wrong_date_are_answered_alike(world: World) -> None:
    filed = submitted(world.desk)
    wrong_number = ask(world.browser(), "/status", number="AAAA", birth_date=BORN)
    wrong_date = ask(world.browser(), "/status", number=filed.number or "", birth_date="01.03.1980")
    assert (wrong_number.status_code, wrong_date.status_code) == (422, 422)
    assert NOT_FOUND in wrong_number.text
    assert NOT_FOUND in wrong_date.text


@pytest.mark.parametrize(
    ("number", "birth_date", "field"),
    [
        ("", BORN, "number"),
        ("A" * 41, BORN, "number"),
        ("Ж\0", BORN, "number"),
        ("AAAA", "", "birth_date"),
        ("AAAA", "31.02.1980", "birth_date"),
    ],
)
def test_what_was_typed_wrong_is_told_beside_its_field(
    world: World, number: str, birth_date: str, field: str
) -> None:
    answer = ask(world.browser(), "/status", number=number, birth_date=birth_date)
    assert answer.status_code == 422
    assert f'id="{field}-said-1"' in answer.text
    assert f'value="{birth_date}"' in answer.text


def test_neither_number_nor_date_come_into_an_address(world: World) -> None:
    page = world.browser().get("/status").text
    assert 'method="post" action="/status"' in page


def test_who_asks_too_often_waits(world: World) -> None:
    world.app.state.sign_in = world.accounts.context(forms=Rate(burst=2, every_s=60))
    browser = world.browser()
    codes = [ask(browser, "/status", number="AAAA", birth_date=BORN).status_code for _ in range(3)]
    assert codes == [422, 422, 429]


def test_a_form_of_another_site_is_not_taken(world: World) -> None:
    browser = world.browser()
    form = dict(_HIDDEN.findall(browser.get("/apply").text))
    foreign = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    for path in ("/apply", "/status", "/complaint"):
        assert browser.send(path, form, headers=foreign).status_code == 403
        assert browser.send(path, {**form, "token": "x"}).status_code == 403


def test_the_page_of_a_lost_card_says_what_to_do(world: World) -> None:
    page = world.browser().get("/lost").text
    assert 'href="/sign-in/applicant?next=/application/cards"' in page
    assert "The lost card is stopped when the duplicate is approved at the latest" in page


def test_an_applicant_who_signed_in_is_led_to_their_cards(world: World) -> None:
    applicant = signed_in(world, submitted(world.desk).id)
    assert applicant.browser.get("/lost").headers["location"] == "/application/cards"


def test_places_are_found_by_words_services_and_what_is_collected(world: World) -> None:
    new_place(world.desk)
    new_place(
        world.desk,
        name="Дом у ёлки",
        services=frozenset({Service.COMPLAINTS}),
        collectables=frozenset({Collectable.PAPER_POLICY}),
    )
    browser = world.browser()
    for query, first, second in (
        ("", True, True),
        ("q=ЕЛКИ", False, True),
        ("service=hand-over", True, False),
        ("collectable=paper-policy", False, True),
        ("q=nowhere", False, False),
        ("service=evil", False, False),
    ):
        page = browser.get(f"/places?{query}").text
        assert ("Пункт 1" in page, "Дом у ёлки" in page) == (first, second), query


def test_a_place_shows_its_hours_and_what_it_does(world: World) -> None:
    new_place(world.desk)
    page = world.browser().get("/places").text
    assert re.search(r"<dt>Monday</dt><dd[^>]*>09:00–10:00</dd>", page)
    assert "1 place<" in page


def test_a_place_that_closed_is_not_shown(world: World) -> None:
    desk, place = world.desk, new_place(world.desk)
    command = ClosePlace(region=REGION, key=desk.key(), place_id=place, version=1, on=TODAY)
    close_place(desk.office, desk.clerk, command)
    assert "Пункт 1" not in world.browser().get("/places").text


def _clinic(world: World, name: str) -> None:
    form = OrganisationForm(
        name=name, place="Пробноград", address="ул. Новая, 2", services=("терапия",)
    )
    command = AddOrganisation(
        region=REGION, key=world.desk.key(), ogrn=INSURER, form=form, joined_on=TODAY
    )
    add_organisation(world.desk.office, world.desk.clerk, command)


def test_clinics_are_found_by_name_town_and_service(world: World) -> None:
    _clinic(world, "Поликлиника <1>")
    browser = world.browser()
    assert html.escape("Поликлиника <1>") in browser.get("/organisations?q=терапия").text
    assert "No clinic fits." in browser.get("/organisations?q=хирургия").text


@pytest.mark.parametrize("cursor", ["x", "A" * 1001])
def test_a_cursor_that_is_none_is_refused(world: World, cursor: str) -> None:
    answer = world.browser().get(f"/organisations?cursor={cursor}")
    assert answer.status_code in (409, 422)
    assert "internal-error" not in answer.text


def test_a_complaint_is_filed_with_number_and_birth_date(world: World) -> None:
    filed = submitted(world.desk)
    fields = {"number": filed.number or "", "birth_date": BORN, "text": "It takes too long."}
    answer = complain(world.browser(), fields, jpeg())
    assert answer.status_code == 200
    assert "000001" in answer.text
    with world.desk.reading() as work:
        (complaint,) = work.complaints.of_application(REGION, filed.id)
        (attachment,) = work.attachments.of_complaint(REGION, complaint.id)
    assert (complaint.text, attachment.media_type) == ("It takes too long.", "image/jpeg")


def test_an_applicant_who_signed_in_complains_without_a_number(world: World) -> None:
    applicant = signed_in(world, submitted(world.desk).id)
    answer = complain(applicant.browser, {"text": "It takes too long."})
    assert "Your complaint was taken" in answer.text
    assert "000001" in applicant.page("")


def test_somebody_without_an_application_complains_and_says_where_to_answer(world: World) -> None:
    browser = world.browser()
    page = browser.get("/complaint").text
    assert "could never be erased at their wish" in page
    answer = complain(browser, {"text": "Nobody was there.", "contact": "me@example.org"})
    assert "Your complaint was taken" in answer.text
    assert "The office answers to the contact you gave." in answer.text
    with world.desk.reading() as work:
        (complaint,) = work.complaints.queue(REGION, "received").rows
    assert (complaint.application_id, complaint.person_id) == (None, None)
    found = ask(world.browser(), "/complaint/number", complaint=complaint.number)
    assert "The office answers to the contact that was given." in found.text


def test_a_complaint_of_a_visitor_sent_twice_is_taken_once(world: World) -> None:
    browser = world.browser()
    form = dict(_HIDDEN.findall(browser.get("/complaint").text))
    fields = {**form, "text": "Twice.", "contact": "me@example.org"}
    answers = [browser.send("/complaint", fields).text for _ in range(2)]
    assert ["000001" in one for one in answers] == [True, True]
    with world.desk.reading() as work:
        assert len(work.complaints.queue(REGION, "received").rows) == 1


@pytest.mark.parametrize(
    ("changes", "files", "why"),
    [
        ({"contact": " "}, (), "say where the answer is to go"),
        ({}, (jpeg(),), "Files go only with a complaint about an application"),
        ({"number": "AAAA"}, (), "The birth date is not written"),
        ({"birth_date": BORN}, (), "Type the number of the application."),
    ],
)
def test_what_a_complaint_of_nobody_cannot_be_without_is_said(
    world: World, changes: dict[str, str], files: tuple[bytes, ...], why: str
) -> None:
    fields = {"text": "Long story", "contact": "me", **changes}
    answer = complain(world.browser(), fields, *files)
    assert answer.status_code == 422
    assert why in html.unescape(answer.text)
    assert ">Long story</textarea>" in answer.text
    with world.desk.reading() as work:
        assert work.complaints.queue(REGION, "received").rows == ()


@pytest.mark.parametrize(
    ("changes", "files", "why"),
    [
        ({"text": ""}, (), "The text is missing."),
        ({"number": "AAAA"}, (), NOT_FOUND),
        ({"text": "a\u202eb"}, (), "invisible, control or unassigned character"),
        ({"contact": "c" * 301}, (), "longer than 300"),
        ({}, (b"MZ",), "neither a JPEG or PNG picture nor a PDF"),
        ({}, (jpeg(), jpeg(), jpeg(), jpeg()), "At most 3 files"),
    ],
)
def test_a_complaint_that_will_not_do_stays_as_it_was_typed(
    world: World, changes: dict[str, str], files: tuple[bytes, ...], why: str
) -> None:
    number = submitted(world.desk).number or ""
    fields = {"number": number, "birth_date": BORN, "text": "Long story", "contact": "me"}
    answer = complain(world.browser(), fields | changes, *files)
    assert answer.status_code == 422
    assert why in html.unescape(answer.text)
    typed = (fields | changes)["text"]
    assert f">{typed}</textarea>" in answer.text


def test_a_number_alone_says_whether_a_complaint_was_answered_and_no_more(world: World) -> None:
    applicant = signed_in(world, submitted(world.desk).id)
    complain(applicant.browser, {"text": "a secret story"})
    answer = ask(world.browser(), "/complaint/number", complaint="000001")
    assert "state-received" in answer.text
    assert "a secret story" not in answer.text


@pytest.mark.parametrize("number", ["", "999999", "x", "1' or 1=1", "٠٠٠٠٠١"])
def test_a_number_of_no_complaint_is_told_so(world: World, number: str) -> None:
    answer = ask(world.browser(), "/complaint/number", complaint=number)
    assert answer.status_code == 422
    assert "There is no such complaint." in answer.text


def test_pages_for_visitors_speak_russian(world: World) -> None:
    browser = world.browser()
    for path, words in (
        ("/apply", "Начать"),
        ("/status", "Где мой полис?"),
        ("/lost", "Получить новую карту"),
        ("/places", "Пункты выдачи"),
        ("/organisations", "Поликлиники программы ОМС"),
        ("/complaint", "Отправить жалобу"),
    ):
        assert words in browser.get(f"{path}?lang=ru").text


def test_every_text_has_its_russian() -> None:
    assert untranslated("visitors") == set()


def test_the_catalog_has_nothing_that_no_page_says() -> None:
    assert fuzzy_or_unused("visitors") == set()
