"""Stations through the API: an order leased, its card made and reported."""

from uuid import UUID, uuid4

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry import forms
from tests.registry.stations_world import card_now, new_order, order_now
from tests.unit.web_api.cards.stage import (
    MADE,
    SIGNED,
    holder_of,
    looked_at,
    new_update,
    program_of,
    station,
)
from tests.unit.web_api.steps import V1, code

ORDERS = f"{V1}/orders"


def test_a_station_leases_what_is_due_first_with_what_goes_onto_the_card(world: World) -> None:
    made = forms.approved(world.desk).made
    program, _ = station(world)
    answer = program.send("POST", f"{ORDERS}/leases", {})
    found = answer.json()
    assert (answer.status_code, found["id"], found["state"]) == (200, made["order"], "leased")
    to_make = found["to_make"]
    assert (to_make["making"], to_make["card_number"]) == ("new-card", None)
    assert to_make["holder"]["surname"] == "Пробный"
    assert to_make["insurance"]["ogrn"] == forms.INSURER
    assert "example.org" not in answer.text  # how to reach the person stays with the office
    order = order_now(world.desk, UUID(made["order"]))
    assert ("station", f"order/{order.id}") in looked_at(world, holder_of(world, order))


def test_a_lease_sent_again_is_answered_as_before_while_it_lasts(world: World) -> None:
    new_order(world.desk)
    program, _ = station(world)
    one = program.send("POST", f"{ORDERS}/leases", {}, key="lease")
    again = program.send("POST", f"{ORDERS}/leases", {}, key="lease")
    assert (again.status_code, again.json()) == (200, one.json())
    path = f"{ORDERS}/{one.json()['id']}"
    program.send("POST", f"{path}/return", version=one.json()["version"])
    late = program.send("POST", f"{ORDERS}/leases", {}, key="lease").json()
    assert (late["id"], late["to_make"]) == (one.json()["id"], None)


def test_nobody_but_the_station_sees_what_goes_onto_the_card(world: World) -> None:
    order = new_order(world.desk)
    program, _ = station(world)
    program.send("POST", f"{ORDERS}/leases", {"order_id": str(order.id)})
    path = f"{ORDERS}/{order.id}/making"
    assert program.get(path).json()["holder"]["surname"] == "Пробный"
    other, _ = program_of(world, Role.STATION)
    refused = other.get(path)
    assert (refused.status_code, code(refused)) == (409, "lease-not-yours")
    assert other.get(f"{ORDERS}/{uuid4()}/making").status_code == 404


def test_an_empty_queue_is_said_to_be_empty(world: World) -> None:
    answer = station(world)[0].send("POST", f"{ORDERS}/leases", {})
    assert (answer.status_code, code(answer)) == (409, "queue-empty")


def test_a_lease_is_renewed_and_given_back(world: World) -> None:
    order = new_order(world.desk)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {"minutes": 1}).json()
    path = f"{ORDERS}/{order.id}"
    longer = program.send(
        "POST", f"{path}/lease-renewal", {"minutes": 60}, version=leased["version"]
    )
    assert (longer.status_code, longer.json()["state"]) == (200, "leased")
    back = program.send("POST", f"{path}/return", version=longer.json()["version"])
    assert (back.status_code, back.json()["state"]) == (200, "queued")


def test_a_made_card_is_reported_and_is_not_good_before_its_hand_over(world: World) -> None:
    order = new_order(world.desk)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {}).json()
    path = f"{ORDERS}/{order.id}/card"
    done = program.send("POST", path, MADE, version=leased["version"], key="made")
    assert (done.status_code, done.json()["state"]) == (201, "personalized")
    card = card_now(world.desk, done.json()["made"]["card"])
    assert done.headers["location"] == f"{V1}/cards/{card.id}"
    assert (card.number, card.chip_serial, card.state) == (17, b"\x0a\xff", "personalized")
    assert card.signed_at is not None
    assert card.signed_at.isoformat() == "2026-06-01T06:00:00+00:00"
    again = program.send("POST", path, MADE, version=leased["version"], key="made")
    assert again.json() == done.json()


def test_a_record_that_was_written_to_a_card_is_reported(world: World) -> None:
    order, card = new_update(world)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {}).json()
    to_make = leased["to_make"]
    assert (to_make["making"], to_make["card_number"]) == ("change-insurer", card.number)
    path, version = f"{ORDERS}/{order.id}", leased["version"]
    wrong = program.send("POST", f"{path}/card", MADE, version=version)
    assert (wrong.status_code, code(wrong)) == (409, "order-is-update")
    told = {"number": card.number, "signed_at": "2026-06-02T00:00:00Z"}
    done = program.send("POST", f"{path}/update", told, version=version)
    assert (done.status_code, done.json()["state"]) == (200, "handed-over")
    assert card_now(world.desk, card.id).state == "active"


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("lease-renewal", {}),
        ("return", None),
        ("card", MADE),
        ("update", {"number": 77, "signed_at": SIGNED}),
    ],
)
def test_a_report_on_an_old_version_or_of_nothing_changes_nothing(
    world: World, part: str, body: object
) -> None:
    order = new_order(world.desk)
    program, _ = station(world)
    program.send("POST", f"{ORDERS}/leases", {})
    old = program.send("POST", f"{ORDERS}/{order.id}/{part}", body, version=1)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send("POST", f"{ORDERS}/{uuid4()}/{part}", body, version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert order_now(world.desk, order.id).state == "leased"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": 1 << 48}, "number"),
        ({"number": "17"}, "number"),
        ({"chip_serial": "abc"}, "chip_serial"),
        ({"chip_serial": "00" * 33}, "chip_serial"),
        ({"signed_at": 1_780_000_000}, "signed_at"),
        ({"signed_at": "2026-06-01T09:00:00"}, "signed_at"),
        ({"signed_at": "0001-01-01T00:00:00+14:00"}, "signed_at"),
        ({"signed_at": "9999-12-31T23:59:59-12:00"}, "signed_at"),
        ({"valid_until": 0}, "valid_until"),
    ],
)
def test_a_report_of_another_form_is_refused(
    world: World, changes: dict[str, object], field: str
) -> None:
    program, _ = program_of(world, Role.STATION)
    answer = program.send("POST", f"{ORDERS}/{uuid4()}/card", MADE | changes, version=1)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")
    assert [one["field"] for one in answer.json()["findings"]] == [field]


@pytest.mark.parametrize("body", [{"minutes": 0}, {"minutes": 1441}, {"order_id": "x"}, []])
def test_a_wish_to_lease_of_another_form_is_refused(world: World, body: object) -> None:
    answer = station(world)[0].send("POST", f"{ORDERS}/leases", body)
    assert answer.json()["type"] == "/problems/malformed-request"


def test_nobody_but_a_station_makes_cards(world: World) -> None:
    new_order(world.desk)
    for role in (Role.CLERK, Role.APPROVER, Role.SECURITY_OFFICER):
        answer = world.program(role).send("POST", f"{ORDERS}/leases", {})
        assert answer.status_code == 403
