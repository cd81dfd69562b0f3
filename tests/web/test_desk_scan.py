"""A scanner that types, in a real browser."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.papers.statement.signed import sign_statement
from cardservice.web.desk.parts import DeskParts
from tests.unit.papers.examples import MADE, key, statement, trusted
from tests.unit.web.examples import CAN
from tests.web.running import RunningDesk, running_desk

pytestmark = pytest.mark.browser

CODE = sign_statement(statement(), key())
SCANNER_S = 0.01  # from key to key
FIELD = "Введите шесть цифр, напечатанных на карте"
# What a scanner's keys are on a Russian layout: event by event, as a browser reports them.
RUSSIAN_KEYS = """
(code) => {
  const rows = {Q:"Й",W:"Ц",E:"У",R:"К",T:"Е",Y:"Н",U:"Г",I:"Ш",O:"Щ",P:"З",A:"Ф",S:"Ы",D:"В",
    F:"А",G:"П",H:"Р",J:"О",K:"Л",L:"Д",Z:"Я",X:"Ч",C:"С",V:"М",B:"И",N:"Т",M:"Ь"};
  const others = {" ":["Space",0," "],"-":["Minus",0,"-"],"+":["Equal",1,"+"],".":["Period",0,"ю"],
    "/":["Slash",0,"."],":":["Semicolon",1,"Ж"],"$":["Digit4",1,";"],"%":["Digit5",1,"%"],
    "*":["Digit8",1,"*"]};
  for (const one of code) {
    const found = rows[one] ? ["Key" + one, 1, rows[one]]
      : others[one] ?? ["Digit" + one, 0, one];
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
      {key: found[2], code: found[0], shiftKey: found[1] === 1, bubbles: true, cancelable: true}));
  }
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
    {key: "Enter", code: "Enter", bubbles: true, cancelable: true}));
}
"""


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    moment = Moment(at=MADE, grade=TimeGrade.PROVEN)
    parts = DeskParts(statement_keys=lambda: (trusted(),), moments=lambda: moment)
    with running_desk(parts=parts) as running:
        yield running


def _scan(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _scan_digits(page: Page, text: str) -> None:
    """Scan what is told from typing by its pace alone, at a scanner's however busy we are."""
    session = page.context.new_cdp_session(page)
    begun = time.time()
    for turn, one in enumerate((*text, "Enter")):
        written = "\r" if one == "Enter" else one
        known = {"key": one, "timestamp": begun + turn * SCANNER_S}
        pressed = {"windowsVirtualKeyCode": ord(written), **known}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": written, **pressed})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
    session.detach()


def test_a_certificate_is_judged_wherever_its_code_is_scanned(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"bank")
    page.get_by_role("link", name="English").focus()
    page.evaluate("window.sameDocument = true")
    _scan(page, CODE)
    expect(page.locator("#aside .word")).to_have_text("Действителен")
    expect(page.locator("#aside .surname")).to_have_text(statement().surname)
    expect(page.get_by_role("status")).to_contain_text("Временное свидетельство: Действителен")
    assert page.evaluate("window.sameDocument") is True
    assert CODE not in page.content()


def test_a_code_that_falls_into_a_field_is_taken_out_of_it(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    field = page.get_by_label("Дата рождения со слов")
    field.fill("15.05")
    _scan(page, CODE)
    expect(page.locator("#aside .word")).to_have_text("Действителен")
    expect(field).to_have_value("15.05")
    expect(page.locator(".bearer")).to_have_attribute("data-mark", "person")


def test_a_scanner_on_a_russian_layout_is_understood(page: Page) -> None:
    page.evaluate(RUSSIAN_KEYS, CODE)
    expect(page.locator("#aside .word")).to_have_text("Действителен")


def test_blanks_in_a_code_press_no_button(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    page.get_by_role("button", name="Не владелец").focus()
    _scan(page, "OMS1:AB CD EF GH")
    expect(page.locator("#aside .panel")).to_have_attribute("data-mark", "undecided")
    expect(page.locator(".bearer")).to_have_attribute("data-mark", "person")


def test_an_altered_certificate_is_refused(page: Page) -> None:
    other = sign_statement(statement(surname="ПЕТРОВ"), key("another"))
    _scan(page, other)
    expect(page.locator("#aside .panel")).to_have_attribute("data-mark", "undecided")
    assert "ПЕТРОВ" not in page.content()


def test_scanned_digits_open_the_card_that_asks(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"closed")
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.get_by_text("Сканировать временное свидетельство").focus()
    _scan_digits(page, CAN)
    expect(page.locator(".word")).to_have_text("Действителен")


def test_anything_else_is_answered_with_a_hint_and_not_repeated(
    page: Page,
) -> None:
    _scan_digits(page, "4601234567890")
    expect(page.locator("#aside .word")).to_have_text("Не распознано")
    assert "4601234567890" not in page.content()


def test_what_a_person_types_is_no_scan(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    page.get_by_label("Дата рождения со слов").focus()
    page.keyboard.type("01011990", delay=90)
    page.keyboard.press("Enter")
    expect(page.locator(".bearer-wrong")).to_be_visible()
    expect(page.locator("#aside .panel")).to_have_count(0)


def test_a_certificate_goes_when_a_card_comes(page: Page, desk: RunningDesk) -> None:
    _scan(page, CODE)
    expect(page.locator("#aside .surname")).to_be_visible()
    desk.watch.present(b"copied")
    expect(page.locator("#panels .word")).to_have_text("Недействителен")
    expect(page.locator("#aside .panel")).to_have_count(0)
    assert statement().surname not in page.locator("#aside").inner_html()


def test_a_code_is_judged_without_any_script(browser: Browser, desk: RunningDesk) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_text("Scan a temporary certificate").click()
    page.get_by_label("Text of the code").fill(CODE)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#aside .word")).to_have_text("Valid")
    assert "OMS1" not in page.url
    context.close()
