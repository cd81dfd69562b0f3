"""A desk that is not enrolled asks for no passphrase; one whose certificates ended is told so."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from cardservice.cli import desk_keys
from cardservice.cli.desk_keys import desk_enrolment
from cardservice.errors import Refusal
from cardservice.home.issuer import Home, scratch_home
from cardservice.settings import load_settings


@pytest.fixture
def home(tmp_path: Path) -> Home:
    with scratch_home(load_settings(home=tmp_path)) as (home, _):
        return home


def test_a_desk_that_is_not_enrolled_has_nothing_to_show(home: Home, mocker: MockerFixture) -> None:
    asked = mocker.patch.object(desk_keys, "desk_keys")
    with desk_enrolment(home, load_settings()) as enrolment:
        assert enrolment is None
    assert asked.call_count == 0


def test_an_enrolment_that_has_ended_is_told_and_the_desk_goes_on(
    home: Home, mocker: MockerFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    mocker.patch.object(desk_keys, "installed", return_value=object())
    mocker.patch.object(desk_keys, "desk_keys")
    ended = Refusal("desk-expired", f"The certificate ended {timedelta(days=1)} ago.")
    mocker.patch.object(Home, "enrolment", side_effect=ended)
    with desk_enrolment(home, load_settings()) as enrolment:
        assert enrolment is None
    assert "The certificate ended" in capsys.readouterr().err
