"""Signing in with a browser, and looking for what keeps people out."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.unit.accounts.office import PASSWORD

GRAVE = frozenset({"serious", "critical"})


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
