"""What a lane makes cards with, by its settings."""

import secrets
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home import station_lane_bench as benches
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.home.station_keys import KeySecrets
from cardservice.home.station_lane_bench import open_bench
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.settings import load_settings
from simulators.card import blank_card
from tests.chain import FUND, an_order, link_to

GIVEN = KeySecrets(passphrase="one of a test")  # noqa: S106 - it opens nothing else
YEARS = timedelta(days=4000)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "home")


def set_up(folder: Folder, *, years_ago: bool = False) -> None:
    cheap = KdfCost(n=2, r=1, p=1)
    keys = SoftwareKeyStore(folder.keys, lambda: GIVEN.passphrase or "", cost=cheap)
    wish = NewHome(fund=FUND, demonstration=True)
    at = utc_now() - YEARS if years_ago else utc_now()
    establish(folder, keys, wish, entropy=secrets.token_bytes, at=at)


@pytest.fixture
def journal() -> StationJournal:
    return StationJournal(MemoryJournal(utc_now))


def test_a_home_s_keys_make_a_card_that_nobody_is_told_of(
    folder: Folder, journal: StationJournal
) -> None:
    set_up(folder)
    with ExitStack() as stack:
        bench = open_bench(load_settings(home=folder.path), GIVEN, journal, stack)
        made = bench.maker.make(link_to(blank_card()), an_order(), order_id="order-1", lane=3)
    assert bench.service is not None
    assert [life.chip for life in journal.unreported()] == [made.chip_serial]


def test_a_signer_that_is_not_trusted_any_more_touches_no_card(
    folder: Folder, journal: StationJournal
) -> None:
    set_up(folder, years_ago=True)
    card = blank_card()
    before = card.memory.writes
    with ExitStack() as stack:
        bench = open_bench(load_settings(home=folder.path), GIVEN, journal, stack)
        with pytest.raises(Refusal, match="pki renew"):
            bench.maker.make(link_to(card), an_order())
    assert card.memory.writes == before


def test_production_refuses_a_home_for_demonstration(
    folder: Folder, journal: StationJournal
) -> None:
    set_up(folder)
    settings = load_settings(home=folder.path, production=True)
    with ExitStack() as stack, pytest.raises(Refusal) as refusal:
        open_bench(settings, GIVEN, journal, stack)
    assert refusal.value.code == "demonstration-home"


def test_damaged_trust_anchors_are_refused(folder: Folder, journal: StationJournal) -> None:
    set_up(folder)
    folder.root.write_bytes(b"\x30\x00")
    with ExitStack() as stack, pytest.raises(Refusal) as refusal:
        open_bench(load_settings(home=folder.path), GIVEN, journal, stack)
    assert refusal.value.code == "home-damaged"


class Central:
    """What the central service's half here was made with."""

    def __init__(self, url: str, token: str, *, journal: Any) -> None:
        self.given = url, token, journal


def test_a_station_of_a_central_service_opens_no_home_and_no_key(
    folder: Folder, journal: StationJournal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = ModuleType("central_of_a_test")
    monkeypatch.setattr(module, "CentralStation", Central, raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(benches, "CENTRAL", module.__name__)
    url, token = "https://central.example.org", tmp_path / "token"
    token.write_text("a-token\n")
    settings = load_settings(
        home=folder.path, station_central=url, station_central_token_file=token
    )
    with ExitStack() as stack:
        bench = open_bench(settings, KeySecrets(), journal, stack)
    assert isinstance(bench.maker, Central)
    assert bench.maker.given == (url, "a-token", journal)
    assert bench.service is None


def test_a_central_service_without_a_token_is_refused(
    folder: Folder, journal: StationJournal, tmp_path: Path
) -> None:
    for file in (None, tmp_path / "none"):
        settings = load_settings(
            home=folder.path,
            station_central="https://central.example.org",
            station_central_token_file=file,
        )
        with ExitStack() as stack, pytest.raises(UsageError, match="token"):
            open_bench(settings, KeySecrets(), journal, stack)
