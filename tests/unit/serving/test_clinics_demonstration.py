"""What the demonstration of the service for clinics says, and whom it answers."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from cardservice.home.clinics_demonstration import DemonstrationClinics, demonstration_clinics
from cardservice.serving.clinics import clinics_app
from cardservice.serving.clinics_command import say_demonstration
from cardservice.settings import Settings
from tests.unit.home.test_office_demonstration import cheap_settings
from tests.unit.web.client import ORIGIN, request

QUESTIONS = "/api/v1/status-questions"
TOKEN = re.compile(r"Token of a clinic's program, ends with this: (\S+)\n")


@pytest.fixture(scope="module")
def made() -> Iterator[DemonstrationClinics]:
    with demonstration_clinics(cheap_settings(), ORIGIN) as lent:
        yield lent


@pytest.fixture(scope="module")
def app(made: DemonstrationClinics) -> FastAPI:
    return clinics_app(made.home)


def asked(app: FastAPI, token: str) -> int:
    """Return the status of the answer to an empty question."""
    headers = {"authorization": f"Bearer {token}"}
    return request(app, "POST", QUESTIONS, headers=headers).status_code


def said(made: DemonstrationClinics, capsys: pytest.CaptureFixture[str], **changes: object) -> str:
    """Return what is printed with those settings."""
    settings: Settings = cheap_settings().model_copy(update=changes)
    say_demonstration(settings, made, ORIGIN, command="./run")
    return capsys.readouterr().out


def test_the_printed_token_is_answered_as_a_program_of_a_clinic(
    made: DemonstrationClinics, app: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    found = TOKEN.search(said(made, capsys))
    assert found is not None
    assert asked(app, found[1]) == 422  # known, and the question is empty


def test_a_token_that_was_not_printed_is_not_answered(app: FastAPI) -> None:
    assert asked(app, "epc_" + "A" * 43) == 401


def test_the_token_is_worth_nothing_at_the_next_start(made: DemonstrationClinics) -> None:
    token = made.new_token()
    with demonstration_clinics(cheap_settings(), ORIGIN) as another:
        assert asked(clinics_app(another.home), token) == 401


@pytest.mark.parametrize(
    "reached",
    [
        {"host": "0.0.0.0"},  # noqa: S104 - not listened on
        {"host": "::"},
        {"host": "192.0.2.7"},
        {"clinics_address": "https://clinics.example.org"},
    ],
)
def test_no_token_is_made_where_others_than_this_machine_reach(
    made: DemonstrationClinics, capsys: pytest.CaptureFixture[str], reached: dict[str, str]
) -> None:
    shown = said(made, capsys, **reached)
    assert "epc_" not in shown
    assert f"./run desk enrol {made.code} --service {ORIGIN}" in shown


def test_the_code_is_not_in_what_is_told_of_the_demonstration(
    made: DemonstrationClinics,
) -> None:
    assert made.code not in repr(made)
