"""The whole way in one browser: somebody applies, an approver grants it, the order is there."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cardservice.accounts.roles import Role
from tests.office_world import World, served
from tests.unit.uploads.samples import jpeg
from tests.unit.web_office.apply.filler import PAGES
from tests.web.office.test_apply import add_files, fill_by_keyboard
from tests.web.office.visiting import sign_in

pytestmark = pytest.mark.browser


def apply(page: Page, address: str, scan: Path) -> str:
    """Apply for a first policy; return the number of the application."""
    page.goto(f"{address}/apply")
    page.get_by_role("button", name="Начать").click()
    for step in PAGES:
        page.wait_for_url(f"**/application/{step}")
        fill_by_keyboard(page, step)
    add_files(page, scan)
    page.get_by_role("button", name="Далее").click()
    page.check("#consent")
    page.locator("[name=go][value=submit]").click()
    page.wait_for_url(f"{address}/application")
    return page.locator("#number").inner_text()


def test_an_application_becomes_a_policy_an_order_and_a_status(
    context: BrowserContext, world: World, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(jpeg())
    page = context.new_page()
    with served(world) as address:
        number = apply(page, address, scan)
        context.clear_cookies()
        sign_in(page, address, world.add(Role.APPROVER))
        page.goto(f"{address}/office/queue")
        page.get_by_role("link", name=number).click()
        page.get_by_role("button", name="Одобрить").click()
        expect(page.locator("main")).to_contain_text("Заказ карты")
        page.goto(f"{address}/office/orders")
        expect(page.locator("main")).to_contain_text("В очереди")
        context.clear_cookies()
        page.goto(f"{address}/status")
        page.get_by_label("Номер заявления").fill(number)
        page.get_by_label("Дата рождения застрахованного").fill("29.02.1980")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Одобрено")
        expect(page.get_by_role("status")).to_contain_text("В очереди")
        page.goto("about:blank")  # A page that stays would keep the server from ending.
