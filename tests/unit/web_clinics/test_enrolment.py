"""A desk is enrolled with a code: once, under its name, by whoever holds the key."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cardservice.home.enrolment import installed
from cardservice.home.enrolment_files import DeskWish, write_request
from cardservice.home.terminals_authority import COUNTRY
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import create_request
from cardservice.pki.cv.terms import ALL_RIGHTS, TerminalRights
from tests.unit.web_clinics.service_world import CLINIC, OGRNS, REGION, START, Desk, Service


def test_a_code_tells_what_it_is_for_and_is_not_used_up(service: Service) -> None:
    code = service.code(service.clinic())
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", "")):
        answer = service.post("/enrolments/previews", {"code": typed})
        assert answer.status_code == 200
        assert answer.json() == {
            "clinic": CLINIC.name,
            "desk": "Окно 1",
            "rights": ["read-policy"],
        }


def test_a_desk_gets_a_name_a_bundle_and_whom_to_trust(service: Service, tmp_path: Path) -> None:
    desk = service.desk(tmp_path / "desk")
    told = desk.enrol(service.code(service.clinic())).json()
    assert (told["clinic"], told["desk"], told["region"]) == (CLINIC.name, "Окно 1", REGION)
    assert told["trust"].count(".") == 2
    bundle = desk.install(told["bundle"])
    assert bundle.verify(on=START.date()).rights == TerminalRights.READ_POLICY


def test_a_desk_gets_no_more_than_its_code_allows(service: Service, tmp_path: Path) -> None:
    desk = service.desk(tmp_path / "desk", rights=ALL_RIGHTS)
    bundle = desk.install(desk.enrol(service.code(service.clinic())).json()["bundle"])
    assert bundle.wish.rights == TerminalRights.READ_POLICY


def test_a_lost_answer_may_be_asked_for_again(service: Service, tmp_path: Path) -> None:
    desk, code = service.desk(tmp_path / "desk"), service.code(service.clinic())
    request = desk.request()
    first, second = desk.enrol(code, request), desk.enrol(code, request)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["client_id"] == second.json()["client_id"]


def test_a_code_is_good_for_one_desk(service: Service, tmp_path: Path) -> None:
    code = service.code(service.clinic())
    assert service.desk(tmp_path / "one").enrol(code).status_code == 201
    thief = service.desk(tmp_path / "two").enrol(code)
    assert (thief.status_code, thief.json()["code"]) == (409, "enrolment-code-wrong")
    seen = service.post("/enrolments/previews", {"code": code})
    assert (seen.status_code, seen.json()["code"]) == (409, "enrolment-code-wrong")


def test_codes_that_are_wrong_over_or_no_codes_have_one_answer(service: Service) -> None:
    old = service.code(service.clinic())
    service.clock.go(hours=24)
    answers = [
        service.post("/enrolments/previews", {"code": code}).json()
        for code in (old, "0000-0000-0000", "", "U" * 12, "№" * 40)
    ]
    assert {one["code"] for one in answers} == {"enrolment-code-wrong"}
    assert len({one["detail"] for one in answers}) == 1


def test_a_request_for_another_name_uses_no_code_up(service: Service, tmp_path: Path) -> None:
    code = service.code(service.clinic())
    for name in ({"desk": "Окно 2"}, {"clinic": "Другая больница"}):
        answer = service.desk(tmp_path / "wrong", **name).enrol(code)
        assert (answer.status_code, answer.json()["code"]) == (409, "desk-renamed")
    assert service.desk(tmp_path / "right").enrol(code).status_code == 201


def test_the_same_key_with_another_terminal_gets_nothing(service: Service, tmp_path: Path) -> None:
    desk, code = service.desk(tmp_path / "desk"), service.code(service.clinic())
    assert desk.enrol(code).status_code == 201
    other = Desk(service, desk.folder, desk.wish, key=desk.key)
    answer = other.enrol(code, other.request())
    assert (answer.status_code, answer.json()["code"]) == (409, "desk-renamed")


@pytest.mark.parametrize("member", ["desk", "clinic", "request", "signature", "rights", "kind"])
def test_an_altered_request_is_refused(service: Service, tmp_path: Path, member: str) -> None:
    desk, code = service.desk(tmp_path / "desk"), service.code(service.clinic())
    altered = desk.request() | {member: "00" * 70}
    answer = desk.enrol(code, altered)
    assert (answer.status_code, answer.json()["code"]) == (409, "desk-request-damaged")
    assert service.post("/enrolments/previews", {"code": code}).status_code == 200


def test_a_private_key_is_not_taken(service: Service, tmp_path: Path) -> None:
    desk, code = service.desk(tmp_path / "desk"), service.code(service.clinic())
    key = desk.jwk.as_dict(private=True)
    key.pop("kid", None)
    answer = service.post("/enrolments", {"code": code, "key": key, "request": desk.request()})
    assert answer.status_code == 422
    assert str(key["d"]) not in answer.text


def test_a_key_that_is_no_point_is_refused(service: Service, tmp_path: Path) -> None:
    desk, code = service.desk(tmp_path / "desk"), service.code(service.clinic())
    key = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    answer = service.post("/enrolments", {"code": code, "key": key, "request": desk.request()})
    assert (answer.status_code, answer.json()["code"]) == (409, "desk-key-wrong")
    assert service.post("/enrolments/previews", {"code": code}).status_code == 200


def test_a_code_of_a_clinic_that_left_enrols_nobody(service: Service, tmp_path: Path) -> None:
    clinic = service.clinic()
    code = service.code(clinic)
    service.leave(clinic, START.date())
    service.clock.go(hours=18)
    answer = service.desk(tmp_path / "desk").enrol(code)
    assert (answer.status_code, answer.json()["code"]) == (409, "clinic-left")


def test_a_certificate_ends_with_the_last_day_of_its_clinic(
    service: Service, tmp_path: Path
) -> None:
    clinic = service.clinic()
    code, desk = service.code(clinic), service.desk(tmp_path / "desk")
    service.leave(clinic, START.date() + timedelta(days=2))
    bundle = desk.install(desk.enrol(code).json()["bundle"])
    assert bundle.terminal.expiration == START.date() + timedelta(days=2)


def test_a_desk_that_was_ended_makes_room_for_the_next_of_its_name(
    service: Service, tmp_path: Path
) -> None:
    clinic = service.clinic()
    lost = service.desk(tmp_path / "lost")
    lost.enrol(service.code(clinic))
    service.end(lost)
    new = service.desk(tmp_path / "new")
    assert new.enrol(service.code(clinic)).status_code == 201
    with service.home.office.database.reading() as kept:
        (active,) = kept.desk_terminals.going_on(CLINIC.name, "Окно 1")
        former = kept.clinic_desks.by_client(lost.client_id)
        assert former is not None
        over = kept.desk_terminals.by_holder(former.holder)
    assert new.request()["request"]  # it has keys of its own
    assert over is not None
    assert over.ended_at is not None
    assert active.holder != over.holder


def test_desks_of_two_clinics_of_one_name_do_not_end_each_other(
    service: Service, tmp_path: Path
) -> None:
    first, second = service.clinic(), service.clinic(ogrn=OGRNS[1])
    assert service.desk(tmp_path / "one").enrol(service.code(first)).status_code == 201
    answer = service.desk(tmp_path / "two").enrol(service.code(second))
    assert (answer.status_code, answer.json()["code"]) == (409, "desk-name-taken")


def test_a_long_name_of_a_clinic_fits_a_request(service: Service, tmp_path: Path) -> None:
    code = service.code(service.clinic(name="Государственная больница " * 4))
    seen = service.post("/enrolments/previews", {"code": code}).json()
    wish = DeskWish(desk=seen["desk"], clinic=seen["clinic"])
    desk = Desk(service, service.desk(tmp_path / "desk").folder, wish)
    assert desk.enrol(code).status_code == 201


def test_a_renewed_certificate_is_of_the_next_key(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    service.clock.go(days=4)
    request = desk.renewal()
    answers = [
        service.post("/terminal-certificates", {"request": request}, token=desk.token())
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    bundle = desk.install(answers[1].json()["bundle"])
    assert bundle.reference.sequence == "00002"
    assert bundle.terminal.expiration == service.clock().date() + timedelta(days=6)


def test_a_desk_cannot_renew_for_another(service: Service, tmp_path: Path) -> None:
    clinic = service.clinic()
    one, two = service.desk(tmp_path / "1"), service.desk(tmp_path / "2", desk="Окно 2")
    one.enrol(service.code(clinic))
    two.enrol(service.code(clinic, "Окно 2"))
    answer = service.post("/terminal-certificates", {"request": two.renewal()}, token=one.token())
    assert (answer.status_code, answer.json()["code"]) == (409, "desk-renamed")


def test_a_request_that_the_present_key_does_not_vouch_for_is_refused(
    service: Service, tmp_path: Path
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    answer = service.post(
        "/terminal-certificates", {"request": _unvouched(desk)}, token=desk.token()
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "desk-unconfirmed")


@pytest.mark.parametrize("days", [8, 40])
def test_a_desk_that_was_off_for_long_is_known_by_its_assertions(
    service: Service, tmp_path: Path, days: int
) -> None:
    desk = service.enrolled(tmp_path / "desk")
    service.clock.go(days=days)
    answer = service.post("/terminal-certificates", {"request": desk.renewal()}, token=desk.token())
    assert answer.status_code == 200
    bundle = desk.install(answer.json()["bundle"])
    assert bundle.terminal.is_valid_on(service.clock().date())


def _unvouched(desk: Desk) -> dict[str, Any]:
    present = installed(desk.folder)
    assert present is not None
    key = desk.keys.generate("desk-00002")
    holder = HolderReference(COUNTRY, present.reference.mnemonic, "00002")
    request = write_request(present.wish, key, create_request(key, holder=holder))
    members: dict[str, Any] = json.loads(request)
    return members


def test_an_ended_desk_gets_no_certificate(service: Service, tmp_path: Path) -> None:
    desk = service.enrolled(tmp_path / "desk")
    token = desk.token()
    service.end(desk)
    service.app.state.clinics.clients._known.clear()  # as after a minute
    answer = service.post("/terminal-certificates", {"request": desk.renewal()}, token=token)
    assert answer.status_code == 401


def test_guessing_codes_is_slowed_down(service: Service) -> None:
    service.limit_by_clock()
    statuses = [
        service.post("/enrolments/previews", {"code": f"0000-0000-{one:04}"}).status_code
        for one in range(30)
    ]
    assert statuses[:20] == [409] * 20
    assert set(statuses[20:]) == {429}
    service.clock.go(seconds=10)
    assert service.post("/enrolments/previews", {"code": "0000-0000-0000"}).status_code == 409
