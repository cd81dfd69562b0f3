"""Clients of the relay that send anything, in any order, and never go away."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.verify.relay_book import Limits
from tests.chain import issued_card
from tests.unit.web_clinics.card_world import API, KEYS, OTHERS, Visitor, visiting, world

SESSIONS = f"{API}/card-sessions"
HEX = st.binary(max_size=40).map(bytes.hex)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
ANSWERS = st.fixed_dictionaries(
    {"step": st.integers(-1, 6) | JSON},
    optional={
        "answers": st.lists(HEX, max_size=2) | JSON,
        "failure": st.sampled_from(["card-removed", "reader-failed"]) | JSON,
    },
)
OPENINGS = st.fixed_dictionaries(
    {},
    optional={
        "atr": HEX | JSON,
        "can": st.from_regex(r"\A[0-9]{6}\Z") | JSON,
        "photo": JSON,
        "region": st.from_regex(r"\A[0-9]{5}\Z") | JSON,
    },
)


@settings(max_examples=120, deadline=None)
@given(opening=OPENINGS | JSON, sent=st.lists(ANSWERS | JSON, max_size=8))
def test_no_client_makes_the_service_fail(opening: object, sent: list[object]) -> None:
    with visiting(world(known=issued_card().register)) as visitor:
        begun = visitor.post(SESSIONS, content=json.dumps(opening))
        assert begun.status_code in (201, 409, 422)
        session = begun.json().get("session", "none")
        for one in sent:
            answer = visitor.post(f"{SESSIONS}/{session}/answers", content=json.dumps(one))
            assert answer.status_code in (200, 404, 409, 422)
            assert answer.json().get("verdict", {}).get("outcome") != "valid"


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200), session=st.text(min_size=1, max_size=40))
def test_octets_that_are_no_message_are_refused(body: bytes, session: str) -> None:
    with visiting(world()) as visitor:
        path = f"{SESSIONS}/{session.encode().hex()}/answers"
        for place in (path, SESSIONS, f"{API}/card-files", f"{API}/statements"):
            assert visitor.post(place, content=body).status_code in (201, 404, 422)


def test_half_open_sessions_of_one_client_leave_room_for_another_and_end_with_their_time() -> None:
    made = world(limits=Limits(sessions=60, of_client=40, idle_s=30))
    with visiting(made) as visitor:
        assert opened(visitor, KEYS, 50) == 40
        assert opened(visitor, OTHERS, 50) == 20
        made.timer.now += 31
        assert opened(visitor, OTHERS, 1) == 1
    assert len(made.relay.sessions) == 1


def opened(visitor: Visitor, client: dict[str, str], times: int) -> int:
    """Return how many of so many tries began a session; the others were told to wait."""
    answers = [visitor.post(SESSIONS, json={}, headers=client) for _ in range(times)]
    refused = [one.json()["code"] for one in answers if one.status_code == 503]
    assert refused == ["sessions-full"] * sum(one.status_code != 201 for one in answers)
    return sum(one.status_code == 201 for one in answers)


def test_what_one_client_says_of_a_kind_of_card_is_no_hint_for_another() -> None:
    """Whoever says that a card refused long answers would slow every clinic's cards down."""
    issued = issued_card()
    made = world(known=issued.register)
    with visiting(made) as visitor:
        for client in (KEYS, OTHERS):
            told = visitor.post(SESSIONS, json={"atr": "3b00"}, headers=client).json()
            assert told["step"] == 1
            if client is KEYS:
                spoil(visitor, told["session"])
    blocks = {made.relay._experience.for_card(hint(name)) for name in ("north", "south")}
    assert len(blocks) == 2


def spoil(visitor: Visitor, session: str) -> None:
    sent = {"step": 1, "failure": "reader-failed"}
    visitor.post(f"{SESSIONS}/{session}/answers", json=sent)


def hint(name: str) -> bytes:
    return world().clients.known[name].id.bytes + bytes.fromhex("3b00")
