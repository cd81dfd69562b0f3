"""Pages that send anything to the desk on their own machine: no 5xx, and refusals with a code."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.hooks import HookContext
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from cardservice.web.local import routes
from tests.unit.web_clinics.test_schema import faults_of
from tests.unit.web_local.world import API, CLINIC, HERE, World, world

DOCUMENT: Final = "/walk.json"
CONFIG: Final = SchemathesisConfig.from_dict(
    {
        "seed": 20_261_123,
        "base-url": HERE,
        "workers": 1,
        "generation": {
            "deterministic": True,
            "max-examples": 25,
            "no-shrink": True,
            "with-security-parameters": False,
        },
        "phases": {"stateful": {"enabled": False}},
        "checks": {
            # The document is made here, by the framework, and knows nothing of refusals.
            name: {"enabled": False}
            for name in (
                "ignored_auth",
                "positive_data_acceptance",
                "negative_data_rejection",
                "unsupported_method",
                "allow_header_conformance",
                "status_code_conformance",
                "content_type_conformance",
                "response_schema_conformance",
            )
        },
    }
)
COMPATIBLE: Final[dict[str, Any]] = {
    "get": {
        "parameters": [{"name": "args", "in": "query", "schema": {"type": "string"}}],
        "responses": {"default": {"description": "What the older services answered."}},
    }
}


@pytest.fixture
def desk(tmp_path: Path) -> World:
    """A desk that an older page may ask, too."""
    return world(tmp_path, compat_origin=CLINIC)


@pytest.fixture
def paired(desk: World) -> Iterator[None]:
    """Requests come from a page that was paired; each third shows another token, or none."""
    turns, token = count(), desk.token()

    @schemathesis.hook("before_call")
    def say_who(
        context: HookContext,  # noqa: ARG001 - the names are the hook's own
        case: "Case[Any]",
        kwargs: dict[str, Any],  # noqa: ARG001
    ) -> None:
        case.headers["Origin"] = CLINIC
        case.headers["Authorization"] = f"Bearer {'A' * 43 if next(turns) % 3 == 0 else token}"

    yield
    schemathesis.hooks.unregister(say_who)


@schemathesis.check
def local_refusals_have_a_code(ctx: Any, response: Any, case: "Case[Any]") -> None:  # noqa: ARG001
    if response.status_code >= 400 and case.path.startswith(API):
        said = response.json()
        # A method or an address that there is not: its status says all there is to say.
        blank = said["type"] == "about:blank" and response.status_code in {404, 405}
        assert blank or "code" in said or said["type"].startswith("/problems/"), said


@pytest.mark.usefixtures("paired")
def test_no_page_breaks_the_desk_and_every_refusal_has_a_code(desk: World) -> None:
    told = get_openapi(title="Desk", version="1", routes=list(routes.router.routes))
    told["paths"]["/"] = COMPATIBLE

    async def document(_: Request) -> JSONResponse:
        return JSONResponse(told)

    desk.app.router.routes.insert(0, Route(DOCUMENT, document))
    here = {"Host": HERE.partition("//")[2]}
    schema = schemathesis.openapi.from_asgi(DOCUMENT, desk.app, config=CONFIG, headers=here)
    faults: list[str] = []
    asked = set()
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError | NonFatalError), event
        if isinstance(event, ScenarioFinished):
            asked.add(event.label)
            faults += faults_of(event)
    assert faults == []
    assert len(asked) >= len(told["paths"])
