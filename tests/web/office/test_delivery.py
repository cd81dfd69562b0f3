"""From a made card to a receipt, in a browser; a card on the reader opens its person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cardservice.accounts.roles import Role
from cardservice.storage.engine import open_database
from cardservice.web.office.delivery.reading import DeskReader
from tests.office_world import World, new_world, served
from tests.registry.stations_world import card_now, made, new_blanks, new_place, order_for
from tests.unit.web import examples
from tests.unit.web.doubles import DoubleExaminer, DoubleWatch
from tests.unit.web_office.delivery.stage import (
    another_order,
    arrived_order,
    made_order,
    sent_orders,
)
from tests.web.office.visiting import grave_findings, is_too_wide, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def watch() -> DoubleWatch:
    return DoubleWatch()


@pytest.fixture
def desk_world(ready_file: Path, tmp_path: Path, watch: DoubleWatch) -> Iterator[World]:
    """An office with a reader on the clerk's desk."""
    path = tmp_path / "registry.sqlite3"
    path.write_bytes(ready_file.read_bytes())
    reader = DeskReader(watch, DoubleExaminer({b"valid": examples.VALID}))
    reader.start()
    with open_database(f"sqlite:///{path}") as opened:
        yield new_world(opened, tmp_path / "scans", reader=reader)
    reader.stop()


@pytest.fixture
def address(desk_world: World) -> Iterator[str]:
    with served(desk_world) as address:
        yield address


@pytest.fixture
def clerk(context: BrowserContext, desk_world: World, address: str) -> Iterator[Page]:
    """A clerk's page; it leaves the office before the office closes."""
    page = context.new_page()
    sign_in(page, address, desk_world.add(Role.CLERK))
    yield page
    page.goto("about:blank")


def test_a_made_card_is_sent_arrives_and_is_handed_over_for_the_old_one(
    clerk: Page, desk_world: World, address: str
) -> None:
    desk = desk_world.desk
    first = arrived_order(desk)
    hand_over(clerk, f"{address}/office/hand-over/{first.id}")
    with desk.reading() as work:
        policy = work.policies.get(first.region, first.policy_id)
    new_blanks(desk, 1 + len(desk.audit()))
    made(desk, order_for(desk, policy))
    clerk.goto(f"{address}/office/delivery")
    clerk.get_by_role("checkbox").check()
    clerk.select_option("#place_id", str(first.place_id))
    clerk.get_by_role("button", name="Отправить и составить список").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("Список отправки 000002")
    clerk.get_by_role("checkbox").check()
    clerk.get_by_role("button", name="Отмеченные карты прибыли").click()
    expect(clerk.locator(".state")).to_have_text("В пункте выдачи")
    clerk.goto(f"{address}/office/hand-over?place={first.place_id}")
    clerk.locator("#waiting").locator("..").get_by_role("link").click()
    clerk.get_by_label("Сдана").check()
    hand_over(clerk)
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("Расписка 000002")
    expect(clerk.locator("main")).to_contain_text("Сдана")
    assert first.card_id is not None
    assert card_now(desk, first.card_id).state == "terminated"


def hand_over(page: Page, address: str | None = None) -> None:
    """Tick what is checked and hand the card over."""
    if address:
        page.goto(address)
    page.get_by_label("Сам застрахованный").check()
    page.select_option("#shown", "passport_rf")
    for box in page.locator("#matched").get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_role("button", name="Выдать и оформить расписку").click()
    page.wait_for_url("**/receipt")


def test_a_card_put_on_the_reader_opens_its_person(
    clerk: Page, desk_world: World, address: str, watch: DoubleWatch
) -> None:
    order = arrived_order(desk_world.desk)
    clerk.goto(f"{address}/office/hand-over")
    expect(clerk.locator("[data-words]")).to_contain_text("Положите карту")
    watch.present(b"valid")
    clerk.wait_for_url(f"**/office/hand-over/{order.id}")
    expect(clerk.get_by_role("heading", level=2).first).to_have_text("Пробный Проба")


def test_a_card_left_on_the_reader_does_not_open_again_by_itself(
    clerk: Page, desk_world: World, address: str, watch: DoubleWatch
) -> None:
    order = arrived_order(desk_world.desk)
    clerk.goto(f"{address}/office/hand-over")
    watch.present(b"valid")
    clerk.wait_for_url(f"**/office/hand-over/{order.id}")
    clerk.goto(f"{address}/office/hand-over")
    expect(clerk.locator("[data-words]")).to_contain_text("Положите карту")
    clerk.get_by_role("button", name="Открыть карту на считывателе").click()
    clerk.wait_for_url(f"**/office/hand-over/{order.id}")


def test_the_hand_over_is_done_by_keyboard_alone(
    clerk: Page, desk_world: World, address: str
) -> None:
    order = arrived_order(desk_world.desk)
    clerk.goto(f"{address}/office/hand-over")
    clerk.locator("#card_number").focus()
    clerk.keyboard.type("0054 9108 3400 0015")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url(f"**/office/hand-over/{order.id}")
    clerk.get_by_label("Сам застрахованный").focus()
    clerk.keyboard.press("Space")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("ArrowDown")
    for _ in range(3):
        clerk.keyboard.press("Tab")
        clerk.keyboard.press("Space")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/receipt")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("Расписка 000001")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_keep_nobody_out_and_fit(
    clerk: Page, desk_world: World, address: str, width: int
) -> None:
    desk = desk_world.desk
    number, _ = sent_orders(desk)
    first = arrived_order(desk)
    hand_over(clerk, f"{address}/office/hand-over/{first.id}")
    receipt = clerk.url.removeprefix(address)
    waiting = another_order(desk, first)
    made_order(desk, 5)
    new_place(desk, name="Пункт выдачи полисов на Большой Комсомольской улице")
    clerk.set_viewport_size({"width": width, "height": 740})
    pages = (
        "/office/delivery",
        f"/office/delivery/{number}",
        f"/office/hand-over?place={waiting.place_id}",
        f"/office/hand-over/{waiting.id}",
        "/office/orders?state=queued",
        f"/office/orders/{waiting.id}",
        receipt,
    )
    for page in pages:
        clerk.goto(address + page)
        assert (page, is_too_wide(clerk)) == (page, False)
        assert (page, grave_findings(clerk)) == (page, [])


def test_the_charts_keep_nobody_out_in_the_dark(
    clerk: Page, desk_world: World, address: str
) -> None:
    sent_orders(desk_world.desk)
    clerk.emulate_media(color_scheme="dark")
    clerk.goto(f"{address}/office/orders")
    assert grave_findings(clerk) == []
    assert clerk.locator("svg.bar-chart").count() > 0


def test_a_refused_form_says_why_and_leads_to_the_field(
    clerk: Page, desk_world: World, address: str
) -> None:
    order = arrived_order(desk_world.desk)
    clerk.goto(f"{address}/office/hand-over/{order.id}")
    clerk.get_by_role("button", name="Выдать и оформить расписку").click()
    expect(clerk.locator("#refusal a")).to_have_count(2)
    clerk.locator("#refusal a").last.click()
    expect(clerk.locator("#shown")).to_be_in_viewport()
    assert grave_findings(clerk) == []
