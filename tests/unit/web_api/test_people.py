"""Persons and policies through the API."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest

from cardservice.accounts.four_eyes import Act
from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry import forms
from tests.unit.web_api.steps import V1, approver, clerk, code, filed, insured, version

WHY = {"why": "letter/17"}


def test_a_person_is_found_masked_and_by_no_address(world: World) -> None:
    made = insured(world)
    query = {"name": "пробный с", "birth_date": "1980-02-29"}
    found = clerk(world).ask("POST", f"{V1}/people/searches", json=query)
    (row,) = found.json()["items"]
    assert (row["id"], row["birth_date"]) == (made["person"], "1980-••-••")
    assert "Пробный" not in found.text


@pytest.mark.parametrize("query", [{"snils": forms.SNILS}, {"birth_date": "1980-02-29"}])
def test_a_person_is_found_by_each_sign(world: World, query: dict[str, str]) -> None:
    made = insured(world)
    found = clerk(world).ask("POST", f"{V1}/people/searches", json=query).json()
    assert [one["id"] for one in found["items"]] == [made["person"]]


def test_a_search_for_nobody_is_refused(world: World) -> None:
    answer = clerk(world).ask("POST", f"{V1}/people/searches", json={})
    assert (answer.status_code, code(answer)) == (409, "search-empty")


def test_people_come_in_pages(world: World) -> None:
    for name in ("Анна", "Борис", "Вера"):
        person = forms.person(given_name=name, snils=forms.snils())
        insured(world, forms.draft(person=person))
    program, seen, cursor = clerk(world), [], ""
    query = {"name": "пробный"}
    for _ in range(3):
        page = program.ask(
            "POST",
            f"{V1}/people/searches",
            params={"limit": 1, "cursor": cursor},
            json=query,
        ).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"] or ""
    assert len(set(seen)) == 3


def test_a_person_is_shown_with_everything_and_the_look_is_kept(world: World) -> None:
    made, program = insured(world), clerk(world)
    found = program.get(f"{V1}/people/{made['person']}", **WHY).json()
    assert found["person"]["surname"] == "Пробный"
    assert [one["id"] for one in found["policies"]] == [made["policy"]]
    assert [one["ogrn"] for one in found["policies"][0]["insurers"]] == [forms.INSURER]
    assert [one["id"] for one in found["orders"]] == [made["order"]]
    assert [one["id"] for one in found["certificates"]] == [made["certificate"]]
    assert [one["purpose"] for one in found["consents"]] == ["processing"]
    looks = program.get(f"{V1}/people/{made['person']}/export").json()["looks"]
    assert [one["reason"] for one in looks] == ["letter/17"]


def test_nobody_is_looked_at_without_a_reason(world: World) -> None:
    made, program = insured(world), clerk(world)
    for query in ({}, {"why": ""}, {"why": "because I want to"}):
        answer = program.get(f"{V1}/people/{made['person']}", **query)
        assert answer.status_code == 422
    assert program.get(f"{V1}/people/{made['person']}/export").json()["looks"] == []


def test_a_person_is_corrected(world: World) -> None:
    made, program = insured(world), clerk(world)
    path = f"/people/{made['person']}"
    seen = version(program, path, **WHY)
    body = {"surname": "Примерный", "patronymic": ""}
    answer = program.send("PATCH", V1 + path, body, version=seen)
    assert (answer.status_code, answer.json()["version"]) == (200, seen + 1)
    person = program.get(V1 + path, **WHY).json()["person"]
    assert (person["surname"], person["patronymic"]) == ("Примерный", None)
    assert person["given_name"] == "Семён"
    stale = program.send("PATCH", V1 + path, body, version=seen)
    assert (stale.status_code, code(stale)) == (412, "stale")


def test_a_correction_that_is_wrong_is_refused_beside_its_field(world: World) -> None:
    made, program = insured(world), clerk(world)
    path = f"/people/{made['person']}"
    answer = program.send(
        "PATCH", V1 + path, {"birth_date": "29.02.1980"}, version=version(program, path, **WHY)
    )
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["findings"]] == ["birth_date"]


def test_all_that_is_kept_of_a_person_is_given_to_them(world: World) -> None:
    made = insured(world)
    answer = clerk(world).get(f"{V1}/people/{made['person']}/export")
    assert f'filename="person-{made["person"]}.json"' in answer.headers["content-disposition"]
    given = json.loads(answer.content)
    assert given["person"]["surname"] == "Пробный"
    assert "wrapped_key" not in answer.text


def twins(world: World) -> tuple[str, str]:
    """Return two records of what is one person: of the second the SNILS was mistyped."""
    snils, program = forms.snils(), clerk(world)
    first = insured(world, forms.draft(person=forms.person(snils=snils)))["person"]
    wish = filed(world, forms.draft(person=forms.person(snils=forms.snils())))
    path = f"{V1}/applications/{wish['id']}/approval"
    answer = approver(world).send("POST", path, {"new_person": True}, version=wish["version"])
    second = answer.json()["made"]["person"]
    right = program.send("PATCH", f"{V1}/people/{second}", {"snils": snils}, version=1)
    assert right.status_code == 200
    return first, second


def merging(world: World) -> dict[str, object]:
    """Return what merges two records."""
    keep, other = twins(world)
    return {"keep_id": keep, "keep_version": 1, "other_id": other, "other_version": 2}


def test_who_is_known_already_is_somebodys_decision(world: World) -> None:
    insured(world, forms.draft(person=forms.person(snils=forms.snils())))
    wish = filed(world, forms.draft(person=forms.person(snils=forms.snils())))
    path = f"{V1}/applications/{wish['id']}/approval"
    answer = approver(world).send("POST", path, {}, version=wish["version"])
    assert (answer.status_code, code(answer)) == (409, "person-undecided")


def test_two_records_of_one_person_are_found_and_merged(world: World) -> None:
    merge = merging(world)
    similar = clerk(world).get(f"{V1}/people/{merge['keep_id']}/similar").json()["items"]
    assert [(one["other_id"], one["match"]) for one in similar] == [(merge["other_id"], "same")]
    assert "snils" in similar[0]["signs"]
    done = approver(world).send("POST", f"{V1}/people/merges", merge)
    assert (done.status_code, done.json()["id"]) == (200, merge["keep_id"])
    gone = clerk(world).get(f"{V1}/people/{merge['other_id']}", **WHY).json()
    assert gone["person"]["merged_into"] == merge["keep_id"]


def test_records_that_changed_since_are_not_merged(world: World) -> None:
    merge = merging(world) | {"other_version": 1}
    answer = approver(world).send("POST", f"{V1}/people/merges", merge)
    assert (answer.status_code, code(answer)) == (412, "stale")


def test_where_the_office_says_so_one_proposes_and_another_merges(world: World) -> None:
    merge = merging(world)
    strict = world.desk.with_second_person(Act.MERGE_PERSONS)
    world.app.state.office = replace(world.parts, office=strict.office)
    deciding = approver(world)
    alone = deciding.send("POST", f"{V1}/people/merges", merge)
    assert (alone.status_code, code(alone)) == (409, "second-person-needed")
    wish = {name: merge[name] for name in ("keep_id", "other_id")}
    proposed = clerk(world).send("POST", f"{V1}/people/merge-proposals", wish, key="twins-1")
    assert proposed.status_code == 200
    first = proposed.json()["made"]["proposed_by"]
    both = merge | {"proposed_by": first, "proposed_with": "twins-1"}
    assert deciding.send("POST", f"{V1}/people/merges", both).status_code == 200


def test_a_person_whose_policy_is_open_is_not_erased(world: World) -> None:
    made = insured(world)
    path = f"{V1}/people/{made['person']}"
    proposed = clerk(world).send("POST", f"{path}/erasure-proposals", key="erase-1")
    assert proposed.status_code == 200
    officer = world.program(Role.SECURITY_OFFICER)
    answer = officer.send("POST", f"{path}/erasure", {}, version=proposed.json()["version"])
    assert (answer.status_code, code(answer)) == (409, "person-insured")
    late = officer.send("POST", f"{path}/erasure", {}, version=9)
    assert (late.status_code, code(late)) == (412, "stale")


def test_a_person_is_erased_when_the_rules_allow(world: World) -> None:
    made, program = insured(world), clerk(world)
    policy = f"/policies/{made['policy']}"
    died = {"reason": "death", "happened_on": "2026-06-01", "words": "certificate of death"}
    closed = program.send("POST", f"{V1}{policy}/changes", died, version=version(program, policy))
    assert closed.json()["state"] == "closed"
    world.desk.clock.pass_days(366 * 10)
    path = f"{V1}/people/{made['person']}"
    seen = clerk(world).send("POST", f"{path}/erasure-proposals").json()["version"]
    officer = world.program(Role.SECURITY_OFFICER)
    erased = officer.send("POST", f"{path}/erasure", {}, version=seen)
    assert erased.json()["made"]["erased"].startswith("person")
    assert clerk(world).get(path, **WHY).json()["person"]["surname"] == "—"


def test_a_policy_is_shown_suspended_and_resumed(world: World) -> None:
    made, program = insured(world), clerk(world)
    path = f"/policies/{made['policy']}"
    move = {"reason": "military-service", "happened_on": "2026-06-01", "words": "a summons"}
    seen = version(program, path)
    moved = program.send("POST", f"{V1}{path}/changes", move, version=seen)
    assert moved.json()["state"] == "suspended"
    assert program.get(V1 + path).json()["reason"] == "military-service/2026-06-01"
    looks = program.get(f"{V1}/people/{made['person']}/export").json()["looks"]
    assert {one["reason"] for one in looks} == {path[1:].replace("policies", "policy")}
    again = program.send("POST", f"{V1}{path}/changes", move, version=seen)
    assert (again.status_code, code(again)) == (412, "stale")


def test_the_insurer_of_a_policy_is_changed_once_with_a_key(world: World) -> None:
    made, program = insured(world), clerk(world)
    path = f"/policies/{made['policy']}"
    world.desk.clock.pass_days(1)
    program = clerk(world)
    seen = version(program, path)
    change = {
        "ogrn": forms.OTHER_INSURER,
        "okato": "45000",
        "ground": "own-wish",
        "filed_on": "2026-06-02",
    }
    answers = [
        program.send("POST", f"{V1}{path}/insurer-changes", change, version=seen, key="change")
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    insurers = program.get(V1 + path).json()["insurers"]
    assert [one["ogrn"] for one in insurers] == [forms.INSURER, forms.OTHER_INSURER]


@pytest.mark.parametrize(
    "path",
    ["/people/{0}?why=x", "/people/{0}/export", "/people/{0}/similar", "/policies/{0}"],
)
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    answer = clerk(world).ask("GET", V1 + path.format(uuid4()))
    assert (answer.status_code, code(answer)) == (404, "not-found")
