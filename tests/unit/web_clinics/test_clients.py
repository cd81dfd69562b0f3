"""Who asks: a desk by its assertion and its token, a program by its own; and until when."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.errors import AuthenticationError, Refusal
from cardservice.home.clinics_spent import SpentAssertions
from cardservice.registry.ports_clinics import ClinicDesk
from cardservice.web.clinics.app_parts import service_of
from cardservice.web.clinics.clients import KNOWN_S, KnownClients
from cardservice.web.clinics.clients_tokens import LASTS_S, AccessTokens
from tests.unit.web_clinics.service_world import ADDRESS, REGION, START, V1, Clock, Service

QUESTION = {"card_number": "000100000001"}


class Timer:
    """Seconds that go on when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def with_timer(service: Service) -> Timer:
    """Give the memory of clients a timer that a test can move; return it."""
    timer = Timer()
    clients = service_of(service.app.state.clinics).clients
    clients._timer = timer  # a minute is too long for a test
    return timer


def ask(service: Service, token: str) -> int:
    return service.post("/status-questions", QUESTION, token=token).status_code


def test_an_assertion_of_the_desks_key_gets_a_token_of_ten_minutes(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    answer = desk.ask_token()
    assert answer.status_code == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", LASTS_S)
    assert answer.headers["cache-control"] == "no-store"
    token = answer.json()["access_token"]
    assert ask(service, token) == 200
    service.clock.go(seconds=LASTS_S - 1)
    assert ask(service, token) == 200
    service.clock.go(seconds=1)
    assert ask(service, token) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://elsewhere.example/api/v1/token"},
        {"aud": ADDRESS},
        {"sub": "01900000-0000-7000-8000-000000000000"},
        {"exp": START.timestamp() - 1},
        {"exp": START.timestamp() + 301},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 129},
    ],
)
def test_an_assertion_for_others_or_another_time_gets_nothing(
    service: Service, tmp_path: Path, changes: dict[str, object]
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    answer = desk.ask_token(desk.assertion(**changes))
    assert (answer.status_code, answer.json()["code"]) == (401, "client-unknown")
    assert "www-authenticate" in answer.headers


def test_an_assertion_is_good_once(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    assertion = desk.assertion()
    assert desk.ask_token(assertion).status_code == 200
    again = desk.ask_token(assertion)
    assert (again.status_code, again.json()["code"]) == (401, "client-unknown")


def test_an_assertion_is_good_once_in_all_processes(tmp_path: Path) -> None:
    clock = Clock()
    processes = [SpentAssertions(tmp_path / "spent.sqlite3", clock=clock) for _ in range(2)]
    processes[0].spend("desk", "one", START.timestamp() + 60)
    with pytest.raises(AuthenticationError, match="used already"):
        processes[1].spend("desk", "one", START.timestamp() + 60)
    processes[1].spend("another", "one", START.timestamp() + 60)
    clock.go(seconds=61)
    processes[1].spend("desk", "one", START.timestamp() + 120)


def test_what_another_process_took_gets_no_token(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    claims = desk.claims()
    service.home.spent.spend(desk.client_id, claims["jti"], claims["exp"])
    assert desk.ask_token(desk.assertion(jti=claims["jti"])).status_code == 401


def test_an_assertion_by_another_key_gets_nothing(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    other = ECKey.import_key(ec.generate_private_key(ec.SECP256R1()))
    forged = [
        jwt.encode({"alg": "ES256"}, desk.claims(), other),
        jwt.encode({"alg": "HS256"}, desk.claims(), OctKey.import_key(b"k" * 32)),
        desk.assertion().rpartition(".")[0] + ".",
        "a.b.c",
        "",
    ]
    for one in forged:
        answer = desk.ask_token(one)
        assert answer.status_code in {401, 422}
        assert "access_token" not in answer.text


def test_a_desk_that_was_ended_gets_no_new_token_and_soon_nothing(
    service: Service, tmp_path: Path
) -> None:
    timer, desk = with_timer(service), service.enrolled(tmp_path / "desk")
    token = desk.token()
    assert ask(service, token) == 200
    service.end(desk)
    answer = desk.ask_token()
    assert (answer.status_code, answer.json()["code"]) == (401, "client-unknown")
    timer.now += KNOWN_S
    assert ask(service, token) == 401


def test_a_desk_of_a_clinic_that_left_gets_nothing(service: Service, tmp_path: Path) -> None:
    clinic, desk = service.clinic(), service.desk(tmp_path / "desk")
    desk.enrol(service.code(clinic))
    service.leave(clinic, START.date())
    assert desk.ask_token().status_code == 200
    service.clock.go(hours=16)
    assert desk.ask_token().status_code == 401


def test_the_register_is_asked_once_a_minute_for_each_client() -> None:
    asked: list[str] = []
    timer, clock = Timer(), Clock()
    tokens = AccessTokens(bytes(32), address=ADDRESS, clock=clock)

    def find_desk(client_id: str) -> ClinicDesk:
        asked.append(client_id)
        raise Refusal("client-unknown", "No.")

    clients = KnownClients(tokens, find_desk=find_desk, find_program=lambda _: None, timer=timer)
    for _ in range(5):
        assert clients.recognise(tokens.issue("a desk")) is None
    assert asked == ["a desk"]
    timer.now += KNOWN_S
    assert clients.recognise(tokens.issue("a desk")) is None
    assert asked == ["a desk"] * 2


def test_a_token_of_another_key_address_or_form_is_nobodys() -> None:
    clock = Clock()
    ours = AccessTokens(bytes(32), address=ADDRESS, clock=clock)
    token = ours.issue("a desk")
    assert ours.client_of(token) == "a desk"
    head, body, tag = token.split(".")
    none = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    strangers = [
        AccessTokens(bytes(31) + b"\1", address=ADDRESS, clock=clock).issue("a desk"),
        AccessTokens(bytes(32), address="https://elsewhere", clock=clock).issue("a desk"),
        f"{head}.{body}.",
        f"{none}.{body}.{tag}",
        f"{none}.{body}.",
        f"{head}.{body}.{tag}=",
        f"{token}.{tag}",
        token[:-1],
        "№" * 20,
        "",
    ]
    assert [ours.client_of(one) for one in strangers] == [None] * len(strangers)


def test_a_program_of_a_clinic_may_ask_and_no_other(service: Service) -> None:
    assert ask(service, service.program(Right.COVERAGE_ASK)) == 200
    assert ask(service, service.program(Right.COVERAGE_ASK, role=Role.CLERK)) == 401
    assert ask(service, "epc_" + "x" * 43) == 401
    assert ask(service, "nonsense") == 401


def test_a_program_whose_token_was_ended_is_soon_refused(service: Service) -> None:
    timer, token = with_timer(service), service.program(Right.COVERAGE_ASK)
    assert ask(service, token) == 200
    tokens = service.home.office.sign_in.api_tokens
    tokens.revoke(tokens.of_region(REGION)[0].id)
    timer.now += KNOWN_S
    assert ask(service, token) == 401


def test_what_desks_tell_is_not_taken_from_a_program(service: Service) -> None:
    token = service.program(Right.COVERAGE_ASK)
    answer = service.post("/presentations", {"presentations": []}, token=token)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")


def test_every_route_that_is_not_open_asks_for_a_token(service: Service) -> None:
    document = service.app.openapi()
    guarded = [
        (method, path)
        for path, item in document["paths"].items()
        for method, one in item.items()
        if "security" in one
    ]
    assert len(guarded) >= 8
    for method, path in guarded:
        answer = service.ask(method.upper(), path.replace("{session}", "x"), json={})
        assert (path, answer.status_code) == (path, 401)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_in_the_address_is_not_taken(service: Service) -> None:
    token = service.program(Right.COVERAGE_ASK)
    path = f"{V1}/status-questions?access_token={token}"
    assert service.ask("POST", path, json=QUESTION).status_code == 401
