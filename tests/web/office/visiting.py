"""Signing in with a browser, and looking for what keeps people out."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.unit.accounts.office import PASSWORD

GRAVE = frozenset({"serious", "critical"})
MOST_TABS = 60
FOCUSED = "[document.activeElement.id, document.activeElement.textContent.trim()]"


@dataclass(frozen=True, slots=True)
class ServedOffice:
    """An office and where it answers."""

    world: World
    address: str


def sign_in(page: Page, address: str, name: str) -> None:
    """Sign in as staff."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def grave_findings(page: Page) -> list[str]:
    """Return what is seriously wrong with a page for who cannot see it, hear it or point."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def is_too_wide(page: Page) -> bool:
    """Return whether the page has to be scrolled sideways."""
    width: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return width


def expect_accessible(page: Page) -> None:
    """Expect no serious finding of the accessibility check, nor sideways scrolling."""
    assert grave_findings(page) == []
    assert not is_too_wide(page)


def signed_in(context: BrowserContext, office: ServedOffice, *roles: Role) -> Page:
    """Return a page of a browser in which one with ``roles`` has signed in, in Russian."""
    page = context.new_page()
    sign_in(page, office.address, office.world.add(*roles))
    return page


def tab_to(page: Page, name: str) -> None:
    """Go on with the tabulator key until what has that id or those words has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if name in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"the tabulator key never reaches {name}")
