"""An applicant comes back, after the code, to the page they wanted; to no page of others."""

import html
import re
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx
import pytest

from tests.unit.accounts.browser import Browser
from tests.unit.accounts.office import APPLICATION, BIRTH_DATE, Office

FORM = {"number": APPLICATION.number, "birth_date": BIRTH_DATE.isoformat()}
CARDS = "/application/cards"
HOSTILE = ("//evil.example/", "https://evil.example/", "/\\evil.example", "/ x", "/" + "a" * 600)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def browser(office: Office) -> Browser:
    return Browser(office.app())


def fill(browser: Browser, page: str, form: Mapping[str, str]) -> httpx.Response:
    """Send the form of a page as a person does: with what the page wrote into it."""
    found = _HIDDEN.findall(browser.get(page).text)
    written = {name: html.unescape(value) for name, value in found}
    return browser.send(page.partition("?")[0], {**written, **form})


def test_the_way_is_kept_through_both_pages_and_their_mistakes(
    office: Office, browser: Browser
) -> None:
    number_page = f"/sign-in/applicant?{urlencode({'next': CARDS})}"
    mistaken = fill(browser, number_page, {**FORM, "number": ""})
    assert f'name="page" value="{CARDS}"' in mistaken.text
    code_page = fill(browser, number_page, FORM).headers["location"]
    wrong = fill(browser, code_page, {"code": "nothing"})
    assert f'name="page" value="{CARDS}"' in wrong.text
    assert f'href="/sign-in/applicant?next={CARDS}"' in wrong.text
    answer = fill(browser, code_page, {"code": office.mailbox.codes[0]})
    assert answer.headers["location"] == CARDS


@pytest.mark.parametrize("wanted", HOSTILE)
def test_a_page_that_is_not_ours_is_forgotten(
    office: Office, browser: Browser, wanted: str
) -> None:
    there = fill(browser, f"/sign-in/applicant?{urlencode({'next': wanted})}", FORM)
    assert there.headers["location"] == "/sign-in/applicant/code"
    token = browser.token("/sign-in/applicant/code")
    form = {"token": token, "code": office.mailbox.codes[0], "page": wanted}
    answer = browser.send("/sign-in/applicant/code", form)
    assert answer.headers["location"] == "/application"


def test_a_code_page_without_a_number_before_it_leads_back_and_keeps_the_way(
    browser: Browser,
) -> None:
    wanted = urlencode({"next": CARDS})
    answer = browser.get(f"/sign-in/applicant/code?{wanted}")
    assert answer.headers["location"] == f"/sign-in/applicant?{wanted}"


def test_who_is_asked_to_sign_in_finds_the_applicants_way_with_the_page_they_wanted(
    browser: Browser,
) -> None:
    page = browser.get(f"/sign-in?{urlencode({'next': CARDS})}").text
    assert f'href="/sign-in/applicant?next={CARDS}"' in page
