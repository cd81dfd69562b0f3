"""``cardservice pki status-list …``: what it prints, what it writes, and its exit status."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.exit_codes import Exit
from cardservice.cli.pki_status_list import status_list
from cardservice.home.folder import Folder
from cardservice.home.office_setup import make_office
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from tests.unit.cli.conftest import CHEAP, PASSPHRASE
from tests.unit.home.offices import REGION, settings_of

ADDRESS = ("--address", "https://oms.example.org")
URI = "https://oms.example.org/statuslists/1"
Typed = Callable[..., Result]


@pytest.fixture
def typed(pristine_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run ``cardservice pki status-list ARGS`` in a home that is an office, too."""
    monkeypatch.setattr("cardservice.keystores.software.KdfCost", lambda: KdfCost(n=16, r=1, p=1))
    place = tmp_path / "home"
    shutil.copytree(pristine_home, place)
    make_office(
        settings_of(place), SoftwareKeyStore(Folder(place).keys, lambda: PASSPHRASE, cost=CHEAP)
    )
    monkeypatch.setenv("CARDSERVICE_HOME", str(place))
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CARDSERVICE_REGION", REGION)
    monkeypatch.setenv("CARDSERVICE_STATUS_LIST_PLACES", "1024")

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(status_list, arguments)
        escaped = result.exception
        assert escaped is None or isinstance(escaped, SystemExit), repr(escaped)
        return result

    return run


def test_a_list_is_built_as_a_whole_and_then_brought_up_to_date(typed: Typed) -> None:
    assert "list 1: read as a whole, 0 of 1024 places changed" in typed("build").stdout
    assert "brought up to date" in typed("build").stdout
    said = json.loads(typed("build", "--whole", "--json").stdout)
    assert said == {"list": 1, "places": 1024, "whole": True, "changed": 0}


def test_a_list_is_published_and_shown_as_a_desk_sees_it(typed: Typed, tmp_path: Path) -> None:
    first = typed("publish", *ADDRESS)
    assert (first.exit_code, "new signer of status lists certified" in first.stdout) == (0, True)
    again = json.loads(typed("publish", *ADDRESS, "--json").stdout)
    assert again["uri"] == URI
    path = tmp_path / "home" / "statuslists" / "1.cwt"
    assert again["files"]["cwt"]["octets"] == path.stat().st_size
    shown = json.loads(typed("show", *ADDRESS, "--place", "1000", "--json").stdout)
    assert (shown["uri"], shown["places"], shown["status"]) == (URI, 1024, "valid")


def test_lists_go_to_another_folder_when_told_to(typed: Typed, tmp_path: Path) -> None:
    www = tmp_path / "www"
    assert typed("publish", *ADDRESS, "--out", str(www)).exit_code == 0
    assert sorted(one.name for one in www.iterdir()) == ["1.cwt", "1.json", "1.jwt"]
    assert "valid       1024" in typed("show", *ADDRESS, "--out", str(www)).stdout


def test_without_an_address_nothing_is_published(typed: Typed, tmp_path: Path) -> None:
    result = typed("publish")
    assert result.exit_code != 0
    assert "--address" in result.stderr
    assert not (tmp_path / "home" / "statuslists").exists()


def test_a_place_beyond_the_list_and_another_address_are_refused(typed: Typed) -> None:
    typed("publish", *ADDRESS)
    beyond = typed("show", *ADDRESS, "--place", "1024")
    assert (beyond.exit_code, "no such place" in beyond.stderr) == (Exit.CARD, True)
    other = typed("show", "--address", "https://other.example.org")
    assert (other.exit_code, "another one" in other.stderr) == (Exit.CARD, True)


def test_showing_what_was_never_published_says_what_to_do(typed: Typed) -> None:
    result = typed("show", *ADDRESS)
    assert "cardservice pki status-list publish" in result.stderr
    assert result.exit_code != 0
