"""An office that is served, and pages of somebody who signed in to it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.office_world import World, served
from tests.unit.web_office.conftest import ready_file, world
from tests.web.conftest import browser, context
from tests.web.office.visiting import ServedOffice

__all__ = ["browser", "context", "ready_file", "world"]


@pytest.fixture
def office(world: World, context: BrowserContext) -> Iterator[ServedOffice]:
    """An office of this test alone, answering on the loopback interface."""
    with served(world) as address:
        yield ServedOffice(world, address)
        for page in context.pages:
            page.goto("about:blank")  # A browser that stays would keep the server from ending.
