"""The OpenAPI document of the verification service: ``/api/openapi.json``."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from cardservice.accounts.rights import ROUTES, Right
from cardservice.home.status_lists import PUBLISHED
from cardservice.web.api.common import API, Problem, problems

Document = dict[str, Any]

TITLE: Final = "Electronic policy card: verification"
DESCRIPTION: Final = """\
What clinics and their desks ask: enrolment, cards read through the service, posted files,
temporary certificates, the status of a card or policy; and what is fresh, signed.

What went wrong is told as problem details (RFC 9457) with a stable `code`; sentences are Russian
or English, by `Accept-Language`.
"""
_METHODS: Final = frozenset({"get", "put", "post", "patch", "delete", "head"})
_SCHEMES: Final[Document] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A desk's, from `/api/v1/token`; or a program's: `epc_…`.",
    }
}
_OURS: Final = (API, f"/{PUBLISHED}")


def install_clinic_document(app: FastAPI) -> None:
    """Let ``app`` serve the document of its API; it is made when it is first asked for."""

    def openapi() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = clinic_document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def clinic_document(app: FastAPI) -> Document:
    """Return the OpenAPI document of the routes of ``app`` that are not FHIR's own."""
    whole = get_openapi(
        title=TITLE, version=app.version, description=DESCRIPTION, routes=app.routes
    )
    whole["paths"] = {path: one for path, one in whole["paths"].items() if path.startswith(_OURS)}
    components = whole.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas = components.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {Problem.__name__: problem}
    for operation in _operations(whole["paths"]):
        _complete(operation)
    return whole


def _operations(paths: Document) -> Iterator[Document]:
    for item in paths.values():
        yield from (one for method, one in item.items() if method in _METHODS)


def _complete(operation: Document) -> None:
    """Say who may ask, and that any answer may be late or too large."""
    name = _route_of(str(operation["operationId"]))
    right = ROUTES.get(name)
    if right is not None and right is not Right.OPEN:
        operation["security"] = [{"token": []}]
        operation["description"] = f"{operation.get('description', '')}\n\nRight: `{right}`."
    operation["responses"] |= {"408": problems(408)[408]}


def _route_of(operation_id: str) -> str:
    # FastAPI names an operation by its function, then its path and its method.
    known = [name for name in ROUTES if operation_id.startswith(f"{name}_")]
    return max(known, key=len, default="")
