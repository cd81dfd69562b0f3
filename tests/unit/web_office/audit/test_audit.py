"""The audit log on its pages: found by day, actor and subject, verified, downloaded."""

import json
import re
from itertools import repeat
from uuid import uuid4

import pytest
from sqlalchemy import text

from cardservice.accounts.roles import Role
from cardservice.keystores.software_keys import generate_key
from cardservice.pki.suite import ECDSA_P256_SHA256
from cardservice.registry import audit_reading
from cardservice.registry.audit import AuditLog
from cardservice.registry.complaints import FileComplaint, file_complaint
from tests.office_world import World
from tests.registry.offices import REGION
from tests.registry.stations_world import new_policy
from tests.unit.accounts.browser import Browser

AUDIT = "/office/audit"
KEY = "office-audit-00001"
NUMBER = re.compile(r'<th scope="row" class="number" data-name="Number">(\d+)</th>')


@pytest.fixture
def auditor(world: World) -> Browser:
    """An auditor of an office in which something was done on three days."""
    desk = world.desk
    for _ in range(3):
        for actor in (*repeat(desk.clerk, 20), desk.approver):
            command = FileComplaint(region=REGION, key=desk.key(), text="Долго.")
            file_complaint(desk.office, actor, command)
        desk.clock.pass_days(1)
    return world.browser(Role.AUDITOR)


def numbers(page: str) -> list[int]:
    return [int(one) for one in NUMBER.findall(page)]


def sign(world: World) -> None:
    """Sign the log's head, with a key that the office knows."""
    key = generate_key(ECDSA_P256_SHA256)
    object.__setattr__(world.parts, "head_keys", {KEY: key.public_key})
    desk = world.desk
    desk.office.database.transaction(
        lambda work: AuditLog(work.audit, desk.clock).sign_head(REGION, key_name=KEY, key=key),
        region=REGION,
    )


def test_entries_are_shown_the_newest_first_a_page_at_a_time(
    world: World, auditor: Browser
) -> None:
    count = len(world.desk.audit())
    shown, page = [], auditor.get(AUDIT).text
    for _ in range(count):
        shown += numbers(page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        if following is None:
            break
        page = auditor.get(following[1].replace("&amp;", "&")).text
    assert shown == list(range(count, 0, -1))


def test_a_day_an_actor_and_a_subject_narrow_the_entries(world: World, auditor: Browser) -> None:
    log = world.desk.audit()
    second_day = [one.number for one in log if f"{one.at:%Y-%m-%d}" == "2026-06-02"]
    assert numbers(auditor.get(f"{AUDIT}?on=2026-06-02").text) == second_day[::-1]
    assert numbers(auditor.get(f"{AUDIT}?on=2025-06-02").text) == []
    of_clerk = [one.number for one in log if one.fact.actor == str(world.desk.clerk.account)]
    assert 0 < len(of_clerk) < len(log)
    found = auditor.get(f"{AUDIT}?actor={world.desk.clerk.account}").text
    assert numbers(found) == of_clerk[::-1][: audit_reading.PAGE_ROWS]
    about = log[0].fact.subject_id
    same = [one.number for one in log if one.fact.subject_id == about]
    assert numbers(auditor.get(f"{AUDIT}?subject={about}").text) == same[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "on=yesterday",
        "on=2026-02-30",
        "on=9999-12-31",
        "on=0001-01-01",
        "actor=Иванов",
        "subject=%00",
        "below=0",
        "below=x",
        "actor=" + "a" * 100,
    ],
)
def test_what_cannot_be_looked_for_is_refused(auditor: Browser, query: str) -> None:
    assert auditor.get(f"{AUDIT}?{query}").status_code == 422


def test_a_search_says_that_it_went_back_only_so_far(
    auditor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_reading, "MOST_SEARCHED", 2)
    assert "Only the newest" in auditor.get(f"{AUDIT}?actor={uuid4()}").text
    assert "Only the newest" not in auditor.get(AUDIT).text


def test_the_log_is_downloaded_as_lines_that_name_nobody(world: World, auditor: Browser) -> None:
    sent = auditor.get(f"{AUDIT}/lines")
    lines = [json.loads(one) for one in sent.text.splitlines()]
    assert [one["number"] for one in lines] == [one.number for one in world.desk.audit()]
    assert {one["hash"] for one in lines} == {one.hash.hex() for one in world.desk.audit()}
    assert "attachment" in sent.headers["content-disposition"]
    assert not re.search("[А-Яа-я]", sent.text)
    day = auditor.get(f"{AUDIT}/lines?on=2026-06-03").text.splitlines()
    assert {json.loads(one)["at"][:10] for one in day} == {"2026-06-03"}


def test_a_long_log_is_downloaded_from_its_end(
    auditor: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_reading, "MOST_LINES", 4)
    lines = auditor.get(f"{AUDIT}/lines").text.splitlines()
    assert [json.loads(one)["number"] for one in lines] == [
        one.number for one in world.desk.audit()
    ][-4:]


def test_a_whole_log_is_said_to_be_whole_with_its_head(world: World, auditor: Browser) -> None:
    sign(world)
    page = auditor.get(f"{AUDIT}/verification").text
    last = world.desk.audit()[-1]
    assert "It is</span>" in page
    assert last.hash.hex() in page
    assert KEY in page


def test_a_long_log_is_verified_from_a_signed_head_on(
    world: World, auditor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_reading, "MOST_VERIFIED", 5)
    refused = auditor.get(f"{AUDIT}/verification")
    assert refused.status_code == 409
    assert "cardservice audit verify" in refused.text
    sign(world)
    count = len(world.desk.audit())
    page = auditor.get(f"{AUDIT}/verification").text
    assert f"All entries after number {count} follow" in page


def edit(world: World, statement: str) -> None:
    """Change the log as one who can write the database would."""
    with world.parts.office.database.writing_tables() as connection:  # type: ignore[attr-defined]
        connection.execute(text(statement))


def test_an_edited_entry_is_found_and_named(world: World, auditor: Browser) -> None:
    edit(world, "UPDATE audit_entries SET ground = 'other' WHERE number = 3")
    page = auditor.get(f"{AUDIT}/verification").text
    assert "It is not" in page
    assert "audit-edited" in page
    assert "Entry 3 is not as it was written." in page


def test_a_head_of_a_key_that_nobody_knows_is_forged(world: World, auditor: Browser) -> None:
    sign(world)
    object.__setattr__(world.parts, "head_keys", {})
    assert "audit-head-forged" in auditor.get(f"{AUDIT}/verification").text


def test_looks_at_a_person_are_shown_by_the_persons_id(world: World, auditor: Browser) -> None:
    policy, _ = new_policy(world.desk)
    clerk = world.browser(Role.CLERK)
    clerk.get(f"/office/people/{policy.person_id}")
    page = auditor.get(f"{AUDIT}/looks?person_id={policy.person_id}").text
    assert str(world.people[Role.CLERK]) in page
    assert "Пробный" not in page
    nobody = auditor.get(f"{AUDIT}/looks?person_id={uuid4()}").text
    assert "Nobody looked at this person" in nobody
    assert auditor.get(f"{AUDIT}/looks?person_id=Пробный").status_code == 422


@pytest.mark.parametrize("path", ["", "/lines", "/verification", "/looks"])
@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMINISTRATOR])
def test_only_those_who_audit_see_the_log(world: World, role: Role, path: str) -> None:
    assert world.browser(role).get(f"{AUDIT}{path}").status_code == 403
