"""Programs that send anything: no answer but those the document of the API describes.

Every operation gets data that fit the document and data that do not, by programs of every role
that has its right, about things that are there and things that are not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation as Where
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.hooks import HookContext

from cardservice.accounts.api_tokens import PROGRAMS
from cardservice.accounts.rights import GRANTS, ROUTES, Right
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from cardservice.storage.engine import open_database
from cardservice.storage.schema import migrate
from cardservice.web.api.common import API
from tests.office_world import Program, World, new_world
from tests.registry import forms
from tests.registry.offices import REGION
from tests.unit.accounts.office import ORIGIN
from tests.unit.uploads.samples import png

SEED: Final = 20_260_601
EXAMPLES: Final = 10  # of an operation, beside those that the bounds of each field call for
ELSEWHERE: Final = 4  # every fourth request asks for something that is not there
VERSIONS: Final = 3  # that things of the stage have, at most
CONFIG: Final = SchemathesisConfig.from_dict(
    {
        "seed": SEED,
        "base-url": ORIGIN,
        "workers": 1,
        "generation": {
            "deterministic": True,
            "max-examples": EXAMPLES,
            "no-shrink": True,
            # Who sends is chosen here; a made-up token would be nobody's.
            "with-security-parameters": False,
        },
        "phases": {"stateful": {"enabled": False}},
        # The form of an application has sixty fields: their bounds are tried once, at its start.
        "operations": [
            {"include-name": name, "phases": {"coverage": {"enabled": False}}}
            for name in (
                f"PUT {API}/applications/{{application_id}}/form",
                f"PUT {API}/own-application/form",
                f"POST {API}/filed-applications",
            )
        ],
        "checks": {
            # tests/unit/web_api/test_walk.py asks for everything without a token.
            "ignored_auth": {"enabled": False},
            # Of two headers that are missing the version is told first.
            "missing_required_header": {
                "expected-statuses": ["400", "401", "403", "406", "415", "422", "428"]
            },
            # What fits the document may still be refused by a rule (422), stale (412), sent
            # without the version it was made on (428) or too large (413).
            "positive_data_acceptance": {
                "expected-statuses": [
                    *("2xx", "304", "401", "403", "404", "409"),
                    *("412", "413", "415", "422", "428", "429"),
                ]
            },
        },
    }
)


@dataclass(frozen=True)
class Stage:
    """An office with something in it.

    Attributes:
        ids: name of a path parameter → ids of things that are there.
        senders: role → the headers of one who has it.
    """

    world: World
    ids: Mapping[str, list[str]]
    senders: Mapping[Role, dict[str, str]]

    def version(self, application_id: str) -> int:
        """Return the version that an application has now."""
        with self.world.desk.reading() as work:
            return int(work.applications.get(REGION, UUID(application_id)).version)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("api")
    with open_database(f"sqlite:///{folder / 'registry.sqlite3'}") as opened:
        migrate(opened)
        world = new_world(opened, folder / "scans")
        filled = fill(world)
        yield Stage(world, filled, senders(world, filled["application_id"][0]))


def fill(world: World) -> Mapping[str, list[str]]:
    """Fill the office and return the ids of what is in it."""
    desk = world.desk
    drafts = [forms.started(desk) for _ in range(2)]
    filed = [forms.submitted(desk) for _ in range(2)]
    made = forms.approved(desk, forms.draft(person=forms.person(snils=forms.snils()))).made
    sent = Program(world.app, world.token(Role.CLERK)).send(
        "POST",
        f"{API}/applications/{drafts[0].id}/documents",
        version=1,
        data={"kind": "snils"},
        files={"file": ("scan.png", png(), "image/png")},
    )
    return {
        "application_id": [str(one.id) for one in (*drafts, *filed)],
        "document_id": [sent.json()["made"]["document"]],
        "person_id": [made["person"]],
        "keep_id": [made["person"]],
        "policy_id": [made["policy"]],
        "order_id": [made["order"]],
        "certificate_id": [made["certificate"]],
    }


def senders(world: World, application_id: str) -> Mapping[Role, dict[str, str]]:
    """Return the headers of a program of every role, and of an applicant's browser."""
    subject = Subject(
        id=UUID(application_id), region=REGION, roles=frozenset({Role.APPLICANT}), label="A"
    )
    token = world.accounts.sessions.begin(subject).token
    applicant = {"Cookie": f"InsecureSession={token}", "Origin": ORIGIN}
    programs = {role: {"Authorization": f"Bearer {world.token(role)}"} for role in PROGRAMS}
    return {**programs, Role.APPLICANT: applicant}


@pytest.fixture
def aimed(stage: Stage) -> Iterator[None]:
    """Every request goes out by somebody, and most of them about something that is there."""
    turns = count()

    @schemathesis.hook("before_call")
    def aim_and_sign(
        context: HookContext,  # noqa: ARG001 - the names are the hook's own
        case: "Case[Any]",
        kwargs: dict[str, Any],  # noqa: ARG001
    ) -> None:
        turn = next(turns)
        aim(case, stage, turn)
        case.headers.update(sender(case, stage, turn))

    yield
    schemathesis.hooks.unregister(aim_and_sign)


@pytest.mark.usefixtures("aimed")
def test_every_answer_is_one_that_the_document_describes(stage: Stage) -> None:
    here = {"Host": ORIGIN.partition("//")[2]}
    schema = schemathesis.openapi.from_asgi(
        "/api/openapi.json", stage.world.app, config=CONFIG, headers=here
    )
    faults: list[str] = []
    asked = set()
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError | NonFatalError)
        if isinstance(event, ScenarioFinished):
            asked.add(event.label)
            faults += faults_of(event)
    assert faults == []
    assert len(asked) >= len(stage.world.app.openapi()["paths"])


def faults_of(event: ScenarioFinished) -> Iterator[str]:
    """Yield what was wrong in a scenario, with the request that shows it."""
    for checks in event.recorder.checks.values():
        for one in checks:
            if one.failure_info is not None:
                found = one.failure_info
                yield f"{event.label} {one.name}: {found.failure.message}\n{found.code_sample}"


def sender(case: "Case[Any]", stage: Stage, turn: int) -> dict[str, str]:
    """Return the headers of one who has the right that the operation asks for."""
    right = ROUTES[f"api_{case.operation.definition.raw['operationId']}"]
    if right is Right.OPEN:
        return {}
    roles = sorted(GRANTS[right] & stage.senders.keys())
    return stage.senders[roles[turn % len(roles)]]


def aim(case: "Case[Any]", stage: Stage, turn: int) -> None:
    """Let a request be about something that is there, where it is not wrong on purpose."""
    if turn % ELSEWHERE == 0:
        return
    for where, given in ((Where.PATH, case.path_parameters), (Where.BODY, case.body)):
        if isinstance(given, dict) and is_right(case, where):
            for name in given.keys() & stage.ids.keys():
                given[name] = stage.ids[name][turn % len(stage.ids[name])]
    if "If-Match" in case.headers and is_right(case, Where.HEADER):
        about = case.path_parameters.get("application_id")
        seen = stage.version(about) if about in stage.ids["application_id"] else turn % VERSIONS + 1
        case.headers["If-Match"] = f'"{seen}"'


def is_right(case: "Case[Any]", where: Where) -> bool:
    """Return whether that part of a request fits the document."""
    part = case.meta.components.get(where) if case.meta else None
    return part is None or part.mode.is_positive
