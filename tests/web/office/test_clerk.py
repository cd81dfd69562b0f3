"""The clerk's pages in a real browser: an application decided, a person found, a card blocked."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from cardservice.accounts.roles import Role
from cardservice.registry.applications_submitting import submit
from cardservice.registry.commands import Answer
from tests.registry.forms import approved, draft, made, person, snils, started, submitting
from tests.unit.uploads.samples import png
from tests.unit.web_office.people.records import card_now, new_card, new_person, person_page
from tests.unit.web_office.queue.cases import case_address, with_papers, with_scan
from tests.web.office.visiting import ServedOffice, expect_accessible, signed_in, tab_to

SCAN_WIDTH, CARD_WIDTH = 400, 1011  # pixels

pytestmark = pytest.mark.browser


def filed(office: ServedOffice, **changes: Any) -> Answer:
    """Return a submitted application whose passport has a scan."""
    world, form = office.world, draft(**changes)
    attached = with_scan(
        world, png(SCAN_WIDTH, 300), "image/png", started(world.desk, replace(form, documents=()))
    )
    return submit(world.desk.office, world.desk.clerk, submitting(world.desk, attached))


def test_a_submitted_application_is_opened_and_approved(
    context: BrowserContext, office: ServedOffice
) -> None:
    with_papers(office.world)
    one = filed(office)
    page = signed_in(context, office, Role.APPROVER)
    page.goto(f"{office.address}/office/queue")
    page.get_by_role("link", name=one.number or "").click()
    scan = page.locator("img.scan")
    expect(scan).to_be_visible()
    expect(scan).to_have_js_property("naturalWidth", SCAN_WIDTH)
    expect_accessible(page)
    page.get_by_role("button", name="Одобрить").click()
    expect(page.locator("#outcome")).to_be_visible()
    main = page.locator("main")
    for words in ("Одобрено", "Заказ карты", "В очереди", "Временное свидетельство"):
        expect(main).to_contain_text(words)
    expect_accessible(page)
    page.get_by_role("link", name="Как будет выглядеть карта").click()
    expect(page.locator("img.scan").first).to_have_js_property("naturalWidth", CARD_WIDTH)


def test_documents_are_asked_for_and_an_application_is_refused(
    context: BrowserContext, office: ServedOffice
) -> None:
    one = filed(office)
    page = signed_in(context, office, Role.APPROVER)
    page.goto(office.address + case_address(one))
    page.get_by_role("link", name="Запросить документы").click()
    page.get_by_role("button", name="Запросить документы").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Какие документы нужны").fill("Паспорт целиком")
    page.get_by_role("button", name="Запросить документы").click()
    expect(page.locator("main")).to_contain_text("Что запрошено: Паспорт целиком")
    page.get_by_role("link", name="Отказать").click()
    expect_accessible(page)
    page.get_by_label("Почему отказано").fill("Документы чужие")
    page.get_by_role("button", name="Отказать").click()
    expect(page.locator("main")).to_contain_text("Почему отказано: Документы чужие")


def test_a_person_is_found_and_their_card_is_blocked(
    context: BrowserContext, office: ServedOffice
) -> None:
    done = approved(office.world.desk)
    card = new_card(office.world, done)
    page = signed_in(context, office, Role.CLERK)
    page.goto(f"{office.address}/office/people")
    page.locator("#name").fill("пробный")
    page.get_by_role("button", name="Найти").click()
    assert "пробный" not in page.url
    expect_accessible(page)
    page.get_by_role("link", name="П••• С. П.").click()
    expect(page).to_have_url(office.address + person_page(done))
    expect(page.locator(".timeline")).to_contain_text("Заявление одобрено")
    expect_accessible(page)
    page.get_by_role("link", name="Заблокировать карту").click()
    page.get_by_label("Не могут найти").check()
    page.get_by_role("button", name="Заблокировать карту").click()
    expect(page.locator(".timeline li").first).to_contain_text("Карта заблокирована")
    assert card_now(office.world, card).state == "blocked"


def test_the_queue_is_gone_through_with_the_keyboard_alone(
    context: BrowserContext, office: ServedOffice
) -> None:
    one = filed(office)
    page = signed_in(context, office, Role.APPROVER)
    page.goto(f"{office.address}/office/queue")
    tab_to(page, one.number or "")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{case_address(one)}")
    tab_to(page, "Одобрить")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome")).to_be_visible()


def test_the_pages_fit_a_narrow_screen(context: BrowserContext, office: ServedOffice) -> None:
    desk = office.world.desk
    done = approved(desk)
    new_card(office.world, done, state="blocked", reason="mislaid")
    twin = new_person(office.world)
    one = filed(office, person=person(snils=snils(), birth_place=""))
    desk.clock.pass_days(31)
    page = signed_in(context, office, Role.CLERK, Role.APPROVER)
    page.set_viewport_size({"width": 360, "height": 740})
    policy = f"/office/policies/{made(done, 'policy')}"
    paths = (
        "/office/queue",
        case_address(one),
        f"{case_address(one)}/documents",
        person_page(done),
        f"{person_page(done)}/correction",
        f"{person_page(done)}/similar/{twin}",
        f"{policy}/insurer",
        f"{policy}/change",
    )
    for path in paths:
        page.goto(office.address + path)
        expect_accessible(page)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_colours_of_a_decision_are_told_apart(
    context: BrowserContext, office: ServedOffice, scheme: str
) -> None:
    approved(office.world.desk)
    one = filed(office, person=person(snils=snils(), birth_place="", email=""))
    page = signed_in(context, office, Role.APPROVER)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(office.address + case_address(one))
    page.get_by_role("button", name="Одобрить").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_accessible(page)
