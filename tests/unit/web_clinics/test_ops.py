"""Health, readiness, figures and the line of each request."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI, WebSocket
from prometheus_client.parser import text_string_to_metric_families
from typing_extensions import override

from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.verify.examination import Examination, Problem
from cardservice.web.clinics.ops import OpsParts, metrics_of
from cardservice.web.clinics.parts import ClinicParts
from cardservice.web.clinics.probes import (
    CODES,
    DatabaseUp,
    DiskFree,
    ListAge,
    Probe,
    SignerLeft,
)
from cardservice.web.metrics import FOLDER, Metrics
from cardservice.web.request_log import HEADER, RequestLog, request_id
from tests.registry.conftest import desk, ready_file
from tests.registry.offices import REGION, Desk
from tests.unit.web_clinics.fhir_world import Known, fhir_app

__all__ = ["desk", "ready_file"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Broken:
    """A database that is away."""

    def reading(self) -> Any:
        raise OSError("postgresql://cards:secret@db.example/cards")


def parts(**ops: Any) -> ClinicParts:
    return ClinicParts(
        office=cast(Any, None),
        region=REGION,
        clients=Known(),
        judge=cast(Any, None),
        more={"ops": OpsParts(metrics=Metrics(), **ops)},
    )


def ask(app: Any, path: str, client: str = "127.0.0.1", **headers: str) -> httpx.Response:
    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            return await http.get(path, headers=headers)

    return asyncio.run(sent())


def facts(folder: Path, issued: object) -> Path:
    path = folder / "1.json"
    path.write_text(json.dumps({"issued": issued}), encoding="utf-8")
    return path


def value(text: str, name: str, **labels: str) -> float:
    """Return the one sample of that name that has these labels."""
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    (found,) = [
        one.value
        for one in samples
        if one.name == name and labels.items() <= {**one.labels}.items()
    ]
    return float(found)


def verdict(outcome: Outcome, reason: Reason) -> Verdict:
    return Verdict((Check(CheckName.CARD_NOT_BLOCKED, outcome, reason),), at=NOW)


def test_a_process_that_lives_says_so_though_nothing_else_works() -> None:
    app = fhir_app(parts(database=DatabaseUp(cast(Any, Broken()))))
    assert ask(app, "/health").json() == {"status": "alive"}


def test_a_service_with_all_it_needs_is_ready(desk: Desk, tmp_path: Path) -> None:
    made = parts(
        database=DatabaseUp(desk.office.database),
        published=ListAge(facts(tmp_path, NOW.isoformat()), lambda: NOW),
        signer=SignerLeft(lambda: NOW + timedelta(days=30), lambda: NOW),
        others=(DiskFree(tmp_path, free_mib=1),),
    )
    answer = ask(fhir_app(made), "/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_everything_that_is_wrong_is_told_at_once_and_no_secret_with_it(tmp_path: Path) -> None:
    made = parts(
        database=DatabaseUp(cast(Any, Broken())),
        published=ListAge(tmp_path / "1.json", lambda: NOW),
        signer=SignerLeft(lambda: None, lambda: NOW),
        others=(DiskFree(tmp_path / "nowhere"),),
    )
    answer = ask(fhir_app(made), "/ready")
    codes = [one["code"] for one in answer.json()["faults"]]
    assert answer.status_code == 503
    assert codes == ["database-unreachable", "list-missing", "signer-missing", "disk-full"]
    assert "secret" not in answer.text
    assert all(one["sentence"] == CODES[one["code"]] for one in answer.json()["faults"])


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (timedelta(0), None),
        (timedelta(minutes=90), None),
        (timedelta(minutes=90, seconds=1), "list-old"),
        (timedelta(minutes=-2), "list-of-the-future"),
    ],
)
def test_a_list_is_fresh_for_ninety_minutes(
    tmp_path: Path, age: timedelta, code: str | None
) -> None:
    assert ListAge(facts(tmp_path, (NOW - age).isoformat()), lambda: NOW)() == code


@pytest.mark.parametrize("content", ["", "[]", "null", '{"issued": 1}', '{"issued": "today"}', "{"])
def test_a_damaged_statement_of_the_list_is_a_missing_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "1.json").write_text(content, encoding="utf-8")
    assert ListAge(tmp_path / "1.json", lambda: NOW)() == "list-missing"


def test_a_time_without_a_zone_is_no_time(tmp_path: Path) -> None:
    assert ListAge(facts(tmp_path, "2026-11-22T12:00:00"), lambda: NOW)() == "list-missing"


@pytest.mark.parametrize(
    ("days", "code"), [(7, None), (6.99, "signer-ending"), (-1, "signer-ending")]
)
def test_a_signer_is_good_for_seven_days_more(days: float, code: str | None) -> None:
    assert SignerLeft(lambda: NOW + timedelta(days=days), lambda: NOW)() == code


def test_a_signer_that_cannot_be_read_is_a_missing_one() -> None:
    def fail() -> datetime:
        raise RuntimeError

    assert SignerLeft(fail, lambda: NOW)() == "signer-missing"


def test_a_probe_that_hangs_does_not_hang_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardservice.web.clinics.ops.PATIENCE_S", 0.05)
    asked = OpsParts(metrics=Metrics(), others=(slow,))

    async def faults() -> tuple[str, ...]:
        return await asked.faults()

    assert asyncio.run(faults()) == ("probe-late",)


def slow() -> str | None:
    time.sleep(0.3)
    return None


def test_who_asks_again_at_once_is_told_what_was_found_out() -> None:
    asked: list[int] = []
    seconds = SimpleNamespace(now=0.0)
    probe: Probe = lambda: asked.append(1)  # noqa: E731
    ops = OpsParts(metrics=Metrics(), others=(probe,), clock=lambda: seconds.now)

    async def many() -> int:
        await asyncio.gather(*(ops.faults() for _ in range(50)))
        return len(asked)

    async def twice() -> tuple[int, int]:
        first = await many()
        seconds.now = 2.1
        return first, await many()

    assert asyncio.run(twice()) == (1, 2)


def test_the_figures_tell_what_was_counted(tmp_path: Path, desk: Desk) -> None:
    made = parts(
        database=DatabaseUp(desk.office.database),
        published=ListAge(facts(tmp_path, NOW.isoformat()), lambda: NOW + timedelta(minutes=5)),
    )
    metrics = made.more["ops"].metrics
    metrics.examination(Examination(verdict=verdict(Outcome.INVALID, Reason.CARD_BLOCKED)))
    metrics.examination(Examination(problem=Problem.CARD_MUTE))
    metrics.presentations(3, refused=1)
    metrics.sign("chip-copied")
    metrics.request("clinic_read_fhir", 404, 0.01)
    text = ask(fhir_app(made), "/metrics").text
    verdicts = "cardservice_verdicts_total"
    assert value(text, verdicts, outcome="invalid", reason="card-blocked") == 1
    assert value(text, verdicts, outcome="none", reason="card-mute") == 1
    assert value(text, "cardservice_presentations_total", result="taken") == 3
    assert value(text, "cardservice_signs_total", kind="chip-copied") == 1
    assert value(text, "cardservice_requests_total", route="clinic_read_fhir", status="4xx") == 1
    assert value(text, "cardservice_list_age_seconds") == 300
    assert value(text, "cardservice_database_up") == 1


def test_a_database_that_is_away_is_told_as_a_figure_too() -> None:
    text = ask(fhir_app(parts(database=DatabaseUp(cast(Any, Broken())))), "/metrics").text
    assert value(text, "cardservice_database_up") == 0


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("10.0.0.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}),
    ],
)
def test_figures_are_for_this_machine_alone(client: str, headers: dict[str, str]) -> None:
    assert ask(fhir_app(parts()), "/metrics", client, **headers).status_code == 404


def test_figures_are_not_told_where_others_connect_directly() -> None:
    assert ask(fhir_app(parts(told_here=False)), "/metrics").status_code == 404


def test_a_service_without_operations_has_none() -> None:
    app = fhir_app(replace(parts(), more={}))
    assert [ask(app, one).status_code for one in ("/ready", "/metrics")] == [404, 404]
    assert metrics_of(cast(Any, SimpleNamespace(app=app))) is None


class Lines(logging.Handler):
    """What was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    handler, logger = Lines(), logging.getLogger("cardservice.request")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [one.fields for one in handler.records]  # type: ignore[attr-defined]
    logger.removeHandler(handler)
    logger.setLevel(before)


def logged_app() -> tuple[RequestLog, Metrics]:
    app = FastAPI()
    metrics = Metrics(relay_sessions=lambda: 7)

    @app.get("/people/{number}")
    def show_one(number: str) -> dict[str, object]:
        return {"request": request_id(), "long": len(number)}

    @app.get("/fails/{number}")
    def fail(number: str) -> None:
        raise ValueError(number)

    @app.websocket("/stream")
    async def stream(websocket: WebSocket) -> None:
        await websocket.accept()

    return RequestLog(app, metrics), metrics


def test_a_request_is_one_line_with_the_name_of_its_route(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    app, metrics = logged_app()
    answer = ask(app, "/people/0054910834000015?name=secret")
    (told,) = lines()
    assert set(told) == {"route", "status", "ms"}
    assert (told["route"], told["status"]) == ("show_one", 200)
    assert answer.json()["request"] == answer.headers[HEADER]
    assert value(metrics.text().decode(), "cardservice_relay_sessions") == 7


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/nothing/0054910834000015", "none", 404),
        ("/fails/0054910834000015", "fail", 500),
    ],
)
def test_no_line_and_no_label_has_anything_of_the_address(
    lines: Callable[[], list[dict[str, Any]]], path: str, route: str, status: int
) -> None:
    app, metrics = logged_app()
    ask(app, path)
    (told,) = lines()
    assert (told["route"], told["status"]) == (route, status)
    assert "0054910834000015" not in f"{told}{metrics.text()!r}"


def test_an_id_that_a_client_chose_is_not_taken() -> None:
    app, _ = logged_app()
    chosen = "0054910834000015"
    assert ask(app, "/people/1", **{HEADER: chosen}).headers[HEADER] != chosen
    assert request_id() == ""


def test_a_client_that_goes_away_is_logged_as_gone(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    async def silent(*_: object) -> None:
        return None

    async def nothing(*_: object) -> Any:
        return None

    scope = {"type": "http", "path": "/"}
    asyncio.run(RequestLog(cast(Any, silent))(scope, nothing, nothing))
    assert [one["status"] for one in lines()] == [499]


SHARING = """
import os
from cardservice.web.metrics import Metrics, forget_process
metrics = Metrics(relay_sessions=lambda: 3)
if os.fork() == 0:
    child = Metrics(relay_sessions=lambda: 4)
    child.request("clinic_read_fhir", 200, 0.01)
    os._exit(0)
child, _ = os.wait()
metrics.request("clinic_read_fhir", 200, 0.01)
print(metrics.text().decode())
forget_process(child)
print("====")
print(metrics.text().decode())
"""


def test_processes_that_share_a_folder_tell_of_each_other(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SHARING],
        env={**os.environ, FOLDER: str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    both, after = told.stdout.split("====")
    requests = "cardservice_requests_total"
    assert value(both, requests, route="clinic_read_fhir") == 2
    assert value(both, "cardservice_relay_sessions") == 7
    assert value(after, requests, route="clinic_read_fhir") == 2
    assert value(after, "cardservice_relay_sessions") == 3
