"""What every request is held to: its size, its time, the name of the host, an address that is."""

import asyncio
from typing import Any

import pytest

from cardservice.accounts.rights import ROUTES
from cardservice.errors import UsageError
from cardservice.web.api.common import JSON_MAX
from cardservice.web.clinics.app import create_clinic_app
from cardservice.web.clinics.app_routes import verify_clinic_routes
from cardservice.web.clinics.limits_bounds import BoundedRequests
from tests.unit.web_clinics.service_world import V1, Service


class Line:
    """A connection: what is sent on it, and what comes back."""

    def __init__(self, *messages: dict[str, Any], then: str = "wait") -> None:
        self._messages = list(messages)
        self._then = then
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self._messages:
            return self._messages.pop(0)
        if self._then == "wait":
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def scope(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": "/", "headers": list(headers)}


class Echo:
    """An application that answers with the length of the body it was given."""

    def __init__(self, answer_s: float = 0.0) -> None:
        self.got: list[int] = []
        self._answer_s = answer_s

    async def __call__(self, _: Any, receive: Any, send: Any) -> None:
        self.got.append(len((await receive())["body"]))
        await asyncio.sleep(self._answer_s)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def run(line: Line, app: Any, *headers: tuple[bytes, bytes]) -> None:
    bounded = BoundedRequests(app, most=1000, body_s=0.05, answer_s=0.1)
    asyncio.run(bounded(scope(*headers), line.receive, line.send))


def test_a_body_of_the_largest_size_comes_whole() -> None:
    line, app = Line(part(b"x" * 600, more=True), part(b"x" * 400, more=False)), Echo()
    run(line, app, (b"content-length", b"1000"))
    assert (line.status, app.got) == (200, [1000])


@pytest.mark.parametrize("length", [b"1001", b"9" * 5000, b"-1", b"1e3", b"", "١".encode()])
def test_a_stated_length_that_is_too_large_or_none_is_refused_unread(length: bytes) -> None:
    line, app = Line(), Echo()
    run(line, app, (b"content-length", length))
    assert (line.status, app.got) == (413, [])


def test_a_body_that_grows_without_a_length_is_cut() -> None:
    endless = (part(b"x" * 300, more=True) for _ in range(1000))
    line, app = Line(*endless), Echo()
    run(line, app)
    assert (line.status, app.got) == (413, [])


def test_a_body_that_does_not_come_is_given_up() -> None:
    line, app = Line(part(b"x", more=True)), Echo()
    run(line, app)
    assert (line.status, app.got) == (408, [])


def test_who_leaves_in_the_middle_is_not_answered() -> None:
    line, app = Line(part(b"x", more=True), then="leave"), Echo()
    run(line, app)
    assert (line.sent, app.got) == ([], [])


def test_a_route_that_never_ends_is_given_up() -> None:
    line = Line(part(b"", more=False))
    run(line, Echo(answer_s=60))
    assert line.status == 503
    kinds = dict(line.sent[0]["headers"])
    assert kinds[b"content-type"] == b"application/problem+json"


def test_an_oversized_body_is_a_problem_on_every_route(service: Service) -> None:
    large = b"x" * (JSON_MAX + 1)
    for path in (f"{V1}/token", f"{V1}/enrolments", f"{V1}/card-files", "/nothing"):
        answer = service.ask("POST", path, content=large)
        assert (path, answer.status_code) == (path, 413)
        assert answer.headers["content-type"] == "application/problem+json"
    fhir = service.ask("POST", "/fhir/r4/Patient/_search", content=large)
    assert fhir.status_code == 413
    assert fhir.json()["resourceType"] == "OperationOutcome"


def test_what_is_not_there_is_a_problem(service: Service) -> None:
    missing = service.get(f"{V1}/nothing")
    assert (missing.status_code, missing.headers["content-type"]) == (
        404,
        "application/problem+json",
    )
    wrong = service.get(f"{V1}/token")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


def test_another_host_name_is_refused(service: Service) -> None:
    answer = service.get(f"{V1}/trust", headers={"Host": "evil.example"})
    assert answer.status_code == 421


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"code": NaN}'])
def test_a_body_that_is_no_json_is_a_fault_of_form(service: Service, body: bytes) -> None:
    for path in ("/enrolments/previews", "/enrolments", "/time"):
        answer = service.ask(
            "POST", f"{V1}{path}", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in {400, 422}
        assert answer.headers["content-type"] == "application/problem+json"


def test_every_answer_tells_browsers_to_keep_and_to_run_nothing(service: Service) -> None:
    answer = service.post("/time", {"nonce": "A" * 22})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_route_stands_in_the_table(service: Service) -> None:
    verify_clinic_routes(service.app)
    names = {one for one in ROUTES if one.startswith("clinic_")}
    assert names


def test_a_route_that_is_in_no_row_keeps_the_service_from_starting(service: Service) -> None:
    app = create_clinic_app(service.app.state.clinics)

    @app.post("/more")
    def clinic_unheard_of() -> None: ...

    with pytest.raises(UsageError, match="clinic_unheard_of"):
        verify_clinic_routes(app)


def test_a_route_that_forgets_its_guard_keeps_the_service_from_starting(service: Service) -> None:
    app = create_clinic_app(service.app.state.clinics)

    @app.post("/more")
    def clinic_ask_status() -> None: ...

    with pytest.raises(UsageError, match="asks for nothing"):
        verify_clinic_routes(app)
