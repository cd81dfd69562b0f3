"""Every error below ``/fhir/r4`` as an OperationOutcome, whoever says it.

Routes say no with a refusal; the guard, the framework, the limit of a body and unforeseen errors
answer outside of them, so they are met where their answers pass by.

Source: HL7 FHIR R4, 3.1.0.1.9 (OperationOutcome with errors), value set issue-type.
"""

import json
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from cardservice.errors import Refusal
from cardservice.fhir.capability import MEDIA_TYPE
from cardservice.fhir.elements import Element, coding, present, resource
from cardservice.fhir.faults import Fault
from cardservice.fhir.operation_outcome import outcome_of_refusal
from cardservice.fhir.systems import CodeSystem, Systems
from cardservice.texts.office import sentence
from cardservice.web.clinics.fhir_parts import DEFAULT, FHIR, fhir_parts
from cardservice.web.clinics.parts import clinic_parts
from cardservice.web.problems import KINDS, PROBLEM_TYPE, language_of_program
from cardservice.web.security import SECURITY_HEADERS

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_LONGEST: Final = 16 * 1024  # octets of a problem that is read; ours have a few hundred
_OTHER: Final = "processing"
_KINDS: Final = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "business-rule",
    413: "too-long",
    415: "not-supported",
    421: "not-found",
    422: "invalid",
    429: "throttled",
    500: "exception",
    503: "transient",
}
_REPLACED: Final = frozenset({b"content-type", b"content-length", b"content-language"})


def fhir_response(element: Element, status: int = HTTPStatus.OK, **headers: str) -> Response:
    """Return a resource as an answer; a header's name with ``_`` for its dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(_octets(element), status_code=status, media_type=MEDIA_TYPE, headers=named)


class FhirRoute(APIRoute):
    """A route that says no in FHIR."""

    @override
    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refused:
                return _refused(request, refused)

        return answer


class OutcomesForFhir:
    """Puts an OperationOutcome in place of any other answer that tells of an error."""

    def __init__(self, app: ASGIApp, systems: Systems = DEFAULT.systems) -> None:
        self._app = app
        self._systems = systems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_fhir(scope["path"]):
            await self._app(scope, receive, send)
            return
        turned = _Turned(send, self._systems)
        try:
            await self._app(scope, receive, turned.take)
        except Exception:
            # The framework's own answer to it is sent outside of everything else.
            await turned.fail()
            raise


def is_fhir(path: str) -> bool:
    """Return whether an address is FHIR's."""
    return path == FHIR or path.startswith(f"{FHIR}/")


class _Turned:
    """One answer on its way out."""

    def __init__(self, send: Send, systems: Systems) -> None:
        self._send = send
        self._systems = systems
        self._start: Message | None = None
        self._body = b""
        self._started = False

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_foreign(message):
            self._start = message
        elif self._start is None:
            self._started = True
            await self._send(message)
        else:
            self._body += message.get("body", b"")[:_LONGEST]
            if not message.get("more_body", False):
                await self._answer(self._start, self._body)

    async def fail(self) -> None:
        if not self._started:
            headers = [(one.encode(), two.encode()) for one, two in SECURITY_HEADERS.items()]
            start = {"status": HTTPStatus.INTERNAL_SERVER_ERROR, "headers": headers}
            await self._answer({"type": "http.response.start", **start}, b"")

    async def _answer(self, start: Message, body: bytes) -> None:
        self._started = True
        self._start = None
        status = int(start["status"])
        said = _octets(outcome_of_status(status, _problem(start, body), self._systems))
        kept = [one for one in start.get("headers", ()) if one[0].lower() not in _REPLACED]
        made = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(said)).encode()),
        ]
        await self._send({"type": start["type"], "status": status, "headers": kept + made})
        await self._send({"type": "http.response.body", "body": said})


def outcome_of_status(status: int, problem: dict[str, Any], systems: Systems) -> Element:
    """Return an error that HTTP tells of, with the code and sentence of the problem if it has."""
    code = problem.get("code") or str(problem.get("type", "")).rpartition("/")[2]
    named = code if code and ":" not in code else f"http-{status}"
    issue = {
        "severity": "error",
        "code": _KINDS.get(status, _OTHER),
        "details": coding(systems.codes_of(CodeSystem.REASON), named),
        "diagnostics": problem.get("detail") or problem.get("title") or HTTPStatus(status).phrase,
    }
    return resource("OperationOutcome", {"issue": [present(issue)]})


def _refused(request: Request, refused: Refusal) -> Response:
    language = language_of_program(request)
    said = Refusal(
        refused.code,
        sentence(refused.code, refused.sentence, language),
        field=refused.field,
    )
    systems = fhir_parts(clinic_parts(request)).systems
    return fhir_response(outcome_of_refusal(said, systems=systems), _status(refused))


def _status(refused: Refusal) -> int:
    if refused.code == Fault.BODY_TOO_LARGE:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if refused.field is not None:  # the parsers name the place; no other refusal here has one
        return HTTPStatus.BAD_REQUEST
    return next(one for one in KINDS if one.fits(refused)).status


def _is_foreign(message: Message) -> bool:
    kind = dict(message.get("headers", ())).get(b"content-type", b"")
    is_error = int(message["status"]) >= HTTPStatus.BAD_REQUEST
    return is_error and not kind.startswith(MEDIA_TYPE.encode())


def _problem(start: Message, body: bytes) -> dict[str, Any]:
    kind = dict(start.get("headers", ())).get(b"content-type", b"")
    if not kind.startswith(PROBLEM_TYPE.encode()):
        return {}
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _octets(element: Element) -> bytes:
    return json.dumps(element, ensure_ascii=False, separators=(",", ":")).encode()
