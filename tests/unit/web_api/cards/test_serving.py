"""Work on a card that its holder has, through the API: ordered, leased, reported, told again."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.applications_documents import Scan
from cardservice.registry.ports import Work
from cardservice.web.office.apply.scanning import kept_scan
from tests.office_world import Program, World
from tests.registry import forms
from tests.registry.offices import REGION
from tests.registry.stations_world import card_now, keep, lease, new_order, order_now, stock
from tests.unit.uploads.samples import png
from tests.unit.web_api.cards.stage import (
    MADE,
    holder_of,
    kept_card,
    looked_at,
    new_update,
    program_of,
    station,
)
from tests.unit.web_api.steps import V1, clerk, code

ORDERS = f"{V1}/orders"
PIN = {"work": "new-pin", "ground": "pin-forgotten"}
CHIP = "00a1b2c3d4e5f607"


def test_a_clerk_orders_work_and_a_station_does_it(world: World) -> None:
    card = kept_card(world)
    done = clerk(world).send("POST", f"{V1}/cards/{card.id}/service-orders", PIN, version=1)
    assert (done.status_code, done.json()["state"]) == (201, "queued")
    assert done.headers["location"] == f"{ORDERS}/{done.json()['id']}"
    shown = clerk(world).get(done.headers["location"]).json()
    assert (shown["work"], shown["ground"], shown["card_id"]) == (*PIN.values(), str(card.id))
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {}).json()
    to_make = leased["to_make"]
    assert (to_make["making"], to_make["card_number"]) == ("new-pin", card.number)
    assert to_make["new_card_number"] is None
    path, version = f"{ORDERS}/{leased['id']}/service", leased["version"]
    told = program.send("POST", path, {"number": card.number}, version=version)
    assert (told.status_code, told.json()["state"]) == (200, "handed-over")
    again = program.send("POST", path, {"number": card.number}, version=version)
    assert again.json() == told.json()
    wrong = program.send("POST", path, {"number": card.number + 1}, version=version)
    assert (wrong.status_code, code(wrong)) == (409, "lease-not-yours")


def test_a_terminated_card_is_good_no_more(world: World) -> None:
    card = kept_card(world)
    wish = {"work": "terminate", "ground": "damaged"}
    clerk(world).send("POST", f"{V1}/cards/{card.id}/service-orders", wish, version=1)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {}).json()
    told = {"number": card.number, "signed_at": None}
    program.send("POST", f"{ORDERS}/{leased['id']}/service", told, version=leased["version"])
    assert (card_now(world.desk, card.id).state, card_now(world.desk, card.id).reason) == (
        *("terminated", "damaged"),
    )


@pytest.mark.parametrize("role", [Role.STATION, Role.SECURITY_OFFICER, Role.COURIER])
def test_who_does_not_serve_cards_orders_no_work(world: World, role: Role) -> None:
    card = kept_card(world)
    path = f"{V1}/cards/{card.id}/service-orders"
    assert world.program(role).send("POST", path, PIN, version=1).status_code == 403


@pytest.mark.parametrize(
    ("wish", "status", "told"),
    [
        ({"work": "new-card", "ground": "damaged"}, 409, "work-wrong"),
        ({"work": "new-can", "ground": "pin-forgotten"}, 409, "ground-unfit"),
        ({"work": "burn", "ground": "damaged"}, 422, "None"),
        ({"work": "new-pin"}, 422, "None"),
    ],
)
def test_work_that_is_none_is_not_ordered(
    world: World, wish: dict[str, str], status: int, told: str
) -> None:
    card = kept_card(world)
    path = f"{V1}/cards/{card.id}/service-orders"
    answer = clerk(world).send("POST", path, wish, version=1)
    assert (answer.status_code, code(answer)) == (status, told)
    gone = clerk(world).send("POST", f"{V1}/cards/{uuid4()}/service-orders", PIN, version=1)
    assert gone.status_code == 404


def test_a_leased_new_card_has_its_place_in_the_status_list(world: World) -> None:
    order = new_order(world.desk)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {}).json()
    number = leased["to_make"]["new_card_number"]
    assert number == order_now(world.desk, order.id).new_card_number
    assert number >> 32 == 1
    second = new_order(world.desk, 2)
    other, _ = station_beside(world, second.id)
    made = other.send(
        "POST",
        f"{ORDERS}/{second.id}/card",
        MADE | {"number": number},
        version=order_now(world.desk, second.id).version,
    )
    assert (made.status_code, code(made)) == (409, "card-number-of-another-order")


def station_beside(world: World, order_id: UUID) -> tuple[Program, Actor]:
    program, actor = program_of(world, Role.STATION)
    lease(world.desk, order_now(world.desk, order_id), actor)
    return program, actor


def test_the_photo_is_sent_as_it_was_kept_to_the_station_that_has_the_order(world: World) -> None:
    form = forms.draft()
    order = UUID(forms.approved(world.desk, form).made["order"])
    program, actor = station(world)
    path = f"{ORDERS}/{order}/photo"
    early = program.get(path)
    assert (early.status_code, code(early)) == (409, "lease-not-yours")
    lease(world.desk, order_now(world.desk, order), actor)
    none = program.get(path)
    assert (none.status_code, code(none)) == (404, "no-photo")
    kept = kept_scan(png(), world.parts.vault)
    give_photo(world, form.photo or "", kept)
    sent = program.get(path)
    assert kept.content_hash is not None
    octets = b"".join(world.parts.vault.read(kept.content_hash.hex()))
    assert (sent.status_code, sent.content) == (200, octets)
    assert sent.headers["content-type"] == "image/png"
    tag = {"If-None-Match": sent.headers["etag"]}
    assert program.ask("GET", path, headers=tag).status_code == 304
    looks = looked_at(world, holder_of(world, order_now(world.desk, order)))
    assert looks.count(("station", f"order/{order}")) == 2


def give_photo(world: World, photo: str, kept: Scan) -> None:
    def give(work: Work) -> None:
        row = work.documents.get(REGION, UUID(photo))
        work.documents.change(
            replace(row, content_hash=kept.content_hash, media_type=kept.media_type)
        )

    keep(world.desk, give)


def test_a_station_reads_which_chips_it_was_handed(world: World) -> None:
    program = clerk(world)
    program.send("POST", f"{V1}/stock/receipts", {"series": "B", "first": 1, "last": 9})
    own, actor = program_of(world, Role.STATION)
    chips = {"first_chip": "00000000000000FE", "last_chip": "0000000000000102"}
    moved = {"movement": "hand-to-station", "quantity": 5, "station": str(actor.account)}
    done = program.send("POST", f"{V1}/stock/movements", moved | chips)
    assert done.status_code == 201
    (row,) = own.get(f"{V1}/stations/own/blanks").json()["items"]
    lower = {name: one.lower() for name, one in chips.items()}
    assert {name: row[name] for name in lower} == lower
    assert (row["kind"], row["quantity"]) == ("hand-to-station", 5)
    history = program.get(done.headers["location"]).json()
    assert {name: history[name] for name in lower} == lower
    wrong = program.send("POST", f"{V1}/stock/movements", moved | chips | {"quantity": 4})
    assert (wrong.status_code, code(wrong)) == (409, "chips-wrong")
    odd = program.send("POST", f"{V1}/stock/movements", moved | {"first_chip": "0g"})
    assert odd.status_code == 422
    assert program.get(f"{V1}/stations/own/blanks").status_code == 403


def test_a_blank_spoiled_is_named_and_told_of_twice_it_is_counted_once(world: World) -> None:
    order = new_order(world.desk)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {}).json()
    path, why = f"{ORDERS}/{order.id}/spoiling", {"reason": "faulty", "chip_serial": CHIP}
    for _ in range(2):
        done = program.send("POST", path, why, version=leased["version"])
        assert (done.status_code, done.json()["state"]) == (200, "queued")
    assert stock(world.desk).spoiled == 1


def test_a_card_and_an_update_told_of_twice_are_answered_as_done(world: World) -> None:
    order = new_order(world.desk)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {"order_id": str(order.id)}).json()
    path = f"{ORDERS}/{order.id}/card"
    answers = [program.send("POST", path, MADE, version=leased["version"]) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    other = program.send("POST", path, MADE | {"number": 18}, version=leased["version"])
    assert (other.status_code, code(other)) == (409, "lease-not-yours")


def test_an_update_told_of_twice_is_answered_as_done(world: World) -> None:
    order, card = new_update(world)
    program, _ = station(world)
    leased = program.send("POST", f"{ORDERS}/leases", {}).json()
    told = {"number": card.number, "signed_at": "2026-06-02T00:00:00Z"}
    path = f"{ORDERS}/{order.id}/update"
    answers = [program.send("POST", path, told, version=leased["version"]) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].json()["state"] == "handed-over"
