"""A desk is enrolled with a code, or not at all."""

import json

import pytest

from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.home.desk import desk_home, enrolment_of, leave
from cardservice.home.enrolment import load_enrolment
from cardservice.home.enrolment_files import DeskWish
from cardservice.home.folder import Folder, read_whole
from cardservice.home.terminals import end_desk
from cardservice.home.terminals_register import Ground
from tests.simulated.desk_agent.conftest import Place
from tests.simulated.desk_agent.service import (
    CLIENT,
    CLINIC,
    DESK,
    Handler,
    Reply,
    Service,
    utc_now,
)


def files_of(place: Place) -> set[str]:
    return {one.name for one in (place.path / "desk").glob("*")}


def test_a_code_makes_a_desk_that_knows_who_it_is_and_what_it_shows_to_cards(
    place: Place,
) -> None:
    enrolment = place.enrol()
    assert (enrolment.client_id, enrolment.clinic, enrolment.desk) == (CLIENT, CLINIC, DESK)
    assert enrolment_of(desk_home(place.settings)) == enrolment
    assert load_enrolment(Folder(place.path), place.keys, on=utc_now().date()) is not None
    assert enrolment.roots == (read_whole(place.service.premises.folder.root),)


def test_neither_the_code_nor_a_key_stays_in_the_desks_folder(place: Place) -> None:
    place.enrol()
    for file in (place.path / "desk").glob("*"):
        assert b"7Q3K" not in file.read_bytes()
        assert b"PRIVATE" not in file.read_bytes()


def test_a_person_who_says_no_leaves_the_code_good_and_nothing_behind(place: Place) -> None:
    def refuse(wish: DeskWish) -> None:
        raise KeyboardInterrupt(wish.desk)

    with pytest.raises(KeyboardInterrupt, match=DESK):
        place.enrol(confirm=refuse)
    assert place.service.code_used_by is None
    assert files_of(place) == set()
    assert place.keys.names() == ()


def test_a_wrong_code_is_the_services_own_refusal(place: Place) -> None:
    with pytest.raises(Refusal) as refused:
        place.enrol("0000-0000-0000")
    assert refused.value.code == "enrolment-code-wrong"
    assert enrolment_of(desk_home(place.settings)) is None


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_keys(
    place: Place, service: Service
) -> None:
    def lose(handler: Handler, _: Reply) -> None:
        handler.cut()

    service.lies["/api/v1/enrolments"] = lose
    with pytest.raises(SourceUnavailableError):
        place.enrol()
    names = place.keys.names()
    del service.lies["/api/v1/enrolments"]
    assert place.enrol().client_id == CLIENT
    assert place.keys.names() == names
    assert "enrolling.json" not in files_of(place)


def test_an_enrolled_desk_is_not_enrolled_again(place: Place) -> None:
    place.enrol()
    with pytest.raises(Refusal) as refused:
        place.enrol()
    assert refused.value.code == "desk-enrolled"


def test_a_desk_that_left_has_nothing_and_begins_anew(place: Place, service: Service) -> None:
    place.enrol()
    leave(desk_home(place.settings))
    assert enrolment_of(desk_home(place.settings)) is None
    assert files_of(place) <= {"lock"}
    assert service.code_used_by is not None


@pytest.mark.parametrize(
    ("path", "member", "value"),
    [
        ("/api/v1/enrolments", "desk", "Окно 2"),
        ("/api/v1/enrolments", "clinic", "Другая"),
        ("/api/v1/enrolments", "client_id", ""),
        ("/api/v1/enrolments", "client_id", 7),
        ("/api/v1/enrolments", "region", "4500"),
        ("/api/v1/enrolments", "trust", "x.y.z"),
        ("/api/v1/enrolments", "trust", None),
        ("/api/v1/enrolments", "bundle", []),
        ("/api/v1/enrolments", "bundle", {}),
        ("/api/v1/enrolments/previews", "rights", []),
        ("/api/v1/enrolments/previews", "rights", ["rule-the-world"]),
        ("/api/v1/enrolments/previews", "desk", "a\u202eb"),
        ("/api/v1/enrolments/previews", "clinic", "x" * 65),
        ("/api/v1/time", "time", "x.y.z"),
        ("/api/v1/time", "time", "a" * 100_000),
    ],
)
def test_a_service_that_answers_otherwise_than_it_should_enrols_nobody(
    place: Place, service: Service, path: str, member: str, value: object
) -> None:
    def lie(_: Handler, reply: Reply) -> Reply:
        return Reply(reply.status, {**reply.body, member: value})

    service.lies[path] = lie
    with pytest.raises((Refusal, SourceUnavailableError)):
        place.enrol()
    assert enrolment_of(desk_home(place.settings)) is None


def test_a_bundle_for_another_desk_is_refused(place: Place, service: Service) -> None:
    place.enrol()
    taken = read_whole(place.path / "desk" / "bundle.json")
    other = Place(service, place.path.with_name("other"))
    service.code_used_by = None

    def swap(_: Handler, reply: Reply) -> Reply:
        return Reply(201, {**reply.body, "bundle": json.loads(taken)})

    ground = Ground(by="x", at=utc_now(), reason="x")
    end_desk(service.premises.folder, DESK, ground)
    service.lies["/api/v1/enrolments"] = swap
    with pytest.raises(Refusal) as refused:
        other.enrol()
    assert refused.value.code == "bundle-refused"
    assert enrolment_of(desk_home(other.settings)) is None
