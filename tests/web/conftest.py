"""A headless browser and a desk to look at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.web.running import RunningDesk, running_desk

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 10_000
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module: while it lives, its event loop occupies the main thread."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=TIMEOUT_MS)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A clerk's browser, in Russian; any error or violation on its pages fails the test."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(VIOLATIONS)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    violations = [one.evaluate("window.violations") for one in context.pages]
    context.close()
    assert errors == []
    assert all(found == [] for found in violations)


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with running_desk() as running:
        yield running


@pytest.fixture
def page(context: BrowserContext, desk: RunningDesk) -> Page:
    """The desk page, connected."""
    return open_page(context, desk)


def open_page(context: BrowserContext, desk: RunningDesk) -> Page:
    """Return a new page of the desk, connected."""
    page = context.new_page()
    page.goto(desk.url)
    page.wait_for_selector("[data-connection=open]")
    return page
