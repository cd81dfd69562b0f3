"""``init``, ``pki renew`` and homes that are missing, damaged or not for production."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cardservice.cli import passphrase
from cardservice.cli.exit_codes import Exit
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.keystores.sealing import KdfCost
from tests.unit.cli.conftest import PASSPHRASE, Type

VERIFY = ("verify", "--reader", "sim:")


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20] + b"not a byte of ours\n")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """New keys that open fast."""
    monkeypatch.setattr("cardservice.keystores.software.KdfCost", partial(KdfCost, n=2, r=1, p=1))


@pytest.mark.usefixtures("cheap")
def test_init_makes_a_home_that_pki_renew_can_open(
    cardservice_typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path / "new"))
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", PASSPHRASE)
    made = cardservice_typed("init", "--fund", "45001", "--name", "Территориальный фонд")
    assert made.exit_code == Exit.OK
    assert str(Folder(tmp_path / "new").root) in made.stdout
    renewed = cardservice_typed("pki", "renew")
    assert (renewed.exit_code, renewed.stdout) == (Exit.OK, "revocation list 2 issued\n")
    assert PASSPHRASE not in made.output + renewed.output


def test_init_leaves_a_home_that_is_there_alone(home: Folder, cardservice_typed: Type) -> None:
    before = home.marker.read_bytes()
    result = cardservice_typed("init")
    assert result.exit_code == Exit.HOME
    assert "is a home already" in result.stderr
    assert home.marker.read_bytes() == before


def test_init_says_when_an_earlier_one_was_interrupted(
    home: Folder, cardservice_typed: Type
) -> None:
    home.marker.unlink()
    result = cardservice_typed("init")
    assert result.exit_code == Exit.HOME
    assert "was interrupted; remove the folder" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("--fund", "12"), ("--fund", "abcde"), ("--name", "x" * 65), ("--name", "")]
)
def test_init_makes_nothing_for_a_fund_that_cannot_be(
    arguments: tuple[str, ...],
    cardservice_typed: Type,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path / "new"))
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", PASSPHRASE)
    result = cardservice_typed("init", *arguments)
    assert result.exit_code == Exit.USAGE
    assert not (tmp_path / "new").exists()


def test_a_new_passphrase_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["one", "one", "one", "other"])
    monkeypatch.setattr(passphrase, "ask_passphrase", lambda _: next(answers))
    assert passphrase.ask_new_passphrase("?") == "one"
    with pytest.raises(UsageError):
        passphrase.ask_new_passphrase("?")


@pytest.mark.parametrize(
    "command",
    [VERIFY, ("serve", "--port", "0"), ("pki", "renew")],
)
def test_without_a_home_a_command_says_how_to_make_one(
    command: tuple[str, ...], cardservice_typed: Type
) -> None:
    result = cardservice_typed(*command)
    assert result.exit_code == Exit.HOME
    assert result.stderr.endswith("make one with: cardservice init\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", [VERIFY, ("card", "show", "--reader", "sim:"), ("serve",)])
def test_production_refuses_a_demonstration_home(
    command: tuple[str, ...], cardservice_typed: Type
) -> None:
    result = cardservice_typed(*command, env={"CARDSERVICE_PRODUCTION": "1"})
    assert result.exit_code == Exit.HOME
    assert "Production refuses this demonstration home." in result.stderr


PARTS: dict[str, Callable[[Folder], Path]] = {
    "marker": lambda home: home.marker,
    "root": lambda home: home.root,
    "revocations": lambda home: home.revocations,
    "ledger": lambda home: home.ledger,
}


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_part_of_a_home_is_one_line_that_names_it(
    part: str, home: Folder, cardservice_typed: Type
) -> None:
    path = PARTS[part](home)
    if part == "ledger":
        path.write_bytes(b'{"enp":"x"}\n')
    damage(path)
    result = cardservice_typed(*VERIFY)
    assert result.exit_code == Exit.HOME
    assert part in result.stderr or path.parent.name in result.stderr or path.name in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("part", ["root", "revocations"])
def test_a_missing_part_of_a_home_is_one_line_that_names_it(
    part: str, home: Folder, cardservice_typed: Type
) -> None:
    PARTS[part](home).unlink()
    for command in (VERIFY, ("pki", "renew")):
        result = cardservice_typed(*command)
        assert result.exit_code == Exit.HOME
        assert str(PARTS[part](home)) in result.stderr
        assert "restore it from a backup" in result.stderr


@pytest.mark.parametrize("part", ["signer", "root", "revocations"])
def test_a_damaged_certificate_or_list_stops_a_renewal(
    part: str, home: Folder, cardservice_typed: Type
) -> None:
    path = home.signer if part == "signer" else PARTS[part](home)
    damage(path)
    result = cardservice_typed("pki", "renew")
    assert result.exit_code == Exit.HOME
    assert str(path) in result.stderr


@pytest.mark.parametrize(
    "marker",
    [
        b"",
        b"[]",
        b'{"format": 2}',
        b'{"format": 1}',
        b'{"format": 1, "demonstration": "no"}',
        b'{"format": 1, "demonstration": true, "fund": {"code": 1, "name": 2}}',
        b'{"format": 1, "demonstration": true, "fund": {"code": "1", "name": "2"}}',
    ],
)
def test_a_marker_of_another_form_is_refused(
    marker: bytes, home: Folder, cardservice_typed: Type
) -> None:
    home.marker.write_bytes(marker)
    result = cardservice_typed(*VERIFY)
    assert result.exit_code == Exit.HOME
    assert "is of another version, or damaged" in result.stderr


@pytest.mark.parametrize("name", ["root.key", "signer"])
def test_a_damaged_key_stops_what_needs_it_and_nothing_of_it_is_printed(
    name: str, home: Folder, cardservice_typed: Type
) -> None:
    (key,) = [file for file in home.keys.iterdir() if file.name.startswith(name)]
    body = key.read_bytes()
    damage(key)
    result = cardservice_typed("pki", "renew")
    assert result.exit_code == Exit.HOME
    assert str(key) in result.stderr
    assert body.splitlines()[1].decode() not in result.output


def test_keys_open_to_others_are_refused(home: Folder, cardservice_typed: Type) -> None:
    (home.keys / "root.key").chmod(0o644)
    result = cardservice_typed("pki", "renew")
    assert result.exit_code == Exit.HOME
    assert "chmod 600" in result.stderr


def test_the_revocation_list_is_one_higher_each_time(home: Folder, cardservice_typed: Type) -> None:
    numbers = [cardservice_typed("pki", "renew").stdout.split()[2] for _ in range(2)]
    assert numbers == ["2", "3"]
    assert json.loads(home.marker.read_bytes())["format"] == 1


def test_a_wrong_setting_is_wrong_usage(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", env={"CARDSERVICE_LANGUAGE": "de"})
    assert result.exit_code == Exit.USAGE
    assert result.stderr.startswith("cardservice: setting language: ")
