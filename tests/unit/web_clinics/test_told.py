"""What desks tell and ask about cards and policies."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.accounts.rights import Right
from cardservice.desk.presentations import Presentation
from cardservice.pki.service_tokens import ANSWER_TYPE, answer_claims, read_service_token
from cardservice.web.clinics.presentations import presentation_of
from tests.registry import forms
from tests.registry.offices import BORN
from tests.unit.web_clinics.service_world import Service
from tests.unit.web_clinics.told_world import policy_of


def told(service: Service, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "at": service.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "grade": "proven",
        "outcome": "valid",
        "reason": "card-active",
        "card_number": "000100000a3f",
        "offline": False,
        "wrong_numbers": 0,
        "bearer": None,
        "substitute": None,
    } | changes


def test_presentations_are_taken_once(service: Service, tmp_path: Path) -> None:
    token = service.enrolled(tmp_path / "desk").token()
    report = {"presentations": [told(service) for _ in range(3)]}
    ids = [one["id"] for one in report["presentations"]]
    for _ in range(2):
        answer = service.post("/presentations", report, token=token)
        assert (answer.status_code, answer.json()) == (200, {"taken": ids, "refused": []})
    with service.home.office.database.reading_tables() as tables:
        count = tables.exec_driver_sql("SELECT count(*) FROM presentations").scalar()
    assert count == 3


def test_one_that_can_never_be_taken_spoils_no_other(service: Service, tmp_path: Path) -> None:
    token = service.enrolled(tmp_path / "desk").token()
    good = told(service, at="2026-06-01T09:04:59.123Z")
    wrong = [
        told(service, grade="sure"),
        told(service, card_number="000100000A3F"),
        told(service, at=1_780_000_000),
        told(service, at="2026-06-01T09:00:00+03:00"),
        told(service, reason="Иванов Иван"),
        told(service, holder="Иванов Иван"),
        told(service, wrong_numbers=-1),
        {"id": str(uuid4())},
    ]
    future = told(service, at="2027-01-01T00:00:00Z")
    report = {"presentations": [*wrong, good, future]}
    answer = service.post("/presentations", report, token=token).json()
    assert answer["taken"] == [good["id"]]
    refused = {one["id"]: one["code"] for one in answer["refused"]}
    assert refused.pop(future["id"]) == "presentation-in-future"
    assert refused == {one["id"]: "presentation-malformed" for one in wrong}


@pytest.mark.parametrize(
    "report",
    [
        [],
        {},
        {"presentations": {}},
        {"presentations": [{}]},
        {"presentations": [{"id": "x"}]},
        {"presentations": [{"id": str(uuid4())}] * 101},
        {"presentations": [], "more": 1},
    ],
)
def test_a_report_of_another_form_is_refused(
    service: Service, tmp_path: Path, report: object
) -> None:
    token = service.enrolled(tmp_path / "desk").token()
    assert service.post("/presentations", report, token=token).status_code == 422


NONCE = "q83vEjRWeJCrze8SNFZ4kA"
VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(("id", "at", "grade", "reason", "card_number")), VALUES))
def test_anything_is_a_presentation_or_none(members: dict[str, Any]) -> None:
    found = presentation_of(members)
    assert found is None or isinstance(found, Presentation)


def test_a_card_that_nobody_made_is_unknown(service: Service) -> None:
    token = service.program(Right.COVERAGE_ASK)
    answer = service.post("/status-questions", {"card_number": "000100000a3f"}, token=token)
    assert answer.json() == {
        "card": "unknown",
        "policy": None,
        "trust_layer": False,
        "newest_record": None,
        "as_of": "2026-06-01T09:05:00Z",
    }


def test_a_policy_is_told_and_not_sent_again_until_it_changes(service: Service) -> None:
    token, policy = service.program(Right.COVERAGE_ASK), policy_of(service)
    question = {"enp": policy.enp}
    answer = service.post("/status-questions", question, token=token)
    assert answer.json()["policy"] == {"state": "active", "in_force": True}
    service.clock.go(seconds=90)
    known = {"If-None-Match": answer.headers["etag"]}
    again = service.post("/status-questions", question, token=token, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    other = service.post(
        "/status-questions", {"card_number": "000100000a3f"}, token=token, headers=known
    )
    assert other.status_code == 200
    policy.close()
    changed = service.post("/status-questions", question, token=token, headers=known)
    assert changed.status_code == 200
    assert changed.json()["policy"]["in_force"] is False


def test_who_asks_with_a_nonce_gets_the_answer_signed_and_always_whole(service: Service) -> None:
    token, policy = service.program(Right.COVERAGE_ASK), policy_of(service)
    question = {"enp": policy.enp}
    plain = service.post("/status-questions", question, token=token)
    known = {"If-None-Match": plain.headers["etag"]}
    answer = service.post(
        "/status-questions", {**question, "nonce": NONCE}, token=token, headers=known
    )
    said = answer.json()
    claims = answer_claims(read_service_token(said.pop("signed"), typ=ANSWER_TYPE).said)
    assert said == plain.json()
    assert (claims.nonce, claims.asked) == (NONCE, "status-questions")
    assert (claims.question, claims.answer) == (question, said)
    assert answer.headers["etag"] == plain.headers["etag"]


@pytest.mark.parametrize("nonce", ["", "short", "ъ" * 22, "A" * 87, 7])
def test_a_nonce_of_another_form_is_refused(service: Service, nonce: object) -> None:
    question = {"card_number": "000100000a3f", "nonce": nonce}
    token = service.program(Right.COVERAGE_ASK)
    assert service.post("/status-questions", question, token=token).status_code == 422


@pytest.mark.parametrize(
    "question",
    [{}, {"enp": None}, {"card_number": "1"}, {"card_number": "00010000000G"}, {"enp": "123"}],
)
def test_a_question_about_nothing_is_refused(service: Service, question: object) -> None:
    token = service.program(Right.COVERAGE_ASK)
    answer = service.post("/status-questions", question, token=token)
    assert answer.status_code in {409, 422}


def test_a_substitute_tells_what_is_covered_where_the_desk_is(
    service: Service, tmp_path: Path
) -> None:
    token, policy = service.enrolled(tmp_path / "desk").token(), policy_of(service)
    question = {
        "id": str(uuid4()),
        "enp": policy.enp,
        "birth_date": BORN.isoformat(),
        "reason": "card-unreadable",
    }
    answers = [service.post("/substitutes", question, token=token) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["in_force"] is True
    signed = service.post("/substitutes", {**question, "nonce": NONCE}, token=token).json()
    claims = answer_claims(read_service_token(signed.pop("signed"), typ=ANSWER_TYPE).said)
    assert (claims.question, claims.answer) == (question, signed)
    assert signed == answers[0].json()
    with service.home.office.database.reading_tables() as tables:
        count = tables.exec_driver_sql("SELECT count(*) FROM substitutes").scalar()
    assert count == 1


def test_a_wrong_number_and_a_wrong_date_are_one_answer(service: Service, tmp_path: Path) -> None:
    token, policy = service.enrolled(tmp_path / "desk").token(), policy_of(service)
    day = (BORN + timedelta(days=1)).isoformat()
    answers = [
        service.post(
            "/substitutes",
            {"id": str(uuid4()), "enp": enp, "birth_date": date, "reason": "card-forgotten"},
            token=token,
        )
        for enp, date in ((policy.enp, day), (forms.enp(), BORN.isoformat()))
    ]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_one_id_asks_about_one_person(service: Service, tmp_path: Path) -> None:
    token, policy = service.enrolled(tmp_path / "desk").token(), policy_of(service)
    question = {
        "id": str(uuid4()),
        "enp": policy.enp,
        "birth_date": BORN.isoformat(),
        "reason": "card-unreadable",
    }
    assert service.post("/substitutes", question, token=token).status_code == 200
    other = question | {"birth_date": (BORN + timedelta(days=1)).isoformat()}
    answer = service.post("/substitutes", other, token=token)
    assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
