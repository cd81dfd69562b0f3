"""Programs that send anything get no answer but those that the document describes; no 5xx."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import pytest
import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.hooks import HookContext

from cardservice.web.clinics.app_parts import SERVICE
from tests.unit.web_clinics.service_world import ADDRESS, Service

EXAMPLES: Final = 10  # of an operation, beside those that the bounds of each field call for
CONFIG: Final = SchemathesisConfig.from_dict(
    {
        "seed": 20_261_122,
        "base-url": ADDRESS,
        "workers": 1,
        "generation": {
            "deterministic": True,
            "max-examples": EXAMPLES,
            "no-shrink": True,
            # Who sends is chosen here; a made-up token would be nobody's.
            "with-security-parameters": False,
        },
        "phases": {"stateful": {"enabled": False}},
        "checks": {
            # Everything is asked for without a token in test_clients.py.
            "ignored_auth": {"enabled": False},
            # What fits the document may be refused by a rule, or be nobody's.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "304", "401", "403", "404", "409", "422", "429"]
            },
        },
    }
)


@pytest.fixture
def signed(service: Service, tmp_path: Any) -> Iterator[None]:
    """Requests go out by a desk and without limits, so that routes are reached."""
    token = service.enrolled(tmp_path / "desk").token()
    turns = count()
    limits = service.app.state.clinics.more[SERVICE].limits
    for one in (limits.codes, limits.signed):
        one.each.take = one.together.take = lambda _: None

    @schemathesis.hook("before_call")
    def sign(
        context: HookContext,  # noqa: ARG001 - the names are the hook's own
        case: "Case[Any]",
        kwargs: dict[str, Any],  # noqa: ARG001
    ) -> None:
        next(turns)
        case.headers["Authorization"] = f"Bearer {token}"

    yield
    schemathesis.hooks.unregister(sign)


@pytest.mark.usefixtures("signed")
def test_every_answer_is_one_that_the_document_describes(service: Service) -> None:
    here = {"Host": ADDRESS.partition("//")[2]}
    schema = schemathesis.openapi.from_asgi(
        "/api/openapi.json", service.app, config=CONFIG, headers=here
    )
    faults: list[str] = []
    asked = set()
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError | NonFatalError)
        if isinstance(event, ScenarioFinished):
            asked.add(event.label)
            faults += faults_of(event)
    assert faults == []
    assert len(asked) >= len(service.app.openapi()["paths"])


def faults_of(event: ScenarioFinished) -> Iterator[str]:
    """Yield what was wrong in a scenario, with the request that shows it."""
    for checks in event.recorder.checks.values():
        for one in checks:
            if one.failure_info is not None:
                found = one.failure_info
                yield f"{event.label} {one.name}: {found.failure.message}\n{found.code_sample}"
