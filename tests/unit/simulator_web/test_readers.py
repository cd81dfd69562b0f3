"""Readers over HTTP."""

import pytest

from simulators.tray import Tray
from simulators.web.routes.readers import PLANS
from tests.unit.simulator_web.client import Client, problem
from tests.unit.simulator_web.conftest import CONTACT, CONTACTLESS

READ = {"command": "00B0000000"}


def test_every_reader_is_listed_with_what_is_in_it(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    told = {one["name"]: one for one in client.get("readers").json()}
    assert told[CONTACT]["card"] == "one"
    assert told[CONTACTLESS] == {
        "name": CONTACTLESS,
        "interface": "contactless",
        "address": None,
        "card": None,
        "faults": None,
        "timing": None,
    }


def test_a_reader_is_made_once_and_may_be_put_again(client: Client) -> None:
    body = {"interface": "contactless"}
    statuses = [client.put("readers", "Третий / нет", body=body).status_code]
    statuses += [client.put("readers", "Третий", body=body).status_code for _ in range(2)]
    assert statuses == [404, 201, 200]
    assert problem(client.put("readers", "Третий", body={})) == (409, "tray-refused")


def test_a_reader_that_was_deleted_comes_back_empty(client: Client, tray: Tray) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    assert client.delete("readers", CONTACT).status_code == 204
    assert CONTACT not in tray.readers
    assert problem(client.get("readers", CONTACT)) == (404, "unknown-name")
    assert client.put("readers", CONTACT).status_code == 201
    assert client.get("readers", CONTACT).json()["card"] is None


def test_a_reader_never_comes_back_as_another_kind(client: Client) -> None:
    client.delete("readers", CONTACT)
    answer = client.put("readers", CONTACT, body={"interface": "contactless"})
    assert problem(answer) == (409, "tray-refused")
    assert problem(client.get("readers", CONTACT)) == (404, "unknown-name")


def test_put_replaces_what_is_in_the_reader(client: Client, tray: Tray) -> None:
    for card in ("one", "two"):
        assert client.put("readers", CONTACT, "card", body={"card": card}).status_code == 200
    assert tray.readers[CONTACT].card == "two"
    assert tray.cards["one"].reader is None


def test_a_card_that_is_there_stays_powered_when_it_is_put_again(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    before = client.get("health").json()["newest_event"]
    client.put("readers", CONTACT, "card", body={"card": "one"})
    assert client.get("health").json()["newest_event"] == before


def test_a_card_in_another_reader_is_a_conflict(client: Client, tray: Tray) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    client.put("readers", CONTACTLESS, "card", body={"card": "two"})
    answer = client.put("readers", CONTACTLESS, "card", body={"card": "one"})
    assert problem(answer) == (409, "card-elsewhere")
    assert answer.json()["remedy"] == "remove it there first"
    assert tray.readers[CONTACTLESS].card == "two"


def test_only_into_an_empty_reader_may_be_asked_for(client: Client, tray: Tray) -> None:
    def put(card: str) -> tuple[int, str]:
        answer = client.put("readers", CONTACT, "card", body={"card": card}, if_none_match="*")
        return (200, "") if answer.is_success else problem(answer)

    assert [put("one"), put("two")] == [(200, ""), (412, "reader-full")]
    assert tray.readers[CONTACT].card == "one"


def test_a_tapped_card_leaves_by_itself(client: Client, tray: Tray) -> None:
    here = tray.readers[CONTACTLESS].in_process
    assert here is not None
    client.put("readers", CONTACTLESS, "card", body={"card": "one", "hold_s": 0.05})
    assert here.wait(occupied=False, timeout_s=10)


def test_delete_tells_which_card_was_there(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    told = [client.delete("readers", CONTACT, "card").json() for _ in range(2)]
    assert told == [{"card": "one"}, {"card": None}]


def test_a_command_is_answered_and_the_conversation_is_kept(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    select = {"command": "00A4040C07464F4D535F4944"}
    assert client.post("readers", CONTACT, "apdu", body=select).json()["sw"] == "9000"
    again = client.post("readers", CONTACT, "apdu", body={"command": "00FF0000"}).json()
    assert again == {"answer": "6D00", "data": "", "sw": "6D00"}


def test_reset_answers_with_the_atr_of_the_card_in_the_reader(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    atrs = [client.post("readers", CONTACT, "reset").json()["atr"] for _ in range(2)]
    assert atrs[0] == atrs[1]
    assert atrs[0].startswith("3B")


def test_a_card_that_left_is_told_once_and_then_the_next_one_is_met(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    client.post("readers", CONTACT, "apdu", body=READ)
    client.put("readers", CONTACT, "card", body={"card": "two"})
    assert problem(client.post("readers", CONTACT, "apdu", body=READ)) == (409, "card-gone")
    assert client.post("readers", CONTACT, "apdu", body=READ).status_code == 200


def test_an_empty_reader_has_no_card_to_talk_to(client: Client) -> None:
    assert problem(client.post("readers", CONTACT, "apdu", body=READ)) == (409, "card-gone")
    assert problem(client.post("readers", CONTACT, "reset")) == (409, "card-gone")


def test_a_card_that_somebody_else_talks_to_is_busy(client: Client, tray: Tray) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    tray.connect(CONTACT)
    assert problem(client.post("readers", CONTACT, "apdu", body=READ)) == (409, "card-busy")


def test_a_pull_takes_the_card_at_its_command(client: Client, tray: Tray) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    pull = {"after": 2, "during": True}
    assert client.post("readers", CONTACT, "pull", body=pull).status_code == 204
    assert client.post("readers", CONTACT, "apdu", body=READ).status_code == 200
    assert problem(client.post("readers", CONTACT, "apdu", body=READ)) == (409, "card-gone")
    assert tray.readers[CONTACT].card is None


def test_a_ready_plan_is_put_in_force_shown_and_ended(client: Client) -> None:
    assert client.get("readers", CONTACT, "faults").json() is None
    set_ = client.post("readers", CONTACT, "faults", body={"name": "noisy-line"}).json()
    assert set_["name"] == "noisy-line"
    assert client.get("readers", CONTACT, "faults").json() == set_
    assert client.get("readers", CONTACT).json()["faults"] == "noisy-line"
    assert client.delete("readers", CONTACT, "faults").status_code == 204
    assert client.get("readers", CONTACT, "faults").json() is None


def test_a_plan_of_ones_own_strikes_and_a_silent_card_wakes_at_a_reset(client: Client) -> None:
    plan = {
        "faults": [{"what": "mute", "until_reset": True, "when": {"nth": 2, "times": 1}}],
        "seed": 7,
    }
    answer = client.post("readers", CONTACT, "faults", body=plan)
    assert answer.json()["plan"]["seed"] == 7, answer.text
    client.put("readers", CONTACT, "card", body={"card": "one"})
    assert client.post("readers", CONTACT, "apdu", body=READ).status_code == 200
    assert problem(client.post("readers", CONTACT, "apdu", body=READ)) == (502, "card-silent")
    assert client.post("readers", CONTACT, "reset").status_code == 200


@pytest.mark.parametrize("plan", PLANS)
def test_the_plans_of_the_examples_are_plans(client: Client, plan: dict[str, object]) -> None:
    assert client.post("readers", CONTACT, "faults", body=plan).status_code == 200


def test_a_plan_that_is_none_is_one_line_with_a_remedy(client: Client) -> None:
    for body in ({"name": "no-such"}, {"faults": [{"what": "gremlins"}]}, {}, {"faults": 1}):
        answer = client.post("readers", CONTACT, "faults", body=body)
        assert problem(answer) == (422, "refused-plan")
        assert answer.json()["remedy"]


def test_timing_is_named_as_the_models_are(client: Client) -> None:
    names = {"mode": "virtual", "chip": "median"}
    assert client.put("readers", CONTACT, "timing", body=names).json()["timing"] == names
    answer = client.put("readers", CONTACT, "timing", body={"mode": "virtual", "chip": "x"})
    assert problem(answer) == (422, "refused-timing")
