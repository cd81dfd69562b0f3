"""The service on a real line: slow and broken clients, and a desk's whole way."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from cardservice.web.clinics.app import Bounds, create_clinic_app
from tests.unit.accounts.running import running_app
from tests.unit.web_clinics.service_world import V1, Service

BOUNDS = Bounds(body_s=0.5, answer_s=10.0)
PATIENCE_S = 20.0


@pytest.fixture
def address(service: Service) -> Iterator[str]:
    """Where the service answers, with little patience."""
    app = create_clinic_app(service.app.state.clinics, bounds=BOUNDS)
    with running_app(app) as found:
        yield found


def talk(address: str, *parts: bytes) -> bytes:
    """Send parts and return all that comes until the line is cut."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE_S) as line:
        for one in parts:
            line.sendall(one)
        said = b""
        while not said.count(b"\r\n\r\n"):
            more = line.recv(65_536)
            if not more:
                break
            said += more
    return said


def head(path: str, length: int) -> bytes:
    return (
        f"POST {V1}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


def test_a_body_that_trickles_is_given_up(address: str) -> None:
    said = talk(address, head("/time", 100), b'{"nonce')
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in said


def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(address: str) -> None:
    assert talk(address, head("/time", 1 << 30)).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_hangs_up_in_the_middle_leaves_the_others_served(address: str) -> None:
    place = urlsplit(address)
    for _ in range(20):
        with socket.create_connection((place.hostname, place.port), timeout=PATIENCE_S) as line:
            line.sendall(head("/time", 100) + b"{")
    answer = httpx.post(f"{address}{V1}/time", json={"nonce": "A" * 22}, timeout=PATIENCE_S)
    assert answer.status_code == 200


def test_two_requests_smuggled_as_one_are_refused(address: str) -> None:
    both = (
        f"POST {V1}/time HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
        "Content-Length: 50\r\n\r\nabcde"
    ).encode()
    assert talk(address, both).startswith(b"HTTP/1.1 400 ")


def test_a_desk_goes_the_whole_way(service: Service, address: str, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    bearer = {"Authorization": f"Bearer {desk.token()}"}
    question = {"card_number": "000100000a3f"}
    with httpx.Client(base_url=address, headers=bearer, timeout=PATIENCE_S) as line:
        assert line.post(f"{V1}/status-questions", json=question).json()["card"] == "unknown"
        assert line.post(f"{V1}/presentations", json={"presentations": []}).status_code == 200
        opened = line.post(f"{V1}/card-sessions", json={})
        assert (opened.status_code, opened.json()["step"]) == (201, 1)
        assert line.get("/statuslists/1.cwt").status_code == 200
