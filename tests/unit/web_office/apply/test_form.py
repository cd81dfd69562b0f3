"""The form in steps: saved on the way, judged beside its fields, nothing typed lost."""

import html
import re

import pytest

from cardservice.accounts.roles import Role
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause, ReissueSubject
from tests.office_world import World
from tests.registry.forms import approved, draft, person
from tests.registry.offices import REGION
from tests.unit.web_office.apply.filler import PAGES, Filler, begun, begun_by_clerk, signed_in


@pytest.fixture
def applicant(world: World) -> Filler:
    return begun(world)


def said_beside(page: str, field: str) -> list[str]:
    """Return what stands beside a field."""
    found = re.findall(rf'id="{re.escape(field)}-said-\d+">([^<]*)<', page)
    return [html.unescape(one) for one in found]


def value_of(page: str, field: str) -> str:
    """Return what stands in a text field."""
    found = re.search(rf'<input id="{re.escape(field)}"[^>]* value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_an_applicant_comes_from_the_first_page_to_the_number(applicant: Filler) -> None:
    applicant.fill_all()
    sent = applicant.submit()
    assert (sent.status_code, sent.headers["location"]) == (303, "/application"), sent.text
    assert applicant.row.state == "submitted"
    page = applicant.page("")
    assert applicant.row.number in page
    assert "Submitted" in page
    assert "1 Jul 2026" in page


def test_a_clerk_enters_the_same_form_for_somebody(world: World) -> None:
    clerk = begun_by_clerk(world)
    assert clerk.draft.channel is Channel.OFFICE
    clerk.fill_all()
    assert clerk.submit().headers["location"] == f"/office/applications/{clerk.application_id}"
    assert clerk.row.state == "submitted"
    assert clerk.row.entered_by == str(world.people[Role.CLERK])
    assert clerk.row.number in clerk.page("")


def test_beginning_twice_with_one_form_begins_one_application(world: World) -> None:
    browser = world.browser()
    form = dict(re.findall(r'name="(token|key)" value="([^"]*)"', browser.get("/apply").text))
    first_cookies = browser.cookies
    assert browser.send("/apply", form).status_code == 303
    browser.cookies = first_cookies
    assert browser.send("/apply", form).status_code == 303
    with world.desk.reading() as work:
        assert len(work.applications.queue(REGION, "draft").rows) == 1


def test_the_form_begun_after_a_loss_asks_for_a_duplicate(world: World) -> None:
    browser = world.browser()
    form = dict(re.findall(r'name="(token|key)" value="([^"]*)"', browser.get("/lost").text))
    browser.send("/apply", {**form, "because": "stolen"})
    page = browser.get("/application/why").text
    assert re.search(r'value="duplicate" checked', page)
    assert re.search(r'value="stolen" checked', page)


def test_a_clerk_who_wants_to_apply_is_led_to_where_applications_are_entered(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    assert clerk.get("/apply").headers["location"] == "/office/enter"


def test_every_step_keeps_what_was_typed(applicant: Filler) -> None:
    applicant.fill("why")
    applicant.fill("person", go="back")
    assert applicant.draft.person.surname == "Пробный"
    page = applicant.page("/person")
    for name in ("surname", "birth_date", "snils", "citizenship_code"):
        assert value_of(page, name) == PAGES["person"][name]


@pytest.mark.parametrize(
    ("go", "there"),
    [("next", "/application/contact"), ("back", "/application/person"), ("later", "/application")],
)
def test_each_button_leads_where_it_says(applicant: Filler, go: str, there: str) -> None:
    applicant.fill("person")
    assert applicant.fill("applicant", go=go).headers["location"] == there


def test_what_is_wrong_stands_beside_its_field_and_keeps_the_page(applicant: Filler) -> None:
    answer = applicant.fill("person", birth_date="01.01.2031", surname="")
    assert answer.status_code == 422
    assert said_beside(answer.text, "birth_date") == ["The birth date is in the future."]
    assert said_beside(answer.text, "surname") == ["The surname is missing."]
    assert said_beside(answer.text, "snils") == []
    assert applicant.draft.person.given_name == "Семён"


def test_a_day_that_is_none_is_shown_again_as_it_was_typed(applicant: Filler) -> None:
    answer = applicant.fill("person", go="later", birth_date="31.02.1980")
    assert answer.status_code == 422
    assert value_of(answer.text, "birth_date") == "31.02.1980"
    assert said_beside(answer.text, "birth_date") == ["This is no day written DD.MM.YYYY."]
    assert applicant.draft.person.birth_date is None
    assert applicant.draft.person.surname == "Пробный"


@pytest.mark.parametrize("go", ["back", "later"])
def test_one_may_leave_a_step_that_is_not_filled_in(applicant: Filler, go: str) -> None:
    assert applicant.fill("person", go=go, surname="").status_code == 303
    assert applicant.draft.person.surname == ""


def test_errors_of_other_steps_do_not_stand_on_this_one(applicant: Filler) -> None:
    assert applicant.fill("why").status_code == 303
    page = applicant.page("/why?checked=yes")
    assert "is missing" not in page
    assert said_beside(applicant.page("/person?checked=yes"), "surname") != []


def test_a_page_that_was_never_filled_in_accuses_nobody(applicant: Filler) -> None:
    page = applicant.page("/person")
    assert "said-error" not in page
    assert 'role="alert"' not in page


def test_a_warning_stands_in_nobodys_way(applicant: Filler) -> None:
    assert applicant.fill("contact", email="").status_code == 303
    page = applicant.page("/contact?checked=yes")
    assert "nobody can be told of the card" in said_beside(page, "phone")[0]
    assert "said-warning" in page
    assert "said-error" not in page


def test_grounds_are_kept_with_the_reason_they_belong_to(applicant: Filler) -> None:
    applicant.fill(
        "why",
        reason="insurer-change",
        **{"ground.change_ground": "move", "ground.moved_on": "20.05.2026"},
    )
    ground = applicant.draft.ground
    assert applicant.draft.reason is ApplyReason.INSURER_CHANGE
    assert ground.change_ground is ChangeGround.MOVE
    assert ground.moved_on is not None
    assert ground.moved_on.isoformat() == "2026-05-20"


def test_a_ground_that_does_not_belong_to_the_reason_is_not_judged(applicant: Filler) -> None:
    answer = applicant.fill(
        "why", reason="duplicate", **{"ground.cause": "lost", "ground.moved_on": "nonsense"}
    )
    assert answer.status_code == 303, answer.text
    assert applicant.draft.ground.cause is DuplicateCause.LOST
    assert applicant.draft.ground.moved_on is None


def test_several_things_may_be_ticked(applicant: Filler) -> None:
    hidden = applicant.hidden(applicant.page("/why"), "/application/why")
    form = {**hidden, **PAGES["why"], "reason": "reissue", "ground.kind": "wrong", "go": "next"}
    answer = applicant.browser.send(
        "/application/why",
        {**form, "ground.subjects": ["name", "sex"]},  # type: ignore[dict-item]
    )
    assert answer.status_code == 303
    assert applicant.draft.ground.subjects == {ReissueSubject.NAME, ReissueSubject.SEX}


def test_the_last_page_shows_all_and_leads_to_each_step(applicant: Filler) -> None:
    applicant.fill("why")
    applicant.fill("person")
    page = applicant.page("/check")
    assert "Пробный" in page
    assert 'href="/application/contact?checked=yes"' in page
    assert "Who applies is missing." in page


def test_without_consent_nothing_is_sent(applicant: Filler) -> None:
    applicant.fill_all()
    answer = applicant.send("/check", go="submit")
    assert answer.status_code == 422
    (said,) = said_beside(answer.text, "consent")
    assert "consent" in said
    assert applicant.row.state == "draft"


def test_an_application_with_errors_is_not_sent_and_all_is_still_there(applicant: Filler) -> None:
    applicant.fill("why")
    answer = applicant.submit()
    assert answer.status_code == 422
    assert "The surname is missing." in answer.text
    assert (applicant.row.state, applicant.draft.consent) == ("draft", True)
    assert applicant.send("/check", go="later").status_code == 303


def test_what_was_sent_is_not_filled_in_again(applicant: Filler) -> None:
    applicant.fill_all()
    applicant.submit()
    answer = applicant.browser.get("/application/person")
    assert answer.headers["location"] == "/application"


def test_two_windows_do_not_overwrite_each_other_unseen(applicant: Filler) -> None:
    old = applicant.hidden(applicant.page("/contact"), "/application/contact")
    applicant.fill("person")
    form = {**old, "phone": "+7 900 000-00-00", "go": "next"}
    answer = applicant.browser.send("/application/contact", form)
    assert answer.status_code == 422
    assert value_of(answer.text, "phone") == "+7 900 000-00-00"
    assert "changed this meanwhile" in answer.text
    again = applicant.hidden(answer.text, "/application/contact")
    assert applicant.browser.send("/application/contact", {**form, **again}).status_code == 303
    assert applicant.draft.person.surname == "Пробный"


def test_a_form_sent_twice_is_taken_once(applicant: Filler) -> None:
    hidden = applicant.hidden(applicant.page("/contact"), "/application/contact")
    form = {**hidden, **PAGES["contact"], "go": "next"}
    for _ in range(2):
        assert applicant.browser.send("/application/contact", form).status_code == 303
    assert applicant.row.version == 2


def test_the_form_speaks_russian(applicant: Filler) -> None:
    page = applicant.browser.get("/application/why?lang=ru").text
    assert "Что вам нужно?" in page
    assert "Сохранить и продолжить позже" in page


def test_the_office_is_told_of_similar_people_and_a_visitor_is_not(world: World) -> None:
    approved(world.desk, draft(person=person(snils="000-000-901 00")))
    for filler, told in ((begun(world), False), (begun_by_clerk(world), True)):
        filler.fill("why")
        filler.fill("person", snils="")
        page = filler.page("/person?checked=yes")
        assert ("who may be this one" in page) is told


@pytest.mark.parametrize(
    ("field", "value"),
    [("channel", "employer"), ("reason", "evil"), ("ground.subjects", "evil")],
)
def test_only_what_the_page_offers_can_be_chosen(applicant: Filler, field: str, value: str) -> None:
    changes = {"reason": "reissue", "ground.kind": "wrong"} | {field: value}
    answer = applicant.fill("why", go="later", **changes)
    assert answer.status_code == 422
    assert said_beside(answer.text, field) == ["This is none of the values there are."]


def test_the_way_an_office_chose_may_stay(world: World) -> None:
    clerk = begun_by_clerk(world)
    assert clerk.fill("why", channel="employer").status_code == 303
    applicant = signed_in(world, clerk.application_id)
    assert applicant.fill("why", channel="employer").status_code == 303
    assert applicant.draft.channel is Channel.EMPLOYER


@pytest.mark.parametrize("text", ["a\0b", "<script>alert(1)</script>", "\u202eabc", "a" * 5000])
def test_hostile_texts_are_kept_as_typed_and_shown_as_text(applicant: Filler, text: str) -> None:
    answer = applicant.fill("contact", go="later", address=text)
    assert answer.status_code == 303
    kept = applicant.draft.person.address
    assert kept == text.replace("\0", "\ufffd")
    page = applicant.page("/contact?checked=yes")
    assert "<script>" not in page
    assert value_of(page, "address") == kept


def test_a_page_that_is_far_too_long_is_not_read(applicant: Filler) -> None:
    answer = applicant.fill("contact", go="later", address="a" * (65 << 10))
    assert answer.status_code == 413


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "²"])
def test_a_version_that_is_none_is_an_old_page(applicant: Filler, version: str) -> None:
    hidden = applicant.hidden(applicant.page("/contact"), "/application/contact")
    form = {**hidden, "version": version, "email": "a@example.org", "go": "next"}
    answer = applicant.browser.send("/application/contact", form)
    assert answer.status_code == 422
    assert "changed this meanwhile" in answer.text


@pytest.mark.parametrize("key", ["", "key with blanks", "k" * 101])
def test_a_key_that_is_none_is_refused(applicant: Filler, key: str) -> None:
    hidden = applicant.hidden(applicant.page("/contact"), "/application/contact")
    answer = applicant.browser.send("/application/contact", {**hidden, "key": key, "go": "next"})
    assert answer.status_code == 422


def test_a_step_that_is_none_is_not_found_or_refused(applicant: Filler) -> None:
    assert applicant.browser.get("/application/nonsense").status_code in (404, 422)


def test_a_page_sent_again_with_something_else_is_told_as_an_old_one(applicant: Filler) -> None:
    hidden = applicant.hidden(applicant.page("/contact"), "/application/contact")
    first, second = (
        applicant.browser.send("/application/contact", {**hidden, "email": email, "go": "next"})
        for email in ("a@example.org", "b@example.org")
    )
    assert (first.status_code, second.status_code) == (303, 422)
    assert "changed this meanwhile" in second.text
    assert value_of(second.text, "email") == "b@example.org"


def test_what_the_register_knows_is_told_to_the_office_and_to_no_applicant(world: World) -> None:
    approved(world.desk)
    for filler, told in ((begun(world), False), (begun_by_clerk(world), True)):
        filler.fill_all()
        assert ("has a policy already" in filler.page("/check")) is told
        answer = filler.submit()
        assert ("has a policy already" in answer.text) is told


def test_a_clerk_who_sent_a_form_is_led_to_the_certificate_in_one_step(world: World) -> None:
    clerk = begun_by_clerk(world)
    clerk.fill_all()
    case = clerk.submit().headers["location"]
    page = clerk.browser.get(case).text
    action = f"{case}/certificate"
    assert page.count(f'action="{action}"') == 1
    assert '<button class="main">Issue a temporary certificate</button>' in page
    assert clerk.browser.send(action, clerk.hidden(page, action)).headers["location"] == case
    again = clerk.browser.get(case).text
    assert "The next step" not in again
    assert "Issue a temporary certificate" not in again


def test_an_application_from_home_has_the_certificate_among_its_papers(world: World) -> None:
    applicant = begun(world)
    applicant.fill_all()
    applicant.submit()
    assert "when the application is approved" in applicant.page("")
    page = world.browser(Role.CLERK).get(f"/office/applications/{applicant.application_id}").text
    assert "<button>Issue a temporary certificate</button>" in page
    assert "The next step" not in page


def test_each_page_of_a_form_that_shows_a_person_is_one_look(world: World) -> None:
    clerk = begun_by_clerk(world)
    clerk.fill("why")
    with world.desk.reading() as work:
        before = len(work.looks.at_application(REGION, clerk.application_id).rows)
    clerk.page("/person")
    with world.desk.reading() as work:
        looks = work.looks.at_application(REGION, clerk.application_id).rows
    assert len(looks) == before + 1
    assert (looks[-1].role, looks[-1].actor) == ("clerk", str(world.people[Role.CLERK]))
    assert looks[-1].reason == f"application/{clerk.application_id}"
