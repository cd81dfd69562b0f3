"""What other sites, broken programs and nonsense get."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.tray import Tray
from simulators.web.guards import BODY_OCTETS_MAX
from simulators.web.problems import KINDS
from simulators.web.security import LOOPBACK_HOSTS
from simulators.web.simulation.cards import Cards
from tests.unit.simulator_web.client import ORIGIN, Client, problem
from tests.unit.simulator_web.conftest import CONTACT

MEETING_S = 0.3
JSON = {"Content-Type": "application/json"}
CHANGES = [
    ("PUT", ("readers", "new")),
    ("DELETE", ("readers", CONTACT)),
    ("PUT", ("readers", CONTACT, "card")),
    ("DELETE", ("readers", CONTACT, "card")),
    ("POST", ("readers", CONTACT, "pull")),
    ("POST", ("readers", CONTACT, "faults")),
    ("DELETE", ("readers", CONTACT, "faults")),
    ("PUT", ("readers", CONTACT, "timing")),
    ("POST", ("readers", CONTACT, "apdu")),
    ("POST", ("readers", CONTACT, "reset")),
    ("PUT", ("cards", "new")),
    ("DELETE", ("cards", "one")),
]
BODIES = {
    "card": {"card": "one"},
    "pull": {"after": 1},
    "faults": {"name": "noisy-line"},
    "timing": {"mode": "virtual"},
    "apdu": {"command": "00B0000000"},
    "new": {},
}


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "foreign",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": ORIGIN},
    ],
)
def test_another_site_changes_nothing(
    client: Client, tray: Tray, method: str, path: tuple[str, ...], foreign: dict[str, str]
) -> None:
    before = (tuple(tray.readers), tuple(tray.cards))
    answer = client.ask(method, *path, body=BODIES.get(path[-1]), headers=foreign)
    assert problem(answer) == (403, "foreign-request")
    assert (tuple(tray.readers), tuple(tray.cards)) == before


@pytest.mark.parametrize("path", [(), ("readers",), ("events",), ("cards", "one", "image")])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example"])
def test_a_rebound_name_gets_nothing(client: Client, path: tuple[str, ...], host: str) -> None:
    answer = client.ask("GET", *path, headers={"Host": host})
    assert problem(answer) == (421, "unknown-host")


@pytest.mark.parametrize("host", sorted(LOOPBACK_HOSTS))
def test_loopback_names_are_answered_with_every_header(client: Client, host: str) -> None:
    answer = client.ask("GET", "health", headers={"Host": f"{host}:8765"})
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_plain_form_can_send_is_no_body(client: Client, tray: Tray, kind: str) -> None:
    answer = client.ask(
        "PUT",
        "readers",
        CONTACT,
        "card",
        content=json.dumps({"card": "one"}).encode(),
        headers={"Content-Type": kind},
    )
    assert problem(answer) == (415, "wrong-content")
    assert tray.readers[CONTACT].card is None


@pytest.mark.parametrize("told", [True, False])
def test_a_body_that_is_too_long_is_refused(client: Client, *, told: bool) -> None:
    content = b'"' + b"x" * BODY_OCTETS_MAX + b'"'
    headers = {**JSON, **({} if told else {"Content-Length": "2"})}
    answer = client.ask("PUT", "cards", "new", content=content, headers=headers)
    assert problem(answer) == (413, "too-large")


@pytest.mark.parametrize("told", ["-1", "9" * 30, "x", "1_0"])
def test_a_length_that_is_none_is_refused(client: Client, told: str) -> None:
    headers = {**JSON, "Content-Length": told}
    answer = client.ask("PUT", "cards", "new", content=b"{}", headers=headers)
    assert problem(answer) == (413, "too-large")


NONSENSE = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    b"null",
    b"[]",
    b'{"card": 1}',
    b'{"card": null}',
    b'{"card": "one", "hold_s": NaN}',
    b'{"card": "one", "hold_s": 1e999}',
    b'{"card": "one", "hold_s": -1}',
    b'{"card": "one", "more": 1}',
    b'{"card": "' + b"x" * 500 + b'"}',
    b'{"card": ' + b"9" * 5_000 + b"}",
]


@pytest.mark.parametrize("content", NONSENSE)
def test_nonsense_is_a_problem_of_whoever_sent_it(client: Client, content: bytes) -> None:
    answer = client.ask("PUT", "readers", CONTACT, "card", content=content, headers=JSON)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["\ud800", "\x00", "a\r\nSet-Cookie: x", "\u202e", "𝔘" * 50])
def test_names_of_any_octets_are_answered_and_make_nothing(client: Client, text: str) -> None:
    body = json.dumps({"card": text}).encode()
    answer = client.ask("PUT", "readers", CONTACT, "card", content=body, headers=JSON)
    # Half a surrogate pair is no text at all.
    expected = (422, "malformed-request") if text == "\ud800" else (404, "unknown-name")
    assert problem(answer) == expected
    plan = json.dumps({"about": text, "faults": []}).encode()
    told = client.ask("POST", "readers", CONTACT, "faults", content=plan, headers=JSON)
    assert told.status_code in {200, 422}
    assert "set-cookie" not in {*answer.headers, *told.headers}


@pytest.mark.parametrize(
    "name", ["x\x00", "\n", "\x1b[31m", "a/b", "..", ".", " ", "x" * 101, "\u200f", "/etc/passwd"]
)
def test_a_name_that_could_be_something_else_is_never_given(client: Client, name: str) -> None:
    for what in ("readers", "cards"):
        answer = client.put(what, name, body={"blank": True} if what == "cards" else {})
        assert 400 <= answer.status_code < 500
    assert len(client.get("readers").json()) == 2


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/cards/..%2f..%2fetc"],
)
def test_a_path_leads_nowhere_but_to_routes(client: Client, path: str) -> None:
    answer = client.ask("GET", *path.strip("/").split("/"))
    assert answer.status_code == 404


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_no_json_is_a_mistake_of_the_service(client: Client, body: object) -> None:
    for method, path in CHANGES:
        if path[-1] in BODIES:
            answer = client.ask(method, *path, content=json.dumps(body).encode(), headers=JSON)
            assert answer.status_code < 500, (path, answer.text)


def test_of_cards_put_at_once_exactly_one_gets_into_the_empty_reader(
    client: Client, tray: Tray
) -> None:
    names = [f"card {number}" for number in range(12)]
    for name in names:
        client.put("cards", name, body={"blank": True})

    def put(name: str) -> int:
        body = {"card": name}
        answer = client.put("readers", CONTACT, "card", body=body, if_none_match="*")
        return answer.status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(put, names))
    assert sorted(statuses) == [200] + [412] * 11
    assert tray.readers[CONTACT].card == names[statuses.index(200)]


def test_between_looking_and_inserting_nobody_else_gets_in(
    client: Client, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)
    ensure = Cards.ensure

    def meet(cards: Cards, name: str) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(MEETING_S)
        ensure(cards, name)

    def put(card: str) -> int:
        body = {"card": card}
        answer = client.put("readers", CONTACT, "card", body=body, if_none_match="*")
        return answer.status_code

    monkeypatch.setattr(Cards, "ensure", meet)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(put, ("one", "two"))) == [200, 412]
    assert tray.readers[CONTACT].card in {"one", "two"}


def test_of_cards_that_replace_each_other_the_last_one_stays_and_none_is_lost(
    client: Client, tray: Tray
) -> None:
    def put(number: int) -> int:
        body = {"card": ("one", "two")[number % 2]}
        return client.put("readers", CONTACT, "card", body=body).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(put, range(24))) == {200}
    inside = [name for name, card in tray.cards.items() if card.reader == CONTACT]
    assert inside == [tray.readers[CONTACT].card]


def test_one_card_for_two_readers_goes_to_one_of_them(client: Client, tray: Tray) -> None:
    readers = [f"Reader {number}" for number in range(8)]
    for reader in readers:
        client.put("readers", reader, body={})

    def put(reader: str) -> int:
        return client.put("readers", reader, "card", body={"card": "one"}).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(put, readers))
    assert sorted(statuses) == [200] + [409] * 7
    assert tray.cards["one"].reader == readers[statuses.index(200)]


def test_unknown_names_leave_nothing_behind(client: Client) -> None:
    simulation = client.app.state.context.simulation
    for number in range(20):
        client.put("readers", f"nobody {number}", "card", body={"card": "one"})
        client.post("readers", f"nobody {number}", "reset")
        client.delete("readers", f"nobody {number}")
    assert len(simulation._moves) == 0
    assert len(simulation.conversations._turns) == 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.slug)
def test_the_type_of_every_problem_leads_to_what_it_means(client: Client, kind: object) -> None:
    slug = getattr(kind, "slug", "")
    told = client.get("problems", slug).json()
    assert told["type"] == f"/problems/{slug}"
    assert told["title"]


def test_an_error_of_the_service_tells_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulation = client.app.state.context.simulation

    def fail() -> None:
        raise RuntimeError("secret 0011")

    monkeypatch.setattr(type(simulation), "readers", lambda _: fail())
    answer = client.get("readers")
    assert problem(answer) == (500, "internal-error")
    assert "secret" not in answer.text


def test_every_body_of_a_request_has_an_example(client: Client) -> None:
    schema = client.get("openapi.json").json()
    for name in ("NewReader", "CardIn", "Pull", "TimingNames", "Command", "NewCard"):
        assert schema["components"]["schemas"][name]["examples"]
    faults = schema["paths"]["/readers/{name}/faults"]["post"]["requestBody"]
    assert faults["content"]["application/json"]["schema"]["examples"]
    assert not any(path.startswith(("/page", "/static")) for path in schema["paths"])
