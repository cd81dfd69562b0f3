"""The number printed on a card, typed into a real browser by hand or by a scanner."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cardservice.transport.events import ReaderAdded
from tests.unit.web.doubles import PATIENCE_S, READER
from tests.unit.web.examples import CAN, WRONG_CAN
from tests.web.conftest import open_page
from tests.web.running import RunningDesk, running_desk
from tests.web.test_access import OVERFLOW

pytestmark = pytest.mark.browser

FIELD = "Введите шесть цифр, напечатанных на карте"


def test_a_closed_card_opens_after_a_wrong_number_and_the_right_one(
    page: Page, desk: RunningDesk
) -> None:
    page.evaluate("window.sameDocument = true")
    desk.watch.present(b"closed")
    expect(page.locator(".word")).to_have_text("Нужен номер")
    page.get_by_label(FIELD).fill(WRONG_CAN)
    page.get_by_role("button", name="Прочитать карту").click()
    expect(page.locator(".word")).to_have_text("Неверный номер")
    expect(page.locator(".sentence")).to_contain_text("не тот номер")
    expect(page.get_by_label(FIELD)).to_have_value("")
    page.get_by_label(FIELD).fill(CAN)
    page.get_by_role("button", name="Прочитать карту").click()
    expect(page.locator(".word")).to_have_text("Действителен")
    expect(page.locator(".ran")).to_contain_text("PACE по номеру на карте")
    assert desk.examiner.numbers == [None, WRONG_CAN, CAN]
    assert page.evaluate("window.sameDocument") is True


def test_the_digits_are_in_no_address_and_no_document_once_they_are_sent(
    page: Page, desk: RunningDesk
) -> None:
    addresses: list[str] = []
    page.on("request", lambda one: addresses.append(one.url))
    desk.watch.present(b"closed")
    page.get_by_label(FIELD).fill(CAN)
    gate = desk.examiner.gate(b"closed")
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_have_attribute("data-mark", "reading")
    assert CAN not in page.content()
    gate.set()
    expect(page.locator(".word")).to_have_text("Действителен")
    assert any(one.endswith("/desk/can") for one in addresses)
    assert not any(CAN in one for one in (page.url, page.content(), *addresses))


def test_the_field_is_emptied_when_it_is_sent_whatever_becomes_of_the_number(
    page: Page, desk: RunningDesk
) -> None:
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or ""))
    page.route("**/desk/can", lambda route: route.fulfill(status=204))
    desk.watch.present(b"closed")
    page.get_by_label(FIELD).fill(CAN)
    page.keyboard.press("Enter")
    expect(page.get_by_label(FIELD)).to_have_value("")
    assert any(f"can={CAN}" in one for one in sent)


def test_a_scanner_types_six_digits_and_enter_and_needs_no_click(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"closed")
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.keyboard.type(CAN)
    page.keyboard.press("Enter")
    expect(page.locator(".word")).to_have_text("Действителен")


def test_a_scanner_finds_the_question_when_the_focus_was_elsewhere(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"closed")
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.get_by_role("link", name="English").focus()
    page.keyboard.type(CAN)
    page.keyboard.press("Enter")
    expect(page.locator(".word")).to_have_text("Действителен")


def test_the_field_takes_nothing_but_six_digits(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"closed")
    expect(page.get_by_label(FIELD)).to_be_focused()
    for typed in ("12345", "12345a", "abcdef"):
        page.get_by_label(FIELD).fill(typed)
        page.keyboard.press("Enter")
        assert page.get_by_label(FIELD).evaluate("(one) => one.validity.valid") is False
    assert desk.examiner.numbers == [None]


def test_the_field_is_for_digits_and_is_remembered_by_no_browser(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"closed")
    field = page.get_by_label(FIELD)
    kept = {name: field.get_attribute(name) for name in ("inputmode", "autocomplete", "type")}
    assert kept == {"inputmode": "numeric", "autocomplete": "off", "type": "text"}


def test_half_a_number_is_never_led_away_to_another_card(page: Page, desk: RunningDesk) -> None:
    desk.watch.tell(ReaderAdded("Second reader"))
    desk.watch.present(b"closed")
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.keyboard.type(CAN[:3])
    desk.watch.present(b"closed", "Second reader")
    expect(page.get_by_label(FIELD)).to_have_count(2)
    page.keyboard.type(CAN[3:])
    page.keyboard.press("Enter")
    expect(page.locator(".panel").nth(0)).to_have_attribute("data-mark", "valid")
    expect(page.locator(".panel").nth(1).locator(".word")).to_have_text("Нужен номер")


def test_a_number_for_a_card_that_left_is_not_tried_on_the_next(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"closed")
    page.get_by_label(FIELD).fill(CAN)
    gate = desk.examiner.gate(b"closed")
    page.keyboard.press("Enter")
    assert desk.examiner.entered[b"closed"].wait(PATIENCE_S)
    desk.watch.remove()
    desk.watch.present(b"other", READER)
    gate.set()
    expect(page.locator(".surname")).to_have_text("МАМОНТОВА")
    assert desk.examiner.numbers == [None, CAN, None]


def test_the_question_is_announced_with_what_to_do(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"closed")
    expect(page.get_by_role("status")).to_contain_text("Введите шесть цифр")


def test_a_small_screen_shows_field_and_button_without_scrolling_sideways(
    page: Page, desk: RunningDesk
) -> None:
    page.set_viewport_size({"width": 360, "height": 480})
    desk.watch.present(b"closed")
    expect(page.get_by_label(FIELD)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Прочитать карту")).to_be_in_viewport(ratio=1)
    page.evaluate("document.styleSheets[0].insertRule('html { font-size: 200% }')")
    assert page.evaluate(OVERFLOW) == 0


def test_a_card_opens_without_any_script(browser: Browser, desk: RunningDesk) -> None:
    desk.watch.present(b"closed")
    context = browser.new_context(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_label(FIELD).fill(CAN)
    page.get_by_role("button", name="Прочитать карту").click()
    expect(page.locator(".word")).to_have_text("Действителен")  # The page looks again by itself.
    assert CAN not in page.url
    context.close()


def test_a_demonstration_card_with_a_number_leads_from_its_button_to_the_field(
    context: BrowserContext,
) -> None:
    with running_desk(demonstration=True) as desk:
        page = open_page(context, desk)
        button = page.get_by_role("button", name=f"Бесконтактная карта (введите номер) {CAN}")
        button.click()
        expect(page.get_by_label(FIELD)).to_be_focused()
        page.keyboard.type(CAN)
        page.keyboard.press("Enter")
        expect(page.locator(".word")).to_have_text("Действителен")
