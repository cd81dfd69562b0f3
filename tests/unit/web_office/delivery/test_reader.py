"""A card that is put on the clerk's reader opens its person; nothing of them is in the answer."""

from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore, Thread

import pytest

from cardservice.accounts.roles import Role
from cardservice.storage.engine import open_database
from cardservice.web.office.delivery import listening
from cardservice.web.office.delivery.reading import DeskReader, seen_card
from cardservice.web.office.parts import SeenCard
from tests.office_world import World, new_world
from tests.unit.web import examples
from tests.unit.web.doubles import PATIENCE_S, DoubleExaminer, DoubleWatch
from tests.unit.web_office.delivery.stage import GOOD_ENP, arrived_order, looks_at, send

READER = "/office/reader"
KNOWN = {
    b"valid": examples.VALID,
    b"other": examples.OTHER_VALID,
    b"bank": examples.BANK_CARD,
    b"copied": examples.COPIED,
}


class ReaderDesk:
    """A reader with cards that the test moves."""

    def __init__(self) -> None:
        self.watch = DoubleWatch()
        self.reader = DeskReader(self.watch, DoubleExaminer(dict(KNOWN)))
        self.count = 0

    def next(self) -> SeenCard | None:
        """Return what lies there after the next event."""
        count, card = self.reader.wait(after=self.count, timeout_s=PATIENCE_S)
        assert count == self.count + 1
        self.count = count
        return card

    def put(self, card: bytes) -> SeenCard | None:
        """Put a card there and return how it is seen."""
        self.watch.present(card)
        return self.next()


@pytest.fixture
def desk() -> Iterator[ReaderDesk]:
    desk = ReaderDesk()
    desk.reader.start()
    yield desk
    desk.reader.stop()


@pytest.fixture
def reader_world(ready_file: Path, tmp_path: Path, desk: ReaderDesk) -> Iterator[World]:
    path = tmp_path / "registry.sqlite3"
    path.write_bytes(ready_file.read_bytes())
    with open_database(f"sqlite:///{path}") as opened:
        yield new_world(opened, tmp_path / "scans", reader=desk.reader)


def test_a_card_is_seen_with_the_number_it_says_and_gone_when_it_is_gone(desk: ReaderDesk) -> None:
    assert desk.put(b"valid") == SeenCard(enp=GOOD_ENP, genuine=True)
    desk.watch.remove()
    assert desk.next() is None
    assert desk.put(b"valid") == SeenCard(enp=GOOD_ENP, genuine=True)


def test_of_a_quick_swap_the_second_card_is_what_lies_there(desk: ReaderDesk) -> None:
    desk.put(b"valid")
    desk.watch.remove()
    desk.next()
    second = desk.put(b"other")
    assert second is not None
    assert second.enp == examples.MAMONTOVA.enp


def test_a_card_that_cannot_be_read_lies_there_without_a_number(desk: ReaderDesk) -> None:
    assert desk.put(b"bank") == SeenCard()


def test_a_copied_chip_is_seen_and_not_genuine() -> None:
    assert seen_card(examples.COPIED) == SeenCard(enp=GOOD_ENP, genuine=False)


def test_a_card_that_the_register_holds_back_is_genuine_all_the_same() -> None:
    assert seen_card(examples.OFFLINE).genuine


def test_a_reader_that_nothing_happens_to_answers_when_the_time_is_over(desk: ReaderDesk) -> None:
    assert desk.reader.wait(after=0, timeout_s=0.01) == (0, None)


def test_who_waits_is_answered_when_the_reader_stops() -> None:
    desk = ReaderDesk()
    desk.reader.start()
    answers: list[object] = []
    thread = Thread(target=lambda: answers.append(desk.reader.wait(after=0, timeout_s=PATIENCE_S)))
    thread.start()
    desk.reader.stop()
    thread.join(PATIENCE_S)
    assert answers == [(0, None)]


def test_a_card_on_the_reader_opens_the_hand_over_of_its_person(
    reader_world: World, desk: ReaderDesk
) -> None:
    order = arrived_order(reader_world.desk)
    clerk = reader_world.browser(Role.CLERK)
    desk.put(b"valid")
    answer = clerk.get(f"{READER}?after=0")
    page = f"/office/hand-over/{order.id}"
    assert answer.json() == {"events": 1, "code": "open", "page": page}
    assert looks_at(reader_world, order) == []
    assert "Пробный" in clerk.get(page).text
    assert looks_at(reader_world, order) == ["card.hand-over"]


def test_without_scripts_a_button_asks_the_reader(reader_world: World, desk: ReaderDesk) -> None:
    order = arrived_order(reader_world.desk)
    clerk = reader_world.browser(Role.CLERK)
    answer = send(clerk, "/office/hand-over", {"on_reader": "yes"})
    assert (answer.status_code, "No card lies on the reader." in answer.text) == (422, True)
    desk.put(b"valid")
    answer = send(clerk, "/office/hand-over", {"on_reader": "yes"})
    assert answer.headers["location"] == f"/office/hand-over/{order.id}"


@pytest.mark.parametrize(
    ("card", "code"), [(b"bank", "unread"), (b"other", "not-found"), (None, "ready")]
)
def test_what_leads_nowhere_is_said_with_a_code(
    reader_world: World, desk: ReaderDesk, card: bytes | None, code: str
) -> None:
    arrived_order(reader_world.desk)
    if card:
        desk.put(card)
    answer = reader_world.browser(Role.CLERK).get(READER).json()
    assert answer == {"events": 1 if card else 0, "code": code, "page": None}


def test_more_pages_than_may_are_sent_away(
    reader_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(listening, "_waiting", full)
    assert reader_world.browser(Role.CLERK).get(READER).status_code == 503


def test_an_office_without_a_reader_says_so(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    assert clerk.get(READER).json()["code"] == "no-reader"
    assert "data-reader" not in clerk.get("/office/hand-over").text


@pytest.mark.parametrize("after", ["x", "-2", "99999999999"])
def test_a_count_that_is_none_is_refused(world: World, after: str) -> None:
    assert world.browser(Role.CLERK).get(f"{READER}?after={after}").status_code == 422


def test_nobody_else_learns_what_lies_there(reader_world: World, desk: ReaderDesk) -> None:
    desk.put(b"valid")
    assert reader_world.browser().get(READER, accept="application/json").status_code == 401
    assert reader_world.browser(Role.AUDITOR).get(READER).status_code == 403
