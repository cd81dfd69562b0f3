"""``cardservice station central``: the commands beside the service."""

import os
import secrets
from pathlib import Path

import pytest
from click.testing import CliRunner

from cardservice.errors import Refusal, UsageError
from cardservice.home.central import opened_book, opened_central, tokens_of
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.home.station_keys import KeySecrets
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.personalization.journal import DataStored
from cardservice.serving.central import central, require_private
from cardservice.settings import Settings, load_settings
from tests.chain import FUND, SIGNED

GIVEN = KeySecrets(passphrase="one of a test")  # noqa: S106 - it opens nothing else


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    folder = Folder(tmp_path / "home")
    cheap = KdfCost(n=2, r=1, p=1)
    keys = SoftwareKeyStore(folder.keys, lambda: GIVEN.passphrase or "", cost=cheap)
    wish = NewHome(fund=FUND, demonstration=True)
    establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    monkeypatch.setenv("CARDSERVICE_HOME", str(folder.path))
    return load_settings()


def test_a_token_is_printed_once_and_ended(settings: Settings) -> None:
    drawn = CliRunner().invoke(central, ["token", "station-2"])
    assert drawn.exit_code == 0
    assert tokens_of(settings).station_of(drawn.stdout.strip()) == "station-2"
    ended = CliRunner().invoke(central, ["token", "station-2", "--end"])
    assert ended.exit_code == 0
    assert tokens_of(settings).station_of(drawn.stdout.strip()) is None


def test_an_order_is_released_after_a_question(settings: Settings) -> None:
    with opened_book(settings) as book:
        book.keep(DataStored(chip=bytes(8), order="order-a", number=1, signed_at=SIGNED))
    assert CliRunner().invoke(central, ["release", "order-a"], input="n\n").exit_code == 1
    done = CliRunner().invoke(central, ["release", "order-a"], input="y\n")
    assert done.exit_code == 0
    assert "0000000000000000" in done.stdout
    again = CliRunner().invoke(central, ["release", "order-a", "--yes"])
    assert again.exit_code == 2


def test_the_service_s_home_opens_with_keys_and_a_locked_book(settings: Settings) -> None:
    with opened_central(settings, GIVEN) as made:
        token = made.tokens.draw("station-1", os.urandom)
        assert made.station_of(token) == "station-1"
        made.preflight()
        with pytest.raises(Refusal) as refusal, opened_book(settings):
            pass
    assert refusal.value.code == "journal-in-use"


def test_production_refuses_a_home_for_demonstration_and_a_line_that_others_hear(
    settings: Settings,
) -> None:
    production = settings.model_copy(update={"production": True})
    with pytest.raises(Refusal), opened_central(production, GIVEN):
        pass
    require_private(production)
    require_private(settings.model_copy(update={"host": "0.0.0.0"}))  # noqa: S104
    with pytest.raises(UsageError):
        require_private(production.model_copy(update={"host": "0.0.0.0"}))  # noqa: S104


def test_a_station_of_a_central_service_is_none_itself(settings: Settings) -> None:
    other = settings.model_copy(update={"station_central": "https://central.example.org"})
    with pytest.raises(UsageError), opened_central(other, GIVEN):
        pass


def test_help_shows_examples_of_all_three_commands() -> None:
    for words in ([], ["token"], ["release"]):
        shown = CliRunner().invoke(central, [*words, "--help"])
        assert shown.exit_code == 0
        assert "cardservice station central" in shown.stdout


def test_a_new_revocation_list_counts_without_a_restart_and_a_damaged_one_stops(
    settings: Settings,
) -> None:
    revocations = Folder(settings.home).revocations
    with opened_central(settings, GIVEN) as made:
        whole = revocations.read_bytes()
        revocations.write_bytes(b"\x30\x00")
        for action in (made.preflight, made.examiner):
            with pytest.raises(Refusal) as refusal:
                action()
            assert refusal.value.code == "home-damaged"
        revocations.write_bytes(whole)
        made.preflight()
