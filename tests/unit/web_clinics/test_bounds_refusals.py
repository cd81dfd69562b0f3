"""Whoever came to no route is told a code, and what to do."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest

from cardservice.home.status_lists import PUBLISHED
from cardservice.texts.languages import Language
from cardservice.texts.office.sentences import knows
from cardservice.web.api.common import JSON_MAX
from cardservice.web.clinics.limits_refusals import UNHEARD
from cardservice.web.problems import KINDS
from tests.unit.web_clinics.service_world import V1, Service
from tests.unit.web_clinics.test_bounds import Echo, Line, part, run

ENP = "0054910834000015"


def told(line: Line) -> tuple[int, dict[str, Any]]:
    return line.status, json.loads(line.sent[1]["body"])


def header(line: Line, name: bytes) -> bytes:
    return bytes(dict(line.sent[0]["headers"])[name])


def at_all(members: Mapping[str, Any]) -> tuple[Any, Any, bool]:
    return members["type"], members["code"], bool(members["detail"])


def test_a_body_that_does_not_come_is_refused_by_name() -> None:
    line = Line(part(b"x", more=True))
    run(line, Echo())
    status, members = told(line)
    assert (status, *at_all(members)) == (408, "/problems/request-late", "request-late", True)


def test_an_answer_that_is_late_is_refused_by_name() -> None:
    line = Line(part(b"", more=False))
    run(line, Echo(answer_s=60))
    status, members = told(line)
    assert (status, *at_all(members)) == (503, "/problems/answer-late", "answer-late", True)


def test_too_large_a_body_is_refused_by_name() -> None:
    line = Line()
    run(line, Echo(), (b"content-length", b"1001"))
    status, members = told(line)
    assert (status, *at_all(members)) == (413, "/problems/too-large", "too-large", True)


def test_a_line_whose_body_was_not_read_ends_with_the_answer() -> None:
    line = Line()
    run(line, Echo(), (b"content-length", b"1001"))
    assert (header(line, b"connection"), header(line, b"cache-control")) == (b"close", b"no-store")


def test_who_waits_in_russian_is_told_in_russian() -> None:
    line = Line(part(b"x", more=True))
    run(line, Echo(), (b"accept-language", b"ru"))
    assert told(line)[1]["detail"].startswith("Запрос не пришёл")


@pytest.mark.parametrize("accepted", [b"\xff\x00", b"ru;q=nan," * 5000, b"", b"*;q=1e999"])
def test_a_language_that_is_none_keeps_nobody_from_the_refusal(accepted: bytes) -> None:
    line = Line(part(b"x", more=True))
    run(line, Echo(), (b"accept-language", accepted))
    status, members = told(line)
    assert (status, members["code"]) == (408, "request-late")


def test_an_address_that_is_not_there_is_refused_by_name(service: Service) -> None:
    for path in (f"{V1}/nothing", "/", "/problems/nothing", f"{V1}/card-files/x", "/%00", "/.env"):
        answer = service.get(path)
        assert answer.status_code == 404, path
        assert at_all(answer.json()) == ("/problems/address-unknown", "address-unknown", True)


def test_what_was_asked_for_is_not_said_again(service: Service) -> None:
    answer = service.get(f"{V1}/{ENP}?enp={ENP}")
    assert (answer.status_code, ENP in answer.text) == (404, False)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "TRACE", "PROPFIND", "X" * 200])
def test_a_method_that_the_address_has_not_is_refused_by_name(
    service: Service, method: str
) -> None:
    answer = service.ask(method, f"{V1}/token")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert at_all(answer.json()) == ("/problems/method-unknown", "method-unknown", True)


def test_all_methods_of_an_address_are_named_not_only_its_first_routes(service: Service) -> None:
    answer = service.ask("POST", f"/{PUBLISHED}/1.cwt")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json()["code"] == "method-unknown"


def test_fhir_keeps_its_own_codes(service: Service) -> None:
    answer = service.ask("PUT", "/fhir/r4/metadata")
    assert (answer.status_code, answer.json()["resourceType"]) == (405, "OperationOutcome")
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "http-405"


def test_an_address_that_only_looks_like_fhirs_is_any_other(service: Service) -> None:
    answer = service.get("/fhir/r4x/Patient")
    assert (answer.status_code, answer.json()["code"]) == (404, "address-unknown")


def test_fhir_tells_too_large_a_body_by_the_same_name(service: Service) -> None:
    answer = service.ask("POST", "/fhir/r4/Patient/_search", content=b"x" * (JSON_MAX + 1))
    coding = answer.json()["issue"][0]["details"]["coding"][0]
    assert (answer.status_code, coding["code"]) == (413, "too-large")


@pytest.mark.parametrize("status", list(UNHEARD))
def test_each_has_a_line_among_the_problems_and_russian_words(
    service: Service, status: HTTPStatus
) -> None:
    code, _ = UNHEARD[status]
    kind = next(one for one in KINDS if code in one.codes)
    described = service.get(kind.type)
    assert (kind.status, described.status_code) == (status, 200)
    assert described.json()["status"] == status
    assert knows(code, Language.RU)
