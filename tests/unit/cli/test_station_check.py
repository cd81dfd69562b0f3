"""``station check``: a real home looked at, and what is said of each thing that is wrong."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.exit_codes import Exit
from cardservice.cli.station_check import check
from cardservice.errors import ReaderUnavailableError
from cardservice.home import station_checks
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.home.station_checks import StationChecks, new_clock_guard
from cardservice.home.station_keys import KeySecrets, StationSecrets
from cardservice.keystores.software_keys import AesKey, EcdsaP256Key
from cardservice.personalization.journal import StationStarted
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.personalization.self_check import self_check
from cardservice.pki.keys import KeyStoreError
from cardservice.settings import load_settings
from cardservice.storage.journal_file import JournalFile
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.examiner import CardExaminer
from tests.unit.cli.conftest import PASSPHRASE

Look = Callable[..., dict[str, Any]]
READER = ("--reader", "sim:")


class PinRefusedError(KeyStoreError):
    fault = "hsm-pin-wrong"


def typed(*arguments: str) -> Result:
    result = CliRunner().invoke(check, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    assert PASSPHRASE not in result.output
    return result


def looked(*arguments: str, ready: bool = True) -> dict[str, Any]:
    """Return what was found, by name."""
    result = typed(*(arguments or READER), "--json")
    assert (result.exit_code == Exit.OK) is ready, result.output
    answer = json.loads(result.stdout)
    assert answer["ready"] is ready
    return {one["name"]: one for one in answer["checks"]}


def code_of(name: str, *arguments: str) -> str:
    """Return the code of the part that fails."""
    found = looked(*arguments, ready=False)[name]
    assert found["health"] == "fail"
    return str(found["code"])


@pytest.mark.usefixtures("home")
def test_a_good_home_is_ready_and_a_card_was_made() -> None:
    found = looked()
    healths = {name: one["health"] for name, one in found.items()}
    assert healths.pop("printer") == "warn"
    assert set(healths.values()) == {"ok"}
    assert "each key worked once" in found["keys"]["sentence"]
    assert re.search(r"made and verified with [2-9]\d commands", found["sample card"]["sentence"])


@pytest.mark.usefixtures("home")
def test_a_person_sees_a_line_for_each_part_and_what_to_do() -> None:
    said = typed(*READER).stdout
    assert "✔ keys " in said
    assert "! printer " in said
    assert "[printer-missing]\n  → " in said


def test_nothing_is_made_by_looking(home: Folder) -> None:
    before = sorted(home.path.rglob("*"))
    looked()
    assert sorted(home.path.rglob("*")) == before


@pytest.mark.usefixtures("home")
def test_all_readers_are_looked_at_and_a_missing_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(station_checks, "list_readers", lambda: ("Reader A 00", "Reader B 00"))
    assert {"reader pcsc:Reader A 00", "reader pcsc:Reader B 00"} <= set(looked("--json"))
    assert code_of("reader pcsc:C", "--reader", "pcsc:C") == "reader-unavailable"
    assert code_of("reader fax:1", "--reader", "fax:1") == "reader-unavailable"


@pytest.mark.usefixtures("home")
def test_a_station_without_any_reader_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> tuple[str, ...]:
        raise ReaderUnavailableError("the service is away", remedy="start it")

    for readers in (tuple, away):
        monkeypatch.setattr(station_checks, "list_readers", readers)
        assert code_of("reader pcsc:", "--json") == "reader-unavailable"


@pytest.mark.usefixtures("home")
def test_a_wrong_passphrase_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", "another")
    assert code_of("keys") == "keys-unavailable"
    monkeypatch.delenv("CARDSERVICE_KEY_PASSPHRASE")
    assert code_of("keys") == "keys-unavailable"


def test_a_missing_master_is_found(home: Folder) -> None:
    next(home.keys.glob("issuer-master*")).unlink()
    assert code_of("keys") == "keys-unavailable"


@pytest.mark.usefixtures("home")
def test_a_master_that_computes_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AesKey, "cmac", lambda *_: b"")
    assert code_of("keys") == "keys-unavailable"


@pytest.mark.usefixtures("home")
def test_a_signer_whose_signatures_do_not_verify_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = EcdsaP256Key.sign
    monkeypatch.setattr(EcdsaP256Key, "sign", lambda key, data: sign(key, data + b"!"))
    assert code_of("keys") == "keys-unavailable"


def test_a_pin_that_was_refused_is_not_tried_again_by_a_lane(
    home: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PinRefusedError("the PIN is wrong", remedy="correct it")

    monkeypatch.setattr(station_checks, "open_key_store", refuse)
    opens = StationSecrets(KeySecrets(pin=b"1"))
    checks = StationChecks(
        settings=load_settings(home=home.path),
        readers=["sim:"],
        key_secrets=lambda: opens,
        guard=new_clock_guard(),
    )
    found = {one.name: one.code for one in self_check(checks.parts())}
    assert found["keys"] == "hsm-pin-wrong"
    with pytest.raises(LaneFaultError), opens.tried():
        raise AssertionError("the PIN was lent once more")


def test_a_signer_that_nobody_trusts_is_found(
    home: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = utc_now() + timedelta(days=3650)
    monkeypatch.setattr(station_checks, "utc_now", lambda: later)
    found = looked(ready=False)["keys"]
    assert (found["health"], "pki renew" in found["sentence"]) == ("fail", True)
    home.signer.unlink()
    assert code_of("keys") == "home-damaged"


@pytest.mark.usefixtures("home")
def test_a_sample_that_does_not_read_as_ordered_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    unread = Examination(problem=Problem.CARD_UNREADABLE)
    monkeypatch.setattr(CardExaminer, "examine", lambda *_, **__: unread)
    assert code_of("sample card") == "sample-failed"


@pytest.mark.usefixtures("home")
def test_too_little_room_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_STATION_FREE_MIB", str(1 << 40))
    assert code_of("disk") == "disk-low"


@pytest.fixture
def journal(home: Folder) -> Iterator[Path]:
    """A journal whose one entry was written when the clock was an hour ahead."""
    path = home.path / "station" / "journal"
    path.parent.mkdir()
    file = JournalFile(path, clock=lambda: utc_now() + timedelta(hours=1))
    file.append(StationStarted())
    file.close()
    yield path
    assert path.exists()


@pytest.mark.usefixtures("journal")
def test_a_clock_behind_the_journal_is_wrong_until_a_person_compared_it() -> None:
    assert code_of("clock") == "clock-wrong"
    assert looked(*READER, "--clock-is-right")["clock"]["health"] == "ok"


def test_a_damaged_journal_is_found(journal: Path) -> None:
    octets = bytearray(journal.read_bytes())
    octets[-9] ^= 1
    journal.write_bytes(octets)
    assert code_of("journal") == "journal-damaged"
    assert journal.read_bytes() == octets


@pytest.mark.usefixtures("home")
def test_printers_are_asked_each_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_FACE_PRINTER", f"folder:{tmp_path / 'faces'}")
    monkeypatch.setenv("CARDSERVICE_LETTER_PRINTER", f"device:{tmp_path / 'none'}")
    found = looked(ready=False)
    assert found["printer face"]["health"] == "ok"
    assert found["printer letter"]["code"] == "printer-not-ready"
    assert "printer" not in found


@pytest.mark.usefixtures("home")
def test_an_office_that_listens_is_reached_and_one_that_does_not_is_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("CARDSERVICE_STATION_OFFICE", address)
        assert looked()["registry"]["health"] == "ok"
    found = looked()["registry"]
    assert (found["health"], found["code"]) == ("warn", "registry-unreachable")


def test_a_station_of_a_central_service_needs_neither_home_nor_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_STATION_CENTRAL", "https://central.example.org")
    monkeypatch.setenv("CARDSERVICE_STATION_FOLDER", str(tmp_path / "station"))
    assert "central service" in looked()["keys"]["sentence"]


def test_without_a_home_the_check_says_how_to_make_one() -> None:
    found = looked(ready=False)
    assert found["keys"]["code"] == found["journal"]["code"] == "no-home"
    assert "cardservice init" in found["keys"]["sentence"]


def test_the_command_has_an_example_of_itself() -> None:
    assert "cardservice station check" in typed("--help").stdout.partition("Example")[2]
