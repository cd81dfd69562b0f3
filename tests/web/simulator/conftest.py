"""A served tray, and its page in the browser of the folder above."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.web.simulator.running import RunningTray, running_tray


@pytest.fixture
def served() -> Iterator[RunningTray]:
    with running_tray() as running:
        yield running


@pytest.fixture
def page(context: BrowserContext, served: RunningTray) -> Page:
    """The page, connected, in Russian."""
    return open_page(context, served)


def open_page(context: BrowserContext, served: RunningTray) -> Page:
    """Return a new page of the tray, connected."""
    page = context.new_page()
    page.goto(served.url)
    page.wait_for_selector("[data-connection=open]")
    return page
