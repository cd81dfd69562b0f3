"""The applicant's pages in a real browser: applying, the status, a lost card, a complaint."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from tests.registry.forms import submitted
from tests.registry.offices import REGION
from tests.registry.stations_world import card_now, new_place
from tests.registry.test_cards import new_card
from tests.unit.uploads.samples import jpeg
from tests.unit.web_office.apply.filler import PAGES, PASSPORT
from tests.web.office.visiting import MOST_TABS, ServedOffice, expect_accessible

MOST_CHOICES = 10
PHONE = {"width": 360, "height": 740}
FOCUS = "[document.activeElement.id, document.activeElement.name, document.activeElement.value]"

pytestmark = pytest.mark.browser


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A picture of a document."""
    path = tmp_path / "scan.jpg"
    path.write_bytes(jpeg())
    return path


def focused(page: Page) -> tuple[str, str, str]:
    """Return id, name and value of what has the focus."""
    id_, name, value = page.evaluate(FOCUS)
    return str(id_), str(name), str(value)


def tab_to(page: Page, name: str, value: str | None = None) -> None:
    """Go on with the tabulator key until the field called ``name`` has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        _, found, has = focused(page)
        if found == name and value in (None, has):
            return
    raise AssertionError(f"the tabulator key never reaches {name}")


def fill_by_keyboard(page: Page, step: str) -> None:
    """Fill a step in and press its first button, without a pointer."""
    for name, value in PAGES[step].items():
        tab_to(page, name)
        if page.locator(f"[name='{name}']").first.get_attribute("type") == "radio":
            choose(page, name, value)
        else:
            page.keyboard.press("Control+A")
            page.keyboard.type(value)
    tab_to(page, "go", "next")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """Choose a radio button of the group that has the focus."""
    page.keyboard.press("Space")
    for _ in range(MOST_CHOICES):
        if focused(page)[1:] == (name, value):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow key leads to {value}")


def add_files(page: Page, scan: Path) -> None:
    """Add the passport and the photo; only the dialog of the system chooses the file."""
    for name in ("number", "issued_on", "issuer"):
        page.fill(f"#{name}", PASSPORT[name])
    page.select_option("#what", PASSPORT["what"])
    page.set_input_files("#file", scan)
    page.click("form[action$='/documents/add'] button")
    expect(page.locator(".wanted .state-documents-needed")).to_have_count(0)
    page.set_input_files("#photo", scan)
    page.click("form[action$='/photo/add'] button")
    expect(page.locator("form[action$='/photo/add'] .told")).to_be_visible()


def test_somebody_applies_by_keyboard_from_the_first_page_to_the_number(
    context: BrowserContext, office: ServedOffice, scan: Path
) -> None:
    page = context.new_page()
    page.goto(f"{office.address}/apply")
    expect_accessible(page)
    page.get_by_role("button", name="Начать").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for step in PAGES:
        expect(page).to_have_url(re.compile(f"/application/{step}$"))
        expect_accessible(page)
        fill_by_keyboard(page, step)
    add_files(page, scan)
    expect_accessible(page)
    tab_to(page, "go", "next")
    page.keyboard.press("Enter")
    expect(page.locator("#surname")).to_have_text("Пробный")
    expect_accessible(page)
    tab_to(page, "consent")
    page.keyboard.press("Space")
    tab_to(page, "go", "submit")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{office.address}/application")
    expect(page.locator("#number")).to_have_text(re.compile(r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$"))
    expect(page.locator("main")).to_contain_text("Полис будет готов до01.07.2026")
    expect_accessible(page)


def test_the_form_is_filled_in_on_a_telephone(
    context: BrowserContext, office: ServedOffice, scan: Path
) -> None:
    page = context.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in ("apply", "status", "lost", "places", "organisations", "complaint"):
        page.goto(f"{office.address}/{path}")
        expect_accessible(page)
    page.goto(f"{office.address}/apply")
    page.get_by_role("button", name="Начать").click()
    page.check("[value=insurer-change]")
    page.check("[value=move]")
    page.fill("[name='ground.moved_on']", "31.02.2026")
    page.get_by_role("button", name="Далее").click()
    expect(page.get_by_role("alert")).to_contain_text("Дата переезда")
    expect(page.locator("[name='ground.moved_on']")).to_have_value("31.02.2026")
    for step in ("why", "person", "applicant", "contact", "documents", "check"):
        page.goto(f"{office.address}/application/{step}?checked=yes")
        expect_accessible(page)
    page.goto(f"{office.address}/application/documents")
    add_files_without_a_list(page, scan)
    expect_accessible(page)


def add_files_without_a_list(page: Page, scan: Path) -> None:
    """Add a document before it is known what is needed."""
    page.select_option("#what", PASSPORT["what"])
    page.set_input_files("#file", scan)
    page.click("form[action$='/documents/add'] button")
    expect(page.locator("fieldset.part legend")).to_have_text("Паспорт гражданина РФ")


def test_only_the_fields_of_what_was_chosen_are_shown(
    context: BrowserContext, office: ServedOffice
) -> None:
    page = context.new_page()
    page.goto(f"{office.address}/apply")
    page.get_by_role("button", name="Начать").click()
    moved, cause = page.locator("[name='ground.moved_on']"), page.locator("#ground\\.cause")
    expect(moved).to_be_hidden()
    page.check("[value=duplicate]")
    expect(cause).to_be_visible()
    page.check("[value=insurer-change]")
    page.check("[value=move]")
    expect(moved).to_be_visible()
    expect(cause).to_be_hidden()


def test_number_and_birth_date_show_the_state_of_an_application(
    context: BrowserContext, office: ServedOffice
) -> None:
    filed = submitted(office.world.desk)
    page = context.new_page()
    page.goto(f"{office.address}/status")
    page.get_by_label("Номер заявления").fill("AAAA")
    page.get_by_label("Дата рождения застрахованного").fill("29.02.1980")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect_accessible(page)
    page.get_by_label("Номер заявления").fill(filed.number or "")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Подано")
    assert (filed.number or "") not in page.url
    expect_accessible(page)


def test_a_lost_card_is_stopped_and_a_duplicate_begun(
    context: BrowserContext, office: ServedOffice
) -> None:
    world = office.world
    card, holder = new_card(world.desk, 1_234_567)
    assert holder.account is not None
    roles = frozenset({Role.APPLICANT})
    subject = Subject(id=holder.account, region=REGION, roles=roles, label="application")
    token = world.accounts.sessions.begin(subject).token
    context.add_cookies([{"name": "InsecureSession", "value": token, "url": office.address}])
    page = context.new_page()
    page.goto(f"{office.address}/lost")
    expect(page).to_have_url(f"{office.address}/application/cards")
    expect_accessible(page)
    page.get_by_role("button", name="Утеряна").click()
    expect(page.get_by_role("heading", name="Карта больше не действует")).to_be_visible()
    expect_accessible(page)
    assert card_now(world.desk, card.id).state == "terminated"
    page.get_by_role("button", name="Подать заявление на дубликат").click()
    expect(page.locator("[value=duplicate]")).to_be_checked()
    expect(page.locator("[value=lost]")).to_be_checked()


def test_a_complaint_without_a_file_is_sent_as_a_browser_sends_it(
    context: BrowserContext, office: ServedOffice
) -> None:
    filed = submitted(office.world.desk)
    page = context.new_page()
    page.goto(f"{office.address}/complaint")
    page.get_by_label("Номер заявления").fill(filed.number or "")
    page.get_by_label("Дата рождения застрахованного").fill("29.02.1980")
    page.get_by_label("Что случилось").fill("Долго\nжду")
    page.get_by_role("button", name="Отправить жалобу").click()
    expect(page.get_by_role("status")).to_contain_text("000001")
    expect_accessible(page)


def test_places_can_be_looked_through_on_a_telephone(
    context: BrowserContext, office: ServedOffice
) -> None:
    new_place(office.world.desk)
    page = context.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{office.address}/places?q=пункт")
    expect(page.get_by_role("heading", name="Пункт 1")).to_be_visible()
    expect_accessible(page)
