"""Centrals that break the rules: the station's side is bounded, and the card is left alone then."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override
from websockets.sync.server import ServerConnection, serve

from cardservice.errors import CardRemovedError, CardServiceError, LinkError, SourceUnavailableError
from cardservice.home.station_central import CentralStation
from cardservice.home.station_central_terms import CentralTerms
from cardservice.personalization.central import (
    LONGEST_MESSAGE,
    Answered,
    Ask,
    Exchange,
    Failed,
    Made,
    Reset,
    Said,
)
from cardservice.personalization.central_coding import encode
from cardservice.personalization.journal import (
    CardSeen,
    CardSpoiled,
    Intent,
    SpoiledReason,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lane_faults import code_of
from tests.chain import an_order, issued_card
from tests.simulated.station_central.centrals import memory_journal

TOKEN = "epc_of-a-test"  # noqa: S105 - it opens nothing
CHIP, OTHER = b"\x01" * 8, b"\x02" * 8
INTENT = Intent(order="order-a", lane=1, number=an_order().card_number)
SELECT = Exchange(bytes.fromhex("00A4040000"))
Script = Callable[[ServerConnection], None]


class CountedCard:
    """A card that answers 9000 and counts; or fails as it is told."""

    atr = b"\x3b\x00"

    def __init__(self, fault: LinkError | None = None) -> None:
        self.asked = 0
        self._fault = fault

    def exchange(self, command: bytes) -> bytes:
        self.asked += 1
        if self._fault is not None:
            raise self._fault
        return b"\x90\x00"

    def reset(self) -> bytes:
        self.asked += 1
        return self.atr


class NotingJournal(StationJournal):
    """Counts what it let anybody do."""

    noted = 0

    @override
    def note(self, entry: object) -> None:
        super().note(entry)  # type: ignore[arg-type]
        self.noted += 1


@contextmanager
def central(script: Script) -> Iterator[str]:
    """Serve one script on the loopback for the length of the block."""

    def speak(connection: ServerConnection) -> None:
        connection.recv(timeout=10)  # what is to be made
        script(connection)

    with serve(speak, "127.0.0.1", 0, compression=None, max_size=None, close_timeout=1) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join(10)


def saying(*octets: bytes | str, answers: bool = True) -> Script:
    """Return a script that says all this, one after the other, and hears an answer to each."""

    def script(connection: ServerConnection) -> None:
        for one in octets:
            connection.send(one)
            if answers:
                connection.recv(timeout=10)

    return script


def asking(*questions: Ask | Exchange | Reset | Made | Failed) -> Script:
    return saying(*(encode(one, step) for step, one in enumerate(questions)))


def met(
    script: Script,
    *,
    card: CountedCard | None = None,
    journal: StationJournal | None = None,
    late_s: float = 5.0,
    whole_s: float = 10.0,
) -> tuple[str, int]:
    """Return what a station says of such a central, and how often it asked its card."""
    link = card or CountedCard()
    with central(script) as url:
        terms = CentralTerms(url=url, token=TOKEN, late_s=late_s, whole_s=whole_s)
        station = CentralStation(url, TOKEN, journal=journal or memory_journal(), terms=terms)
        try:
            station.make(link, an_order(), order_id="order-a")
        except CardServiceError as error:
            return code_of(error), link.asked
    return "made", link.asked


def test_what_it_asks_of_the_card_is_relayed_until_it_hangs_up() -> None:
    assert met(asking(SELECT, Reset(), SELECT)) == ("central-unreachable", 3)


WRONG: dict[str, bytes | str] = {
    "a text": "hello",
    "nothing": b"",
    "no kind of ours": b"\xff\0\0\0\1",
    "another step": encode(SELECT, 7),
    "the step before": encode(SELECT, 0),
    "a command too short": b"\x02\0\0\0\1\x00",
    "what a station says": encode(Answered(b"\x90\x00"), 1),
    "an answer of a journal": encode(Said("note", None), 1),
    "more than a message has": bytes(LONGEST_MESSAGE + 1),
    "a call that there is not": b'\x04\0\0\0\1{"call":"give_up","with":[]}',
    "a call that is not a maker's": b'\x04\0\0\0\1{"call":"reported","with":["0101010101010101"]}',
    "an end without an end": b'\x05\0\0\0\1{"chip":"00"}',
}


@pytest.mark.parametrize("octets", WRONG.values(), ids=WRONG)
def test_who_says_what_no_central_says_is_not_listened_to_any_more(octets: bytes | str) -> None:
    script = saying(encode(SELECT, 0), octets, encode(SELECT, 1))
    assert met(script) == ("central-wrong", 1)


MADE = Made(issued_card().made)
CALLS: dict[str, Sequence[Ask | Made]] = {
    "another order": [Ask("note", (Intent(order="order-b", lane=1, number=1),))],
    "another number": [Ask("note", (Intent(order="order-a", lane=1, number=1),))],
    "a card before the intent": [Ask("note", (CardSeen(chip=CHIP, order="order-a", lane=1),))],
    "two intents": [Ask("note", (INTENT,)), Ask("note", (INTENT,))],
    "a chip that is not in hand": [
        Ask("note", (INTENT,)),
        Ask("note", (CardSpoiled(chip=OTHER, reason=SpoiledReason.LOST),)),
    ],
    "somebody else's order in hand": [Ask("take_in_hand", ("order-b",))],
    "all chips in hand": [Ask("take_in_hand", (bytes((n,)) * 8,)) for n in range(9)],
    "a card made that nobody noted": [Ask("note", (INTENT,)), MADE],
}


@pytest.mark.parametrize("calls", CALLS.values(), ids=CALLS)
def test_it_notes_nothing_but_its_own_making(calls: Sequence[Ask | Made]) -> None:
    journal = memory_journal()
    assert met(asking(*calls, SELECT), journal=journal) == ("central-wrong", 0)
    assert journal._in_hand == set()
    assert journal.life_of(CHIP) is None
    assert journal.life_of(OTHER) is None


def test_it_cannot_go_on_with_a_card_that_left() -> None:
    card = CountedCard(CardRemovedError("pulled by a test"))
    assert met(asking(SELECT, SELECT, SELECT), card=card) == ("card-removed", 1)


def test_it_cannot_go_on_after_the_journal_refused() -> None:
    journal = memory_journal()
    journal.take_in_hand("order-a")
    script = asking(Ask("take_in_hand", ("order-a",)), SELECT)
    assert met(script, journal=journal) == ("in-hand", 0)
    assert journal._in_hand == {"order-a"}


def test_it_cannot_say_that_another_error_happened_than_did() -> None:
    card = CountedCard(CardRemovedError("pulled by a test"))
    script = asking(SELECT, Failed("refusal", "card-spoiled", "It is to be thrown away."))
    assert met(script, card=card) == ("card-removed", 1)


def test_it_cannot_ask_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardservice.home.station_central.MOST_STEPS", 20)
    assert met(asking(*[SELECT] * 30)) == ("central-wrong", 20)


def test_it_is_waited_for_no_longer_than_the_terms_say() -> None:
    assert met(lambda _: time.sleep(1), late_s=0.2) == ("central-late", 0)


def test_one_that_trickles_is_waited_for_no_longer_as_a_whole() -> None:
    def script(connection: ServerConnection) -> None:
        for step in range(20):
            time.sleep(0.05)
            connection.send(encode(SELECT, step))
            connection.recv(timeout=5)

    word, asked = met(script, whole_s=0.4)
    assert word == "central-late"
    assert asked < 20


def test_what_it_says_of_an_error_is_a_word_and_a_sentence() -> None:
    end = b'\x06\0\0\0\0{"kind":"refusal","code":"card-foreign","sentence":"%s","sw":0}'
    assert met(saying(end % b"It is foreign."))[0] == "card-foreign"
    for bad in (b"x" * 401, b"\\u202e", b"\\u001b[2J"):
        assert met(saying(end % bad))[0] == "central-wrong"
    assert met(saying(end.replace(b"card-foreign", b"A code!") % b""))[0] == "central-wrong"


def test_a_fault_of_its_own_is_a_fault_of_the_central() -> None:
    assert met(asking(Failed("internal")))[0] == "central-wrong"
    assert met(asking(Failed("of-a-later-version", "x", "y")))[0] == "central-wrong"
    assert met(asking(Failed("busy")))[0] == "central-late"


def test_the_error_names_neither_address_nor_token() -> None:
    with central(lambda _: None) as url:
        station = CentralStation(url, TOKEN, journal=memory_journal())
        with pytest.raises(SourceUnavailableError) as error:
            station.make(CountedCard(), an_order(), order_id="order-a")
    assert TOKEN not in str(error.value)
    assert url not in str(error.value)


def test_a_card_of_another_order_or_time_is_not_the_one_that_was_noted() -> None:
    made = issued_card().made
    later = replace(made, signed_at=made.signed_at + timedelta(seconds=1))
    assert met(asking(Ask("note", (INTENT,)), Made(later))) == ("central-wrong", 0)
