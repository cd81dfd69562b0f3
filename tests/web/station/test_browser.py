"""The operator's page in a browser: pushed, by keyboard alone, enlarged, and without scripts."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cardservice.personalization.lanes import LaneState, LaneView
from tests.web.station.floors import RunningStation, full_station, lane, running_station, station

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = "document.activeElement.closest('.lane')?.id ?? document.activeElement.id"
SILENT = """
window.tones = 0;
window.AudioContext = class {
  constructor() { this.currentTime = 0; this.destination = {}; }
  createGain() {
    const gain = {setValueAtTime() {}, exponentialRampToValueAtTime() {}};
    return {gain, connect() {}};
  }
  createOscillator() {
    return {frequency: {}, connect: (to) => to, start() { window.tones += 1; }, stop() {}};
  }
};
"""


@pytest.fixture
def running() -> Iterator[RunningStation]:
    with running_station(station(*(lane(number) for number in range(1, 13)))) as one:
        yield one


@pytest.fixture
def page(context: BrowserContext, running: RunningStation) -> Page:
    return _opened(context, running)


def _opened(context: BrowserContext, running: RunningStation) -> Page:
    page = context.new_page()
    page.goto(running.url)
    page.wait_for_selector("[data-connection=open]")
    return page


def _asked(running: RunningStation, page: Page, count: int) -> list[tuple[str, int | None]]:
    """Return what the floor was asked, once it was asked so often; bounded by the page's clock."""
    for _ in range(200):
        if len(running.floor.asked) >= count:
            break
        page.wait_for_timeout(25)
    return running.floor.asked


def _stopped(number: int) -> LaneView:
    return lane(number, LaneState.STOPPED, code="print-failed")


def test_a_lane_changes_without_a_reload(page: Page, running: RunningStation) -> None:
    page.evaluate("window.sameDocument = true")
    running.floor.show_lane(_stopped(3))
    tile = page.locator("#lane-3")
    expect(tile.locator(".word")).to_have_text("Остановлена")
    expect(tile).to_have_attribute("data-mark", "stopped")
    expect(page.locator("#code-print-failed")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True


def test_lanes_come_and_go(page: Page, running: RunningStation) -> None:
    running.floor.show(replace(running.floor.view, lanes=(lane(1), lane(2))))
    expect(page.locator(".lane")).to_have_count(2)
    expect(page.locator("#lanes")).to_have_attribute("data-crowd", "few")
    running.floor.show(replace(running.floor.view, lanes=(lane(1), lane(2), lane(3))))
    expect(page.locator(".lane")).to_have_count(3)


def test_a_digit_chooses_a_lane_and_a_letter_steers_it(page: Page, running: RunningStation) -> None:
    page.keyboard.press("3")
    expect(page.locator("#chosen")).to_contain_text("Линия 3")
    assert page.evaluate(FOCUSED) == "lane-3"
    for key in "prsa":
        page.keyboard.press(key)
    assert sorted(_asked(running, page, 4)) == [
        *(("pause", 3), ("repeat", 3), ("resume", 3), ("skip", 3))
    ]


def test_two_digits_choose_a_lane_from_ten(page: Page, running: RunningStation) -> None:
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#chosen")).to_contain_text("Линия 12")
    page.keyboard.press("p")
    assert _asked(running, page, 1) == [("pause", 12)]


def test_without_a_chosen_lane_pause_and_resume_are_for_all_and_the_rest_for_none(
    page: Page, running: RunningStation
) -> None:
    for key in "sapr":
        page.keyboard.press(key)
    assert sorted(_asked(running, page, 2)) == [("pause", None), ("resume", None)]
    expect(page.locator("#chosen")).to_contain_text("Сначала выберите линию.")


def test_keys_can_be_switched_off(page: Page, running: RunningStation) -> None:
    page.locator("#keys").click()
    expect(page.locator("#keys")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("p")
    page.locator("#keys").click()
    page.keyboard.press("r")
    assert _asked(running, page, 1) == [("resume", None)]


def test_every_action_is_reached_by_tab_alone(page: Page, running: RunningStation) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "skip":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert _asked(running, page, 1) == [("skip", 1)]


def test_a_button_keeps_the_focus_when_its_lane_changes(
    page: Page, running: RunningStation
) -> None:
    page.locator("#lane-2 button[value=skip]").focus()
    running.floor.show_lane(_stopped(2))
    expect(page.locator("#lane-2 .word")).to_have_text("Остановлена")
    assert page.evaluate("document.activeElement.value") == "skip"
    assert page.evaluate(FOCUSED) == "lane-2"


def test_finishing_is_asked_for_twice(page: Page, running: RunningStation) -> None:
    expect(page.locator("button[value=finish]")).to_be_hidden()
    page.locator(".all summary").click()
    page.locator("button[value=finish]").click()
    assert _asked(running, page, 1) == [("finish", None)]
    expect(page.locator("button[value=finish]")).to_be_hidden()


def test_a_stop_is_announced_politely_and_other_changes_are_not(
    page: Page, running: RunningStation
) -> None:
    announcer = page.locator("#announcer")
    expect(announcer).to_have_attribute("aria-live", "polite")
    running.floor.show_lane(lane(1, LaneState.WORKING))
    expect(page.locator("#lane-1 .word")).to_have_text("Работает")
    expect(announcer).to_be_empty()
    running.floor.show_lane(_stopped(1))
    expect(announcer).to_contain_text("Линия 1: Остановлена. Осмотрите принтер")


def test_sound_is_off_until_it_is_wanted(context: BrowserContext, running: RunningStation) -> None:
    context.add_init_script(SILENT)
    page = _opened(context, running)
    running.floor.show_lane(_stopped(1))
    expect(page.locator("#lane-1")).to_have_attribute("data-mark", "stopped")
    assert page.evaluate("window.tones") == 0
    page.locator("#sound").click()
    heard = page.evaluate("window.tones")
    running.floor.show_lane(lane(2, LaneState.PUT_BACK, code="card-removed"))
    expect(page.locator("#lane-2")).to_have_attribute("data-mark", "put-back")
    assert page.evaluate("window.tones") == heard + 1
    page.locator("#sound").click()
    running.floor.show_lane(_stopped(3))
    expect(page.locator("#lane-3")).to_have_attribute("data-mark", "stopped")
    assert page.evaluate("window.tones") == heard + 1


def test_a_lost_station_is_said_and_found_again(context: BrowserContext) -> None:
    with running_station(station(lane(1))) as running:
        page = _opened(context, running)
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-connection", "lost")


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_sixteen_lanes_fit_on_one_screen(browser: Browser, locale: str) -> None:
    with running_station(full_station()) as running:
        context = browser.new_context(locale=locale, viewport={"width": 1440, "height": 900})
        page = _opened(context, running)
        ends = page.evaluate(
            "[...document.querySelectorAll('.lane')].map(e => e.getBoundingClientRect().bottom)"
        )
        context.close()
    assert len(ends) == 16
    assert max(ends) <= 900


@pytest.mark.parametrize(("width", "height"), [(720, 450), (340, 600)])
def test_nothing_is_cut_when_the_page_is_enlarged(
    browser: Browser, width: int, height: int
) -> None:
    with running_station(full_station(9)) as running:
        context = browser.new_context(viewport={"width": width, "height": height})
        page = _opened(context, running)
        overflow = page.evaluate(OVERFLOW)
        context.close()
    assert overflow <= 0


def test_forms_work_without_javascript(browser: Browser) -> None:
    with running_station(full_station(3)) as running:
        context = browser.new_context(java_script_enabled=False, locale="ru-RU")
        page = context.new_page()
        page.goto(running.url)
        page.locator("#lane-2 button[value=resume]").click()
        page.wait_for_url(re.compile("#lane-2$"))
        assert running.floor.asked == [("resume", 2)]
        page.locator(".all summary").click()
        page.locator("button[value=finish]").click()
        page.wait_for_load_state()
        context.close()
        assert running.floor.asked == [("resume", 2), ("finish", None)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "codes"])
def test_axe_finds_nothing_against_the_page(browser: Browser, scheme: str, path: str) -> None:
    with running_station(full_station(10)) as running:
        context = browser.new_context(bypass_csp=True, locale="ru-RU")
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(running.url + path)
        page.wait_for_selector("main")
        found = Axe().run(page).response["violations"]
        context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
