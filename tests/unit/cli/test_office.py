"""``cardservice office`` as a person at a terminal meets it, and ``cardservice audit`` over it."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.home.folder import Folder
from cardservice.home.office import OfficeHome, open_office
from cardservice.home.office_setup import make_office
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.registry.outbox_values import (
    Notice,
    NoticeChannel,
    NoticeState,
    Notification,
    Template,
)
from tests.unit.cli.conftest import CHEAP, PASSPHRASE, Type
from tests.unit.home.offices import CHEAP_HASHES, PASSWORD, REGION, settings_of

OTHER_PASSWORD = "heron umbrella quartz lantern"  # noqa: S105
CLERK = ("office", "account", "add", "anna", "--role", "clerk")


@pytest.fixture(scope="session")
def pristine_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose keys open fast; copied, never changed."""
    place = tmp_path_factory.mktemp("pristine") / "office"
    keys = SoftwareKeyStore(Folder(place).keys, lambda: PASSPHRASE, cost=CHEAP)
    make_office(settings_of(place), keys)
    return place


@pytest.fixture
def office(pristine_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office of one test; the environment points to it."""
    place = tmp_path / "office"
    shutil.copytree(pristine_office, place)
    monkeypatch.setenv("CARDSERVICE_HOME", str(place))
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CARDSERVICE_REGION", REGION)
    for name, value in CHEAP_HASHES.items():
        monkeypatch.setenv(f"CARDSERVICE_{name.upper()}", str(value))
    return place


def put_unknown(place: Path) -> str:
    """Keep a notification whose sending was begun by a process that is gone; return its id."""
    keys = SoftwareKeyStore(Folder(place).keys, lambda: PASSPHRASE, cost=CHEAP)
    with open_office(settings_of(place), keys) as opened:
        return str(_put(opened).id)


def _put(opened: OfficeHome) -> Notification:
    notice = Notice(
        channel=NoticeChannel.EMAIL,
        template=Template.REFUSED,
        language="ru",
        recipient="person0@example.org",
        parameters={"application": "ABCD"},
    )
    kept = opened.outbox.put(REGION, notice)
    past = opened.office.clock() - timedelta(hours=1)
    return opened.outbox.store.replace(
        replace(kept, state=NoticeState.SENDING, next_at=past, attempts=1)
    )


def test_an_office_is_set_up_by_one_command_and_again_without_harm(
    cardservice_typed: Type, tmp_path: Path
) -> None:
    env = {
        "CARDSERVICE_HOME": str(tmp_path / "new"),
        "CARDSERVICE_KEY_PASSPHRASE": PASSPHRASE,
    }
    first = cardservice_typed("office", "init", env=env)
    assert first.exit_code == Exit.OK
    assert "office-scans" in first.stdout
    again = cardservice_typed("office", "init", env=env)
    assert "none, all were there" in again.stdout


def test_a_wrong_passphrase_makes_no_key(cardservice_typed: Type, office: Path) -> None:
    (office / "keys" / "office-rows.secret").unlink()
    env = {"CARDSERVICE_KEY_PASSPHRASE": "another"}
    result = cardservice_typed("office", "init", env=env)
    assert result.exit_code == Exit.HOME
    assert not (office / "keys" / "office-rows.secret").exists()


@pytest.mark.usefixtures("office")
def test_an_account_is_made_with_a_password_of_standard_input(cardservice_typed: Type) -> None:
    made = cardservice_typed(*CLERK, typed=PASSWORD + "\n")
    assert (made.exit_code, made.stdout) == (Exit.OK, f"Account anna in region {REGION}.\n")
    assert PASSWORD not in made.output
    listed = cardservice_typed("office", "account", "list", "--json")
    (one,) = json.loads(listed.stdout)
    assert (one["name"], one["roles"], one["has_password"]) == ("anna", ["clerk"], True)
    assert cardservice_typed("office", "account", "list").stdout == f"{REGION}  anna  clerk\n"


@pytest.mark.usefixtures("office")
def test_a_password_may_stand_in_a_file_that_nobody_else_reads(
    cardservice_typed: Type, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o644)
    refused = cardservice_typed(*CLERK, "--password-file", str(file))
    assert refused.exit_code == Exit.USAGE
    file.chmod(0o600)
    assert cardservice_typed(*CLERK, "--password-file", str(file)).exit_code == Exit.OK


@pytest.mark.usefixtures("office")
def test_what_an_account_cannot_be_is_one_line(cardservice_typed: Type) -> None:
    short = cardservice_typed(*CLERK, typed="short\n")
    assert short.exit_code == Exit.HOME
    assert "at least 12 characters" in short.stderr
    applicant = cardservice_typed("office", "account", "add", "a", "--role", "applicant")
    assert applicant.exit_code == Exit.USAGE
    cardservice_typed(*CLERK, typed=PASSWORD + "\n")
    twice = cardservice_typed(*CLERK, typed=PASSWORD + "\n")
    assert twice.exit_code == Exit.HOME
    assert "already" in twice.stderr


@pytest.mark.usefixtures("office")
def test_a_password_is_reset_and_an_account_closed(cardservice_typed: Type) -> None:
    cardservice_typed(*CLERK, typed=PASSWORD + "\n")
    account = ("office", "account")
    reset = cardservice_typed(*account, "reset-password", "Anna", typed=OTHER_PASSWORD + "\n")
    assert reset.exit_code == Exit.OK
    assert cardservice_typed(*account, "close", "anna").exit_code == Exit.OK
    assert cardservice_typed(*account, "list").stdout.endswith("closed\n")
    unknown = cardservice_typed(*account, "close", "nobody")
    assert (unknown.exit_code, unknown.stdout) == (Exit.HOME, "")


@pytest.mark.usefixtures("office")
def test_a_token_is_printed_once_and_ended_by_its_id(cardservice_typed: Type) -> None:
    token = ("office", "token")
    made = cardservice_typed(*token, "add", "Station 1", "--role", "station", "--days", "30")
    text = made.stdout.strip()
    assert text.startswith("epc_")
    (one,) = json.loads(cardservice_typed(*token, "list", "--json").stdout)
    assert (one["label"], one["revoked_at"]) == ("Station 1", None)
    assert text not in cardservice_typed(*token, "list").stdout
    assert cardservice_typed(*token, "revoke", one["id"]).exit_code == Exit.OK
    assert "revoked" in cardservice_typed(*token, "list").stdout


def test_attempts_of_unknown_outcome_are_shown_and_not_sent_again(
    cardservice_typed: Type, office: Path
) -> None:
    id_ = put_unknown(office)
    for _ in range(2):
        result = cardservice_typed("office", "deliver")
        assert result.exit_code == Exit.NOT_ALL_GOOD
        assert f"{id_}  email  p***@e***.org  nobody knows: interrupted" in result.stdout
        assert "0 tried, 1 of unknown outcome." in result.stdout


def test_a_person_decides_what_becomes_of_an_unknown_one(
    cardservice_typed: Type, office: Path
) -> None:
    first, second = put_unknown(office), put_unknown(office)
    cardservice_typed("office", "deliver")
    forgotten = cardservice_typed("office", "deliver", "--forget", first, "--json")
    assert [one["id"] for one in json.loads(forgotten.stdout)["unknown"]] == [second]
    again = cardservice_typed("office", "deliver", "--again", second)
    assert (again.exit_code, again.stdout) == (Exit.OK, "0 tried, 0 of unknown outcome.\n")
    assert cardservice_typed("office", "deliver", "--again", second).exit_code == Exit.HOME


@pytest.mark.usefixtures("office")
def test_the_days_work_is_done_by_hand(cardservice_typed: Type) -> None:
    cardservice_typed(*CLERK, typed=PASSWORD + "\n")
    result = cardservice_typed("office", "daily")
    assert result.exit_code == Exit.OK
    assert f"audit-day {REGION}: 1\n" in result.stdout
    assert f"leases {REGION}: 0\n" in result.stdout


@pytest.mark.usefixtures("office")
def test_the_audit_log_is_signed_verified_and_shown(
    cardservice_typed: Type, tmp_path: Path
) -> None:
    cardservice_typed(*CLERK, typed=PASSWORD + "\n")
    of_region = ("--region", REGION)
    heads = tmp_path / "heads"
    heads.write_text(cardservice_typed("audit", "head", *of_region).stdout)
    verified = cardservice_typed("audit", "verify", *of_region, "--heads", str(heads))
    assert (verified.exit_code, verified.stdout) == (
        Exit.OK,
        "1 entries, whole; signed up to entry 1\n",
    )
    assert "account.add" in cardservice_typed("audit", "show", *of_region).stdout


@pytest.mark.usefixtures("office")
def test_verifying_the_audit_log_needs_no_passphrase(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CARDSERVICE_KEY_PASSPHRASE")
    assert cardservice_typed("audit", "verify", "--region", REGION).exit_code == Exit.OK
    assert cardservice_typed("office", "account", "list").exit_code == Exit.OK
    assert cardservice_typed("office", "daily").exit_code == Exit.HOME


@pytest.mark.parametrize(
    "command",
    [("office", "daily"), ("office", "account", "list"), ("audit", "show", "--region", REGION)],
)
def test_without_an_office_one_line_says_what_to_do(
    cardservice_typed: Type, command: tuple[str, ...], tmp_path: Path
) -> None:
    env = {
        "CARDSERVICE_HOME": str(tmp_path / "none"),
        "CARDSERVICE_REGION": REGION,
        "CARDSERVICE_KEY_PASSPHRASE": PASSPHRASE,
    }
    result = cardservice_typed(*command, env=env)
    assert result.exit_code == Exit.HOME
    assert "cardservice office init" in result.stderr or "database migrate" in result.stderr


@pytest.mark.usefixtures("home")
def test_production_refuses_an_office_in_a_demonstrations_home(
    cardservice_typed: Type,
) -> None:
    env = {"CARDSERVICE_PRODUCTION": "1", "CARDSERVICE_REGION": REGION}
    for command in ("init", "daily"):
        result = cardservice_typed("office", command, env=env)
        assert result.exit_code == Exit.HOME
        assert "demonstration" in result.stderr
