"""Desks of clinics and signs of abuse for programs."""

from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.clinics import preview_code
from cardservice.registry.presentations import take_presentations
from tests.office_world import Program, World
from tests.registry.clinics_world import KEY, new_clinic, new_desk, told
from tests.unit.web_api.steps import V1, clerk, code

DESKS = f"{V1}/clinic-desks"
SIGNS = f"{V1}/abuse-signs"


def officer(world: World) -> Program:
    return world.program(Role.SECURITY_OFFICER)


def test_a_code_is_made_for_a_desk_and_the_desk_is_listed_and_ended(world: World) -> None:
    clinic, program = new_clinic(world.desk), clerk(world)
    made = program.send("POST", f"{DESKS}/codes", {"organisation_id": str(clinic), "desk": "Окно"})
    assert made.status_code == 201
    assert preview_code(world.desk.office, made.json()["code"]).desk == "Окно"
    desk = new_desk(world.desk, clinic)
    for query in ({}, {"organisation_id": str(clinic)}):
        (one,) = program.get(DESKS, **query).json()["items"]
        assert (one["id"], one["client_id"]) == (str(desk.id), desk.client_id)
        assert one["rights"] == ["read-policy"]
    end = f"{DESKS}/{desk.id}/end"
    ended = program.send("POST", end, {"ground": "closed"}, version=1)
    assert ended.status_code == 200
    assert program.get(DESKS).json()["items"][0]["ended_ground"] == "closed"
    again = program.send("POST", end, {"ground": "closed"}, version=2)
    assert (again.status_code, code(again)) == (409, "desk-ended")


@pytest.mark.parametrize(
    "wrong", [{"desk": ""}, {"desk": "a\0"}, {"rights": ["x"]}, {"organisation_id": str(uuid4())}]
)
def test_a_desk_that_cannot_be_gets_no_code(world: World, wrong: dict[str, object]) -> None:
    wish = {"organisation_id": str(new_clinic(world.desk)), "desk": "Окно"} | wrong
    answer = clerk(world).send("POST", f"{DESKS}/codes", wish)
    assert 400 <= answer.status_code < 500
    assert "desk.code" not in world.desk.actions()


def test_signs_are_listed_and_settled_by_the_officers_program(world: World) -> None:
    desk = new_desk(world.desk, new_clinic(world.desk))
    shown = told(world.desk, reason="chip-copied", card_number=0xABC)
    take_presentations(world.desk.office, desk, [shown], key=KEY)
    program = officer(world)
    (one,) = program.get(SIGNS).json()["items"]
    assert (one["card_number"], one["kind"]) == ("000000000abc", "chip-copied")
    assert program.get(SIGNS, kind="far-apart").json()["items"] == []
    path = f"{SIGNS}/{one['id']}"
    assert program.get(path).json()["state"] == "open"
    settled = program.send("POST", f"{path}/settlement", {"note": "Разобрано"}, version=1)
    assert (settled.status_code, settled.json()["state"]) == (200, "settled")
    assert program.get(SIGNS).json()["items"] == []
    assert program.get(SIGNS, state="settled").json()["items"][0]["note"] == "Разобрано"


def test_a_clerks_program_sees_no_sign_and_a_clinics_makes_no_code(world: World) -> None:
    assert clerk(world).get(SIGNS).status_code == 403
    wish = {"organisation_id": str(new_clinic(world.desk)), "desk": "Окно"}
    answer = world.program(Role.CLINIC).send("POST", f"{DESKS}/codes", wish)
    assert answer.status_code == 403
