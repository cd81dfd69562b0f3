"""The OpenAPI document: complete, of the API alone, and true about rights and errors."""

from collections.abc import Iterator
from typing import Any

import pytest

from cardservice.accounts.rights import ROUTES, Right
from cardservice.web.problems import KINDS
from tests.office_world import World
from tests.unit.web_api.steps import visit

Value = dict[str, Any]


@pytest.fixture
def document(world: World) -> Value:
    return dict(visit(world.app, "GET", "/api/openapi.json").json())


def operations(document: Value) -> Iterator[Value]:
    for path in document["paths"].values():
        yield from path.values()


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if name == "$ref")
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_the_document_is_of_the_api_and_not_of_the_pages(document: Value) -> None:
    assert document["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert not any("HTTPValidationError" in one for one in document["components"]["schemas"])


def test_every_reference_leads_to_a_schema_and_every_schema_is_used(document: Value) -> None:
    schemas = document["components"]["schemas"]
    known = {f"#/components/schemas/{one}" for one in schemas}
    assert set(references(document)) == known


def test_operations_have_names_words_and_the_right_they_ask_for(document: Value) -> None:
    names = [one["operationId"] for one in operations(document)]
    assert len(set(names)) == len(names)
    for one in operations(document):
        right = ROUTES[f"api_{one['operationId']}"]
        assert len(one["description"]) > 20
        assert ("security" in one) == (right is not Right.OPEN)
        assert right is Right.OPEN or f"Right: `{right}`" in one["description"]


def test_every_error_that_a_route_can_give_is_described_as_a_problem(document: Value) -> None:
    for one in operations(document):
        errors = {status: said for status, said in one["responses"].items() if status >= "400"}
        assert {"401", "403", "409", "412", "413", "422", "428", "429", "503"} <= set(errors)
        assert all(set(said["content"]) == {"application/problem+json"} for said in errors.values())


def test_answers_name_their_headers(document: Value) -> None:
    starting = document["paths"]["/api/v1/applications"]["post"]["responses"]["201"]
    assert set(starting["headers"]) == {"ETag", "Location"}
    showing = document["paths"]["/api/v1/policies/{policy_id}"]["get"]["responses"]
    assert set(showing["200"]["headers"]) == {"ETag"}
    assert "304" in showing


def test_the_form_of_an_application_comes_with_an_example(document: Value) -> None:
    form = document["components"]["schemas"]["ApplicationForm"]
    assert form["examples"][0]["person"]["surname"] == "Пробный"
    assert form["additionalProperties"] is False


def test_the_status_of_every_kind_of_problem_is_in_the_description_of_the_api(
    document: Value,
) -> None:
    described = {int(one) for each in operations(document) for one in each["responses"]}
    # What only the desk of a clinic, or a mistake of ours, leads to is no answer of the API, nor
    # is what is said before any route is found.
    elsewhere = {405, 408, 500, 502}
    assert {kind.status.value for kind in KINDS} - described - elsewhere == set()
