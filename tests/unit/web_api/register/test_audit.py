"""The audit log through the API: entries, the newest head, looks at a person."""

from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.audit import AuditLog
from cardservice.registry.audit_lines import head_from_line
from cardservice.registry.audit_reading import PAGE_ROWS
from cardservice.web.office.parts import OfficeParts
from tests.office_world import Program, World
from tests.registry import forms
from tests.registry.offices import REGION, TODAY
from tests.registry.stations_world import keep
from tests.unit.papers.examples import key
from tests.unit.web_api.steps import V1, clerk, code, insured

AUDIT = f"{V1}/audit"
KEY = "head-key"


def auditor(world: World) -> Program:
    return world.program(Role.AUDITOR)


def sign(world: World) -> None:
    """Sign a head for the last entry, and let the office know the key."""
    keep(
        world.desk,
        lambda work: AuditLog(work.audit, world.desk.clock).sign_head(
            REGION, key_name=KEY, key=key()
        ),
    )
    parts: OfficeParts = world.app.state.office
    world.app.state.office = replace(parts, head_keys={KEY: key().public_key})


def entries(world: World, **query: str) -> httpx.Response:
    return auditor(world).get(f"{AUDIT}/entries", **query)


def test_entries_come_with_the_newest_first_and_without_a_person(world: World) -> None:
    insured(world)
    answer = entries(world)
    found = answer.json()
    kept = world.desk.audit()
    assert [one["number"] for one in found["items"]] == [one.number for one in reversed(kept)]
    assert found["items"][0]["hash"] == kept[-1].hash.hex()
    assert (found["next"], found["is_cut"]) == (None, False)
    assert "Пробный" not in answer.text


def test_entries_come_in_pages(world: World) -> None:
    for _ in range(PAGE_ROWS + 1):
        forms.started(world.desk)
    one = entries(world).json()
    two = entries(world, cursor=one["next"]).json()
    numbers = [each["number"] for each in (*one["items"], *two["items"])]
    assert numbers == list(range(len(world.desk.audit()), 0, -1))
    foreign = entries(world, cursor=one["next"], actor="system")
    assert (foreign.status_code, code(foreign)) == (409, "cursor-wrong")


def test_entries_are_searched_by_day_actor_and_subject(world: World) -> None:
    begun = forms.started(world.desk)
    forms.started(world.desk)
    about = entries(world, subject_id=str(begun.id)).json()["items"]
    assert [one["subject_id"] for one in about] == [str(begun.id)]
    assert entries(world, actor=str(uuid4())).json()["items"] == []
    clerks = entries(world, actor=world.desk.clerk.name, day=str(TODAY)).json()["items"]
    assert len(clerks) == len(world.desk.audit())
    assert entries(world, day="2026-05-31").json()["items"] == []


@pytest.mark.parametrize("day", ["1999-12-31", "9999-12-31", "0001-01-01", "17", "2026-02-30"])
def test_a_day_without_entries_ever_is_refused(world: World, day: str) -> None:
    answer = entries(world, day=day)
    assert (answer.status_code, answer.json()["findings"][0]["field"]) == (422, "day")


def test_the_newest_head_can_be_kept_elsewhere(world: World) -> None:
    assert auditor(world).get(f"{AUDIT}/head").json() == {
        "entries": 0,
        "last_hash": None,
        "signed": None,
    }
    forms.started(world.desk)
    sign(world)
    forms.started(world.desk)
    found = auditor(world).get(f"{AUDIT}/head").json()
    assert found["entries"] == found["signed"]["number"] + 1
    assert found["last_hash"] == world.desk.audit()[-1].hash.hex()
    line = head_from_line(found["signed"]["line"])
    assert (line.number, line.hash.hex()) == (found["signed"]["number"], found["signed"]["hash"])


def test_a_whole_log_is_said_to_be_whole_and_a_forged_head_is_found(world: World) -> None:
    forms.started(world.desk)
    sign(world)
    found = auditor(world).get(f"{AUDIT}/verification").json()
    count = len(world.desk.audit())
    assert (found["entries"], found["signed"], found["after"]) == (count, count, 0)
    parts: OfficeParts = world.app.state.office
    world.app.state.office = replace(parts, head_keys={KEY: key("another").public_key})
    forged = auditor(world).get(f"{AUDIT}/verification")
    assert (forged.status_code, code(forged)) == (409, "audit-head-forged")


def test_looks_at_a_person_say_who_and_why(world: World) -> None:
    person = insured(world)["person"]
    clerk(world).get(f"{V1}/people/{person}", why="letter/17")
    clerk(world).get(f"{V1}/people/{person}", why="letter/18")
    path = f"{V1}/people/{person}/looks"
    one = auditor(world).get(path, limit="1").json()
    two = auditor(world).get(path, limit="1", cursor=one["next"]).json()
    assert [each["items"][0]["reason"] for each in (one, two)] == ["letter/17", "letter/18"]
    assert auditor(world).get(f"{V1}/people/{uuid4()}/looks").json()["items"] == []
    assert one["items"][0]["role"] == "clerk"


@pytest.mark.parametrize("path", ["entries", "head", "verification"])
def test_nobody_but_auditors_and_officers_reads_the_log(world: World, path: str) -> None:
    assert world.program(Role.SECURITY_OFFICER).get(f"{AUDIT}/{path}").status_code == 200
    for role in (Role.CLERK, Role.APPROVER, Role.STATION):
        assert world.program(role).get(f"{AUDIT}/{path}").status_code == 403
    assert clerk(world).get(f"{V1}/people/{uuid4()}/looks").status_code == 403
