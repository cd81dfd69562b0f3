"""The clerk's part in a real browser: bearer, photo, substitute, sheet, today's list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from cardservice.desk.presentations import BearerCheck, Substitute
from cardservice.desk.substitutes import (
    RegisterUnreachableError,
    SubstituteAnswer,
    SubstituteQuestion,
)
from cardservice.domain.cover import Programme
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import Ogrn, Okato
from cardservice.domain.proven_time import TimeGrade
from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.parts import DeskParts
from cardservice.web.desk.standing import DeskStanding, StandingTrouble
from tests.web.conftest import open_page
from tests.web.office.visiting import expect_accessible, tab_to
from tests.web.running import RunningDesk, running_desk

pytestmark = pytest.mark.browser

STATED = "Дата рождения со слов"
ENP = "0054910834000015"


class Register:
    """Knows one policy."""

    def __init__(self) -> None:
        self.away = False
        self.asked: list[SubstituteQuestion] = []

    def ask(self, question: SubstituteQuestion) -> SubstituteAnswer:
        self.asked.append(question)
        if self.away:
            raise RegisterUnreachableError("away")
        return SubstituteAnswer(
            in_force=True,
            state=PolicyState.ACTIVE,
            valid_until=None,
            insurer=Ogrn("1009900000010"),
            okato=Okato("00001"),
            programmes=frozenset(Programme),
            asked_on=date(2026, 11, 22),
        )


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def desk(register: Register) -> Iterator[RunningDesk]:
    with running_desk(parts=DeskParts(substitutes=register)) as running:
        running.examiner.known[b"broken"] = Examination(problem=Problem.CARD_UNREADABLE)
        yield running


def test_a_stated_birth_date_confirms_the_bearer_apart_from_the_chip(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"valid")
    page.get_by_label(STATED).fill("15.05.1980")
    page.keyboard.press("Enter")
    expect(page.locator(".bearer-word")).to_have_text("Предъявитель подтверждён")
    expect(page.locator(".word")).to_have_text("Действителен")
    desk.watch.remove()
    expect(page.locator(".word")).to_have_text("Предъявите карту")
    assert [one.bearer for one in desk.reports] == [BearerCheck.BIRTH_DATE]


def test_another_date_is_answered_no_and_what_was_typed_is_taken_away(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"valid")
    page.get_by_label(STATED).fill("01.01.1990")
    page.keyboard.press("Enter")
    expect(page.locator(".bearer-wrong")).to_contain_text("не совпадает")
    expect(page.get_by_label(STATED)).to_have_value("")
    expect(page.get_by_role("status")).to_contain_text("не совпадает")


def test_not_the_holder_is_noted_while_the_chip_stays_valid(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    page.get_by_role("button", name="Не владелец").click()
    expect(page.locator(".bearer")).to_have_attribute("data-mark", "stranger")
    expect(page.locator(".panel")).to_have_attribute("data-mark", "valid")


def test_the_photo_comes_beside_the_holder_when_asked_for_and_goes_with_the_card(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"valid")
    expect(page.locator(".surname")).to_have_text("ИВАНОВ")
    expect(page.locator(".photo")).to_have_count(0)
    page.get_by_role("button", name="Показать фото").click()
    photo = page.locator(".photo")
    expect(photo).to_be_visible()
    assert photo.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") > 100
    address = photo.evaluate("(one) => one.src")
    page.get_by_role("button", name="Лицо совпадает с фото").click()
    expect(page.locator(".bearer")).to_have_attribute("data-mark", "confirmed")
    desk.watch.remove()
    expect(photo).to_have_count(0)
    assert page.evaluate("async (at) => (await fetch(at)).status", address) == 404


def test_a_date_half_typed_survives_the_photo_but_never_the_card(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"valid")
    expect(page.locator(".surname")).to_have_text("ИВАНОВ")
    gate = desk.examiner.gate(b"valid")
    page.get_by_role("button", name="Показать фото").click()
    page.get_by_label(STATED).fill("15.05")
    gate.set()
    expect(page.locator(".photo")).to_be_visible()
    expect(page.get_by_label(STATED)).to_have_value("15.05")
    expect(page.get_by_label(STATED)).to_be_focused()
    desk.watch.present(b"other")
    expect(page.locator(".surname")).to_have_text("МАМОНТОВА")
    expect(page.get_by_label(STATED)).to_have_value("")


def test_a_chip_that_fails_leads_to_the_register_and_its_answer(
    page: Page, desk: RunningDesk, register: Register
) -> None:
    desk.watch.present(b"broken")
    panel = page.locator("#panels .panel")
    panel.get_by_label("Номер полиса, 16 цифр").fill("0054 9108 3400 0015")
    panel.get_by_label("Дата рождения").fill("15.05.1980")
    page.keyboard.press("Enter")
    expect(page.locator("#aside .word")).to_have_text("Действует")
    expect(page.locator("#aside")).to_contain_text("территориальная программа")
    assert register.asked[0].reason is Substitute.CARD_UNREADABLE
    desk.watch.remove()
    expect(page.locator("#panels .word")).to_have_text("Предъявите карту")
    assert [one.substitute for one in desk.reports] == [Substitute.CARD_UNREADABLE]


def test_without_network_the_substitute_path_says_what_to_do(
    page: Page, desk: RunningDesk, register: Register
) -> None:
    register.away = True
    desk.watch.present(b"broken")
    panel = page.locator("#panels .panel")
    panel.get_by_label("Номер полиса, 16 цифр").fill(ENP)
    panel.get_by_label("Дата рождения").fill("15.05.1980")
    page.keyboard.press("Enter")
    expect(page.locator("#aside .remedy")).to_contain_text("временное свидетельство")
    assert ENP not in page.content()


def test_the_answer_goes_when_it_is_put_away(page: Page) -> None:
    page.get_by_text("Карты нет: спросить реестр").click()
    page.get_by_label("Номер полиса, 16 цифр").fill(ENP)
    page.locator("#born-none").fill("15.05.1980")
    page.keyboard.press("Enter")
    expect(page.locator("#aside .word")).to_have_text("Действует")
    page.get_by_role("button", name="Убрать").click()
    expect(page.locator("#aside .panel")).to_have_count(0)


def test_todays_list_names_no_person_and_stays_open_as_it_grows(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"copied")
    expect(page.locator("#panels .panel")).to_have_attribute("data-mark", "invalid")
    desk.watch.present(b"valid")
    expect(page.locator("#panels .panel")).to_have_attribute("data-mark", "valid")
    page.get_by_text("Сегодня: 1").click()
    desk.watch.remove()
    expect(page.locator(".history tbody tr")).to_have_count(2)
    expect(page.locator(".history table")).to_be_visible()
    text = page.locator(".history").inner_text()
    assert "Недействителен" in text
    assert "ИВАНОВ" not in page.content()


def test_the_bar_says_offline_how_old_what_is_known_is_and_what_to_do(
    page: Page, desk: RunningDesk
) -> None:
    trouble = StandingTrouble("x", "The register cannot be reached.", "Ring <the> service.")
    standing = DeskStanding(
        online=False,
        list_age=timedelta(hours=5),
        grade=TimeGrade.AT_LEAST,
        queue=3,
        troubles=(trouble,),
    )
    desk.hub.update(lambda one: replace(one, standing=standing))
    bar = page.locator(".standing")
    expect(bar).to_contain_text("Без связи с сервисом")
    expect(bar).to_contain_text("5 часов назад или раньше")
    expect(bar).to_contain_text("Ещё не передано: 3")
    expect(bar).to_contain_text("Ring <the> service.")
    desk.watch.present(b"offline")
    expect(page.locator("#panels .word")).to_have_text("Неясно")
    desk.hub.update(lambda one: replace(one, standing=replace(standing, online=True, troubles=())))
    expect(bar).to_have_attribute("data-mark", "online")


def test_the_sheet_is_saved_under_a_name_without_a_person(page: Page, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Сохранить в PDF").click()
    saved = waiting.value
    assert saved.suggested_filename.startswith("policy-check-")
    assert saved.path().read_bytes().startswith(b"%PDF-")


def test_everything_of_the_clerks_part_is_done_by_keyboard_alone(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"valid")
    expect(page.locator(".surname")).to_have_text("ИВАНОВ")
    tab_to(page, "Показать фото")
    page.keyboard.press("Enter")
    expect(page.locator(".photo")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('.bearer') !== null") is True
    page.get_by_label(STATED).focus()
    page.keyboard.type("15051980", delay=90)
    page.keyboard.press("Enter")
    expect(page.locator(".bearer")).to_have_attribute("data-mark", "confirmed")
    expect(page.locator(".bearer")).to_be_focused()


def test_what_is_called_out_never_has_the_holders_name(page: Page, desk: RunningDesk) -> None:
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() =>
        window.said.push(document.getElementById("announcer").textContent))
        .observe(document.getElementById("announcer"), {childList: true}); }"""
    )
    desk.watch.present(b"valid")
    page.get_by_role("button", name="Показать фото").click()
    expect(page.locator(".photo")).to_be_visible()
    page.get_by_role("button", name="Лицо совпадает с фото").click()
    expect(page.get_by_role("status")).to_contain_text("Предъявитель подтверждён")
    said = " ".join(page.evaluate("window.said"))
    assert "Действителен" in said
    assert not any(one in said for one in ("ИВАНОВ", "0054", "1980"))


@pytest.mark.parametrize("card", [b"valid", b"copied", b"field", b"closed", b"broken", b"bank"])
def test_no_card_makes_a_page_that_keeps_people_out(
    page: Page, desk: RunningDesk, card: bytes
) -> None:
    desk.watch.present(b"other")
    desk.watch.present(card)
    expect(page.locator("#panels .panel")).not_to_have_attribute("data-mark", "reading")
    page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    expect_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_at_twice_the_size_nothing_is_to_be_scrolled_sideways(
    browser: Browser, desk: RunningDesk, scheme: str
) -> None:
    context = browser.new_context(
        locale="ru-RU",
        viewport={"width": 640, "height": 450},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = open_page(context, desk)
    desk.watch.present(b"valid")
    page.get_by_role("button", name="Показать фото").click()
    expect(page.locator(".photo")).to_be_visible()
    page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    expect_accessible(page)
    context.close()


def test_with_forced_colours_every_part_keeps_its_border(
    browser: Browser, desk: RunningDesk
) -> None:
    context = browser.new_context(locale="ru-RU", forced_colors="active")
    page = open_page(context, desk)
    desk.watch.present(b"valid")
    expect(page.locator(".surname")).to_have_text("ИВАНОВ")
    for part in (".verdict", ".holder", ".bearer", ".checks"):
        line = page.locator(part).evaluate("(one) => getComputedStyle(one).borderTopWidth")
        assert line == "2px"
    context.close()


def test_the_clerks_forms_work_without_any_script(browser: Browser, desk: RunningDesk) -> None:
    desk.watch.present(b"valid")
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_label("Birth date, as stated").fill("15.05.1980")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".bearer-word")).to_have_text("Bearer confirmed")
    page.get_by_text("No card: ask the register").click()
    page.locator("#enp-none").fill(ENP)
    page.locator("#born-none").fill("15.05.1980")
    page.locator(".besides").get_by_role("button", name="Ask the register").click()
    expect(page.locator("#aside .word")).to_have_text("In force")
    assert ENP not in page.url
    context.close()


def test_a_card_opened_by_its_number_is_asked_for_it_once_more_for_the_photo(
    page: Page, desk: RunningDesk
) -> None:
    desk.watch.present(b"closed")
    page.get_by_label("Введите шесть цифр, напечатанных на карте").fill("493826")
    page.keyboard.press("Enter")
    expect(page.locator(".word")).to_have_text("Действителен")
    page.get_by_label("Номер на карте, ещё раз").fill("493826")
    page.get_by_role("button", name="Показать фото").click()
    expect(page.locator(".photo")).to_be_visible()
    assert desk.examiner.numbers == [None, "493826", "493826"]
    assert "493826" not in page.content()
