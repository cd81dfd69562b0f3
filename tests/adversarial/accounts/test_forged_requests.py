"""Requests that other sites, other users and thieves send."""

import pytest

from cardservice.accounts.roles import Role
from cardservice.web.signin.returning import own_page
from tests.unit.accounts.browser import Browser
from tests.unit.accounts.office import NAME, NEW_PASSWORD, ORIGIN, PASSWORD, Office

FORMS = [
    "/sign-in",
    "/sign-in/second-factor",
    "/sign-in/applicant",
    "/sign-in/applicant/code",
    "/sign-out",
    "/account/password",
    "/account/sign-out-everywhere",
    "/account/second-factor/begin",
    "/account/second-factor/finish",
    "/account/second-factor/remove",
]
FOREIGN = [
    {},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": f"{ORIGIN}.evil.example"},
    {"origin": "http://127.0.0.1:9090"},
    {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
    {"origin": ORIGIN, "sec-fetch-site": "same-site"},
]
LOCATIONS = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "/account\r\nSet-Cookie: a=b",
    "/account%0d%0aX: y\r\n",
    "/account\x00",
    "/é",
    "account",
    "?next=//evil.example",
    "/" + "a" * 600,
]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def browser(office: Office) -> Browser:
    return Browser(office.app())


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_from_another_site_is_refused_even_with_the_right_token(
    browser: Browser, path: str, headers: dict[str, str]
) -> None:
    browser.sign_in()
    form = {"token": browser.token("/account"), "name": NAME, "password": PASSWORD}
    answer = browser.send(path, form, headers={"accept": "text/html", **headers})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/foreign-request")
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("kind", ["without", "empty", "foreign", "long", "odd"])
def test_a_form_without_this_browsers_token_is_refused(
    office: Office, path: str, kind: str
) -> None:
    app = office.app()
    browser, other = Browser(app), Browser(app)
    browser.sign_in()
    other.sign_in()
    token = {
        "empty": "",
        "foreign": other.token("/account"),
        "long": "A" * 5000,
        "odd": "é\x00",
    }.get(kind)
    answer = browser.send(path, {"name": NAME} | ({} if token is None else {"token": token}))
    assert answer.status_code == 403
    assert browser.get("/account").status_code == 200


def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(browser: Browser) -> None:
    before = browser.token()
    browser.sign_in()
    assert browser.send("/sign-out", {"token": before}).status_code == 403


def test_a_browser_without_a_cookie_cannot_send_a_form(office: Office, browser: Browser) -> None:
    token = browser.token()
    bare = Browser(office.app())
    form = {"token": token, "name": NAME, "password": PASSWORD}
    assert bare.send("/sign-in", form).status_code == 403


# Session fixation and foreign cookies


def test_a_planted_session_cookie_is_replaced_at_the_sign_in(
    office: Office, browser: Browser
) -> None:
    attacker = office.sign_in.with_password(NAME, PASSWORD, address=None).token
    office.sessions.end(attacker)
    browser.set_cookie(attacker)
    browser.sign_in()
    assert browser.cookie() != attacker
    assert office.sessions.find(attacker) is None


def test_a_planted_living_session_is_ended_by_the_sign_in(office: Office) -> None:
    app = office.app()
    office.add("mallory", Role.AUDITOR)
    mallory, victim = Browser(app), Browser(app)
    mallory.sign_in("mallory")
    planted = mallory.cookie()
    assert planted is not None
    victim.set_cookie(planted)
    form = {"token": victim.token("/account"), "name": NAME, "password": PASSWORD}
    victim.send("/sign-in", form)
    assert office.sessions.find(planted) is None
    found = office.sessions.find(victim.cookie())
    assert found is not None
    assert found.subject.id == office.clerk


def test_the_token_changes_at_the_second_factor(office: Office, browser: Browser) -> None:
    secret, _ = office.enrol()
    browser.sign_in()
    half = browser.cookie()
    browser.fill("/sign-in/second-factor", code=office.code(secret))
    assert browser.cookie() != half
    assert office.sessions.find(half) is None


def test_half_a_session_opens_no_page(office: Office, browser: Browser) -> None:
    office.enrol()
    browser.sign_in()
    for path in ("/account", "/account/password", "/account/second-factor"):
        assert browser.get(path).headers["location"].startswith("/sign-in")
    token = browser.token("/sign-in/second-factor")
    form = {"token": token, "password": PASSWORD, "new_password": NEW_PASSWORD}
    assert browser.send("/account/password", form).status_code == 401


def test_with_the_cookie_of_another_user_one_is_that_user_until_it_ends(office: Office) -> None:
    app = office.app()
    thief, owner = Browser(app), Browser(app)
    owner.sign_in()
    cookie = owner.cookie()
    assert cookie is not None
    thief.set_cookie(cookie)
    assert NAME in thief.get("/account").text
    owner.fill("/account/password", password=PASSWORD, new_password=NEW_PASSWORD)
    assert thief.get("/account").status_code == 303


def test_a_stolen_session_changes_neither_password_nor_device(
    office: Office, browser: Browser
) -> None:
    browser.sign_in()
    browser.fill("/account/password", password="guess", new_password=NEW_PASSWORD)  # noqa: S106
    browser.fill("/account/second-factor/begin", on="/account/second-factor", password="guess")  # noqa: S106
    browser.fill("/account/second-factor/remove", on="/account/second-factor", password="guess")  # noqa: S106
    account = office.account()
    assert office.passwords.verify(account.password_hash, PASSWORD)
    assert account.pending is None


@pytest.mark.parametrize("value", ["x", "A" * 43, "A" * 4000, '"', "%00", "a=b"])
def test_a_made_up_cookie_is_nobody(browser: Browser, value: str) -> None:
    answer = browser.get("/account", cookie=f"InsecureSession={value}")
    assert answer.status_code == 303


def test_the_session_cookie_of_another_name_is_ignored(browser: Browser) -> None:
    browser.sign_in()
    token = browser.cookie()
    assert token is not None
    bare = Browser(browser._app)
    bare.set_cookie(token, "__Host-session")
    bare.set_cookie(token, "session")
    assert bare.get("/account").status_code == 303


# Where the sign-in leads


@pytest.mark.parametrize("location", LOCATIONS)
def test_no_address_leads_away_or_into_the_headers(location: str) -> None:
    assert own_page(location, default="/account") == "/account"


@pytest.mark.parametrize("location", LOCATIONS)
def test_a_sign_in_never_leads_away(browser: Browser, location: str) -> None:
    form = {"token": browser.token(), "name": NAME, "password": PASSWORD, "page": location}
    answer = browser.send("/sign-in", form)
    assert answer.headers["location"] == "/account"
    assert "a=b" not in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/account", "/account/password?x=1", "/a/../b", "/a?b=//c"])
def test_a_page_of_ours_is_kept(path: str) -> None:
    assert own_page(path, default="/") == path


def test_a_wish_in_the_address_is_escaped_on_the_page(browser: Browser) -> None:
    page = browser.get("/sign-in?next=/x%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" not in page.text
