"""A home, a drawer of cards of every kind, and a way to type commands."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.main import cardservice
from cardservice.home.demonstration import DemonstrationCards, make_demonstration
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import Home, scratch_home, utc_now
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.keys import KeyStore
from cardservice.pki.names import Fund
from cardservice.settings import load_settings

PASSPHRASE = "a passphrase that must not be printed"  # noqa: S105 - of test homes only
CHEAP = KdfCost(n=2, r=1, p=1)
Type = Callable[..., Result]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the person who runs the tests; English, and a home that is not there."""
    for name in [name for name in os.environ if name.startswith("CARDSERVICE_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("CARDSERVICE_LANGUAGE", "en")
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path / "nowhere"))


@pytest.fixture
def cardservice_typed() -> Type:
    """Run ``cardservice ARGS``; whatever escapes as an exception fails the test."""

    def typed(
        *arguments: str, typed: str | None = None, env: Mapping[str, str] | None = None
    ) -> Result:
        result = CliRunner().invoke(cardservice, arguments, input=typed, env=env)
        escaped = result.exception
        assert escaped is None or isinstance(escaped, SystemExit), repr(escaped)
        return result

    return typed


@pytest.fixture(scope="session")
def pristine_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration home whose keys open fast; copied, never changed."""
    folder = Folder(tmp_path_factory.mktemp("pristine") / "home")
    keys = SoftwareKeyStore(folder.keys, lambda: PASSPHRASE, cost=CHEAP)
    wish = NewHome(fund=Fund("00000", "Образцовый фонд ОМС"), demonstration=True)
    establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    return folder.path


@pytest.fixture
def home(pristine_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """The home of one test, which may break it; the environment points to it."""
    place = tmp_path / "home"
    shutil.copytree(pristine_home, place)
    monkeypatch.setenv("CARDSERVICE_HOME", str(place))
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", PASSPHRASE)
    return Folder(place)


@pytest.fixture(scope="session")
def opened() -> Iterator[tuple[Home, KeyStore]]:
    with scratch_home(load_settings(production=False)) as opened:
        yield opened


@pytest.fixture(scope="session")
def drawer(opened: tuple[Home, KeyStore]) -> DemonstrationCards:
    """Cards good and bad, as the demonstration has them."""
    return make_demonstration(*opened)


@pytest.fixture
def cards_at_hand(
    opened: tuple[Home, KeyStore], drawer: DemonstrationCards, monkeypatch: pytest.MonkeyPatch
) -> DemonstrationCards:
    """``--reader sim:ID`` takes the card of that id out of the drawer, at the home that made it."""
    monkeypatch.setenv("CARDSERVICE_HOME", str(opened[0].folder.path))
    monkeypatch.setattr(
        "cardservice.cli.cards.open_link",
        lambda url: drawer.tray.workbench(url.partition(":")[2]),
    )
    return drawer
