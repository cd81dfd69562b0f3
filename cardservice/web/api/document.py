"""The OpenAPI document of the API: what ``/api/openapi.json`` says.

It describes ``/api/v1`` alone: pages are no interface for programs.

Source: OpenAPI Specification 3.1.0.
"""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from cardservice.accounts.rights import ROUTES, Right
from cardservice.web.api.common import API, Problem, problems

Document = dict[str, Any]

DESCRIPTION: Final = """\
The office for programs: applications, documents, people, policies, orders, cards, places,
organisations and complaints.

Every command carries an `Idempotency-Key`; every change names the version it was made on in
`If-Match`. Lists come in pages: `next` is the cursor of the following one. What went wrong is told
as problem details (RFC 9457); sentences are Russian or English, by `Accept-Language`.
"""
_SCHEMAS: Final = "#/components/schemas/"
_METHODS: Final = frozenset({"get", "put", "post", "patch", "delete"})
_ETAG: Final[Document] = {
    "description": "Names the version that was answered; for If-Match and If-None-Match.",
    "schema": {"type": "string"},
}
_LOCATION: Final[Document] = {
    "description": "The address of what was made.",
    "schema": {"type": "string"},
}
_SCHEMES: Final[Document] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A program's: `epc_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-session",
        "description": "A signed-in person's; a change also needs an Origin of this service.",
    },
}
_TAGGED: Final = frozenset({"If-Match", "If-None-Match"})


def install_document(app: FastAPI) -> None:
    """Let ``app`` serve the document of its API; it is made when it is first asked for."""

    def openapi() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = api_document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def api_document(app: FastAPI) -> Document:
    """Return the OpenAPI document of the routes of ``app`` under ``/api/v1``."""
    whole = get_openapi(
        title="Electronic policy card: the office",
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
    )
    whole["paths"] = {path: one for path, one in whole["paths"].items() if path.startswith(API)}
    components = whole.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas = components.setdefault("schemas", {})
    template = _SCHEMAS + "{model}"
    problem = Problem.model_json_schema(ref_template=template)
    schemas |= problem.pop("$defs", {}) | {Problem.__name__: problem}
    for path, item in whole["paths"].items():
        for operation in _operations(item):
            _complete(operation)
            if "{" in path:  # whatever stands there may name nothing
                operation["responses"] |= {"404": problems(404)[404]}
    components["schemas"] = _used(whole, schemas)
    return whole


def _operations(item: Document) -> Iterator[Document]:
    return (one for method, one in item.items() if method in _METHODS)


def _complete(operation: Document) -> None:
    """Say who may ask, and which headers the answers have."""
    name = _route_of(operation)
    operation["operationId"] = name.removeprefix("api_")
    right = ROUTES.get(name)
    if right is not None and right is not Right.OPEN:
        operation["security"] = [{"token": []}, {"session": []}]
        operation["description"] = f"{operation.get('description', '')}\n\nRight: `{right}`."
    given = {one["name"] for one in operation.get("parameters", ())}
    for status, answer in operation["responses"].items():
        if status.startswith("2") and (given & _TAGGED or "Idempotency-Key" in given):
            answer.setdefault("headers", {})["ETag"] = _ETAG
        if status == "201":
            answer.setdefault("headers", {})["Location"] = _LOCATION


def _route_of(operation: Document) -> str:
    # FastAPI names an operation by its function, then its path and its method.
    return str(operation["operationId"]).partition(f"{API.replace('/', '_')}_")[0]


def _used(document: Document, schemas: Document) -> Document:
    """Return the schemas that something refers to, one through another."""
    used: set[str] = set()
    wanted = set(_names_in(document["paths"]))
    while wanted:
        used |= wanted
        wanted = {name for one in wanted for name in _names_in(schemas[one])} - used
    return {name: one for name, one in schemas.items() if name in used}


def _names_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith(_SCHEMAS):
            yield reference.removeprefix(_SCHEMAS)
        for one in value.values():
            yield from _names_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names_in(one)
