"""Whose pages may ask: one spelling, letter for letter."""

import pytest
from starlette.datastructures import Headers

from cardservice.errors import Refusal, UsageError
from cardservice.web.local.origins import parse_origin, verify_origin

CLINIC = "https://clinic.example.org"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("https://clinic.example.org", CLINIC),
        ("HTTPS://Clinic.Example.ORG", CLINIC),
        ("https://clinic.example.org:443", CLINIC),
        ("http://clinic.example.org:80", "http://clinic.example.org"),
        ("https://clinic.example.org:8443", "https://clinic.example.org:8443"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(given: str, said: str) -> None:
    assert parse_origin(given) == said


@pytest.mark.parametrize(
    "given",
    [
        "*",
        "null",
        "",
        "https://*.example.org",
        "https://clinic.example.org/",
        "https://clinic.example.org/page",
        "https://clinic.example.org?x",
        "https://user@clinic.example.org",
        "https://clinic.example.org:99999",
        "https://клиника.рф",
        "ftp://clinic.example.org",
        "file://",
        "clinic.example.org",
        "https://clinic.example.org\n",
    ],
)
def test_what_is_no_origin_is_no_setting(given: str) -> None:
    with pytest.raises(UsageError):
        parse_origin(given)


@pytest.mark.parametrize(
    "given",
    [
        "http://clinic.example.org",
        "https://clinic.example.org:8443",
        "https://clinic.example.org.evil.example",
        "https://evil.example/https://clinic.example.org",
        "https://CLINIC.example.org",
        "https://clinic.example.org ",
        "https://sub.clinic.example.org",
        "null",
        "",
        "*",
    ],
)
def test_an_origin_that_is_nearly_allowed_is_not(given: str) -> None:
    with pytest.raises(Refusal) as refused:
        verify_origin(Headers({"origin": given}), frozenset({CLINIC}))
    assert refused.value.code == "origin-not-allowed"


def test_no_origin_at_all_is_not_allowed() -> None:
    with pytest.raises(Refusal):
        verify_origin(Headers({}), frozenset({CLINIC}))


def test_two_origins_are_not_allowed_even_if_one_is() -> None:
    raw = [(b"origin", CLINIC.encode()), (b"origin", b"https://evil.example")]
    with pytest.raises(Refusal):
        verify_origin(Headers(raw=raw), frozenset({CLINIC}))


@pytest.mark.parametrize(
    "fetched",
    [
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    ],
)
def test_what_is_no_script_of_that_site_is_not_allowed(fetched: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        verify_origin(Headers({"origin": CLINIC, **fetched}), frozenset({CLINIC}))


@pytest.mark.parametrize("mode", ["cors", "websocket"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_script_and_a_socket_of_that_site_are_allowed(site: str, mode: str) -> None:
    headers = Headers({"origin": CLINIC, "sec-fetch-site": site, "sec-fetch-mode": mode})
    assert verify_origin(headers, frozenset({CLINIC})) == CLINIC
