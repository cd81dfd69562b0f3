"""The page of a person, their history, and what is set right there."""

import httpx

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.forms import approved, made
from tests.unit.web_office.people.records import (
    new_card,
    new_person,
    person_now,
    person_page,
    policy_now,
    policy_page,
)
from tests.unit.web_office.queue.cases import looked_at
from tests.unit.web_office.queue.pages import fill, words


def test_a_person_has_everything_on_one_page_and_the_look_is_recorded(world: World) -> None:
    done = approved(world.desk)
    new_card(world, done)
    page = words(world.browser(Role.CLERK).get(person_page(done)))
    enp = policy_now(world, done).enp
    for one in ("Пробный Семён Пробович", enp, "1027700132195", "20260000001", "First policy"):
        assert one in page
    assert ("clerk", "person") in looked_at(world, made(done, "person"))


def test_the_title_of_a_page_names_nobody(world: World) -> None:
    page = world.browser(Role.CLERK).get(person_page(approved(world.desk))).text
    assert "Пробный" not in page.partition("<title>")[2].partition("</title>")[0]


def test_history_is_one_line_the_newest_first_with_who_did_it(world: World) -> None:
    done = approved(world.desk)
    world.desk.clock.pass_days(3)
    clerk = world.browser(Role.CLERK)
    fill(clerk, f"{person_page(done)}/correction", address="Пробноград, ул. Новая, 2")
    page = words(clerk.get(person_page(done)))
    history = page.partition("History")[2]
    wanted = (
        "4 Jun 2026 09:00 · Clerk Record of a person corrected (Address)",
        "Approver Application approved",
        "Approver Policy opened",
        "Clerk Application submitted",
        "Clerk Application begun",
        "Consent given",
    )
    places = [history.index(one) for one in wanted]
    assert places == sorted(places)


def test_only_what_was_changed_is_corrected(world: World) -> None:
    done = approved(world.desk)
    clerk = world.browser(Role.CLERK)
    answer = fill(clerk, f"{person_page(done)}/correction", surname="Пробный-Второй")
    assert answer.headers["location"] == person_page(done)
    kept = person_now(world, made(done, "person"))
    assert (kept.surname, kept.given_name) == ("Пробный-Второй", "Семён")


def test_wrong_fields_are_all_said_and_stay_typed(world: World) -> None:
    done = approved(world.desk)
    answer = fill(
        world.browser(Role.CLERK),
        f"{person_page(done)}/correction",
        surname="",
        snils="123",
        birth_date="2999-01-01",
        sex="spoon",
    )
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    for one in ("surname", "snils", "birth_date", "sex"):
        assert f'href="#{one}"' in answer.text
    assert 'value="123"' in answer.text
    assert 'value="2999-01-01"' in answer.text


def test_a_correction_of_an_older_record_is_stale(world: World) -> None:
    done = approved(world.desk)
    clerk = world.browser(Role.CLERK)
    answer = fill(clerk, f"{person_page(done)}/correction", surname="Иной", version="77")
    assert "Somebody else has changed this meanwhile" in words(answer)


def test_a_change_of_insurer_is_recorded_with_its_ground(world: World) -> None:
    done = approved(world.desk)
    clerk = world.browser(Role.CLERK)
    answer = fill(
        clerk,
        f"{policy_page(done)}/insurer",
        insurer_ogrn="1027739449913",
        okato="45000",
        filed_on="2026-06-01",
        change_ground="own-wish",
    )
    assert answer.headers["location"] == person_page(done)
    page = words(clerk.get(person_page(done)))
    assert page.index("1027739449913") < page.index("1027700132195")
    assert "Own wish" in page


def test_the_rule_of_a_change_is_said_beside_its_field(world: World) -> None:
    change = f"{policy_page(approved(world.desk))}/insurer"
    clerk = world.browser(Role.CLERK)
    common = {"okato": "45000", "filed_on": "2026-06-01"}
    same = fill(clerk, change, insurer_ogrn="1027700132195", change_ground="own-wish", **common)
    assert 'href="#insurer_ogrn"' in same.text
    move = fill(clerk, change, insurer_ogrn="1027739449913", change_ground="move", **common)
    assert 'href="#moved_on"' in move.text
    none = fill(clerk, change, insurer_ogrn="1027739449913", **common)
    assert 'href="#change_ground"' in none.text
    wrong = fill(clerk, change, insurer_ogrn="12", change_ground="own-wish", **common)
    assert 'name="insurer_ogrn" type="text" value="12"' in wrong.text


def test_a_policy_is_suspended_and_goes_on(world: World) -> None:
    done = approved(world.desk)
    change = f"{policy_page(done)}/change"
    clerk = world.browser(Role.CLERK)
    assert "military-service-ended" not in clerk.get(change).text
    fill(clerk, change, reason="military-service", happened_on="2026-06-01", ground="Повестка 1")
    assert policy_now(world, done).state == "suspended"
    assert 'value="military-service"' not in clerk.get(change).text
    fill(
        clerk,
        change,
        reason="military-service-ended",
        happened_on="2026-06-01",
        ground="Билет 2",
    )
    assert policy_now(world, done).state == "active"


def test_a_policy_is_not_moved_without_a_day_and_a_paper(world: World) -> None:
    change = f"{policy_page(approved(world.desk))}/change"
    clerk = world.browser(Role.CLERK)
    no_day = fill(clerk, change, reason="death", ground="Справка 3")
    assert 'href="#happened_on"' in no_day.text
    assert "Справка 3" in no_day.text
    no_paper = fill(clerk, change, reason="death", happened_on="2026-06-01")
    assert 'href="#ground"' in no_paper.text
    merged = fill(clerk, change, reason="merged-duplicate", happened_on="2026-06-01", ground="x")
    assert merged.status_code == httpx.codes.UNPROCESSABLE_ENTITY


def test_a_closed_policy_offers_nothing_more(world: World) -> None:
    done = approved(world.desk)
    clerk = world.browser(Role.CLERK)
    closing = {"reason": "death", "happened_on": "2026-06-01", "ground": "Справка 3"}
    fill(clerk, f"{policy_page(done)}/change", **closing)
    page = clerk.get(person_page(done)).text
    assert "Death" in page
    assert f"{policy_page(done)}/change" not in page


def test_a_duplicate_begins_with_what_is_known(world: World) -> None:
    done = approved(world.desk)
    clerk = world.browser(Role.CLERK)
    missing = fill(clerk, f"{policy_page(done)}/duplicate")
    assert 'href="#cause"' in missing.text
    answer = fill(clerk, f"{policy_page(done)}/duplicate", cause="lost")
    page = words(clerk.get(answer.headers["location"]))
    for one in ("Draft", "Duplicate", "Lost", "Пробный", policy_now(world, done).enp):
        assert one in page


def test_a_merged_record_leads_to_the_one_that_stays(world: World) -> None:
    done = approved(world.desk)
    gone = new_person(world, merged_into=made(done, "person"))
    page = world.browser(Role.CLERK).get(f"/office/people/{gone}")
    assert "was merged into another one" in words(page)
    assert person_page(done) in page.text
    assert "/correction" not in page.text
