"""Cards read through the service, over HTTP, by a client that knows nothing of cards."""

import json
from typing import Any

import pytest

from cardservice.domain.verdict import Outcome
from simulators.card.tampering import clone_without_chip_key, copy_of
from tests.chain import issued_card, link_to
from tests.simulated.test_tap import scene, tapped
from tests.unit.verify.answering import AnsweringCard
from tests.unit.web_clinics.card_world import (
    API,
    OTHERS,
    POWERLESS,
    Visitor,
    answers,
    read_through,
    visiting,
    world,
)

SESSIONS = f"{API}/card-sessions"


def code_of(answer: Any) -> tuple[int, str]:
    found = answer.json()
    return answer.status_code, found.get("code") or found["type"].rsplit("/", 1)[-1]


def begin(visitor: Visitor, **opening: Any) -> tuple[str, dict[str, Any]]:
    told = visitor.post(SESSIONS, json=opening).json()
    return f"{SESSIONS}/{told['session']}/answers", told


def test_a_good_card_is_valid_and_its_holder_told() -> None:
    issued = issued_card()
    with visiting(world(known=issued.register)) as visitor:
        verdict = read_through(visitor, link_to(issued.card))
    assert verdict["outcome"] == Outcome.VALID
    assert verdict["holder"]["enp"] == issued.made.order.holder.enp
    assert verdict["problem"] is None


def test_beginning_tells_where_the_session_is_and_when_it_ends() -> None:
    with visiting(world()) as visitor:
        answer = visitor.post(SESSIONS, json={"atr": "3b00"})
    told = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{SESSIONS}/{told['session']}"
    assert answer.headers["cache-control"] == "no-store"
    assert told["expires_at"].endswith("Z")
    assert (told["step"], told["reset"], len(told["commands"])) == (1, False, 1)


def test_a_body_is_not_needed_to_begin() -> None:
    with visiting(world()) as visitor:
        assert visitor.post(SESSIONS).status_code == 201


def test_a_copy_is_reset_and_found_out() -> None:
    issued = issued_card()
    copy = clone_without_chip_key(issued.card)
    with visiting(world(known=issued.register)) as visitor:
        verdict = read_through(visitor, link_to(copy))
    assert verdict["outcome"] == Outcome.INVALID
    assert verdict["deciding"] == {"name": "chip-genuine", "reason": "chip-copied"}


def test_the_services_own_certificates_open_a_card_on_a_clients_reader() -> None:
    made = scene()
    with visiting(world(known=made.register, enrolment=made.enrolment)) as visitor:
        verdict = read_through(visitor, link_to(tapped()))
    assert verdict["outcome"] == Outcome.VALID
    assert "terminal-authentication" in verdict["ran"]


def test_the_number_on_the_card_opens_it_and_a_wrong_one_is_told() -> None:
    made = scene()
    with visiting(world(known=made.register)) as visitor:
        good = read_through(visitor, link_to(tapped()), {"can": made.made.secrets.can})
        wrong = read_through(visitor, link_to(tapped()), {"can": "000000"})
    assert (good["outcome"], "pace" in good["ran"]) == (Outcome.VALID, True)
    assert (wrong["outcome"], wrong["problem"]) == (None, "can-wrong")


def test_a_card_that_was_taken_away_is_told_as_that() -> None:
    with visiting(world()) as visitor:
        place, told = begin(visitor)
        answer = visitor.post(place, json={"step": told["step"], "failure": "card-removed"}).json()
        assert answer["verdict"]["problem"] == "card-removed"
        assert code_of(visitor.post(place, json={"step": 2, "answers": ["9000"]})) == (
            404,
            "session-unknown",
        )


def test_the_same_answers_twice_get_the_same_reply() -> None:
    card = AnsweringCard({})
    with visiting(world()) as visitor:
        place, told = begin(visitor)
        sent = {"step": told["step"], "answers": [card.exchange(b"\x00").hex()]}
        first, second = (visitor.post(place, json=sent) for _ in range(2))
    assert first.status_code == 200
    assert (first.status_code, first.json()) == (second.status_code, second.json())


@pytest.mark.parametrize(
    ("step", "said"), [(1, "6a83"), (3, "6a82"), (999_999, "6a82")], ids=["other", "next", "far"]
)
def test_other_answers_to_a_step_or_another_step_are_refused(step: int, said: str) -> None:
    with visiting(world()) as visitor:
        place, told = begin(visitor)
        visitor.post(place, json={"step": told["step"], "answers": ["6a82"]})
        answer = visitor.post(place, json={"step": step, "answers": [said]})
        assert code_of(answer) == (409, "step-wrong")
        good = visitor.post(place, json={"step": 2, "answers": ["6a82"]})
    assert good.status_code == 200


def test_the_session_of_another_client_does_not_exist() -> None:
    with visiting(world()) as visitor:
        place, told = begin(visitor)
        sent = {"step": told["step"], "answers": ["6a82"]}
        for answer in (
            visitor.post(place, json=sent, headers=OTHERS),
            visitor.delete(place.removesuffix("/answers"), headers=OTHERS),
        ):
            assert code_of(answer) == (404, "session-unknown")
        assert visitor.post(place, json=sent).status_code == 200


def test_a_session_that_was_ended_is_over() -> None:
    with visiting(world()) as visitor:
        place, _ = begin(visitor)
        assert visitor.delete(place.removesuffix("/answers")).status_code == 204
        assert visitor.delete(place.removesuffix("/answers")).status_code == 404


def test_nobody_and_who_may_not_read_no_cards() -> None:
    with visiting(world()) as visitor:
        nobody = visitor.post(SESSIONS, json={}, headers={"Authorization": ""})
        powerless = visitor.post(SESSIONS, json={}, headers=POWERLESS)
    assert code_of(nobody) == (401, "sign-in-needed")
    assert code_of(powerless) == (403, "not-permitted")


def test_a_service_without_a_terminal_reads_no_cards() -> None:
    with visiting(world(cards=False)) as visitor:
        assert code_of(visitor.post(SESSIONS, json={})) == (409, "cards-not-read")


@pytest.mark.parametrize(
    "opening",
    [
        {"can": "12345"},
        {"can": 123456},
        {"can": "１２３４５６"},
        {"atr": "3"},
        {"atr": "zz"},
        {"atr": "3b " * 3},
        {"atr": "00" * 34},
        {"photo": 1},
        {"region": "4500"},
        {"region": "①②③④⑤"},
        {"cna": "123456"},
        [],
        None,
        "x",
    ],
)
def test_an_opening_of_another_form_is_refused_and_not_quoted(opening: object) -> None:
    with visiting(world()) as visitor:
        answer = visitor.post(SESSIONS, content=json.dumps(opening))
    assert code_of(answer) == (422, "malformed-request")
    assert "cna" not in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"step": 1},
        {"step": 1, "answers": []},
        {"step": 1, "answers": ["90"]},
        {"step": 1, "answers": ["9000", "9000"]},
        {"step": 1, "answers": ["9000"], "failure": "card-removed"},
        {"step": 1, "answers": ["9" * 131_090]},
        {"step": 1, "answers": "9000"},
        {"step": 1, "answers": [9000]},
        {"step": 1, "failure": "bored"},
        {"step": 1, "failure": []},
        {"step": True, "answers": ["9000"]},
        {"step": 0, "answers": ["9000"]},
        {"step": 1.0, "answers": ["9000"]},
        {"step": 10**30, "answers": ["9000"]},
    ],
)
def test_answers_of_another_form_are_refused_and_harm_nothing(sent: object) -> None:
    with visiting(world()) as visitor:
        place, _ = begin(visitor)
        assert visitor.post(place, content=json.dumps(sent)).status_code in (409, 422)
        good = visitor.post(place, json={"step": 1, "answers": ["6a82"]})
    assert good.status_code == 200


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000, b'{"a":' * 30_000, b"NaN"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with visiting(world()) as visitor:
        place, _ = begin(visitor)
        assert visitor.post(place, content=body).status_code == 422


def test_a_photo_is_read_when_it_is_asked_for_and_never_told() -> None:
    issued = issued_card()
    card = copy_of(issued.card, entropy=None)
    with visiting(world(known=issued.register)) as visitor:
        verdict = read_through(visitor, link_to(card), {"photo": True})
    assert verdict["outcome"] == Outcome.VALID
    assert "photo" not in verdict


def test_what_a_client_left_open_is_forgotten_after_its_idle_time() -> None:
    made = world()
    with visiting(made) as visitor:
        place, told = begin(visitor)
        made.timer.now += 31
        answer = visitor.post(place, json=answers(told, AnsweringLink()))
        assert code_of(answer) == (404, "session-unknown")
        assert len(made.relay.sessions) == 0


class AnsweringLink:
    """A card that knows no command."""

    atr = b""

    def exchange(self, _: bytes) -> bytes:
        return b"\x6a\x82"

    def reset(self) -> bytes:
        return b""
