"""SMS gateway and webhooks over real HTTP on loopback, kind and hostile."""

import contextlib
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cardservice.errors import AuthenticationError
from cardservice.notifying.http import HttpTerms, is_public, outcome_of, post
from cardservice.notifying.sms import SmsGateway
from cardservice.notifying.webhook import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    WebhookSender,
    signed_headers,
    verify_webhook,
)
from cardservice.registry.outbox_values import Attempt, Outcome
from tests.simulated.notifying.messages import PARAMETERS, START, message
from tests.simulated.notifying.receivers import WebServer, drip, listening, new_tls

LOCAL = HttpTerms(allow_private=True, allow_plain=True)
SECRET = bytes(range(32))


@contextlib.contextmanager
def serving(server: WebServer) -> Iterator[str]:
    with listening(server) as port:
        yield f"http://127.0.0.1:{port}/hook"


def posted(server: WebServer, *, timeout_s: float = 5, terms: HttpTerms = LOCAL) -> Outcome:
    with serving(server) as url:
        return post(url, body=b"{}", headers={}, terms=terms, timeout_s=timeout_s)


def webhook(terms: HttpTerms = LOCAL) -> WebhookSender:
    return WebhookSender(secret_for=lambda _: SECRET, clock=lambda: START, terms=terms)


def test_an_sms_goes_to_the_gateway_with_the_id_of_its_notification() -> None:
    server = WebServer()
    with serving(server) as url:
        gateway = SmsGateway(url=url, token="hush", terms=LOCAL)  # noqa: S106
        outcomes = [gateway.send(message(recipient="+79000006391"), timeout_s=5) for _ in range(2)]
    assert outcomes == [Outcome(Attempt.SENT)] * 2
    assert {one[1]["idempotency-key"] for one in server.requests} == {str(message().id)}
    first, headers, body = server.requests[0]
    assert (first, headers["authorization"]) == ("POST /hook HTTP/1.1", "Bearer hush")
    assert json.loads(body) == {"to": "+79000006391", "text": message().text.short}
    assert "hush" not in repr(gateway)


def test_a_webhook_is_signed_and_its_receiver_can_tell() -> None:
    server = WebServer()
    with serving(server) as url:
        assert webhook().send(message(recipient=url), timeout_s=5) == Outcome(Attempt.SENT)
    _, headers, body = server.requests[0]
    assert verify_webhook(headers, body, secret=SECRET, now=START) == str(message().id)
    assert headers["idempotency-key"] == headers[ID] == str(message().id)
    assert json.loads(body)["data"] == PARAMETERS


def test_a_webhook_over_tls_is_sent_to_the_address_that_was_judged_under_its_name(
    tmp_path: Path,
) -> None:
    tls = new_tls(tmp_path)
    server = WebServer(tls=tls.server)
    terms = HttpTerms(allow_private=True, tls=tls.client)
    with listening(server) as port:
        url = f"https://localhost:{port}/x"
        assert webhook(terms).send(message(recipient=url), timeout_s=5).attempt is Attempt.SENT
    assert server.requests[0][1]["host"] == f"localhost:{port}"


def test_a_certificate_that_is_not_trusted_or_of_another_name_is_not_spoken_to(
    tmp_path: Path,
) -> None:
    other = new_tls(tmp_path, "elsewhere")
    server = WebServer(tls=other.server)
    for client in (other.client, HttpTerms().tls):
        terms = HttpTerms(allow_private=True, tls=client)
        with listening(server) as port:
            url = f"https://localhost:{port}/"
            outcome = post(url, body=b"", headers={}, terms=terms, timeout_s=5)
        assert outcome == Outcome(Attempt.NOT_SENT, "http-unreachable")
    assert server.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    target = WebServer()
    with serving(target) as elsewhere:
        answer = f"HTTP/1.1 {status} Go\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n"
        outcome = posted(WebServer(answer.encode()))
    assert outcome == Outcome(Attempt.IMPOSSIBLE, f"http-{status}")
    assert target.requests == []


@pytest.mark.parametrize(
    ("status", "attempt"),
    [
        (200, Attempt.SENT), (202, Attempt.SENT), (204, Attempt.SENT), (400, Attempt.IMPOSSIBLE),
        (401, Attempt.IMPOSSIBLE), (410, Attempt.IMPOSSIBLE), (408, Attempt.NOT_SENT),
        (429, Attempt.NOT_SENT), (500, Attempt.NOT_SENT), (503, Attempt.NOT_SENT),
        (502, Attempt.UNKNOWN), (504, Attempt.UNKNOWN), (999, Attempt.NOT_SENT),
    ],
)  # fmt: skip
def test_each_status_means_one_thing(status: int, attempt: Attempt) -> None:
    assert outcome_of(status).attempt is attempt


HOSTILE = {
    "endless body": WebServer(b"HTTP/1.1 200 OK\r\n\r\n", lambda one: drip(one, b"x" * 65_536)),
    "huge length": WebServer(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"),
}
BROKEN = {
    "nothing": WebServer(b""),
    "garbage": WebServer(b"SSH-2.0-x\r\n\r\n"),
    "endless headers": WebServer(b"HTTP/1.1 200 OK\r\n", lambda one: drip(one, b"A: b\r\n" * 9000)),
    "dripped headers": WebServer(b"HTTP/1.1 200 OK\r\nA: ", lambda one: drip(one, b"b")),
    "silence": WebServer(b"", lambda one: one.recv(1)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_answer_is_not_read_beyond_its_headers(kind: str) -> None:
    assert posted(HOSTILE[kind]) == Outcome(Attempt.SENT)


@pytest.mark.parametrize("kind", BROKEN)
def test_an_answer_that_is_none_leaves_it_unknown(kind: str) -> None:
    assert posted(BROKEN[kind], timeout_s=1) == Outcome(Attempt.UNKNOWN, "http-no-answer")


def test_a_receiver_that_is_not_there_has_nothing() -> None:
    with serving(WebServer()) as url:
        pass
    outcome = post(url, body=b"", headers={}, terms=LOCAL, timeout_s=5)
    assert outcome == Outcome(Attempt.NOT_SENT, "http-unreachable")


HOME_SPELLINGS = ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]")


def test_a_private_address_is_not_connected_to_however_it_is_written() -> None:
    server = WebServer()
    terms = HttpTerms(allow_plain=True)
    with listening(server) as port:
        for host in HOME_SPELLINGS:
            url = f"http://{host}:{port}/"
            outcome = post(url, body=b"", headers={}, terms=terms, timeout_s=5)
            assert outcome == Outcome(Attempt.IMPOSSIBLE, "http-private-address"), host
    assert server.requests == []


def test_a_name_with_one_private_address_among_public_ones_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def two(*_: object, **__: object) -> list[object]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("192.0.66.1", 443)), (*kind, ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    outcome = post("https://a.example/", body=b"", headers={}, terms=HttpTerms(), timeout_s=5)
    assert outcome == Outcome(Attempt.IMPOSSIBLE, "http-private-address")


def test_a_name_is_asked_for_once_so_it_cannot_lead_elsewhere_the_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    real = socket.getaddrinfo

    def counted(host: object, *rest: object, **terms: object) -> object:
        asked.append(host)
        given = "127.0.0.1" if host == "hook.example" else host
        return real(given, *rest, **terms)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", counted)
    server = WebServer()
    with listening(server) as port:
        url = f"http://hook.example:{port}/"
        assert post(url, body=b"", headers={}, terms=LOCAL, timeout_s=5).attempt is Attempt.SENT
    assert asked.count("hook.example") == 1
    assert server.requests[0][1]["host"] == f"hook.example:{port}"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f::1", True), ("127.0.0.1", False),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.0.1", False),
        ("169.254.169.254", False), ("0.0.0.0", False), ("100.64.0.1", False),  # noqa: S104
        ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fe80::1%eth0", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::a00:1", False),
        ("::ffff:93.184.215.14", True),
    ],
)  # fmt: skip
def test_only_addresses_of_the_public_network_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_plain_http_is_refused_unless_it_is_allowed() -> None:
    terms = HttpTerms(allow_private=True)
    outcome = posted(WebServer(), terms=terms)
    assert outcome == Outcome(Attempt.IMPOSSIBLE, "http-plain")


@pytest.mark.parametrize(
    "url", ["https://", "https://a b/", "https://[::1", "ftp://a.org/", "https://xn--/"]
)
def test_an_address_that_is_none_is_given_up(url: str) -> None:
    outcome = post(url, body=b"", headers={}, terms=LOCAL, timeout_s=5)
    assert outcome.attempt in (Attempt.IMPOSSIBLE, Attempt.NOT_SENT)


BODY = b'{"a":1}'
HEADERS = signed_headers("id-1", BODY, secret=SECRET, at=START)


@pytest.mark.parametrize(
    "change",
    [
        {ID: "id-2"}, {ID: ""}, {TIMESTAMP: "1"}, {TIMESTAMP: ""}, {SIGNATURE: ""},
        {SIGNATURE: "v1,"}, {SIGNATURE: "v1,AAAA"}, {SIGNATURE: "v1a," + HEADERS[SIGNATURE][3:]},
        {SIGNATURE: HEADERS[SIGNATURE][3:]}, {SIGNATURE: "v1,é"}, {ID: "id-1."},
        {SIGNATURE: "v1,x " * 8 + HEADERS[SIGNATURE]},
    ],
)  # fmt: skip
def test_a_webhook_with_any_header_changed_is_not_ours(change: dict[str, str]) -> None:
    with pytest.raises(AuthenticationError):
        verify_webhook({**HEADERS, **change}, BODY, secret=SECRET, now=START)


def test_a_webhook_with_another_body_or_secret_or_without_headers_is_not_ours() -> None:
    for headers, body, secret in (
        (HEADERS, BODY + b" ", SECRET),
        (HEADERS, BODY, SECRET[:-1]),
        ({}, BODY, SECRET),
    ):
        with pytest.raises(AuthenticationError):
            verify_webhook(headers, body, secret=secret, now=START)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_a_webhook_of_other_minutes_is_a_replay(minutes: int) -> None:
    with pytest.raises(AuthenticationError, match="minutes"):
        verify_webhook(HEADERS, BODY, secret=SECRET, now=START + timedelta(minutes=minutes))


@pytest.mark.parametrize("timestamp", ["١٢", "-5", "1e9", " 1", "9" * 5000, "nan"])
def test_a_timestamp_that_is_no_number_is_not_of_these_minutes(timestamp: str) -> None:
    import base64
    import hmac

    signed = f"id-1.{timestamp}.".encode() + BODY
    made = "v1," + base64.b64encode(hmac.digest(SECRET, signed, "sha256")).decode()
    headers = {ID: "id-1", TIMESTAMP: timestamp, SIGNATURE: made}
    with pytest.raises(AuthenticationError, match="minutes"):
        verify_webhook(headers, BODY, secret=SECRET, now=START)


def test_within_five_minutes_and_beside_an_older_signature_a_webhook_is_ours() -> None:
    two = {**HEADERS, SIGNATURE: "v1,b2xk " + HEADERS[SIGNATURE]}
    now = START + timedelta(minutes=5)
    assert verify_webhook(two, BODY, secret=SECRET, now=now) == "id-1"


def test_the_signature_is_that_of_standard_webhooks() -> None:
    import base64
    import hmac

    expected = hmac.digest(SECRET, b"id-1." + HEADERS[TIMESTAMP].encode() + b"." + BODY, "sha256")
    assert HEADERS[SIGNATURE] == "v1," + base64.b64encode(expected).decode()
