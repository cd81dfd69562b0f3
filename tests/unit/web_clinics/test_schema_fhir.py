"""Programs that send anything to FHIR's addresses get an outcome with a code; no 5xx.

The service's own document leaves FHIR out, since `metadata` describes it; so one is made here.
"""

from typing import Any, Final

import pytest
import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.unit.web_clinics.service_world import ADDRESS, Service
from tests.unit.web_clinics.test_schema import faults_of, signed

__all__ = ["signed"]

FHIR: Final = "/fhir/r4"
DOCUMENT: Final = "/walk.json"
CONFIG: Final = SchemathesisConfig.from_dict(
    {
        "seed": 20_261_123,
        "base-url": ADDRESS,
        "workers": 1,
        "generation": {
            "deterministic": True,
            "max-examples": 25,
            "no-shrink": True,
            "with-security-parameters": False,
        },
        "phases": {"stateful": {"enabled": False}},
        "checks": {
            "ignored_auth": {"enabled": False},
            "positive_data_acceptance": {"enabled": False},
            "negative_data_rejection": {"enabled": False},
            "unsupported_method": {"enabled": False},
            "allow_header_conformance": {"enabled": False},  # {id} may be any word, $submit too
        },
    }
)
KINDS: Final = ["Patient", "Coverage", "CoverageEligibilityResponse", "Organization", "Nothing"]
ANY: Final[dict[str, Any]] = {"schema": {"type": "string"}}
RESOURCE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "resourceType": {"enum": ["CoverageEligibilityRequest", "Patient"]},
        "status": {"enum": ["active", "draft", ""]},
        "purpose": {"type": "array", "items": {"enum": ["validation", "benefits", ""]}},
        "patient": {"type": "object"},
        "created": {"type": "string"},
        "insurer": {"type": "object"},
        "insurance": {"type": "array", "items": {"type": "object"}},
    },
}
ANSWERS: Final[dict[str, Any]] = {"default": {"description": "A resource, or an outcome."}}


def operation(*parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"parameters": list(parameters), "responses": ANSWERS, **more}


def parameter(name: str, where: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


KIND: Final = parameter("kind", "path", {"enum": KINDS})
ID: Final = parameter("id", "path", {"type": "string", "minLength": 1})
IDENTIFIER: Final = parameter("identifier", "query", {"type": "string"})
OTHER: Final = parameter("_count", "query", {"type": "string"})


def body(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {kind: {"schema": schema}}}


PATHS: Final[dict[str, Any]] = {
    f"{FHIR}/metadata": {"get": operation(OTHER)},
    f"{FHIR}/{{kind}}": {"get": operation(KIND, IDENTIFIER, OTHER)},
    f"{FHIR}/{{kind}}/{{id}}": {"get": operation(KIND, ID)},
    f"{FHIR}/{{kind}}/_search": {
        "post": operation(
            KIND,
            requestBody=body(
                "application/x-www-form-urlencoded",
                {"type": "object", "properties": {"identifier": {"type": "string"}}},
            ),
        )
    },
    f"{FHIR}/CoverageEligibilityRequest/$submit": {
        "post": operation(requestBody=body("application/fhir+json", RESOURCE))
    },
}


async def document(_: Request) -> JSONResponse:
    told = {"openapi": "3.1.0", "info": {"title": "FHIR", "version": "1"}, "paths": PATHS}
    return JSONResponse(told)


@schemathesis.check
def refusals_are_outcomes(ctx: Any, response: Any, case: "Case[Any]") -> None:  # noqa: ARG001
    if response.status_code < 400 or not case.path.startswith(FHIR):
        return
    said = response.json()
    assert said["resourceType"] == "OperationOutcome"
    assert all(one["details"]["coding"][0]["code"] for one in said["issue"])


@pytest.mark.usefixtures("signed")
def test_every_refusal_is_an_outcome_with_a_code(service: Service) -> None:
    service.app.router.routes.insert(0, Route(DOCUMENT, document))
    here = {"Host": ADDRESS.partition("//")[2]}
    schema = schemathesis.openapi.from_asgi(DOCUMENT, service.app, config=CONFIG, headers=here)
    faults: list[str] = []
    asked = set()
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError | NonFatalError), event
        if isinstance(event, ScenarioFinished):
            asked.add(event.label)
            faults += faults_of(event)
    assert faults == []
    assert len(asked) >= len(PATHS)
