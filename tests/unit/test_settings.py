"""Settings come from the environment, then from the home's file; unknown ones are refused."""

from pathlib import Path

import pytest

from cardservice.errors import UsageError
from cardservice.settings import load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("PRODUCTION", "REGION", "PORT"):
        monkeypatch.delenv(f"CARDSERVICE_{name}", raising=False)
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path))
    return tmp_path


def test_the_environment_goes_before_the_file(
    bare_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare_environment / "settings.toml").write_text('region = "00003"\nport = 9000\n')
    monkeypatch.setenv("CARDSERVICE_PORT", "9001")
    settings = load_settings()
    assert (settings.region, settings.port) == ("00003", 9001)


def test_the_command_line_goes_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_PORT", "9001")
    assert load_settings(port=9002).port == 9002
    assert load_settings(port=None).port == 9001


@pytest.mark.parametrize(
    "text", ["nonsense = 1\n", 'region = "abc"\n', "port = 70000\n", "port = [\n"]
)
def test_a_wrong_file_is_a_usage_error(bare_environment: Path, text: str) -> None:
    (bare_environment / "settings.toml").write_text(text)
    with pytest.raises(UsageError):
        load_settings()
