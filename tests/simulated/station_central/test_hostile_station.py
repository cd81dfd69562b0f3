"""Stations that break the rules get nothing signed, nothing kept open, and no second card."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import pytest
from typing_extensions import override
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from cardservice.apdu.command import Ins
from cardservice.personalization import central as messages
from cardservice.personalization.central import Begin, Failed, Message
from cardservice.personalization.central_coding import decode, encode
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery_lives import CardLife, Standing
from cardservice.pki.document_signer import DocumentSigner
from cardservice.web.central.conversation import Bounds
from simulators.card import SoftwareCard, blank_card, image
from tests.chain import SIGNED, an_order, link_to
from tests.simulated.station_central.centrals import Centre, attempt, memory_journal
from tests.simulated.test_station_crash_world import cell

WITHIN_S = 15.0
BEGIN = Begin(order=an_order(), order_id="order-a", lane=1, atr=b"\x3b\x00")
OTHER_POINT = b"\x04" + bytes(64)


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Return when the document signer signed something from now on."""
    seen: list[datetime] = []
    sign = DocumentSigner.sign

    def noted(self: DocumentSigner, hashes: Mapping[int, bytes], *, at: datetime) -> bytes:
        seen.append(at)
        return sign(self, hashes, at=at)

    monkeypatch.setattr(DocumentSigner, "sign", noted)
    return seen


@contextmanager
def connected(centre: Centre) -> Iterator[ClientConnection]:
    address = centre.url.replace("http", "ws") + messages.PATH
    headers = {"Authorization": f"Bearer {centre.token}"}
    with connect(address, additional_headers=headers, proxy=None, close_timeout=1) as found:
        yield found


def until_ended(connection: ClientConnection) -> Message | None:
    """Return the end that the central says, None: it only hangs up."""
    last = None
    with suppress(ConnectionClosed):
        while True:
            octets = connection.recv(timeout=WITHIN_S)
            assert isinstance(octets, bytes)
            last = decode(octets, int.from_bytes(octets[1:5]))
    return last


def wait_for(centre: Centre, count: int) -> list[str]:
    until = time.monotonic() + WITHIN_S
    while len(centre.ends) < count and time.monotonic() < until:
        time.sleep(0.01)
    return centre.ends


FIRST_WORDS: dict[str, bytes | str] = {
    "nothing": b"",
    "a text": "hello",
    "no kind of ours": b"\xff" + bytes(9),
    "a begin of another step": encode(BEGIN, 1),
    "a begin cut short": encode(BEGIN, 0)[:-3],
    "an answer before a question": encode(messages.Answered(b"\x90\x00"), 0),
    "a question": encode(messages.Reset(), 0),
    "the end": encode(Failed("link"), 0),
    "more than a begin has": encode(BEGIN, 0) + b" " * messages.LONGEST_BEGIN,
    "more than any message has": bytes(messages.LONGEST_MESSAGE + 1),
    "deep brackets": b"\x01\0\0\0\0" + b"[" * 60_000,
}


@pytest.mark.parametrize("words", FIRST_WORDS.values(), ids=FIRST_WORDS)
def test_who_does_not_begin_as_a_station_is_hung_up_on(centre: Centre, words: bytes | str) -> None:
    with connected(centre) as connection:
        connection.send(words)
        assert until_ended(connection) is None
    assert centre.ends == []


ANSWERS: dict[str, Callable[[int], list[bytes]]] = {
    "out of order": lambda step: [encode(messages.Said("note", None), step + 1)],
    "of another question": lambda step: [encode(messages.Said("is_foreign", value=False), step)],
    "of another kind": lambda step: [encode(messages.Answered(b"\x90\x00"), step)],
    "with no octets": lambda _: [b""],
    "too long": lambda _: [bytes(messages.LONGEST_MESSAGE + 1)],
    "too long for its kind": lambda step: [
        encode(messages.Said("note", None), step) + b" " * messages.LONGEST_WORDS
    ],
    "with a refusal that has no code": lambda step: [encode(Failed("refusal"), step)],
    "with a fault of a card": lambda step: [encode(Failed("card-removed"), step)],
}


@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_a_wrong_answer_ends_the_making(
    centre: Centre, signed: list[datetime], answers: Callable[[int], list[bytes]]
) -> None:
    with connected(centre) as connection:
        connection.send(encode(BEGIN, 0))
        connection.recv(timeout=WITHIN_S)
        for answer in answers(0):
            connection.send(answer)
        # It is not even asked to let go of the order that it took in hand.
        assert until_ended(connection) is None
    assert wait_for(centre, 1) == ["StationGoneError"]
    assert signed == []


def test_an_answer_said_twice_ends_the_making(centre: Centre) -> None:
    with connected(centre) as connection:
        connection.send(encode(BEGIN, 0))
        question = decode(connection.recv(timeout=WITHIN_S, decode=False), 0)
        assert isinstance(question, messages.Ask)
        answer = encode(messages.Said(question.name, None), 0)
        connection.send(answer)
        connection.send(answer)
        last = until_ended(connection)
    assert isinstance(last, messages.Ask)
    assert last.name == "holder_of"
    assert wait_for(centre, 1) == ["StationGoneError"]


@pytest.mark.parametrize("says_begin", [False, True], ids=["nothing", "a begin and no more"])
def test_a_station_that_says(tmp_path: Path, *, says_begin: bool) -> None:
    """… is not waited for longer than the bounds say."""
    centre, short = Centre(tmp_path), Bounds(begin_s=0.2, answer_s=0.2, whole_s=1.0)
    with centre.serving(bounds=short), connected(centre) as connection:
        if says_begin:
            connection.send(encode(BEGIN, 0))
        until_ended(connection)
    assert centre.ends == (["StationGoneError"] if says_begin else [])


def test_a_making_that_takes_too_long_as_a_whole_is_ended(tmp_path: Path) -> None:
    centre, short = Centre(tmp_path), Bounds(begin_s=5.0, answer_s=5.0, whole_s=0.5)
    link = link_to(blank_card())

    class Slow:
        atr = link.atr
        reset = link.reset

        def exchange(self, command: bytes) -> bytes:
            time.sleep(0.1)
            return link.exchange(command)

    with centre.serving(bounds=short):
        word = attempt(centre, memory_journal(), blank_card(), link=Slow())
    assert (word, centre.ends) == ("central-unreachable", ["StationGoneError"])


def test_a_lane_that_begins_anew_ends_its_making_before(centre: Centre) -> None:
    with connected(centre) as first:
        first.send(encode(BEGIN, 0))
        first.recv(timeout=WITHIN_S)
        assert attempt(centre, memory_journal(), blank_card()) == "made"
        assert until_ended(first) is None
    assert centre.ends == ["StationGoneError", "made"]


def test_beyond_the_makings_that_may_be_open_a_station_is_told_to_come_again(
    tmp_path: Path,
) -> None:
    centre = Centre(tmp_path)
    with centre.serving(most_open=1):
        with connected(centre):
            assert attempt(centre, memory_journal(), blank_card()) == "central-late"
        assert attempt(centre, memory_journal(), blank_card()) == "made"


def test_an_order_in_another_form_than_a_card_has_is_refused(centre: Centre) -> None:
    plain = encode(BEGIN, 0)
    surname = an_order().holder.surname.encode()
    with connected(centre) as connection:
        connection.send(plain.replace(surname, b"  " + surname))
        end = until_ended(connection)
    assert isinstance(end, Failed)
    assert end.code == "order-unfit"
    assert centre.ends == []


# --- what only a card can say


class Relay:
    """A card whose answers somebody on the way changes."""

    def __init__(self, card: SoftwareCard, change: Callable[[bytes, bytes], bytes]) -> None:
        self._link = link_to(card)
        self._change = change

    @property
    def atr(self) -> bytes:
        return self._link.atr

    def exchange(self, command: bytes) -> bytes:
        return self._change(command, self._link.exchange(command))

    def reset(self) -> bytes:
        return self._link.reset()


def _flipped(_: bytes, answer: bytes) -> bytes:
    return answer if len(answer) == 2 else bytes((answer[0] ^ 1,)) + answer[1:]


FORGED: dict[str, Callable[[bytes, bytes], bytes]] = {
    "with a flipped bit in every answer": _flipped,
    "without their data": lambda _, answer: answer[-2:],
    "with nothing but good news": lambda *_: b"\x90\x00",
    "with random octets": lambda *_: bytes(40) + b"\x90\x00",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_forged_answers_get_no_signature(
    centre: Centre, signed: list[datetime], forge: Callable[[bytes, bytes], bytes]
) -> None:
    card = blank_card()
    word = attempt(centre, memory_journal(), card, link=Relay(card, forge))
    assert word != "made"
    assert signed == []


class LyingJournal(StationJournal):
    """Says of every chip that its key was made before, and was this one."""

    @override
    def life_of(self, chip: bytes) -> CardLife | None:
        life = super().life_of(chip)
        if life is None or life.standing is not Standing.KEYED:
            return life
        return CardLife(chip=chip, standing=Standing.KEY_MADE, point=OTHER_POINT)


def test_a_key_that_no_chip_made_is_not_signed(centre: Centre, signed: list[datetime]) -> None:
    """A refusal bears no MAC: a relay may say that the chip refuses to make its key."""
    card = blank_card()
    journal = LyingJournal(memory_journal()._journal)

    def refuse(command: bytes, answer: bytes) -> bytes:
        return b"\x69\x85" if command[1] == Ins.GENERATE_ASYMMETRIC_KEY_PAIR else answer

    word = attempt(centre, journal, card, link=Relay(card, refuse))
    assert word in {"card-half-made", "card-keys-wrong", "card-refused", "central-wrong"}
    assert signed == []


class ClaimingJournal(StationJournal):
    """Says of every chip that it was finished for this order, and nobody was told."""

    @override
    def life_of(self, chip: bytes) -> CardLife | None:
        return CardLife(
            chip=chip,
            standing=Standing.FINALIZED,
            order="order-b",
            number=an_order(index=2).card_number,
            signed_at=SIGNED,
        )

    @property
    @override
    def knows_used_cards(self) -> bool:
        return True


def test_a_card_in_somebody_s_hands_gets_no_new_pin_for_another_order(centre: Centre) -> None:
    card = blank_card()
    assert attempt(centre, memory_journal(), card) == "made"
    before = cell(card, image.PIN)
    journal = ClaimingJournal(memory_journal()._journal)
    word = attempt(centre, journal, card, order="order-b", index=2)
    assert word == "card-of-another-order"
    assert cell(card, image.PIN) == before


def test_who_has_no_token_is_not_even_listened_to(centre: Centre) -> None:
    address = centre.url.replace("http", "ws") + messages.PATH
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}):
        with pytest.raises(InvalidStatus), connect(address, additional_headers=headers, proxy=None):
            pass
