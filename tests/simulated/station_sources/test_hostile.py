"""Whoever answers at the office's address: nothing they say gives more than an error's code."""

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cardservice.errors import Refusal, SourceUnavailableError, UsageError
from cardservice.officelink.blanks import blanks_moved
from cardservice.officelink.desk import OfficeDesk
from cardservice.officelink.lease_book import LeaseBook
from cardservice.officelink.link import OfficeLink
from cardservice.officelink.making import House
from cardservice.officelink.registry_jobs import MOST_UNFIT, RegistryJobs
from cardservice.officelink.terms import JSON_OCTETS, OfficeTerms
from tests.registry.offices import START
from tests.simulated.notifying.receivers import new_tls
from tests.simulated.station_sources.hostile import (
    TOKEN,
    Hostile,
    hostile,
    link_to,
    problem,
    said,
)
from tests.simulated.station_sources.stage import no_photo, outcome_of

ORDER = "0190c6b2-0000-7000-8000-000000000001"
OTHER = "0190c6b2-0000-7000-8000-000000000002"
DEAD = "http://127.0.0.1:9"  # the discard port: nobody listens


def to_make(**changes: Any) -> dict[str, Any]:
    """Return an order to make as an office says it."""
    whole: dict[str, Any] = {
        "id": ORDER,
        "version": 2,
        "leased_until": "2026-06-01T09:30:00Z",
        "due_on": "2026-06-20",
        "making": "new-card",
        "card_number": None,
        "new_card_number": 1 << 32 | 5,
        "holder": {
            "enp": "0000000000000018",
            "surname": "Пробный",
            "given_name": "Проба",
            "patronymic": None,
            "sex": "male",
            "birth_date": "1980-02-29",
            "birth_place": None,
            "citizenship_code": None,
            "citizenship_name": None,
            "snils": None,
        },
        "category": "citizen",
        "insurance": {
            "ogrn": "1027700132195",
            "okato": "45000",
            "start_date": "2026-06-01",
            "end_date": None,
        },
        "valid_until": None,
    }
    return whole | changes


def leased(**changes: Any) -> bytes:
    made = to_make(**changes)
    return said({"id": made["id"], "version": 2, "state": "leased", "to_make": made})


NO_PHOTO = problem("404 Not Found", "no-photo")


def jobs_over(link: OfficeLink, folder: Path) -> RegistryJobs:
    house = House(fund="00000", clock=lambda: START, new_number=lambda: 7, fit=no_photo)
    book = LeaseBook(folder / "leases.json", entropy=bytes)
    return RegistryJobs(OfficeDesk(link, 30), book, house)


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(SourceUnavailableError) as caught:
        do()
    assert TOKEN not in str(caught.value)
    return caught.value.code


def drip(connection: socket.socket) -> None:
    """Answer an octet at a time, for ever."""
    for octet in b"HTTP/1.1 200 OK\r\nX-Long: " + bytes([65]) * 400:
        connection.sendall(bytes([octet]))
        time.sleep(0.05)


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def say_nothing(connection: socket.socket) -> None:
    connection.recv(1)


WRONG: Mapping[str, bytes] = {
    "no JSON": said(b"<html>a portal wants you to sign in</html>"),
    "another media type": said(to_make(), kind="text/html"),
    "a list": said([1, 2]),
    "nested": said(b"[" * 100_000),
    "a huge number": said(b'{"id": ' + b"9" * 10_000 + b"}"),
    "no id": said({"version": 2, "to_make": None}),
    "an id that is none": said({"id": ["x"], "version": 2}),
    "to make another order": said({"id": OTHER, "to_make": to_make()}),
    "to make no object": said({"id": ORDER, "to_make": "all"}),
    "a version that is none": said({"id": ORDER, "to_make": to_make(version=True)}),
    "a version of text": said({"id": ORDER, "to_make": to_make(version="2")}),
    "a version below all": said({"id": ORDER, "to_make": to_make(version=0)}),
    "elsewhere": said({}, "302 Found", more=["Location: http://127.0.0.1:1/"]),
    "not modified": said({}, "304 Not Modified"),
    "packed": said(b"\x1f\x8b", more=["Content-Encoding: gzip"]),
    "too much": said(json.dumps({"id": ORDER, "to_make": to_make()}).encode() + b" " * JSON_OCTETS),
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "refused without words": said({}, "409 Conflict"),
    "refused with a code that is none": problem("409 Conflict", "<script>"),
    "refused with a code of another kind": said(
        {"code": ["stale"]}, "409 Conflict", kind="application/problem+json"
    ),
    "an order refused for what no lease is refused for": problem("409 Conflict", "policy-closed"),
}


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_answer_of_an_office_is_not_believed(answer: bytes, tmp_path: Path) -> None:
    with hostile(answer) as server, link_to(server.address) as link:
        assert code_of(lambda: jobs_over(link, tmp_path).take(1)) == "registry-wrong"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (problem("500 Internal Server Error"), "registry-busy"),
        (said({}, "502 Bad Gateway"), "registry-busy"),
        (problem("503 Service Unavailable", "database-busy"), "registry-busy"),
        (problem("429 Too Many Requests"), "registry-busy"),
        (problem("401 Unauthorized"), "registry-token"),
        (problem("403 Forbidden", "role-not-allowed"), "registry-token"),
        (hang_up, "registry-unreachable"),
        (say_nothing, "registry-late"),
        (drip, "registry-late"),
    ],
)
def test_an_office_that_cannot_answer_is_asked_again_later(
    answer: bytes | Callable[[socket.socket], None], code: str, tmp_path: Path
) -> None:
    with hostile(answer) as server, link_to(server.address, whole_s=0.5) as link:
        jobs = jobs_over(link, tmp_path)
        assert code_of(lambda: jobs.take(1)) == code
        assert code_of(lambda: jobs.tell(outcome_of(ORDER, 5))) == code


def test_nobody_at_the_address_is_said(tmp_path: Path) -> None:
    with link_to(DEAD) as link:
        assert code_of(lambda: jobs_over(link, tmp_path).take(1)) == "registry-unreachable"


def test_an_office_that_cannot_prove_to_be_it_is_told_nothing(tmp_path: Path) -> None:
    with hostile(said({}), tls=new_tls(tmp_path).server) as server:
        with link_to(server.address) as link:
            assert code_of(lambda: jobs_over(link, tmp_path).take(1)) == "registry-wrong"
        assert not server.requests


def test_an_office_that_proves_to_be_it_is_asked(tmp_path: Path) -> None:
    tls, empty = new_tls(tmp_path), problem("409 Conflict", "queue-empty")
    with hostile(empty, tls=tls.server) as server:
        address = server.address.replace("127.0.0.1", "localhost")
        terms = OfficeTerms(address=address, token=TOKEN, production=True, tls=tls.client)
        with OfficeLink(terms) as link:
            assert jobs_over(link, tmp_path).take(1) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"holder": None},
        {"holder": "Пробный"},
        {"holder": {"enp": "0000000000000018"}},
        {"holder": to_make()["holder"] | {"enp": "0000000000000019"}},
        {"holder": to_make()["holder"] | {"enp": "\u001b[2J000000000018"}},
        {"holder": to_make()["holder"] | {"surname": "П" * 61}},
        {"holder": to_make()["holder"] | {"surname": "Проб\u202eный"}},
        {"holder": to_make()["holder"] | {"surname": "\ud800"}},
        {"holder": to_make()["holder"] | {"surname": ["Пробный"]}},
        {"holder": to_make()["holder"] | {"surname": ""}},
        {"holder": to_make()["holder"] | {"sex": "M"}},
        {"holder": to_make()["holder"] | {"birth_date": "2026-06-03"}},
        {"holder": to_make()["holder"] | {"birth_date": "1980-02-30"}},
        {"holder": to_make()["holder"] | {"snils": "112-233-445 96"}},
        {"holder": to_make()["holder"] | {"citizenship_code": "RUS"}},
        {"insurance": None},
        {"insurance": to_make()["insurance"] | {"ogrn": "1027700132196"}},
        {"insurance": to_make()["insurance"] | {"okato": "4500"}},
        {"insurance": to_make()["insurance"] | {"start_date": "now"}},
        {"insurance": to_make()["insurance"] | {"end_date": "2026-13-01"}},
        {
            "making": "new-pin",
            "card_number": 5,
            "holder": to_make()["holder"] | {"enp": "\u001b[2J000000000018"},
        },
        {"making": "engrave"},
        {"making": None},
        {"making": "new-pin"},
        {"new_card_number": -1},
        {"new_card_number": 1 << 48},
        {"new_card_number": "5"},
        {"valid_until": "1900-01-01"},
        {"valid_until": 5},
        {"due_on": "soon"},
    ],
)
def test_an_order_that_no_card_can_be_made_of_is_put_aside_and_nothing_of_it_is_quoted(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    done = said({"id": ORDER, "version": 3})
    empty = problem("409 Conflict", "queue-empty")
    answers = {
        "leases": iter([leased(**changes), empty]),
        "photo": iter([NO_PHOTO]),
        "lease-renewal": iter([done]),
    }
    with office_of(answers) as server, link_to(server.address) as link:
        jobs = jobs_over(link, tmp_path)
        assert jobs.take(1) == []
    (unfit,) = jobs.unfit
    assert unfit.order_id == ORDER
    assert "Проб" not in unfit.sentence
    assert not jobs._book.leases()
    assert b"lease-renewal" in server.requests[-2] or b"lease-renewal" in server.requests[-1]


@contextmanager
def office_of(answers: Mapping[str, Iterator[bytes]]) -> Iterator[Hostile]:
    """Serve answers by the end of the path that is asked."""

    def answer(connection: socket.socket) -> None:
        path = server.requests[-1].split(b" ", 2)[1].decode()
        connection.sendall(next(answers[path.rpartition("/")[2]]))

    with hostile(answer) as server:
        yield server


def test_an_office_of_an_earlier_kind_allots_no_number_and_keeps_no_photo(tmp_path: Path) -> None:
    order = to_make(making="new-card")
    del order["new_card_number"]
    answer = said({"id": ORDER, "version": 2, "to_make": order})
    absent = said({"type": "about:blank"}, "404 Not Found", kind="application/problem+json")
    with hostile(answer, absent) as server, link_to(server.address) as link:
        (job,) = jobs_over(link, tmp_path).take(1)
    assert job.order is not None
    assert (job.order.card_number, job.order.photo) == (7, None)
    assert b"Bearer " + TOKEN.encode() in server.requests[0]


def test_an_office_that_gives_the_same_order_for_ever_is_asked_a_bounded_number_of_times(
    tmp_path: Path,
) -> None:
    answers = {
        "leases": iter([leased()] * (2 * MOST_UNFIT)),
        "photo": iter([NO_PHOTO] * (2 * MOST_UNFIT)),
    }
    with office_of(answers) as server, link_to(server.address) as link:
        assert len(jobs_over(link, tmp_path).take(2)) == 1
        assert len(server.requests) <= 2 + MOST_UNFIT + 1


def test_a_version_that_went_back_stops_the_reports_and_says_so(tmp_path: Path) -> None:
    answers = {
        "leases": iter([leased(version=9)]),
        "photo": iter([NO_PHOTO]),
        "lease-renewal": iter([said({"id": ORDER, "version": 3})]),
        "card": iter([problem("412 Precondition Failed", "stale")]),
        "making": iter([said(to_make(version=3))]),
    }
    with office_of(answers) as server, link_to(server.address) as link:
        jobs = jobs_over(link, tmp_path)
        assert len(jobs.take(1)) == 1
        assert code_of(jobs.renew) == "registry-wrong"
        assert code_of(lambda: jobs.tell(outcome_of(ORDER, 5))) == "registry-wrong"


def test_an_answer_about_another_order_is_not_taken_for_ours(tmp_path: Path) -> None:
    answers = {
        "leases": iter([leased()]),
        "photo": iter([NO_PHOTO]),
        "card": iter([said({"id": OTHER, "version": 3})]),
    }
    with office_of(answers) as server, link_to(server.address) as link:
        jobs = jobs_over(link, tmp_path)
        jobs.take(1)
        assert code_of(lambda: jobs.tell(outcome_of(ORDER, 5))) == "registry-wrong"


@pytest.mark.parametrize("code", ["<script>", "Пробный", "a" * 65, "\u001b[2J"])
def test_a_refusal_by_a_code_that_is_none_is_no_refusal(code: str, tmp_path: Path) -> None:
    with hostile(problem("409 Conflict", code)) as server, link_to(server.address) as link:
        jobs = jobs_over(link, tmp_path)
        assert code_of(lambda: jobs.tell(outcome_of(ORDER, 5))) == "registry-wrong"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("409 Conflict", "stock-short"),
        ("409 Conflict", "card-number-of-another-order"),
        ("422 Unprocessable Entity", "malformed"),
    ],
)
def test_a_refusal_keeps_its_code_and_no_word_of_its_sentence(
    status: str, code: str, tmp_path: Path
) -> None:
    refusal = problem(status, code, detail="Пробный Проба")
    with hostile(refusal) as server, link_to(server.address) as link:
        jobs = jobs_over(link, tmp_path)
        with pytest.raises(Refusal) as caught:
            jobs.tell(outcome_of(ORDER, 5))
    assert caught.value.code == code
    assert "Проб" not in caught.value.sentence


@pytest.mark.parametrize(
    ("address", "production"),
    [
        ("http://office.example", False),
        ("http://127.0.0.1:1", True),
        ("ftp://office.example", False),
        ("https://", False),
        ("https://me:secret@office.example", False),
        ("https://office.example/?a=1", False),
        ("http://127.0.0.1.example", False),
    ],
)
def test_orders_come_over_tls_unless_the_office_is_on_this_machine(
    address: str, *, production: bool
) -> None:
    with pytest.raises(UsageError) as caught:
        OfficeTerms(address=address, token=TOKEN, production=production)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", ["two words", "line\nend", "ключ"])
def test_a_token_that_no_header_can_carry_is_refused_unseen(token: str) -> None:
    with pytest.raises(UsageError) as caught:
        OfficeTerms(address="https://office.example", token=token)
    assert token not in str(caught.value)


BLANK = {
    "kind": "hand-to-station",
    "quantity": 16,
    "first_chip": "00000000000000F0",
    "last_chip": "00000000000000ff",
}


def test_blanks_are_told_page_by_page() -> None:
    counted = BLANK | {"kind": "take-back", "first_chip": None, "last_chip": None}
    pages = (
        said({"items": [BLANK], "next": "abc"}),
        said({"items": [counted], "next": None}),
    )
    with hostile(*pages) as server, link_to(server.address) as link:
        found = blanks_moved(link)
    assert found is not None
    assert [(one.kind.value, one.first, one.last) for one in found] == [
        ("hand-to-station", 0xF0, 0xFF),
        ("take-back", None, None),
    ]
    assert b"cursor=abc" in server.requests[1]


@pytest.mark.parametrize(
    "line",
    [
        {},
        "text",
        BLANK | {"quantity": 15},
        BLANK | {"quantity": 0},
        BLANK | {"first_chip": None},
        BLANK | {"first_chip": "F0"},
        BLANK | {"kind": "issue"},
    ],
)
def test_blanks_that_do_not_add_up_are_not_believed(line: object) -> None:
    page = said({"items": [line], "next": None})
    with hostile(page) as server, link_to(server.address) as link:
        assert code_of(lambda: blanks_moved(link)) == "registry-wrong"


def test_an_office_that_does_not_tell_of_blanks_is_borne() -> None:
    absent = said({"type": "about:blank"}, "404 Not Found", kind="application/problem+json")
    with hostile(absent) as server, link_to(server.address) as link:
        assert blanks_moved(link) is None
