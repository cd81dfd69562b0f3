"""What holds for every route of the API, walked over the document that describes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from cardservice.accounts.api_tokens import PROGRAMS
from cardservice.accounts.rights import GRANTS, ROUTES, Right
from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.unit.web_api.steps import V1, visit

# Questions that are asked by POST, so that no name and no number stands in an address.
QUESTIONS = frozenset(
    {
        *("search_people", "ask_status", "find_card", "find_hand_over"),
        *("verify_certificate", "ask_coverage", "make_print_file"),
    }
)


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    name: str
    headers: frozenset[str]

    @property
    def address(self) -> str:
        return re.sub(r"\{[a-z_]+\}", str(uuid4()), self.path)

    @property
    def right(self) -> Right:
        return ROUTES[f"api_{self.name}"]


def operations(world: World) -> Iterator[Operation]:
    for path, item in world.app.openapi()["paths"].items():
        for method, one in item.items():
            headers = {each["name"] for each in one.get("parameters", []) if each["in"] == "header"}
            yield Operation(method.upper(), path, one["operationId"], frozenset(headers))


def guarded(world: World) -> list[Operation]:
    found = [one for one in operations(world) if one.right is not Right.OPEN]
    assert len(found) > 30
    return found


def test_nobody_gets_in_without_a_token(world: World) -> None:
    for one in guarded(world):
        answer = visit(world.app, one.method, one.address)
        assert (one.name, answer.status_code) == (one.name, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


def test_nobody_gets_in_without_the_right(world: World) -> None:
    programs = {role: world.program(role) for role in sorted(PROGRAMS)}
    for one in guarded(world):
        others = [role for role in programs if role not in GRANTS[one.right]]
        answer = programs[others[0]].ask(one.method, one.address)
        assert (one.name, answer.status_code) == (one.name, 403)
        assert answer.json()["type"] == "/problems/not-permitted"


def test_a_token_without_the_scope_gets_nowhere(world: World) -> None:
    _, token = world.accounts.tokens.issue(
        "a narrow one",
        role=Role.APPROVER,
        scopes=frozenset({Right.STATISTICS}),
        region="00000",
        lasts=timedelta(days=1),
    )
    bearer = {"Authorization": f"Bearer {token}"}
    for one in guarded(world):
        if one.right is not Right.STATISTICS:
            answer = visit(world.app, one.method, one.address, headers=bearer)
            assert (one.name, answer.status_code) == (one.name, 403)


def test_every_command_has_a_key_and_every_question_has_none(world: World) -> None:
    for one in operations(world):
        is_command = one.method != "GET" and one.name not in QUESTIONS
        assert (one.name, "Idempotency-Key" in one.headers) == (one.name, is_command)


def test_a_change_without_the_version_that_was_seen_is_refused(world: World) -> None:
    changes = [one for one in guarded(world) if "If-Match" in one.headers]
    assert len(changes) > 15
    programs = {role: world.program(role) for role in sorted(PROGRAMS)}
    for one in changes:
        roles = [role for role in programs if role in GRANTS[one.right]]
        for role in roles[:1]:
            for tag in (None, "*", '"0"', "3", 'W/"3"', '"3", "4"', f'"{"9" * 30}"'):
                headers = {"Idempotency-Key": "k"} | ({"If-Match": tag} if tag else {})
                answer = programs[role].ask(one.method, one.address, headers=headers)
                assert (one.name, tag, answer.status_code) == (one.name, tag, 428)


def test_a_command_without_a_key_is_refused(world: World) -> None:
    programs = {role: world.program(role) for role in sorted(PROGRAMS)}
    for one in guarded(world):
        roles = [role for role in programs if role in GRANTS[one.right]]
        if "Idempotency-Key" in one.headers and roles:
            headers = {"If-Match": '"1"'}
            answer = programs[roles[0]].ask(one.method, one.address, headers=headers)
            assert (one.name, answer.status_code) == (one.name, 422)
            faults = {fault["field"] for fault in answer.json()["findings"]}
            assert "Idempotency-Key" in faults


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{V1}/nothing", 404),
        ("DELETE", f"{V1}/applications", 405),
        ("GET", f"{V1}/applications/not-an-id", 422),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    world: World, method: str, path: str, status: int
) -> None:
    answer = world.program(Role.CLERK).ask(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("allow") == ("GET, POST" if status == 405 else None)


def test_every_answer_tells_browsers_to_keep_and_to_run_nothing(world: World) -> None:
    answer = world.program(Role.CLERK).get(f"{V1}/applications")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
