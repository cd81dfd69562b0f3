"""Cards tapped by hand on the page, in a real browser."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from simulators.faults import named_plan
from tests.web.simulator.conftest import open_page
from tests.web.simulator.running import CONTACT, CONTACTLESS, RunningTray, running_tray

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = "document.activeElement.id"
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"


def panel(page: Page, reader: str = CONTACT) -> "Page":
    return page.get_by_role("region", name=reader)  # type: ignore[return-value]


def test_a_card_is_inserted_and_removed_by_keyboard_alone(page: Page, served: RunningTray) -> None:
    page.keyboard.press("/")
    page.keyboard.type("two")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#chosen-name")).to_have_text("two")
    page.keyboard.press("Enter")
    expect(panel(page).locator(".face-name")).to_have_text("two")
    assert served.tray.readers[CONTACT].card == "two"
    panel(page).get_by_role("button", name="Вынуть").focus()
    page.keyboard.press("Enter")
    expect(panel(page).locator(".face-empty")).to_have_text("Пусто")
    assert page.evaluate(FOCUSED).startswith("insert-")


def test_what_happens_elsewhere_appears_and_is_announced(page: Page, served: RunningTray) -> None:
    served.tray.insert("one", CONTACTLESS)
    expect(panel(page, CONTACTLESS).locator(".face-name")).to_have_text("one")
    expect(page.locator("#events li").first).to_contain_text("Вставлена")
    expect(page.get_by_role("status")).to_have_text("Вставлена: one, Antenna")
    served.tray.remove(CONTACTLESS)
    expect(panel(page, CONTACTLESS).locator(".face-empty")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Вынута: one, Antenna")


def test_the_page_is_right_after_a_reload(page: Page, served: RunningTray) -> None:
    served.tray.insert("one", CONTACT)
    served.simulation.set_faults(CONTACT, named_plan("slow-start"), name="slow-start")
    page.reload()
    expect(panel(page).locator(".face-name")).to_have_text("one")
    expect(panel(page).locator(".badge")).to_contain_text("slow-start")


def test_the_page_is_right_after_the_service_was_away(context: BrowserContext) -> None:
    with running_tray() as before:
        page = open_page(context, before)
        before.tray.insert("one", CONTACT)
        expect(panel(page).locator(".face-name")).to_have_text("one")
    expect(page.locator("html")).to_have_attribute("data-connection", "lost")
    expect(page.locator("#lost")).to_be_visible()
    with running_tray(before.port) as after:
        after.tray.insert("two", CONTACTLESS)
        expect(panel(page, CONTACTLESS).locator(".face-name")).to_have_text("two")
        expect(panel(page).locator(".face-empty")).to_be_visible()
        expect(page.locator("#lost")).to_be_hidden()


def test_an_unfinished_form_outlives_what_happens_around_it(
    page: Page, served: RunningTray
) -> None:
    panel(page).get_by_text("Устроить сбой").click()
    field = panel(page).get_by_label("Выдернуть карту на команде номер")
    field.fill("17")
    served.tray.insert("one", CONTACT)
    expect(panel(page).locator(".face-name")).to_have_text("one")
    expect(field).to_have_value("17")
    expect(field).to_be_focused()


def test_faults_are_put_in_force_and_ended(page: Page, served: RunningTray) -> None:
    panel(page).get_by_text("Устроить сбой").click()
    panel(page).get_by_label("Готовые сбои").select_option("noisy-line")
    panel(page).get_by_role("button", name="Включить").click()
    served.tray.insert("one", CONTACT)
    expect(panel(page).locator(".badge")).to_contain_text("noisy-line")
    panel(page).get_by_role("button", name="Выключить сбои").click()
    expect(panel(page).locator(".badge")).to_have_count(0)
    assert served.simulation.reader(CONTACT).wishes.faults is None


def test_a_card_is_pulled_in_the_middle_of_a_command(page: Page, served: RunningTray) -> None:
    served.tray.insert("one", CONTACT)
    panel(page).get_by_text("Устроить сбой").click()
    panel(page).get_by_label("до получения ответа").check()
    with page.expect_response("**/page/pull?lang=ru"):
        panel(page).get_by_role("button", name="Выдернуть").click()
    with pytest.raises(Exception, match="the card left"):
        served.simulation.conversations.exchange(CONTACT, bytes(4))
    expect(panel(page).locator(".face-empty")).to_be_visible()


def test_what_is_refused_is_said_in_the_readers_language(page: Page, served: RunningTray) -> None:
    panel(page).get_by_role("button", name="Вставить").click()
    expect(page.get_by_role("alert")).to_contain_text("Сначала выберите карту.")
    page.locator("input[name=card][value=one]").check()
    served.tray.insert("one", CONTACTLESS)
    panel(page).get_by_role("button", name="Вставить").click()
    expect(page.get_by_role("alert")).to_contain_text("Карта в другом считывателе")
    page.get_by_role("link", name="Закрыть").click()
    expect(page.locator("#problem")).to_be_hidden()


def test_without_a_script_cards_are_moved_by_plain_forms(
    browser: Browser, served: RunningTray
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(served.url)
    page.get_by_label("Filter").fill("two")
    page.keyboard.press("Enter")
    page.get_by_role("radio").check()
    panel(page).get_by_role("button", name="Insert").click()
    expect(panel(page).locator(".face-name")).to_have_text("two")
    panel(page).get_by_role("button", name="Remove").click()
    expect(panel(page).locator(".face-empty")).to_have_text("Empty")
    panel(page).get_by_role("button", name="Insert").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a card first.")
    context.close()


def test_the_map_of_a_card_is_one_link_away_and_leads_back(page: Page) -> None:
    page.get_by_role("link", name="Схема: one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("one")
    expect(page.locator("table").first).to_contain_text("тег")
    page.get_by_role("link", name="English").click()
    expect(page.locator("table").first).to_contain_text("tag")
    page.get_by_role("link", name="Back to the tray").click()
    expect(page.get_by_role("heading", name="Readers")).to_be_visible()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("width", [360, 640, 1280])
def test_no_screen_scrolls_sideways(
    page: Page, served: RunningTray, language: str, width: int
) -> None:
    served.simulation.set_faults(CONTACT, named_plan("slow-start"), name="slow-start")
    served.tray.insert("one", CONTACT)
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{served.url}/?lang={language}")
    page.wait_for_selector("[data-connection=open]")
    found = [page.evaluate(OVERFLOW)]
    page.evaluate("document.styleSheets[0].insertRule('html { font-size: 150% }')")
    found.append(page.evaluate(OVERFLOW))
    page.goto(f"{served.url}/cards/one")
    found.append(page.evaluate(OVERFLOW))
    assert found == [0, 0, 0]


def test_focus_can_be_seen_wherever_it_goes(page: Page) -> None:
    outlines = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        outlines.add(page.evaluate(OUTLINE))
    assert outlines == {"solid"}


def test_many_readers_and_a_burst_of_events_leave_the_page_right(
    page: Page, served: RunningTray
) -> None:
    for _ in range(100):
        served.tray.insert("one", CONTACT)
        served.tray.remove(CONTACT)
    served.tray.insert("two", CONTACT)
    expect(panel(page).locator(".face-name")).to_have_text("two")
    expect(page.locator("#events li").first).to_contain_text("two")
