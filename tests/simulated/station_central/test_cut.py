"""Cut anywhere, then put back: nothing lost, nothing doubled.

The connection is cut at every message, in both directions; the card at every one of its writes; the
central is ended in the middle and started anew.
"""

import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from cardservice.channel.card_management import LifeCycle
from cardservice.errors import CardRemovedError
from cardservice.home import station_central
from cardservice.home.station_central_terms import CentralTerms
from cardservice.personalization.central import Message
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.verify.ports import PresentedCard
from simulators.card import SoftwareCard, blank_card, image
from tests.chain import link_to
from tests.simulated.station_central.centrals import Centre, attempt, memory_journal
from tests.simulated.test_station_crash_world import cell, state_of

Line = station_central._Line
HAND_LIMIT = 3


@dataclass
class Scissors:
    """Cuts the connection before the message ``at``; counts them all."""

    at: int = 0
    count: int = 0

    def snip(self, connection: Any) -> None:
        self.count += 1
        if self.count == self.at:
            connection.socket.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def scissors(monkeypatch: pytest.MonkeyPatch) -> Scissors:
    """Return what cuts the connections of all stations of the test."""
    found = Scissors()

    class Cut(Line):
        def __init__(self, connection: Any, terms: CentralTerms) -> None:
            super().__init__(connection, terms)
            self._cuttable = connection

        @override
        def send(self, message: Message, step: int) -> None:
            found.snip(self._cuttable)
            super().send(message, step)

        @override
        def receive(self, step: int) -> Message:
            found.snip(self._cuttable)
            return super().receive(step)

    monkeypatch.setattr(station_central, "_Line", Cut)
    return found


@dataclass
class Scene:
    """One order, the station's journal and a card."""

    centre: Centre
    number: int
    journal: StationJournal = field(default_factory=memory_journal)
    card: SoftwareCard = field(default_factory=blank_card)

    @property
    def order(self) -> str:
        return f"order-{self.number}"

    def attempt(self, link: PresentedCard | None = None) -> str:
        return attempt(
            self.centre, self.journal, self.card, order=self.order, index=self.number, link=link
        )

    def put_in_until_made(self) -> None:
        words: list[str] = []
        while not words or words[-1] not in {"made", "order-made"}:
            words.append(self.attempt())
            assert len(words) <= HAND_LIMIT, words

    def balance(self) -> Counter[str]:
        """Check chip, station's journal and central's book against each other."""
        chip = cell(self.card, image.CHIP_SERIAL)
        made = [life for life in self.journal.unreported() if life.chip == chip]
        assert state_of(self.card) == LifeCycle.PERSONALIZED
        assert len(made) == 1
        holder = self.centre.book.holder_of(self.order)
        assert holder is not None
        assert (holder.chip, holder.signed_at) == (chip, made[0].signed_at)
        assert self.journal._in_hand == set()
        return Counter(made=len(made))


def test_a_connection_cut_at_any_message_loses_and_doubles_nothing(
    centre: Centre, scissors: Scissors
) -> None:
    assert Scene(centre, 0).attempt() == "made"
    counted, messages = Counter[str](), scissors.count
    for at in range(1, messages + 1):
        scene = Scene(centre, at)
        scissors.at, scissors.count = at, 0
        assert scene.attempt() == "central-unreachable", at
        scissors.at = 0
        scene.put_in_until_made()
        counted += scene.balance()
    assert messages > 100
    assert counted == {"made": messages}


def test_a_card_pulled_at_any_write_is_made_when_it_is_put_back(centre: Centre) -> None:
    whole = Scene(centre, 0)
    before = whole.card.memory.writes
    assert whole.attempt() == "made"
    for at in range(1, whole.card.memory.writes - before + 1):
        scene = Scene(centre, at)
        memory = scene.card.memory
        memory.cut_power_at(memory.writes + at)
        assert scene.attempt() == "card-removed", at
        memory.cut_power_at(0)
        scene.card.power_up()
        scene.put_in_until_made()
        scene.balance()


class PulledLink:
    """A card that somebody pulls before a command."""

    def __init__(self, link: PresentedCard, at: int) -> None:
        self._link = link
        self._left = at
        self.after = 0

    @property
    def atr(self) -> bytes:
        return self._link.atr

    def exchange(self, command: bytes) -> bytes:
        self._step()
        return self._link.exchange(command)

    def reset(self) -> bytes:
        self._step()
        return self._link.reset()

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise CardRemovedError("pulled by a test")
        self.after += self._left < 0


@pytest.mark.parametrize("at", [1, 4, 8, 12, 16, 20, 24, 28, 32])
def test_a_card_pulled_before_a_command_is_asked_nothing_more(centre: Centre, at: int) -> None:
    scene = Scene(centre, 1)
    link = PulledLink(link_to(scene.card), at)
    assert scene.attempt(link) == "card-removed"
    assert link.after == 0
    scene.put_in_until_made()


def test_a_central_that_ends_in_the_middle_finishes_the_card_once_it_is_back(
    tmp_path: Path,
) -> None:
    centre = Centre(tmp_path)
    scene, words = Scene(centre, 1), list[str]()
    reached, go_on = threading.Event(), threading.Event()

    class Waiting(PulledLink):
        @override
        def _step(self) -> None:
            self._left -= 1
            if self._left == 0:
                reached.set()
                assert go_on.wait(20)

    link = Waiting(link_to(scene.card), 25)
    with centre.serving():
        making = threading.Thread(target=lambda: words.append(scene.attempt(link)))
        making.start()
        assert reached.wait(20)
    go_on.set()
    making.join(20)
    assert words == ["central-unreachable"]
    with centre.serving():
        scene.put_in_until_made()
    scene.balance()
