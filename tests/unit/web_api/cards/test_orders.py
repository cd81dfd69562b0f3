"""Orders through the API: the queue, one as a whole, and what is done with one by hand."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.offices import TODAY
from tests.registry.stations_world import card_now, new_order
from tests.unit.web_api.cards.stage import arrived, personalized
from tests.unit.web_api.steps import V1, clerk, code

ORDERS = f"{V1}/orders"


def test_the_queue_has_orders_in_a_state_and_says_which_are_late(world: World) -> None:
    late = new_order(world.desk, 1, due_on=TODAY - timedelta(days=1))
    calm = new_order(world.desk, 2, due_on=TODAY + timedelta(days=300))
    open_end = new_order(world.desk, 3)
    new_order(world.desk, 4, state="handed-over")
    page = clerk(world).get(ORDERS, state="queued")
    assert [(one["id"], one["standing"]) for one in page.json()["items"]] == [
        (str(late.id), "overdue"),
        (str(calm.id), "in-time"),
        (str(open_end.id), None),
    ]
    assert "Пробный" not in page.text
    (only,) = clerk(world).get(ORDERS, state="queued", due="true").json()["items"]
    assert (only["id"], only["standing"]) == (str(late.id), "overdue")


def test_nothing_presses_once_a_card_waits_for_its_person(world: World) -> None:
    order = new_order(world.desk, 1, state="arrived", due_on=TODAY - timedelta(days=9))
    (line,) = clerk(world).get(ORDERS, state="arrived").json()["items"]
    assert (line["id"], line["standing"]) == (str(order.id), None)


def test_the_queue_comes_in_pages(world: World) -> None:
    ids = {str(new_order(world.desk, number).id) for number in range(3)}
    program, seen, cursor = clerk(world), set(), ""
    for _ in ids:
        page = program.get(ORDERS, limit="1", cursor=cursor).json()
        seen |= {one["id"] for one in page["items"]}
        cursor = page["next"] or ""
    assert (seen, cursor) == (ids, "")


def test_an_order_comes_with_its_card_its_place_and_what_can_be_done(world: World) -> None:
    order = arrived(world)
    answer = clerk(world).get(f"{ORDERS}/{order.id}")
    found = answer.json()
    assert found["card"]["id"] == str(order.card_id)
    assert (found["place"]["name"], found["application"]) == ("Пункт 1", "A1")
    assert found["events"] == ["cancel", "hand-over", "spoil"]
    assert answer.headers["etag"].startswith(f'"{order.version}-')
    assert "Пробный" not in answer.text
    again = clerk(world).ask(
        "GET", f"{ORDERS}/{order.id}", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_card_of_no_use_ends_and_its_order_is_queued_again(world: World) -> None:
    order = personalized(world)
    path = f"{ORDERS}/{order.id}/spoiling"
    done = clerk(world).send("POST", path, {"reason": "damaged"}, version=order.version)
    assert (done.status_code, done.json()["state"]) == (200, "queued")
    assert card_now(world.desk, str(order.card_id)).state == "terminated"


def test_a_spoiled_order_waits_until_somebody_queues_it_again(world: World) -> None:
    order, program = personalized(world), clerk(world)
    said = {"reason": "lost-on-the-way", "again": False}
    path = f"{ORDERS}/{order.id}"
    spoiled = program.send("POST", f"{path}/spoiling", said, version=order.version).json()
    assert spoiled["state"] == "spoiled"
    again = program.send("POST", f"{path}/requeueing", version=spoiled["version"])
    assert again.json()["state"] == "queued"


def test_an_order_that_is_not_wanted_is_cancelled_once(world: World) -> None:
    order, program = new_order(world.desk), clerk(world)
    path, why = f"{ORDERS}/{order.id}/cancellation", {"reason": "not-wanted"}
    one = program.send("POST", path, why, version=1, key="cancel")
    again = program.send("POST", path, why, version=1, key="cancel")
    assert (one.status_code, one.json()["state"]) == (200, "cancelled")
    assert (again.status_code, again.json()) == (200, one.json())
    other = program.send("POST", path, {"reason": "policy-closed"}, version=1, key="cancel")
    assert (other.status_code, code(other)) == (422, "key-reused")


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("spoiling", {"reason": "damaged"}),
        ("requeueing", None),
        ("cancellation", {"reason": "not-wanted"}),
    ],
)
def test_a_change_on_an_old_version_or_on_nothing_changes_nothing(
    world: World, part: str, body: object
) -> None:
    state = {"spoiling": "arrived", "requeueing": "spoiled", "cancellation": "queued"}[part]
    order, program = new_order(world.desk, state=state), clerk(world)
    old = program.send("POST", f"{ORDERS}/{order.id}/{part}", body, version=7)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send("POST", f"{ORDERS}/{uuid4()}/{part}", body, version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert program.get(f"{ORDERS}/{order.id}").json()["state"] == state


@pytest.mark.parametrize(
    ("part", "body", "field"),
    [
        ("spoiling", {"reason": "wet"}, "reason"),
        ("spoiling", {"reason": "damaged", "again": "yes"}, "again"),
        ("cancellation", {}, "reason"),
        ("cancellation", {"reason": "not-wanted", "more": 1}, "body"),
    ],
)
def test_a_body_of_another_form_is_refused(
    world: World, part: str, body: object, field: str
) -> None:
    answer = clerk(world).send("POST", f"{ORDERS}/{uuid4()}/{part}", body, version=1)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")
    assert [one["field"] for one in answer.json()["findings"]] == [field]


def test_who_may_not_change_orders_may_not(world: World) -> None:
    order = new_order(world.desk)
    for role in (Role.CLINIC, Role.COURIER, Role.AUDITOR):
        program = world.program(role)
        assert program.get(f"{ORDERS}/{order.id}").status_code == 403
        answer = program.send("POST", f"{ORDERS}/{order.id}/requeueing", version=1)
        assert answer.status_code == 403
