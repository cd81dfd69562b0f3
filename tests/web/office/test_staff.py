"""The staff's pages in a real browser: tables of people, complaints, places, accounts, the log."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cardservice.accounts.roles import Role
from tests.registry.stations_world import new_policy
from tests.registry.test_uploads import table
from tests.unit.web_office.complaints.test_complaints import complain, kept
from tests.unit.web_office.uploads.tables import people
from tests.web.office.visiting import ServedOffice, expect_accessible, signed_in, tab_to

PHONE = {"width": 360, "height": 740}

PASSWORD = re.compile(r"^[a-z2-9]{4}(-[a-z2-9]{4}){3}$")

pytestmark = pytest.mark.browser


def send_table(page: Page, path: Path) -> None:
    """Choose a table and send it by keyboard; only the dialog of the system chooses the file."""
    page.set_input_files("#file", path)
    page.focus("#file")
    tab_to(page, "consent")
    page.keyboard.press("Space")
    tab_to(page, "Отправить таблицу")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/uploads/*")


def test_an_employer_sends_a_table_mends_it_and_sends_it_again(
    context: BrowserContext, office: ServedOffice, tmp_path: Path
) -> None:
    rows, path = people(8), tmp_path / "люди.csv"
    right = rows[2]["enp"]
    rows[2]["enp"] = "1"
    path.write_bytes(table(rows))
    page = signed_in(context, office, Role.EMPLOYER)
    page.goto(f"{office.address}/office/uploads")
    expect_accessible(page)
    send_table(page, path)
    expect(page.get_by_role("status")).to_have_text("1 строка не принята.")
    bad = page.get_by_role("row", name="не принята")
    expect(bad).to_contain_text("В номере полиса должно быть 16 цифр.")
    expect_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать непринятые строки").click()
    assert rows[2]["surname"] in Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows[2]["enp"] = right
    path.write_bytes(table(rows))
    page.goto(f"{office.address}/office/uploads")
    send_table(page, path)
    expect(page.locator("#taken")).to_have_text("1")
    expect(page.locator("#known")).to_have_text("7")
    expect(page.locator("#refused")).to_have_text("0")


def test_a_complaint_is_answered_by_keyboard(context: BrowserContext, office: ServedOffice) -> None:
    filed = complain(office.world)
    page = signed_in(context, office, Role.CLERK)
    page.goto(f"{office.address}/office/complaints")
    expect_accessible(page)
    tab_to(page, str(filed.number))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Жалоба {filed.number}")
    expect_accessible(page)
    tab_to(page, "Отправить ответ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect_accessible(page)
    page.focus("#refusal a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer"
    page.keyboard.type("Разобрались.")
    tab_to(page, "Отправить ответ")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Дан ответ")).to_be_visible()
    assert kept(office.world, filed).answer == "Разобрались."


def test_a_place_is_added_on_a_telephone_and_its_times_are_opened(
    context: BrowserContext, office: ServedOffice
) -> None:
    page = signed_in(context, office, Role.CLERK)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{office.address}/office/places/new")
    page.fill("#name", "Пункт на Примерной")
    page.fill("[id='hours.0']", "с утра")
    page.get_by_role("button", name="Добавить").click()
    expect(page.locator("[id='hours.0']")).to_have_value("с утра")
    expect(page.locator("[id='hours.0']")).to_have_attribute("aria-invalid", "true")
    expect_accessible(page)
    page.fill("[id='hours.0']", "09:00–18:00")
    page.fill("#address", "г. Макетный")
    page.check("[value=card]")
    page.get_by_role("button", name="Добавить").click()
    page.fill("#first_day", "2026-06-08")
    page.fill("#last_day", "2026-06-08")
    page.get_by_role("button", name="Открыть запись").click()
    expect(page.locator("#times + p + ul li").first).to_have_text("08.06.2026 09:00")
    expect_accessible(page)
    for path in ("places", "organisations", "organisations/new"):
        page.goto(f"{office.address}/office/{path}")
        expect_accessible(page)


@pytest.mark.parametrize("width", [1280, PHONE["width"]])
def test_an_administrator_adds_an_account_and_a_token(
    context: BrowserContext, office: ServedOffice, width: int
) -> None:
    page = signed_in(context, office, Role.ADMINISTRATOR)
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    page.goto(f"{office.address}/office/accounts")
    expect_accessible(page)
    page.get_by_role("link", name="Добавить учётную запись").click()
    page.fill("#name", "proba")
    page.get_by_label("Курьер").check()
    expect_accessible(page)
    page.get_by_role("button", name="Добавить").click()
    expect(page.locator("#password")).to_have_text(PASSWORD)
    expect_accessible(page)
    page.get_by_role("link", name="К учётной записи").click()
    expect(page.get_by_label("Курьер")).to_be_checked()
    expect_accessible(page)
    page.goto(f"{office.address}/office/accounts/tokens/new")
    page.fill("#label", "Станция 1")
    page.locator("[value='order.make']").check()
    expect_accessible(page)
    page.get_by_role("button", name="Выпустить токен").click()
    expect(page.locator("#token")).to_contain_text("epc_")
    expect_accessible(page)
    page.goto(f"{office.address}/office/accounts/tokens")
    expect_accessible(page)


@pytest.mark.parametrize("width", [1280, PHONE["width"]])
def test_an_auditor_reads_the_log_and_has_it_verified(
    context: BrowserContext, office: ServedOffice, width: int
) -> None:
    policy, application = new_policy(office.world.desk)
    complain(office.world, application_id=application.id)
    page = signed_in(context, office, Role.AUDITOR)
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    page.goto(f"{office.address}/office/audit")
    expect(page.get_by_text("Подана жалоба")).to_be_visible()
    expect_accessible(page)
    page.get_by_role("link", name="Проверить журнал").click()
    expect(page.get_by_role("status")).to_contain_text("Все записи связаны")
    expect_accessible(page)
    page.goto(f"{office.address}/office/audit/looks?person_id={policy.person_id}")
    expect_accessible(page)
