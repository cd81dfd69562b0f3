"""Stations' tokens at a central service, and where a station's central may be."""

import os
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home.central_tokens import CentralTokens
from cardservice.home.station_central_terms import CentralTerms


@pytest.fixture
def tokens(tmp_path: Path) -> CentralTokens:
    return CentralTokens(tmp_path / "central" / "tokens")


def test_a_token_is_its_station_s_and_is_not_in_the_file(
    tokens: CentralTokens, tmp_path: Path
) -> None:
    token = tokens.draw("station-1", os.urandom)
    assert tokens.station_of(token) == "station-1"
    assert tokens.station_of(token[:-1]) is None
    assert tokens.station_of("") is None
    path = tmp_path / "central" / "tokens"
    assert token not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_a_new_token_ends_the_one_before_and_no_other(tokens: CentralTokens) -> None:
    first, other = tokens.draw("a", os.urandom), tokens.draw("b", os.urandom)
    second = tokens.draw("a", os.urandom)
    assert tokens.station_of(first) is None
    assert (tokens.station_of(second), tokens.station_of(other)) == ("a", "b")


def test_an_ended_token_opens_nothing(tokens: CentralTokens) -> None:
    token = tokens.draw("a", os.urandom)
    tokens.end("a")
    assert tokens.station_of(token) is None
    assert tokens.names() == []
    with pytest.raises(UsageError):
        tokens.end("a")


@pytest.mark.parametrize("name", ["", "a b", "-a", "a" * 41, "a\nb 00", "é"])
def test_a_name_that_would_break_the_file_is_refused(tokens: CentralTokens, name: str) -> None:
    with pytest.raises(UsageError):
        tokens.draw(name, os.urandom)


@pytest.mark.parametrize("octets", [b"a", b"a " + b"0" * 63 + b"\n", b"\xff", b"a b c\n"])
def test_a_damaged_file_lets_nobody_in(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "tokens"
    path.write_bytes(octets)
    with pytest.raises(Refusal) as refusal:
        CentralTokens(path).station_of("epc_x")
    assert refusal.value.code == "keys-unavailable"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://central.example.org", "wss://central.example.org/central/v1/makings"),
        (
            "https://central.example.org:8443/x/",
            "wss://central.example.org:8443/x/central/v1/makings",
        ),
        ("http://127.0.0.1:8071", "ws://127.0.0.1:8071/central/v1/makings"),
        ("http://localhost", "ws://localhost/central/v1/makings"),
        ("http://[::1]:9", "ws://[::1]:9/central/v1/makings"),
    ],
)
def test_makings_are_begun_under_the_central_s_address(url: str, address: str) -> None:
    assert CentralTerms(url=url, token="t").address == address  # noqa: S106


@pytest.mark.parametrize(
    "url",
    [
        *("http://central.example.org", "http://10.0.0.1", "http://127.0.0.1.example.org"),
        *("ftp://127.0.0.1", "central", "https://", "https://a:b@example.org"),
        *("https://example.org?x=1", "https://example.org#x", "https://example.org:port"),
    ],
)
def test_an_address_beyond_this_machine_is_of_https_and_nothing_else(url: str) -> None:
    with pytest.raises(UsageError) as error:
        CentralTerms(url=url, token="t")  # noqa: S106
    assert "example" not in str(error.value)


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "é", "a" * 201])
def test_a_token_that_is_no_bearer_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(UsageError) as error:
        CentralTerms(url="http://127.0.0.1", token=token)
    assert not token or token not in str(error.value)


def test_terms_do_not_show_the_token() -> None:
    assert "secret-one" not in repr(CentralTerms(url="http://127.0.0.1", token="secret-one"))  # noqa: S106
