"""Errors as problem details."""

import json

import pytest
from fastapi import FastAPI

from cardservice.errors import (
    CardRemovedError,
    LinkError,
    MalformedDataError,
    ReaderUnavailableError,
    Refusal,
    UsageError,
)
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskBusyError, DeskHub
from cardservice.web.problems import KINDS, problem_response
from cardservice.web.security import ForeignRequestError, UnknownHostError
from tests.unit.web.client import get


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (Refusal("no-such-card", "No."), 409, "refused"),
        (UnknownHostError("x"), 421, "unknown-host"),
        (ForeignRequestError("x"), 403, "foreign-request"),
        (DeskBusyError("x"), 503, "desk-busy"),
        (ReaderUnavailableError("x", remedy="y"), 503, "reader-unavailable"),
        (CardRemovedError("x"), 502, "link-failed"),
        (LinkError("x"), 502, "link-failed"),
        (MalformedDataError("x"), 502, "card-misbehaved"),
        (UsageError("x"), 500, "internal-error"),
        (KeyError("x"), 500, "internal-error"),
    ],
)
def test_each_error_has_its_status_and_its_stable_type(
    error: Exception, status: int, slug: str
) -> None:
    answer = problem_response(error)
    members = json.loads(bytes(answer.body))
    assert (answer.status_code, members["status"], members["type"]) == (
        status,
        status,
        f"/problems/{slug}",
    )
    assert answer.media_type == "application/problem+json"


def test_a_refusal_tells_its_code_and_its_sentence() -> None:
    members = json.loads(bytes(problem_response(Refusal("no-such-card", "No such card.")).body))
    assert (members["code"], members["detail"]) == ("no-such-card", "No such card.")


def test_nothing_is_told_of_an_unforeseen_error() -> None:
    body = bytes(problem_response(ValueError("ИВАНОВ 0054910834000015")).body).decode()
    assert "0054910834000015" not in body
    assert "detail" not in body


@pytest.mark.parametrize("slug", [kind.slug for kind in KINDS])
def test_the_type_of_every_problem_leads_to_its_description(slug: str) -> None:
    answer = get(create_app(DeskHub()), f"/problems/{slug}")
    assert answer.json()["type"] == f"/problems/{slug}"


def test_an_unknown_problem_type_is_not_found() -> None:
    answer = get(create_app(DeskHub()), "/problems/nothing")
    assert (answer.status_code, answer.json()["type"]) == (404, "about:blank")


def test_a_route_that_fails_answers_with_a_problem_and_all_headers() -> None:
    app: FastAPI = create_app(DeskHub())

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("ИВАНОВ")

    answer = get(app, "/broken")
    assert (answer.status_code, answer.json()["title"]) == (500, "The service made a mistake")
    assert answer.headers["cache-control"] == "no-store"
    assert "ИВАНОВ" not in answer.text
