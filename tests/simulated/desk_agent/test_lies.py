"""What a service that is down, slow or lying does to a desk: nothing hangs, nothing is let in."""

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cardservice.desk.freshness import Topic
from cardservice.domain.numbers import Enp
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.register import CardStatus
from cardservice.pki.service_tokens import sign_time
from tests.simulated.desk_agent.conftest import AtWork, Place
from tests.simulated.desk_agent.service import (
    BLOCKED,
    Handler,
    Lie,
    Reply,
    Service,
    service_at,
    utc_now,
)

ENP = Enp("7750930842000015")
TIME, TRUST, LIST = "/api/v1/time", "/api/v1/trust", "/statuslists/1.cwt"
PATHS = {Topic.TIME: TIME, Topic.TRUST: TRUST, Topic.LISTS: LIST}


def status(desk: AtWork, place: int = BLOCKED) -> CardStatus | None:
    answer = desk.desk.knowledge.look_up(ENP, card_number=1 << 32 | place)
    return None if answer is None else answer.card


def offline(desk: AtWork) -> None:
    desk.desk.reach.lose()


def replace_with(reply: Reply) -> Lie:
    return lambda _handler, _reply: reply


def redirect(_: Handler, __: Reply) -> Reply:
    return Reply(307, headers={"Location": "http://127.0.0.1:1/elsewhere"})


def hang(handler: Handler, _: Reply) -> None:
    handler.service.closed.wait(10)
    handler.cut()


def trickle(handler: Handler, _: Reply) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not handler.service.closed.wait(0.02):
        handler.wfile.write(b"{")
    handler.cut()


def cut_in_the_middle(handler: Handler, reply: Reply) -> None:
    octets = reply.octets
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        % (reply.kind.encode(), len(octets))
    )
    handler.wfile.write(octets[: len(octets) // 2])
    handler.cut()


def cut_at_once(handler: Handler, _: Reply) -> None:
    handler.cut()


def no_http(handler: Handler, _: Reply) -> None:
    handler.wfile.write(b"\x16\x03\x01 who are you\r\n\r\n")
    handler.cut()


def packed(_: Handler, reply: Reply) -> Reply:
    return Reply(200, reply.octets, headers={"Content-Encoding": "gzip"})


def endless(handler: Handler, _: Reply) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    while not handler.service.closed.is_set():
        handler.wfile.write(bytes(65_536))
    handler.cut()


LIES: dict[str, tuple[Lie, str]] = {
    "redirect": (redirect, "service-wrong"),
    "trickle": (trickle, "service-late"),
    "hang": (hang, "service-late"),
    "cut in the middle": (cut_in_the_middle, "service-"),
    "cut at once": (cut_at_once, "service-unreachable"),
    "no http": (no_http, "service-wrong"),
    "packed": (packed, "service-wrong"),
    "endless": (endless, "service-wrong"),
    "error": (replace_with(Reply(500, b"<html>", "text/html")), "service-busy"),
    "too many": (replace_with(Reply(429, {}, "application/problem+json")), "service-busy"),
    "refused without words": (replace_with(Reply(403, b"<html>", "text/html")), "service-wrong"),
    "html": (replace_with(Reply(200, b"<html>sign in</html>", "text/html")), "service-wrong"),
    "never sent": (replace_with(Reply(304)), "service-wrong"),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_none_is_said_by_code_and_changes_nothing(
    service: Service, place: Place, lie: str
) -> None:
    place.whole_s = 0.3
    place.enrol()
    with place.at_work() as desk:
        kept = desk.desk.knowledge.trust
        for topic, path in PATHS.items():
            service.lies = {path: LIES[lie][0]}
            assert (desk.fetch(topic) or "").startswith(LIES[lie][1])
            assert desk.desk.knowledge.trust == kept
            assert desk.desk.knowledge.held_list(1) is None
            assert not desk.desk.reach.online


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b'{"time":1,"trust":[]}', b"{}", b"\xff", b"[" * 100_000],
)
def test_wrong_json_is_no_answer(desk: AtWork, service: Service, body: bytes) -> None:
    service.lies = dict.fromkeys((TIME, TRUST), replace_with(Reply(200, body)))
    assert desk.fetch(Topic.TIME) == "service-wrong"
    assert desk.fetch(Topic.TRUST) == "service-wrong"


def test_a_service_that_is_down_is_said_and_the_lists_that_are_here_still_decide(
    place: Place,
) -> None:
    place.enrol()
    with place.at_work() as desk:
        assert desk.fetch_all() == [None, None, None]
    place.service.address = "http://127.0.0.1:1"
    with place.at_work() as again:
        assert again.fetch(Topic.TIME) == "service-unreachable"
        assert status(again) is CardStatus.BLOCKED
        assert status(again, 6) is CardStatus.ACTIVE
        assert again.desk.time.now().grade is TimeGrade.AT_LEAST


def test_all_that_is_good_is_taken_and_not_sent_twice(desk: AtWork, service: Service) -> None:
    assert desk.fetch_all() == [None, None, None]
    assert desk.desk.time.now().grade is TimeGrade.PROVEN
    before = desk.desk.knowledge.held_list(1)
    assert desk.fetch_all() == [None, None, None]
    assert desk.desk.knowledge.held_list(1) is before
    assert desk.desk.reach.online
    assert service.asked.count(LIST) == 2


def test_an_older_list_is_not_taken(desk: AtWork, service: Service) -> None:
    desk.fetch_all()
    service.list_age, service.blocked = timedelta(hours=1), set()
    assert desk.fetch(Topic.LISTS) == "status-list-older"
    offline(desk)
    assert status(desk) is CardStatus.BLOCKED


def test_a_list_kept_back_by_a_restart_is_still_the_newest_known(
    place: Place, service: Service
) -> None:
    place.enrol()
    with place.at_work() as desk:
        desk.fetch_all()
    service.list_age, service.blocked = timedelta(hours=1), set()
    with place.at_work() as again:
        assert again.fetch(Topic.LISTS) == "status-list-older"


def test_a_list_by_another_issuers_key_is_not_taken(
    desk: AtWork, service: Service, tmp_path: Path
) -> None:
    with service_at(tmp_path / "another") as other:
        octets = service.list_octets(signer=other.signer)
    service.lies[LIST] = lambda _, reply: Reply(200, octets, reply.kind)
    desk.fetch_all()
    assert desk.fetch(Topic.LISTS) == "status-list-signer-undecided"
    assert desk.desk.knowledge.held_list(1) is None


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=-5)])
def test_a_list_of_another_time_is_not_taken(
    desk: AtWork, service: Service, ahead: timedelta
) -> None:
    desk.fetch(Topic.TIME)
    service.list_age = -ahead
    assert desk.fetch(Topic.LISTS) in {"status-list-not-yet", "status-list-expired"}


def test_a_list_with_one_octet_changed_is_not_taken(desk: AtWork, service: Service) -> None:
    def change(_: Handler, reply: Reply) -> Reply:
        octets = bytearray(reply.octets)
        octets[-1] ^= 1
        return Reply(200, bytes(octets), reply.kind)

    service.lies[LIST] = change
    desk.fetch_all()
    assert desk.desk.knowledge.held_list(1) is None


def test_a_list_longer_than_two_mebibytes_is_not_read(desk: AtWork, service: Service) -> None:
    kind = "application/statuslist+cwt"
    service.lies[LIST] = replace_with(Reply(200, bytes((2 << 20) + 1), kind))
    assert desk.fetch(Topic.LISTS) == "service-wrong"


def test_a_revocation_list_of_another_authority_is_not_taken(
    desk: AtWork, service: Service, tmp_path: Path
) -> None:
    kept = desk.desk.knowledge.trust
    with service_at(tmp_path / "another") as other:
        service.revocations = other.revocations
    service.trust_age -= timedelta(seconds=1)
    assert (desk.fetch(Topic.TRUST) or "").startswith("trust-")
    assert desk.desk.knowledge.trust is kept


def test_trust_by_another_issuer_is_not_taken_and_its_root_not_either(
    desk: AtWork, service: Service, tmp_path: Path
) -> None:
    kept = desk.desk.knowledge.trust
    with service_at(tmp_path / "another") as other:
        token = other.trust_token()
    service.lies[TRUST] = replace_with(Reply(200, {"trust": token}))
    assert (desk.fetch(Topic.TRUST) or "").startswith("trust-")
    assert desk.desk.knowledge.trust is kept


def test_older_trust_is_not_taken(desk: AtWork, service: Service) -> None:
    service.trust_age = timedelta(minutes=10)
    assert desk.fetch(Topic.TRUST) == "trust-older"


def test_a_time_before_one_that_has_passed_is_not_taken(desk: AtWork, service: Service) -> None:
    assert desk.fetch(Topic.TIME) is None
    service.shift = timedelta(hours=-3)
    assert desk.fetch(Topic.TIME) == "time-went-back"
    assert abs(desk.desk.time.now().at - utc_now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda service: sign_time(service.signer, nonce="A" * 43, at=service.now()),
        lambda _: "e30.e30.e30",
        lambda service: sign_time(
            service.signer, nonce=service.bodies[-1]["nonce"], at=service.now()
        ).rpartition(".")[0],
        lambda service: (
            sign_time(
                service.signer, nonce=service.bodies[-1]["nonce"], at=service.now()
            ).rpartition(".")[0]
            + "."
            + "A" * 86
        ),
    ],
    ids=["another nonce", "nothing", "no signature", "another signature"],
)
def test_a_time_that_proves_nothing_is_not_taken(
    place: Place, service: Service, make: Callable[[Service], str]
) -> None:
    place.enrol()
    service.lies[TIME] = lambda _, __: Reply(200, {"time": make(service)})
    with place.at_work() as desk:
        assert (desk.fetch(Topic.TIME) or "").startswith("time-")
        assert desk.desk.time.now().grade is not TimeGrade.PROVEN


def test_an_answer_sent_twice_is_taken_once(desk: AtWork, service: Service) -> None:
    def twice(handler: Handler, reply: Reply) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {reply.kind}\r\n"
        whole = f"{head}Content-Length: {len(reply.octets)}\r\n\r\n".encode() + reply.octets
        handler.wfile.write(whole * 2)

    service.lies[TIME] = twice
    assert desk.fetch(Topic.TIME) is None
    del service.lies[TIME]
    assert desk.fetch_all() == [None, None, None]


def test_a_desk_whose_files_were_lost_and_whose_service_is_whole_finds_back(place: Place) -> None:
    place.enrol()
    for name in ("time.json", "trust.jws"):
        (place.path / "desk" / name).unlink()
    with place.at_work() as desk:
        assert desk.fetch_all() == [None, None, None]
        assert desk.desk.time.now().grade is TimeGrade.PROVEN


@pytest.mark.parametrize("name", ["time.json", "trust.jws", "status-list-1.cwt"])
def test_a_damaged_file_is_noted_and_fetched_anew(place: Place, name: str) -> None:
    place.enrol()
    with place.at_work() as desk:
        desk.fetch_all()
    (place.path / "desk" / name).write_bytes(b"\x00\xff{")
    with place.at_work() as again:
        assert again.fetch_all() == [None, None, None]
        offline(again)
        assert status(again) is CardStatus.BLOCKED


def test_what_was_stopped_ends_at_once_however_long_the_service_takes(
    place: Place, service: Service
) -> None:
    place.whole_s = 60.0
    place.enrol()
    service.lies[TIME] = hang
    with place.at_work() as desk:
        found: list[str | None] = []
        asking = threading.Thread(target=lambda: found.append(desk.fetch(Topic.TIME)))
        asking.start()
        while TIME not in service.asked[2:]:
            time.sleep(0.01)
        desk.desk.stop()
        asking.join(5)
        assert found == ["service-stopped"]
        assert desk.fetch(Topic.TRUST) == "service-stopped"


def test_no_answer_of_the_service_is_repeated_in_what_is_said(
    desk: AtWork, service: Service
) -> None:
    body = json.dumps({"code": "Иванов", "detail": "Иванов"}, ensure_ascii=False).encode()
    service.lies[TRUST] = replace_with(Reply(409, body, "application/problem+json"))
    with pytest.raises(Exception, match="service") as error:
        desk.refresher.fetch(Topic.TRUST)
    assert "Иванов" not in str(error.value)
