"""Medical organisations through the API: searched by anybody, entered by the office."""

from typing import Any
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.forms import INSURER as OGRN
from tests.unit.web_api.steps import V1, clerk, code, visit

CLINICS = f"{V1}/medical-organisations"
WISH: dict[str, Any] = {
    "name": "Пробная поликлиника",
    "place": "Пробноград",
    "address": "ул. Учебная, 9",
    "services": ["терапия", "рентген"],
}
NEW = {"ogrn": OGRN, "joined_on": "2026-01-01", "organisation": WISH}


def added(world: World) -> str:
    """Return the address of a medical organisation."""
    return str(clerk(world).send("POST", CLINICS, NEW).headers["location"])


def test_an_organisation_is_entered_once_and_found_by_its_words(world: World) -> None:
    program = clerk(world)
    done = program.send("POST", CLINICS, NEW, key="new")
    assert done.status_code == 201
    assert program.send("POST", CLINICS, NEW, key="new").json() == done.json()
    for words in ("", "пробноград рентген", "ПОЛИКЛИНИКА"):
        (one,) = visit(world.app, "GET", CLINICS, params={"q": words}).json()["items"]
        assert (one["id"], one["ogrn"]) == (done.json()["id"], OGRN)
    assert visit(world.app, "GET", CLINICS, params={"q": "хирургия"}).json()["items"] == []
    shown = visit(world.app, "GET", done.headers["location"])
    assert shown.json()["services"] == ["рентген", "терапия"]


@pytest.mark.parametrize("words", ["x" * 101, "a\0b", "a\u202eb"])
def test_words_that_nobody_seeks_are_refused(world: World, words: str) -> None:
    answer = visit(world.app, "GET", CLINICS, params={"q": words})
    assert (answer.status_code, answer.json()["findings"][0]["field"]) == (422, "q")


def test_an_organisation_is_changed_and_leaves(world: World) -> None:
    path, program = added(world), clerk(world)
    changed = program.send("PUT", path, WISH | {"name": "Другая"}, version=1)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    left = program.send("POST", f"{path}/leaving", {"last_day": "2026-06-30"}, version=2)
    assert left.status_code == 200
    found = visit(world.app, "GET", path).json()
    assert (found["name"], found["left_on"]) == ("Другая", "2026-06-30")
    late = program.send("PUT", path, WISH, version=3)
    assert (late.status_code, code(late)) == (409, "left")


def test_a_terminal_lasts_no_longer_than_its_clinic_takes_part(world: World) -> None:
    path, officer = added(world), world.program(Role.SECURITY_OFFICER)
    asked = f"{path}/terminal-term"
    assert officer.get(asked, until="2027-01-01").json() == {"until": "2027-01-01"}
    clerk(world).send("POST", f"{path}/leaving", {"last_day": "2026-06-30"}, version=1)
    assert officer.get(asked, until="2027-01-01").json() == {"until": "2026-06-30"}
    world.desk.clock.pass_days(60)
    over = world.program(Role.SECURITY_OFFICER).get(asked, until="2027-01-01")
    assert (over.status_code, code(over)) == (409, "left")
    assert clerk(world).get(asked, until="2027-01-01").status_code == 403
    assert world.program(Role.SECURITY_OFFICER).get(asked, until="1").status_code == 422


@pytest.mark.parametrize(
    ("method", "part", "body"),
    [("PUT", "", WISH), ("POST", "/leaving", {"last_day": "2026-07-01"})],
)
def test_a_change_on_an_old_version_or_of_nothing_changes_nothing(
    world: World, method: str, part: str, body: object
) -> None:
    path, program = added(world), clerk(world)
    old = program.send(method, f"{path}{part}", body, version=4)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send(method, f"{CLINICS}/{uuid4()}{part}", body, version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert visit(world.app, "GET", path).json()["version"] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"joined_on": "yesterday"}, "joined_on"),
        ({"ogrn": "1" * 101}, "ogrn"),
        ({"organisation": WISH | {"services": [""]}}, "organisation.services.0"),
        ({"organisation": WISH | {"services": ["x"] * 51}}, "organisation.services"),
        ({"organisation": WISH | {"place": ""}}, "organisation.place"),
    ],
)
def test_an_organisation_of_another_form_is_refused(
    world: World, changes: dict[str, Any], field: str
) -> None:
    answer = clerk(world).send("POST", CLINICS, NEW | changes)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")
    assert answer.json()["findings"][0]["field"] == field


def test_a_number_that_is_none_is_refused_with_its_reason(world: World) -> None:
    answer = clerk(world).send("POST", CLINICS, NEW | {"ogrn": OGRN[:-1] + "0"})
    assert (answer.status_code, answer.json()["field"]) == (409, "ogrn")


def test_who_edits_no_organisations_may_not(world: World) -> None:
    for role in (Role.APPROVER, Role.CLINIC, Role.SECURITY_OFFICER):
        assert world.program(role).send("POST", CLINICS, NEW).status_code == 403
