"""The older question: one origin, a card that lies there, and the word of the verdict."""

from dataclasses import replace
from pathlib import Path

import pytest

from cardservice.web.desk.state import ReaderState
from tests.unit.web.doubles import READER
from tests.unit.web.examples import BANK_CARD, COPIED, OFFLINE, VALID
from tests.unit.web_local.world import CLINIC, EVIL, OTHER, SECRETS, World, judged, world

ASKED = "/?args=surname,name,patr,enp,birth_date,sex"


@pytest.fixture
def desk(tmp_path: Path) -> World:
    return world(tmp_path, origins=(), compat_origin=CLINIC)


def test_an_older_page_gets_the_fields_it_names(desk: World) -> None:
    answer = desk.ask("GET", ASKED)
    assert answer.json() == {
        "ok": True,
        "msg": "",
        "data": {
            "surname": "ИВАНОВ",
            "name": "ИВАН",
            "patr": "ИВАНОВИЧ",
            "enp": "0054910834000015",
            "birth_date": "15.05.1980",
            "sex": "1",
        },
    }
    assert answer.headers["access-control-allow-origin"] == CLINIC
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("result", [COPIED, OFFLINE, BANK_CARD])
def test_a_card_that_is_not_valid_gives_no_data_and_says_why(desk: World, result: object) -> None:
    desk.place(judged(result))  # type: ignore[arg-type]
    answer = desk.ask("GET", ASKED)
    said = answer.json()
    assert (said["ok"], said["data"]) == (False, {})
    assert len(said["msg"]) > len("Нет.")
    assert "ИВАНОВ" not in answer.text


@pytest.mark.parametrize(
    "readers",
    [
        (),
        (ReaderState(reader=READER),),
        (ReaderState(reader=READER).with_card(1, 5.0),),
        (replace(judged(VALID), lifted=True),),
        (judged(), replace(judged(), reader="Another")),
    ],
)
def test_without_exactly_one_card_there_is_no_data(
    desk: World, readers: tuple[ReaderState, ...]
) -> None:
    desk.place(*readers)
    said = desk.ask("GET", ASKED).json()
    assert (said["ok"], said["data"]) == (False, {})


@pytest.mark.parametrize("origin", [EVIL, OTHER, "null", None, CLINIC.replace("https", "http")])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_every_other_page_learns_nothing(desk: World, origin: str | None, method: str) -> None:
    answer = desk.ask(method, ASKED, origin=origin)
    assert answer.status_code == 403
    assert answer.json()["data"] == {}
    assert "access-control-allow-origin" not in answer.headers
    assert not any(one in answer.text for one in SECRETS)


def test_a_name_that_is_not_ours_is_refused(desk: World) -> None:
    assert desk.ask("GET", ASKED, headers={"host": "rebound.example"}).status_code == 421


def test_a_link_to_it_is_not_answered(desk: World) -> None:
    fetched = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert desk.ask("GET", ASKED, headers=fetched).status_code == 403


def test_a_field_nobody_knows_is_said_and_not_left_out(desk: World) -> None:
    said = desk.ask("GET", "/?args=name,shoe_size").json()
    assert (said["ok"], said["data"]) == (False, {})


@pytest.mark.parametrize("args", ["", ",", " , "])
def test_who_asks_for_no_field_gets_none(desk: World, args: str) -> None:
    assert desk.ask("GET", f"/?args={args}").json()["data"] == {}


def test_an_endless_list_of_fields_is_refused(desk: World) -> None:
    assert desk.ask("GET", f"/?args={'name,' * 200}").json()["ok"] is False


def test_the_desks_own_page_is_where_it_was(desk: World) -> None:
    answer = desk.ask("GET", "/", origin=None)
    assert answer.headers["content-type"].startswith("text/html")


def test_it_is_off_unless_an_origin_is_named(tmp_path: Path) -> None:
    answer = world(tmp_path).ask("GET", ASKED)
    assert answer.headers["content-type"].startswith("text/html")
    assert "access-control-allow-origin" not in answer.headers


def test_the_browsers_question_is_answered(desk: World) -> None:
    headers = {"access-control-request-private-network": "true"}
    answer = desk.ask("OPTIONS", ASKED, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-private-network"] == "true"
