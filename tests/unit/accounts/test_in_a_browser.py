"""The sign-in pages in a real browser: cookies, keyboard, small screens, accessibility."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, sync_playwright

from tests.unit.accounts.office import APPLICATION, NAME, PASSWORD, Office
from tests.unit.accounts.running import running_office
from tests.web.conftest import ARGUMENTS, CHROMIUM, TIMEOUT_MS, VIOLATIONS

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(locale="ru-RU", viewport={"width": 360, "height": 740})
        context.set_default_timeout(TIMEOUT_MS)
        context.add_init_script(VIOLATIONS)
        yield context.new_page()
        browser.close()


def _check(page: Page) -> None:
    """Nothing that axe finds, no sideways scrolling, nothing against the page's own policy."""
    found = [(one["id"], one["impact"]) for one in Axe().run(page).response["violations"]]
    assert (page.url, found) == (page.url, [])
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate("window.violations") == []


def test_every_page_works_on_a_narrow_screen_for_everybody(page: Page) -> None:
    office = Office()
    with running_office(office) as url:
        page.goto(f"{url}/sign-in")
        _check(page)
        page.fill("#name", NAME)
        page.fill("#password", "wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector("#refusal")
        _check(page)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/account")
        _check(page)
        page.goto(f"{url}/account/password")
        _check(page)
        page.goto(f"{url}/account/second-factor")
        _check(page)
        page.fill("#password", PASSWORD)
        page.click("button.main")
        page.wait_for_selector(".qr")
        _check(page)
        pending = office.account().pending
        assert pending is not None
        secret = office.stores.sealer.open(pending, context=office.clerk.bytes)
        page.fill("#code", office.code(secret))
        page.keyboard.press("Enter")
        page.wait_for_selector(".codes")
        _check(page)
        page.goto(f"{url}/sign-in/applicant")
        _check(page)
        page.fill("#number", APPLICATION.number)
        page.fill("#birth_date", "1985-04-12")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/sign-in/applicant/code")
        _check(page)


def test_the_sign_in_is_walked_through_by_keyboard_alone(page: Page) -> None:
    with running_office(Office()) as url:
        page.context.clear_cookies()
        page.goto(f"{url}/sign-in?lang=ru")
        assert page.evaluate(FOCUSED) == "name"
        walked = []
        for _ in range(3):
            page.keyboard.press("Tab")
            walked.append(page.evaluate(FOCUSED))
        assert walked == ["password", "Войти", "Посмотреть своё заявление на полис"]
