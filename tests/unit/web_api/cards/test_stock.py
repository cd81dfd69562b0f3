"""Blank cards through the API: received, moved, and where they are."""

from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.unit.web_api.cards.stage import program_of, station
from tests.unit.web_api.steps import V1, clerk, code

STOCK = f"{V1}/stock"
BATCH = {"series": "A", "first": 1, "last": 100}


def test_blanks_come_from_the_maker_once(world: World) -> None:
    program = clerk(world)
    came = program.send("POST", f"{STOCK}/receipts", BATCH, key="came")
    assert (came.status_code, came.json()["number"]) == (201, "100")
    assert program.send("POST", f"{STOCK}/receipts", BATCH, key="came").json() == came.json()
    row = program.get(came.headers["location"]).json()
    assert (row["kind"], row["batch"]) == ("receive", "A:1-100")
    twice = program.send("POST", f"{STOCK}/receipts", BATCH)
    assert (twice.status_code, code(twice)) == (409, "serials-known")
    other = program.send("POST", f"{STOCK}/receipts", BATCH | {"last": 9}, key="came")
    assert (other.status_code, code(other)) == (422, "key-reused")
    assert program.get(STOCK).json()["in_stock"] == 100


def test_blanks_go_to_a_station_and_the_history_says_so(world: World) -> None:
    program = clerk(world)
    program.send("POST", f"{STOCK}/receipts", BATCH)
    other, actor = program_of(world, Role.STATION)
    moved = {"movement": "hand-to-station", "quantity": 10, "station": str(actor.account)}
    done = program.send("POST", f"{STOCK}/movements", moved)
    assert done.status_code == 201
    path = f"{STOCK}/stations/{actor.account}"
    assert program.get(path).json() == {"station": str(actor.account), "blanks": 10}
    assert other.get(path).json()["blanks"] == 10
    kinds = [one["kind"] for one in program.get(f"{STOCK}/movements").json()["items"]]
    assert kinds == ["receive", "hand-to-station"]


def test_no_more_leaves_than_there_is(world: World) -> None:
    moved = {"movement": "return", "quantity": 1}
    answer = clerk(world).send("POST", f"{STOCK}/movements", moved)
    assert (answer.status_code, code(answer)) == (409, "stock-short")


def test_a_station_is_told_of_its_own_blanks_and_spoils_only_those(world: World) -> None:
    program, actor = station(world)
    _, other = station_beside(world)
    own = f"{STOCK}/stations/{actor.account}"
    spoil = {"movement": "spoil-at-station", "quantity": 1, "ground": "damaged"}
    done = program.send("POST", f"{STOCK}/movements", spoil | {"station": str(actor.account)})
    assert (done.status_code, program.get(own).json()["blanks"]) == (201, 9)
    assert program.get(done.headers["location"]).json()["ground"] == "damaged"
    theirs = program.send("POST", f"{STOCK}/movements", spoil | {"station": str(other)})
    assert theirs.status_code == 403
    for path in (f"{STOCK}/stations/{other}", f"{STOCK}/movements"):
        assert program.get(path).status_code == 403


def station_beside(world: World) -> tuple[object, object]:
    program, actor = program_of(world, Role.STATION)
    return program, actor.account


def test_a_station_is_not_shown_what_others_moved(world: World) -> None:
    came = clerk(world).send("POST", f"{STOCK}/receipts", BATCH)
    program, _ = program_of(world, Role.STATION)
    assert program.get(came.headers["location"]).status_code == 403
    assert program.get(f"{STOCK}/movements/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("receipts", BATCH | {"series": "a b"}),
        ("receipts", BATCH | {"last": 10**12}),
        ("receipts", BATCH | {"first": "1"}),
        ("movements", {"movement": "lose", "quantity": 1}),
        ("movements", {"movement": "return", "quantity": 0}),
        ("movements", {"movement": "return", "quantity": 1, "station": "here"}),
    ],
)
def test_a_movement_of_another_form_is_refused(world: World, part: str, body: object) -> None:
    answer = clerk(world).send("POST", f"{STOCK}/{part}", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")


def test_the_history_comes_in_pages(world: World) -> None:
    program = clerk(world)
    for number in range(3):
        batch = {"series": f"S{number}", "first": 1, "last": 2}
        program.send("POST", f"{STOCK}/receipts", batch)
    one = program.get(f"{STOCK}/movements", limit="2").json()
    two = program.get(f"{STOCK}/movements", limit="2", cursor=one["next"]).json()
    batches = [each["batch"] for each in (*one["items"], *two["items"])]
    assert (batches, two["next"]) == (["S0:1-2", "S1:1-2", "S2:1-2"], None)


def test_who_keeps_no_stock_sees_none(world: World) -> None:
    for role in (Role.APPROVER, Role.COURIER, Role.CLINIC):
        assert world.program(role).get(STOCK).status_code == 403
