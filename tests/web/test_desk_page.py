"""The desk page in a real browser: cards come and go, the page follows."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cardservice.transport.events import (
    ReaderAdded,
    ReaderRemoved,
    ServiceLost,
    ServiceRestored,
)
from tests.unit.web.doubles import PATIENCE_S, READER, DoubleWatch
from tests.unit.web.examples import IVANOV, examined, verdict
from tests.web.conftest import open_page
from tests.web.running import RunningDesk, running_desk

pytestmark = pytest.mark.browser


def test_a_verdict_appears_without_a_reload(page: Page, desk: RunningDesk) -> None:
    page.evaluate("window.sameDocument = true")
    desk.watch.present(b"valid")
    expect(page.locator(".word")).to_have_text("Действителен")
    expect(page.locator(".holder")).to_contain_text("ИВАНОВ")
    expect(page.locator(".holder")).to_contain_text("0054 9108 3400 0015")
    assert page.evaluate("window.sameDocument") is True


def test_a_card_is_shown_as_being_read_while_it_is_read(page: Page, desk: RunningDesk) -> None:
    gate = desk.examiner.gate(b"valid")
    desk.watch.present(b"valid")
    expect(page.locator(".panel")).to_have_attribute("data-mark", "reading")
    gate.set()
    expect(page.locator(".panel")).to_have_attribute("data-mark", "valid")


def test_removal_leaves_nothing_of_the_holder_in_the_document(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"valid")
    expect(page.locator(".surname")).to_have_text("ИВАНОВ")
    desk.watch.remove()
    expect(page.locator(".word")).to_have_text("Предъявите карту")
    assert "ИВАНОВ" not in page.content()
    assert "0054 9108" not in page.content()


def test_after_a_quick_swap_only_the_second_holder_is_shown(page: Page, desk: RunningDesk) -> None:
    gate = desk.examiner.gate(b"valid")
    desk.watch.present(b"valid")
    assert desk.examiner.entered[b"valid"].wait(PATIENCE_S)
    desk.watch.remove()
    desk.watch.present(b"other")
    gate.set()
    expect(page.locator(".surname")).to_have_text("МАМОНТОВА")
    assert "ИВАНОВ " not in page.content()


@pytest.mark.parametrize(
    ("card", "mark", "said"),
    [
        (b"copied", "invalid", ("Недействителен", "карта может быть копией")),
        (b"offline", "undecided", ("Неясно", "Нет связи с реестром")),
        (b"field", "undecided", ("Неясно", "данные ничем не подтверждены")),
        (b"blank", "invalid", ("Недействителен", "Карта пустая")),
        (b"bank", "problem", ("Не полис", "Это не карта полиса ОМС")),
    ],
)
def test_every_other_card_says_what_is_the_matter(
    page: Page, desk: RunningDesk, card: bytes, mark: str, said: tuple[str, str]
) -> None:
    desk.watch.present(card)
    expect(page.locator(".panel")).to_have_attribute("data-mark", mark)
    expect(page.locator(".word")).to_have_text(said[0])
    expect(page.locator(".sentence")).to_contain_text(said[1])
    expect(page.locator(".verdict .remedy")).not_to_be_empty()


def test_unproved_data_are_marked_on_the_page(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"field")
    expect(page.locator(".holder.unproved .tag")).to_contain_text("Не подтверждено")


def test_the_clerks_part_is_always_there(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    expect(page.locator(".bearer")).to_contain_text("Проверьте лицо или спросите дату рождения")


def test_a_card_taken_away_too_early_is_asked_back(page: Page, desk: RunningDesk) -> None:
    gate = desk.examiner.gate(b"valid")
    desk.watch.present(b"valid")
    desk.watch.remove()
    gate.set()
    expect(page.locator(".word")).to_have_text("Прервано")


def test_readers_come_and_go_on_the_page(page: Page, desk: RunningDesk) -> None:
    desk.watch.tell(ReaderAdded("Second reader"))
    expect(page.locator(".panel")).to_have_count(2)
    desk.watch.present(b"valid", "Second reader")
    expect(page.locator(".panel").nth(1)).to_have_attribute("data-mark", "valid")
    expect(page.locator(".panel").nth(0)).to_have_attribute("data-mark", "waiting")
    desk.watch.tell(ReaderRemoved("Second reader"))
    desk.watch.tell(ReaderRemoved(READER))
    expect(page.locator("#notice")).to_contain_text("Нет считывателя")


def test_a_lost_reader_service_clears_the_page_and_says_what_to_do(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"valid")
    expect(page.locator(".surname")).to_have_text("ИВАНОВ")
    desk.watch.tell(ServiceLost("The service is away.", "Start the service."))
    expect(page.locator("#notice")).to_contain_text("Start the service.")
    assert "ИВАНОВ" not in page.content()
    desk.watch.tell(ServiceRestored())
    desk.watch.tell(ReaderAdded(READER))
    expect(page.locator(".word")).to_have_text("Предъявите карту")


def test_two_pages_show_the_same_desk(
    context: BrowserContext, page: Page, desk: RunningDesk
) -> None:
    second = open_page(context, desk)
    desk.watch.present(b"copied")
    for one in (page, second):
        expect(one.locator(".word")).to_have_text("Недействителен")


def test_a_name_full_of_markup_is_only_a_name(page: Page, desk: RunningDesk) -> None:
    renamed = replace(IVANOV, surname="<img src=x onerror=alert(1)>")
    desk.examiner.known[b"valid"] = examined(verdict(), holder=renamed)
    desk.watch.present(b"valid")
    expect(page.locator(".surname")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".panel img")).to_have_count(0)


def test_a_page_without_its_service_hides_everything_and_comes_back(
    context: BrowserContext,
) -> None:
    with running_desk() as first:
        page = open_page(context, first)
        page.evaluate("window.sameDocument = true")
        first.watch.present(b"valid")
        expect(page.locator(".surname")).to_have_text("ИВАНОВ")
    expect(page.locator("#lost")).to_be_visible()
    assert "ИВАНОВ" not in page.locator("main").inner_html()
    port = int(first.url.rpartition(":")[2])
    with running_desk(DoubleWatch(("Another reader",)), port=port):
        expect(page.locator(".reader")).to_contain_text("Another reader")
        expect(page.locator("#lost")).to_be_hidden()
        assert page.evaluate("window.sameDocument") is None  # A new run may have a new page.


def test_a_demonstration_card_is_put_on_and_taken_off_by_buttons(context: BrowserContext) -> None:
    with running_desk(demonstration=True) as desk:
        page = open_page(context, desk)
        page.evaluate("window.sameDocument = true")
        page.get_by_role("button", name="Скопированный чип").click()
        expect(page.locator(".word")).to_have_text("Недействителен")
        page.get_by_role("button", name="Убрать карту").click()
        expect(page.locator(".word")).to_have_text("Предъявите карту")
        assert page.evaluate("window.sameDocument") is True


def test_the_page_shows_the_desk_without_any_script(browser: Browser, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    context = browser.new_context(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    page.goto(desk.url)
    expect(page.locator(".banner").last).to_contain_text("JavaScript")
    context.close()
