"""What a stream is told, and what it is not told twice."""

import json

from cardservice.desk.presentations import BearerCheck
from cardservice.texts.languages import Language
from cardservice.web.desk.state import Clerk
from cardservice.web.local.documents import LocalMessages
from tests.unit.web.examples import CLOSED, OPENED
from tests.unit.web_local.world import World, judged


def kinds(messages: LocalMessages, desk: World) -> list[str]:
    return [json.loads(one)["type"] for one in messages.messages(desk.hub.state)]


def test_a_card_read_again_with_its_number_is_told_again(desk: World) -> None:
    messages = LocalMessages(desk.local, Language.EN)
    closed = judged(CLOSED)
    desk.place(closed)
    assert kinds(messages, desk) == ["state", "verdict"]
    desk.place(closed.with_number(1).with_result(1, OPENED, 6.0))
    assert kinds(messages, desk) == ["state", "verdict"]


def test_what_the_clerk_confirms_repeats_no_verdict(desk: World) -> None:
    messages = LocalMessages(desk.local, Language.EN)
    assert kinds(messages, desk) == ["state", "verdict"]
    desk.place(judged().with_clerk(1, Clerk(bearer=BearerCheck.PHOTO)))
    assert kinds(messages, desk) == ["state"]


def test_what_changes_nothing_for_pages_is_not_told(desk: World) -> None:
    messages = LocalMessages(desk.local, Language.EN)
    assert kinds(messages, desk) == ["state", "verdict"]
    desk.place(judged().with_photo_coming(1))
    assert kinds(messages, desk) == []
