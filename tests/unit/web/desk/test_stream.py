"""Server-sent events: the format and the order."""

import asyncio
import json
from typing import Any

from cardservice.texts.languages import Language
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.rendering import renderer
from cardservice.web.desk.state import DeskState, ReaderState, Trouble
from cardservice.web.desk.stream import HEARTBEAT, DeskMessages, desk_events, encode_event
from cardservice.web.desk.views import key_of
from tests.unit.web.examples import BANK_CARD, CLOSED, IVANOV, VALID

A, B = ReaderState(reader="A"), ReaderState(reader="B")
TOKEN = "of this run"  # noqa: S105 - a mark to be found again
KEY_A, KEY_B = key_of("A"), key_of("B")


def messages() -> DeskMessages:
    return DeskMessages(renderer(Language.EN), instance="run-1", token=TOKEN)


def data_of(event: bytes) -> dict[str, Any]:
    lines = dict(line.split(": ", 1) for line in event.decode().splitlines() if line)
    parsed: dict[str, Any] = json.loads(lines["data"])
    return parsed


def test_an_event_has_its_number_its_name_and_one_line_of_data() -> None:
    event = encode_event(event="desk", data={"text": "a\nb\r\ndata: c"}, number=7)
    assert event == b'id: 7\nevent: desk\ndata: {"text":"a\\nb\\r\\ndata: c"}\n\n'


def test_a_line_separator_in_a_name_does_not_break_the_stream() -> None:
    event = encode_event(event="desk", data={"name": "a\u2028b\u0085c"}, number=1)
    assert event.count(b"\n") == 4


def test_the_first_message_holds_every_panel() -> None:
    data = data_of(messages().message(DeskState(version=3, readers=(A, B))))
    assert (data["readers"], set(data["panels"])) == ([KEY_A, KEY_B], {KEY_A, KEY_B})
    assert data["instance"] == "run-1"


def test_a_later_message_holds_only_what_changed() -> None:
    told = messages()
    told.message(DeskState(version=1, readers=(A, B)))
    data = data_of(told.message(DeskState(version=2, readers=(A, B.with_card(1, 5.0)))))
    assert (data["readers"], set(data["panels"])) == ([KEY_A, KEY_B], {KEY_B})


def test_a_message_carries_the_times_of_event_and_verdict() -> None:
    judged = A.with_card(1, 5.0).with_result(1, VALID, 5.4)
    data = data_of(messages().message(DeskState(version=1, readers=(judged,))))
    assert data["times"] == {KEY_A: {"presented_at": 5.0, "verdict_at": 5.4}}


def test_a_removed_reader_is_no_longer_listed() -> None:
    told = messages()
    told.message(DeskState(version=1, readers=(A, B)))
    assert data_of(told.message(DeskState(version=2, readers=(B,))))["readers"] == [KEY_B]


def test_a_reader_that_comes_back_is_told_anew() -> None:
    told = messages()
    told.message(DeskState(version=1, readers=(A,)))
    told.message(DeskState(version=2, trouble=Trouble("away", "start it")))
    assert set(data_of(told.message(DeskState(version=3, readers=(A,))))["panels"]) == {KEY_A}


def test_a_message_after_removal_has_nothing_of_the_holder() -> None:
    told = messages()
    judged = A.with_card(1, 5.0).with_result(1, VALID, 5.4)
    assert IVANOV.surname in told.message(DeskState(version=1, readers=(judged,))).decode()
    after = told.message(DeskState(version=2, readers=(judged.without_card(hold=False),)))
    assert IVANOV.surname not in after.decode()
    assert KEY_A in data_of(after)["panels"]


def test_a_page_gets_the_state_at_once_then_changes_then_the_end() -> None:
    async def follow() -> list[int]:
        numbers = []
        with hub.subscribe() as subscription:
            async for event in desk_events(subscription, messages(), heartbeat_s=60.0):
                numbers.append(int(event.split(b"\n")[0].removeprefix(b"id: ")))
                if len(numbers) == 1:
                    hub.update(lambda desk: desk.with_reader(B))
                else:
                    hub.close()
        return numbers

    hub = DeskHub()
    hub.update(lambda desk: desk.with_reader(A))
    assert asyncio.run(follow()) == [1, 2]


def test_silence_is_filled_with_heartbeats_without_a_number() -> None:
    async def follow() -> list[bytes]:
        with hub.subscribe() as subscription:
            events = desk_events(subscription, messages(), heartbeat_s=0.001)
            return [await anext(events) for _ in range(3)]

    hub = DeskHub()
    assert asyncio.run(follow())[1:] == [HEARTBEAT, HEARTBEAT]
    assert b"id:" not in HEARTBEAT


def test_the_form_of_a_closed_card_carries_the_token_and_the_presentation() -> None:
    closed = A.with_card(4, 5.0).with_result(4, CLOSED, 5.1)
    html = data_of(messages().message(DeskState(version=1, readers=(closed,))))["panels"][KEY_A]
    assert f'name="token" value="{TOKEN}"' in html
    assert 'name="presentation" value="4"' in html


def test_a_message_of_any_other_card_has_no_form_and_no_token() -> None:
    strange = A.with_card(1, 5.0).with_result(1, BANK_CARD, 5.4)
    event = messages().message(DeskState(version=1, readers=(strange, B))).decode()
    assert "<form" not in event
    assert TOKEN not in event
