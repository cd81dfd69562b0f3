"""Cards through the API: looked up, blocked, made good again, reported lost, ended."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.ports import Work
from cardservice.registry.ports_making import Card
from tests.office_world import World
from tests.registry import forms
from tests.registry.stations_world import card_now, keep, personalized
from tests.registry.stations_world import lease as lease_order
from tests.unit.web_api.cards.stage import kept_card, station
from tests.unit.web_api.steps import V1, clerk, code
from tests.unit.web_api.test_own_application import OWN, applicant

CARDS = f"{V1}/cards"
NUMBER = 98_760_765


def test_a_card_is_found_by_id_and_by_number(world: World) -> None:
    card, program = kept_card(world), clerk(world)
    shown = program.get(f"{CARDS}/{card.id}")
    assert (shown.status_code, shown.json()["number"]) == (200, card.number)
    assert "block" in shown.json()["events"]
    found = program.send("POST", f"{CARDS}/searches", {"number": card.number})
    assert found.json() == shown.json()
    none = program.send("POST", f"{CARDS}/searches", {"number": 1})
    assert (none.status_code, code(none)) == (404, "not-found")
    assert program.get(f"{CARDS}/{uuid4()}").status_code == 404


def test_a_card_of_another_region_is_not_found(world: World) -> None:
    card = kept_card(world)
    far = Card(
        region="00001",
        id=world.desk.office.new_id(),
        number=5,
        state="active",
        created_at=card.created_at,
        updated_at=card.updated_at,
    )
    world.desk.office.database.transaction(lambda work: work.cards.add(far), region="00001")
    program = clerk(world)
    assert program.send("POST", f"{CARDS}/searches", {"number": 5}).status_code == 404
    assert program.get(f"{CARDS}/{far.id}").status_code == 404


def test_a_card_is_blocked_and_made_good_again_by_another(world: World) -> None:
    card, program = kept_card(world), clerk(world)
    path = f"{CARDS}/{card.id}"
    blocked = program.send("POST", f"{path}/block", {"reason": "mislaid"}, version=1, key="block")
    assert (blocked.status_code, blocked.json()["state"]) == (200, "blocked")
    again = program.send("POST", f"{path}/block", {"reason": "mislaid"}, version=1, key="block")
    assert again.json() == blocked.json()
    found = {"reason": "found"}
    refused = program.send("POST", f"{path}/unblocking", found, version=2)
    assert refused.status_code == 403
    officer = world.program(Role.SECURITY_OFFICER)
    good = officer.send("POST", f"{path}/unblocking", found, version=2)
    assert (good.status_code, good.json()["state"]) == (200, "active")


def test_a_lost_card_ends_at_once_whatever_version_it_has(world: World) -> None:
    card = kept_card(world, "blocked")
    done = clerk(world).send("POST", f"{CARDS}/{card.id}/loss", {"loss": "stolen"})
    assert (done.status_code, done.json()["state"]) == (200, "terminated")
    assert card_now(world.desk, card.id).reason == "stolen"


def test_a_damaged_card_is_ended(world: World) -> None:
    card = kept_card(world)
    path = f"{CARDS}/{card.id}/termination"
    done = clerk(world).send("POST", path, {"reason": "damaged"}, version=1)
    assert (done.status_code, done.json()["state"]) == (200, "terminated")
    twice = clerk(world).send("POST", path, {"reason": "damaged"}, version=2)
    assert (twice.status_code, code(twice)) == (409, "state-card-terminated")


@pytest.mark.parametrize(
    ("part", "reason", "state"),
    [
        ("block", "mislaid", "active"),
        ("unblocking", "found", "blocked"),
        ("termination", "damaged", "active"),
    ],
)
def test_a_change_on_an_old_version_or_on_nothing_changes_nothing(
    world: World, part: str, reason: str, state: str
) -> None:
    card, program = kept_card(world, state), world.program(Role.APPROVER)
    old = program.send("POST", f"{CARDS}/{card.id}/{part}", {"reason": reason}, version=9)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send("POST", f"{CARDS}/{uuid4()}/{part}", {"reason": reason}, version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert card_now(world.desk, card.id).state == state


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("block", {"reason": "because"}),
        ("unblocking", {}),
        ("termination", {"reason": None}),
        ("loss", {"loss": "eaten"}),
        ("loss", {"loss": "lost", "version": 1}),
    ],
)
def test_a_body_of_another_form_is_refused(world: World, part: str, body: object) -> None:
    program = world.program(Role.APPROVER)
    answer = program.send("POST", f"{CARDS}/{uuid4()}/{part}", body, version=1)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")


@pytest.mark.parametrize("number", [-1, 1 << 48, "77", 7.5, None])
def test_a_number_that_no_card_has_is_refused(world: World, number: object) -> None:
    answer = clerk(world).send("POST", f"{CARDS}/searches", {"number": number})
    assert (answer.status_code, answer.json()["findings"][0]["field"]) == (422, "number")


def holder(world: World) -> tuple[Any, Card]:
    """Return an applicant with a card that was handed over, and the card."""
    filed = forms.approved(world.desk)
    _, actor = station(world)
    made = personalized(world.desk, lease_order(world.desk, station=actor), actor, number=NUMBER)
    card = card_now(world.desk, made.made["card"])
    keep(world.desk, lambda work: work.cards.change(activated(card)))
    return applicant(world, filed.id), card_now(world.desk, card.id)


def activated(card: Card) -> Card:
    """Return the card as its holder has it."""
    return replace(card, state="active")


def test_an_applicant_sees_their_cards_by_the_last_digits(world: World) -> None:
    own, card = holder(world)
    answer = own.get(f"{OWN}/cards")
    (shown,) = answer.json()["items"]
    assert (shown["id"], shown["state"]) == (str(card.id), "active")
    assert shown["tail"] == "0765"
    assert str(NUMBER) not in answer.text


def test_who_only_says_to_be_a_holder_sees_no_card_of_theirs(world: World) -> None:
    _, card = holder(world)
    with world.desk.reading() as work:
        policy = work.policies.get(card.region, card.policy_id)
    begun = forms.submitted(world.desk, forms.draft(person=forms.person(snils=forms.snils())))

    def point_at_the_holder(work: Work) -> None:
        found = work.applications.get(card.region, begun.id)
        work.applications.change(replace(found, person_id=policy.person_id))

    keep(world.desk, point_at_the_holder)
    claiming = applicant(world, begun.id)
    assert claiming.get(f"{OWN}/cards").json()["items"] == []
    lost = claiming.send("POST", f"{CARDS}/{card.id}/loss", {"loss": "lost"})
    assert (lost.status_code, code(lost)) == (404, "not-found")


def test_an_applicant_blocks_and_reports_their_own_card_and_no_other(world: World) -> None:
    own, card = holder(world)
    other = kept_card(world, number=5)
    path = f"{CARDS}/{card.id}"
    blocked = own.send("POST", f"{path}/block", {"reason": "mislaid"}, version=card.version)
    assert blocked.json()["state"] == "blocked"
    assert own.send("POST", f"{path}/loss", {"loss": "lost"}).json()["state"] == "terminated"
    theirs = own.send("POST", f"{CARDS}/{other.id}/loss", {"loss": "lost"})
    assert (theirs.status_code, code(theirs)) == (404, "not-found")
    assert own.get(f"{CARDS}/{other.id}").status_code == 403
    assert own.send("POST", f"{CARDS}/searches", {"number": 5}).status_code == 403


def test_an_applicant_without_a_policy_has_no_cards(world: World) -> None:
    begun = forms.started(world.desk)
    kept_card(world)
    assert applicant(world, begun.id).get(f"{OWN}/cards").json()["items"] == []
