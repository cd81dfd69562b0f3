"""Settings: the command line, the environment, the home's file; what is not theirs is refused."""

import os
from pathlib import Path

import pytest

from cardservice.errors import UsageError
from cardservice.settings import DEFAULT_HOME, Settings, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in [name for name in os.environ if name.startswith("CARDSERVICE_")]:
        monkeypatch.delenv(name)
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
    "text", ["nonsense = 1\n", 'region = "abc"\n', "port = 70000\n", "port = [\n", "\x00"]
)
def test_a_wrong_file_is_a_usage_error(bare_environment: Path, text: str) -> None:
    (bare_environment / "settings.toml").write_text(text)
    with pytest.raises(UsageError):
        load_settings()


def test_a_file_that_is_no_text_is_a_usage_error(bare_environment: Path) -> None:
    (bare_environment / "settings.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANGUAGE", "de"),
        ("PRODUCTION", "perhaps"),
        ("FUND", "1234"),
        ("CARD_TIME_BUDGET_S", "0"),
        ("REVOCATION_MAX_AGE_H", "-1"),
        ("PORT", "-1"),
    ],
)
def test_a_wrong_value_is_named_by_its_setting_and_not_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CARDSERVICE_{name}", value)
    with pytest.raises(UsageError) as refused:
        load_settings()
    assert str(refused.value).startswith(f"setting {name.lower()}: ")


@pytest.mark.parametrize("name", ["DESK_ORIGINS", "DESK_INSURERS", "SECOND_PERSON"])
@pytest.mark.parametrize("value", ["https://his.example.org", "['a']", '{"a"'])
def test_a_variable_that_is_no_json_is_named_as_the_variable_and_not_repeated(
    bare_environment: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare_environment / "settings.toml").write_text("port = 9000\n")
    monkeypatch.setenv(f"CARDSERVICE_{name}", value)
    with pytest.raises(UsageError) as refused:
        load_settings()
    said = str(refused.value)
    assert said.startswith(f"environment variable CARDSERVICE_{name}: ")
    assert "settings.toml" not in said
    assert value not in said


def test_a_broken_file_is_blamed_on_the_file(bare_environment: Path) -> None:
    (bare_environment / "settings.toml").write_text("desk_origins = [\n")
    with pytest.raises(UsageError) as refused:
        load_settings()
    assert str(refused.value).startswith("settings.toml: ")


def test_insurers_are_named_in_the_environment_or_in_the_file(
    bare_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare_environment / "settings.toml").write_text(
        '[desk_insurers]\n1009900000010 = " СМО «Образец» "\n', encoding="utf-8"
    )
    assert load_settings().desk_insurers == {"1009900000010": "СМО «Образец»"}
    monkeypatch.setenv("CARDSERVICE_DESK_INSURERS", '{"1009900000120": "СМО «Пример»"}')
    assert load_settings().desk_insurers["1009900000120"] == "СМО «Пример»"


@pytest.mark.parametrize(
    "named",
    [
        '{"1009900000011": "check digit"}',
        '{"100990000001": "one digit short"}',
        '{"": "no number"}',
        '{"1009900000010": ""}',
        '{"1009900000010": "  "}',
        '{"1009900000010": "turned \\u202e round"}',
        '{"1009900000010": ["a list"]}',
        '["1009900000010"]',
    ],
)
def test_an_insurer_that_cannot_be_one_keeps_a_desk_from_starting(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_DESK_INSURERS", named)
    with pytest.raises(UsageError) as refused:
        load_settings()
    assert str(refused.value).startswith("setting desk_insurers")


def test_a_name_longer_than_a_page_shows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_DESK_INSURERS", f'{{"1009900000010": "{"Я" * 151}"}}')
    with pytest.raises(UsageError, match="longer than 150 characters"):
        load_settings()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_HOME", "")
    monkeypatch.setenv("CARDSERVICE_LANGUAGE", "")
    settings = load_settings()
    assert settings.home == DEFAULT_HOME.expanduser()
    assert settings.language == "ru"


def test_a_home_may_be_written_from_the_tilde(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CARDSERVICE_HOME", "~/cards")
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "settings.toml").write_text("port = 9000\n")
    settings = load_settings()
    assert (settings.home, settings.port) == (tmp_path / "cards", 9000)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
