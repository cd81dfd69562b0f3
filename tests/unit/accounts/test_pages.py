"""The sign-in pages as a browser sees them."""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from uuid import uuid4

import pytest
from fastapi import Depends, FastAPI

from cardservice.accounts.rights import Right
from cardservice.accounts.roles import STAFF, Role
from cardservice.accounts.session import Subject
from cardservice.errors import UsageError
from cardservice.texts.languages import Language
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.signin.cookies import Cookie, Cookies, open_cookies
from cardservice.web.signin.guard import Actor, require
from cardservice.web.signin.rendering import sign_in_translations
from cardservice.web.signin.routes import route_faults, verify_routes
from cardservice.web.signin.styles import style, style_url
from tests.unit.accounts.browser import Browser
from tests.unit.accounts.office import (
    APPLICATION,
    BIRTH_DATE,
    NAME,
    NEW_PASSWORD,
    PASSWORD,
    Office,
)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def browser(office: Office) -> Browser:
    return Browser(office.app())


def test_a_clerk_signs_in_sees_the_account_and_signs_out(browser: Browser) -> None:
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    page = browser.get("/account")
    assert page.status_code == 200
    assert NAME in page.text
    assert browser.fill("/sign-out", on="/account").headers["location"] == "/sign-in"
    assert browser.get("/account").headers["location"] == "/sign-in?next=%2Faccount"


def test_after_the_sign_in_the_wanted_page_comes(browser: Browser) -> None:
    form = {
        "token": browser.token(),
        "name": NAME,
        "password": PASSWORD,
        "page": "/account/password",
    }
    assert browser.send("/sign-in", form).headers["location"] == "/account/password"


def test_a_wrong_password_keeps_the_name_and_not_the_password(browser: Browser) -> None:
    answer = browser.sign_in(password="wrong <secret>")  # noqa: S106
    assert answer.status_code == 422
    assert f'value="{NAME}"' in answer.text
    assert "secret" not in answer.text
    assert 'role="alert"' in answer.text


def test_a_typed_name_is_escaped(browser: Browser) -> None:
    answer = browser.sign_in(name='"><script>alert(1)</script>')
    assert "<script>" not in answer.text


def test_the_second_factor_is_asked_for(office: Office, browser: Browser) -> None:
    secret, _ = office.enrol()
    assert browser.sign_in().headers["location"] == "/sign-in/second-factor?next=%2Faccount"
    assert browser.get("/account").status_code == 303
    answer = browser.fill("/sign-in/second-factor", code=office.code(secret))
    assert answer.headers["location"] == "/account"
    assert browser.get("/account").status_code == 200


def test_a_wrong_code_is_told_beside_its_field(office: Office, browser: Browser) -> None:
    office.enrol()
    browser.sign_in()
    answer = browser.fill("/sign-in/second-factor", code="12")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_sign_in_that_took_too_long_begins_again(office: Office, browser: Browser) -> None:
    secret, _ = office.enrol()
    browser.sign_in()
    token = browser.token("/sign-in/second-factor?next=/account")
    office.clock.move(minutes=6)
    form = {"token": token, "code": office.code(secret)}
    answer = browser.send("/sign-in/second-factor", form)
    assert answer.status_code == 422
    assert 'name="password"' in answer.text


def test_a_password_is_changed_and_other_browsers_are_signed_out(office: Office) -> None:
    app = office.app()
    here, there = Browser(app), Browser(app)
    here.sign_in()
    there.sign_in()
    answer = here.fill("/account/password", password=PASSWORD, new_password=NEW_PASSWORD)
    assert answer.headers["location"] == "/account"
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong", NEW_PASSWORD, "The name or the password is wrong."),
        (PASSWORD, "short", "A password has at least 12 characters."),
        (PASSWORD, PASSWORD, "This is the password you have now."),
        (PASSWORD, f"{NAME}2026!", "This password is easily guessed."),
    ],
)
def test_a_refused_password_change_says_why_and_changes_nothing(
    office: Office, browser: Browser, old: str, new: str, sentence: str
) -> None:
    browser.get("/sign-in?lang=en")
    browser.sign_in()
    before = office.account().password_hash
    answer = browser.fill("/account/password", password=old, new_password=new)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert office.account().password_hash == before


def _enrol(office: Office, browser: Browser) -> str:
    browser.sign_in()
    page = browser.fill(
        "/account/second-factor/begin", on="/account/second-factor", password=PASSWORD
    )
    assert "<path" in page.text
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert found is not None
    pending = office.account().pending
    assert pending is not None
    secret = office.stores.sealer.open(pending, context=office.clerk.bytes)
    return browser.fill(
        "/account/second-factor/finish", on="/account/second-factor", code=office.code(secret)
    ).text


def test_a_device_is_enrolled_and_ten_recovery_codes_are_shown_once(
    office: Office, browser: Browser
) -> None:
    page = _enrol(office, browser)
    assert len(re.findall(r"<code>([A-Z2-7]{4}-){3}[A-Z2-7]{4}</code>", page)) == 10
    assert office.account().second_factor is not None
    assert browser.get("/account").status_code == 200


def test_the_secret_of_a_device_is_shown_only_for_the_password(
    office: Office, browser: Browser
) -> None:
    browser.sign_in()
    page = browser.fill("/account/second-factor/begin", on="/account/second-factor", password="")
    assert page.status_code == 422
    assert office.account().pending is None
    browser.fill("/account/second-factor/begin", on="/account/second-factor", password=PASSWORD)
    again = browser.fill("/account/second-factor/finish", on="/account/second-factor", code="1")
    assert again.status_code == 422
    assert "qr" not in again.text


def test_a_device_is_forgotten_for_the_password(office: Office, browser: Browser) -> None:
    _enrol(office, browser)
    answer = browser.fill(
        "/account/second-factor/remove", on="/account/second-factor", password=PASSWORD
    )
    assert answer.headers["location"] == "/sign-in"
    assert office.account().second_factor is None


def test_sign_out_everywhere_ends_every_browser(office: Office) -> None:
    app = office.app()
    here, there = Browser(app), Browser(app)
    here.sign_in()
    there.sign_in()
    here.fill("/account/sign-out-everywhere", on="/account")
    assert {one.get("/account").status_code for one in (here, there)} == {303}


def test_an_applicant_signs_in_and_has_no_account(office: Office, browser: Browser) -> None:
    form = {"number": APPLICATION.number, "birth_date": BIRTH_DATE.isoformat()}
    assert (
        browser.fill("/sign-in/applicant", **form).headers["location"] == "/sign-in/applicant/code"
    )
    answer = browser.fill("/sign-in/applicant/code", code=office.mailbox.codes[0])
    assert answer.headers["location"] == "/application"
    assert browser.get("/account").status_code == 403


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"number": "", "birth_date": "1985-04-12"}, "number"),
        ({"number": "7", "birth_date": "12.04.1985"}, "birth_date"),
        ({"number": "7", "birth_date": "2085-04-12"}, "birth_date"),
        ({"number": "7"}, "birth_date"),
    ],
)
def test_a_malformed_field_is_marked_and_what_was_typed_stays(
    browser: Browser, form: dict[str, str], field: str
) -> None:
    answer = browser.fill("/sign-in/applicant", **form)
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text)
    assert all(f'value="{one}"' in answer.text for one in form.values())


def test_ways_that_are_not_set_up_are_not_there(office: Office) -> None:
    browser = Browser(office.app())
    assert browser.get("/sign-in/openid").status_code == 404
    assert "/sign-in/openid" not in browser.get("/sign-in").text


def test_who_is_signed_in_needs_no_sign_in(browser: Browser) -> None:
    browser.sign_in()
    assert browser.get("/sign-in?next=/account/password").headers["location"] == "/account/password"


def test_the_language_is_chosen_and_remembered(browser: Browser) -> None:
    assert 'lang="en"' in browser.get("/sign-in?lang=en").text
    assert "Sign in" in browser.get("/sign-in").text
    assert "Моё заявление" in browser.get("/sign-in/applicant?lang=ru").text


def test_every_text_of_the_templates_has_a_russian_one() -> None:
    say = sign_in_translations(Language.RU).gettext
    folder = files("cardservice.web.signin")
    texts = {
        text
        for one in folder.joinpath("templates/signin").iterdir()
        for text in re.findall(r'_\(["\'](.+?)["\']\)', one.read_text())
    }
    assert len(texts) > 30
    assert [one for one in sorted(texts) if say(one) == one] == []


@pytest.mark.parametrize("role", sorted(STAFF | {Role.APPLICANT}))
def test_every_role_one_can_sign_in_as_has_a_russian_name(role: Role) -> None:
    assert sign_in_translations(Language.RU).gettext(role.value) != role.value


def test_the_style_is_served_at_an_address_of_its_content_and_names_no_colour(
    browser: Browser,
) -> None:
    assert browser.get(style_url()).content == style()
    assert browser.get("/sign-in/style.000000000000.css").status_code == 404
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", style().decode()) == []


# Cookies


def test_the_cookie_of_a_session_is_out_of_reach_for_scripts_and_other_sites(
    office: Office,
) -> None:
    browser = Browser(office.app(office.context(secure=True)), base="https://localhost")
    header = browser.sign_in().headers["set-cookie"].lower()
    assert header.startswith("__host-session=")
    assert {"httponly", "secure", "path=/", "samesite=lax"} <= {
        one.strip() for one in header.split(",")[0].split(";")
    }
    assert "domain" not in header


def test_without_https_the_cookie_says_that_it_is_insecure() -> None:
    names = [Cookies(secure=False).name(one) for one in Cookie]
    assert all(one.startswith("Insecure") for one in names)


def test_production_refuses_insecure_cookies() -> None:
    with pytest.raises(UsageError, match="Insecure"):
        open_cookies(secure=False, production=True)
    assert open_cookies(secure=True, production=True).secure
    assert not open_cookies(secure=False, production=False).secure


# Programs at the guard


@pytest.fixture
def api(office: Office) -> Browser:
    app = office.app()
    add_coverage(app)
    return Browser(app)


def add_coverage(app: FastAPI) -> None:
    """A route for programs: GET and POST /coverage."""
    guard = [require(Right.COVERAGE_ASK)]

    def ask_coverage() -> str:
        return "yes"

    app.add_api_route("/coverage", ask_coverage, methods=["GET", "POST"], dependencies=guard)


def _bearer(office: Office, right: Right = Right.COVERAGE_ASK, role: Role = Role.CLINIC) -> str:
    _, token = office.tokens.issue(
        "Desk", role=role, scopes=frozenset({right}), region="00000", lasts=timedelta(days=1)
    )
    return f"Bearer {token}"


def test_a_program_is_let_in_by_its_token_without_a_form(office: Office, api: Browser) -> None:
    header = {"authorization": _bearer(office)}
    assert api.get("/coverage", **header).status_code == 200
    assert api.send("/coverage", {}, headers=header).status_code == 200


def test_a_program_without_the_right_is_refused(office: Office, api: Browser) -> None:
    header = {"authorization": _bearer(office, Right.ORDER_READ, Role.STATION)}
    answer = api.get("/coverage", **header)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")


def test_a_program_has_those_rights_of_its_role_that_its_token_names() -> None:
    station = Subject(id=uuid4(), region="00000", roles=frozenset({Role.STATION}), label="Station")
    program = Actor(subject=station, scopes=frozenset({Right.ORDER_READ, Right.KEYS}))
    rights = {one for one in Right if program.may(one)}
    assert rights == {Right.ORDER_READ}
    assert Actor(subject=station).may(Right.ORDER_MAKE)


def test_a_session_changes_something_only_from_our_own_page(api: Browser) -> None:
    api.sign_in()
    foreign = {"origin": "https://evil.example"}
    assert api.send("/coverage", {}).status_code == 200
    assert api.send("/coverage", {}, headers=foreign).status_code == 403
    assert api.send("/coverage", {}, headers={"x-none": "1"}).status_code == 403


@pytest.mark.parametrize("header", ["Bearer epc_" + "A" * 43, "Basic YTpi", "Bearer", ""])
def test_a_bad_token_is_refused_even_with_a_good_cookie(api: Browser, header: str) -> None:
    api.sign_in()
    answer = api.get("/coverage", authorization=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


# The table of rights and the routes


def test_every_route_of_the_application_is_in_the_table_and_asks_for_its_right(
    office: Office,
) -> None:
    assert route_faults(office.app()) == ()
    assert route_faults(create_app(DeskHub())) == ()
    verify_routes(office.app())


def _unknown(app: FastAPI) -> None:
    app.add_api_route("/new", lambda: None, name="unheard_of")


def _unguarded(app: FastAPI) -> None:
    app.add_api_route("/new", lambda: None, name="show_account")


def _other_right(app: FastAPI) -> None:
    app.add_api_route("/new", lambda: None, name="show_account", dependencies=[require(Right.KEYS)])


def _open_but_guarded(app: FastAPI) -> None:
    app.add_api_route("/new", lambda: None, name="sign_in", dependencies=[require(Right.KEYS)])


def _mounted(app: FastAPI) -> None:
    app.mount("/new", FastAPI())


@pytest.mark.parametrize("add", [_unknown, _unguarded, _other_right, _open_but_guarded, _mounted])
def test_a_route_without_its_entry_is_found(office: Office, add: Callable[[FastAPI], None]) -> None:
    app = office.app()
    add(app)
    assert len(route_faults(app)) == 1
    with pytest.raises(UsageError):
        verify_routes(app)


def test_a_right_asked_for_by_a_nested_dependency_counts(office: Office) -> None:
    app = office.app()

    def inner(_: None = require(Right.ACCOUNT)) -> None: ...

    app.add_api_route("/new", lambda: None, name="show_account", dependencies=[Depends(inner)])
    assert route_faults(app) == ()
