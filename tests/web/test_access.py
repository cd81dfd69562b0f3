"""The desk page for everybody: languages, keyboard, small screens, screen readers, colours."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.conftest import open_page
from tests.web.running import RunningDesk, running_desk

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
JUDGED = ".panel:not([data-mark=waiting]):not([data-mark=reading])"
LINES = "(one) => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)"
FOCUSED = "document.activeElement.textContent.trim()"
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"


def test_the_language_is_switched_and_remembered(page: Page, desk: RunningDesk) -> None:
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("html[lang=en][data-connection=open]")
    desk.watch.present(b"valid")
    expect(page.locator(".word")).to_have_text("Valid")
    page.reload()
    expect(page.locator(".word")).to_have_text("Valid")
    page.get_by_role("link", name="Русский").click()
    expect(page.locator(".word")).to_have_text("Действителен")


def test_two_pages_of_one_desk_speak_two_languages(browser: Browser, desk: RunningDesk) -> None:
    words = []
    for locale in ("ru-RU", "en-GB"):
        context = browser.new_context(locale=locale)
        page = open_page(context, desk)
        desk.watch.present(b"valid")
        words.append(page.locator(".panel[data-mark=valid] .word").inner_text())
        desk.watch.remove()
        context.close()
    assert words == ["Действителен", "Valid"]


def test_the_page_is_walked_through_by_keyboard_alone(context: BrowserContext) -> None:
    with running_desk(demonstration=True) as desk:
        page = open_page(context, desk)
        walked = []
        for _ in range(8):
            page.keyboard.press("Tab")
            walked.append(page.evaluate(FOCUSED))
            assert page.evaluate(OUTLINE) == "solid"
        assert walked == [
            "К результату",
            "Русский",
            "English",
            "A valid policy",
            "Скопированный чип",
            "Банковская карта",
            "Бесконтактная карта (введите номер) 493826",
            "Убрать карту",
        ]


def test_a_demonstration_card_is_tapped_from_the_keyboard_and_focus_stays(
    context: BrowserContext,
) -> None:
    with running_desk(demonstration=True) as desk:
        page = open_page(context, desk)
        page.get_by_role("button", name="Скопированный чип").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".word")).to_have_text("Недействителен")
        assert page.evaluate(FOCUSED) == "Скопированный чип"


def test_the_skip_link_leads_to_the_result(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "desk"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_narrow_screen_never_scrolls_sideways(
    page: Page, desk: RunningDesk, language: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{desk.url}/?lang={language}")
    overflow = {}
    for card in (b"valid", b"copied", b"offline", b"field", b"bank"):
        page.wait_for_selector(".panel[data-mark=waiting]")
        overflow["waiting"] = page.evaluate(OVERFLOW)
        desk.watch.present(card)
        page.wait_for_selector(JUDGED)
        overflow[card.decode()] = page.evaluate(OVERFLOW)
        desk.watch.remove()
    assert set(overflow.values()) == {0}


@pytest.mark.parametrize("width", [360, 640, 1280])
def test_text_at_twice_its_size_never_scrolls_sideways(
    page: Page, desk: RunningDesk, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("document.styleSheets[0].insertRule('html { font-size: 200% }')")
    desk.watch.present(b"copied")
    expect(page.locator(".panel")).to_have_attribute("data-mark", "invalid")
    assert page.evaluate(OVERFLOW) == 0


def test_the_longest_verdict_is_never_broken_in_the_middle(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"copied")
    word = page.locator(".panel[data-mark=invalid] .word")
    lines = {}
    for width in (360, 480, 900, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        lines[width] = round(word.evaluate(LINES))
    assert lines == dict.fromkeys(lines, 1)


def test_a_verdict_is_announced_without_the_holders_name(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    expect(page.get_by_role("status")).to_have_text(
        "Действителен. Карта подлинная, полис действует."
    )
    assert page.locator("#announcer").get_attribute("aria-live") == "assertive"


def test_each_check_names_its_outcome_to_those_who_do_not_see_icons(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"offline")
    checks = page.get_by_role("list", name="Проверки").get_by_role("listitem")
    expect(checks).to_have_count(8)
    expect(checks.nth(0)).to_contain_text("Чип: пройдена")
    expect(checks.nth(4)).to_contain_text("Карта: не решена")


def test_each_outcome_has_a_shape_of_its_own(page: Page, desk: RunningDesk) -> None:
    shapes = set()
    for card in (b"valid", b"copied", b"offline", b"bank"):
        desk.watch.present(card)
        shape = page.locator(f"{JUDGED} .shape use").get_attribute("href") or ""
        assert page.locator(f"symbol{shape}").count() == 1
        shapes.add(shape)
        desk.watch.remove()
        page.wait_for_selector(".panel[data-mark=waiting]")
    assert len(shapes) == 4


def test_the_page_follows_the_colour_scheme_of_the_system(page: Page) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(233, 237, 242)", "rgb(13, 19, 25)"]


def test_nothing_moves_for_those_who_asked_for_no_motion(page: Page) -> None:
    running = "document.getAnimations().length"
    page.emulate_media(reduced_motion="no-preference")
    page.wait_for_function(f"{running} > 0")
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(f"{running} === 0")
    assert page.evaluate(running) == 0
