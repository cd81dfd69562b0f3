"""Cards and the zoo over HTTP."""

import json

import pytest

from simulators.card.state_form import encode_cells
from simulators.tray import Tray
from simulators.web.simulation import Simulation, cards
from simulators.zoo import CATALOGUE
from tests.unit.simulator_web.client import Client, problem
from tests.unit.simulator_web.conftest import CONTACT


def test_own_cards_are_listed_before_those_of_the_zoo(client: Client) -> None:
    listed = client.get("cards").json()
    assert [one["name"] for one in listed[:2]] == ["one", "two"]
    assert [one["name"] for one in listed[2:]] == [entry.name for entry in CATALOGUE]
    assert {one["made"] for one in listed[2:]} == {False}


def test_the_zoo_tells_what_must_be_judged(client: Client) -> None:
    told = {one["name"]: one for one in client.get("zoo").json()}
    assert told["valid"]["judged"]["contact"] == {"outcome": "valid", "reason": "chip-proved"}
    assert len(told) == len(CATALOGUE)


def test_a_card_of_the_zoo_is_made_at_its_first_use_and_keeps_its_place(client: Client) -> None:
    before = [one["name"] for one in client.get("cards").json()]
    assert client.put("readers", CONTACT, "card", body={"card": "mute"}).status_code == 200
    after = client.get("cards").json()
    assert [one["name"] for one in after] == before
    assert [one["reader"] for one in after if one["made"]] == [None, None, CONTACT]


def test_a_card_like_one_of_the_zoo_may_have_another_name(client: Client) -> None:
    answer = client.put("cards", "Анна К.", body={"zoo": "bank"})
    assert answer.status_code == 201
    assert (answer.json()["zoo"], answer.json()["kind"]) == ("bank", "zoo")
    assert problem(client.put("cards", "x", body={"zoo": "no-such"})) == (404, "unknown-name")


def test_a_saved_card_comes_back_as_it_was(client: Client, tray: Tray) -> None:
    image = client.get("cards", "one", "image")
    assert image.headers["content-type"] == "application/json"
    answer = client.put("cards", "copy", body={"image": image.json()})
    assert (answer.status_code, answer.json()["kind"]) == (201, "image")
    memories = [tray.cards[name].plastic.memory for name in ("one", "copy")]
    assert all(memories)
    assert client.get("cards", "copy", "image").json() == image.json()


@pytest.mark.parametrize("damage", ["cells", "version", "format", "sha256"])
def test_a_damaged_image_is_refused_without_a_place_on_the_disk(
    client: Client, damage: str
) -> None:
    image = client.get("cards", "one", "image").json() | {damage: "00"}
    answer = client.put("cards", "copy", body={"image": image})
    assert problem(answer) == (422, "refused-image")
    assert "/" not in answer.json()["detail"]


def test_an_image_of_nonsense_is_a_card_that_harms_nobody(client: Client) -> None:
    image = json.loads(encode_cells({"life-cycle": b"", "\n": b"x", "..": bytes(3)}))
    body = {"command": "00A4040C07464F4D535F4944"}
    answers = [
        client.put("cards", "odd", body={"image": image}),
        client.get("cards", "odd"),
        client.put("readers", CONTACT, "card", body={"card": "odd"}),
        client.post("readers", CONTACT, "apdu", body=body),
        client.get("readers", CONTACT),
        client.delete("readers", CONTACT, "card"),
    ]
    assert [one.status_code for one in answers if one.status_code >= 500] == []
    assert client.get("readers", CONTACT).json()["card"] is None


def test_a_card_in_no_reader_may_be_replaced_and_forgotten(client: Client) -> None:
    statuses = [client.put("cards", "new", body={"blank": True}).status_code for _ in range(2)]
    assert [*statuses, client.delete("cards", "new").status_code] == [201, 200, 204]
    assert problem(client.delete("cards", "new")) == (404, "unknown-name")


def test_a_card_in_a_reader_is_neither_replaced_nor_forgotten(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    assert problem(client.put("cards", "one", body={"blank": True})) == (409, "card-elsewhere")
    assert problem(client.delete("cards", "one")) == (409, "card-elsewhere")


@pytest.mark.parametrize("body", [{}, {"blank": True, "zoo": "valid"}, {"blank": False}, {"x": 1}])
def test_a_card_is_exactly_one_thing(client: Client, body: dict[str, object]) -> None:
    assert problem(client.put("cards", "new", body=body)) == (422, "malformed-request")


def test_the_map_is_masked_unless_personal_values_are_asked_for(client: Client) -> None:
    masked = client.get("cards", "one", "map").json()
    assert masked["masked"] is True
    assert masked["cards"][0]["title"] == "one"
    assert client.get("cards", "one", "map", unmasked="true").json()["masked"] is False


def test_a_card_without_a_memory_has_no_image_and_no_map(client: Client) -> None:
    for what in ("image", "map"):
        assert problem(client.get("cards", "mute", what)) == (409, "no-image")


def test_there_is_a_limit_to_cards(
    client: Client, simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "CARDS_MAX", 2)
    assert problem(client.put("cards", "new", body={"blank": True})) == (503, "too-many")
    assert len([one for one in simulation.cards.listed() if one.made]) == 2
