"""Cards that lie to the station: none counts as made, and no failure is anything but an error."""

from datetime import timedelta
from random import Random

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.errors import (
    AuthenticationError,
    CardServiceError,
    LinkError,
    MalformedDataError,
    PeerError,
    Refusal,
    TimeBudgetError,
    UsageError,
)
from cardservice.personalization.station import NotAsOrderedError
from cardservice.transport.budget import TimeBudgetLink
from simulators.card import SoftwareCard, blank_card, image
from simulators.card.files import EF_CARD_ID, EF_CHIP_SECURITY, EF_OWNER, EF_SOD, insurer_file
from simulators.card.foreign import RandomCard
from tests.adversarial.verify.hostile import Alter, Meddler, Says, within_bounds
from tests.chain import SIGNED, an_order, issued_card, link_to, make_card, station
from tests.unit.personalization.stations import Told
from tests.unit.policycard.golden_records import octets_of

ORDER = an_order()
OK = b"\x90\x00"
PERSONALIZATION = 19  # commands until the card is declared personalized
KEY_INFORMATION_AT = 3  # tells more than the station needs: type and length of the keys
KEY_INFORMATION = bytes.fromhex("00CA00E000")
INITIALIZE_UPDATE = b"\x80\x50"


def failure_of(alter: Alter, *, card: SoftwareCard | None = None) -> CardServiceError:
    """Return the error with which a station ends that meets a meddler; nothing was told."""
    told = Told()
    link = within_bounds(Meddler(card or blank_card(), alter))
    with pytest.raises((PeerError, LinkError, Refusal)) as error:
        station(told).make(link, ORDER)
    assert told.cards == []
    assert not isinstance(error.value, UsageError)
    return error.value


def test_a_card_of_random_answers_is_refused_and_soon_left() -> None:
    for seed in range(200):
        told = Told()
        with pytest.raises((PeerError, LinkError, Refusal)):
            station(told).make(within_bounds(link_to(RandomCard(seed))), ORDER)
        assert told.cards == [], seed


@pytest.mark.parametrize("answer", [OK, b"\x07" + OK, b"\x61\x00", b"\x6c\x01", b"\x69\x82", b""])
def test_a_card_that_always_says_the_same_is_refused(answer: bytes) -> None:
    link = Says(answer)
    with pytest.raises((PeerError, Refusal)):
        station(Told()).make(within_bounds(link), ORDER)
    assert link.asked < 1_000


def flipping(at: int) -> Alter:
    random = Random(at)  # noqa: S311 - where to flip, no secret

    def flip(number: int, _: bytes, answer: bytes) -> bytes:
        raw = bytearray(answer)
        if number == at:
            raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
        return bytes(raw)

    return flip


def test_one_flipped_bit_of_any_answer_before_the_card_is_finished_is_noticed() -> None:
    for number in set(range(1, PERSONALIZATION + 1)) - {KEY_INFORMATION_AT}:
        assert str(failure_of(flipping(number))), number


def test_any_refusal_in_any_place_ends_the_making() -> None:
    for number in range(1, PERSONALIZATION + 1):
        for word in (b"\x69\x82", b"\x69\x85", b"\x6a\x80", b"\x6f\x00", b"\x63\x00", b"\x65\x81"):
            failure_of(lambda n, _, answer, at=number, sw=word: sw if n == at else answer)  # type: ignore[misc]


def test_answers_of_another_cards_making_open_no_session() -> None:
    recorded: list[bytes] = []

    def record(_: int, __: bytes, answer: bytes) -> bytes:
        recorded.append(answer)
        return answer

    station(Told()).make(Meddler(blank_card(), record), ORDER)
    error = failure_of(lambda n, _, __: recorded[n - 1] if n <= len(recorded) else b"\x6f\x00")
    assert isinstance(error, AuthenticationError)


@pytest.mark.parametrize("version", [0x30, 0x31])
def test_a_card_whose_challenge_is_not_its_counters_is_not_authenticated(version: int) -> None:
    def other_counter(_: int, command: bytes, answer: bytes) -> bytes:
        if command[:3] != INITIALIZE_UPDATE + bytes((version,)):
            return answer
        counter = int.from_bytes(answer[-5:-2]) + 1
        return answer[:-5] + counter.to_bytes(3) + OK

    error = failure_of(other_counter)
    assert isinstance(error, AuthenticationError)
    assert "challenge" in str(error)


def test_a_card_that_names_a_serial_not_of_our_kind_is_not_made() -> None:
    def other_serial(_: int, command: bytes, answer: bytes) -> bytes:
        return b"XX" + answer[2:] if command[:2] == INITIALIZE_UPDATE else answer

    assert isinstance(failure_of(other_serial), AuthenticationError | MalformedDataError)


@pytest.mark.parametrize(
    "information",
    [
        "E000",
        "E006C00401308810",
        "E00CC00401308810C00402318810",
        "E006C0040130",
        "E100",
        "",
    ],
)
def test_a_card_with_strange_key_information_writes_nothing_we_regret(information: str) -> None:
    told, card = Told(), blank_card()

    def strange(_: int, command: bytes, answer: bytes) -> bytes:
        return bytes.fromhex(information) + OK if command == KEY_INFORMATION else answer

    try:
        station(told).make(Meddler(card, strange), ORDER)
    except (PeerError, Refusal):
        assert told.cards == []
        assert card.memory.get(image.LIFE_CYCLE) == bytes((LifeCycle.BLANK,))
    else:
        assert information == "E006C00401308810"
        assert len(told.cards) == 1


@pytest.mark.parametrize("what", ["owner", "insurer", "EF.SOD", "EF.CardID", "chip key", "nothing"])
def test_a_card_that_stores_something_else_than_it_was_given_does_not_count(what: str) -> None:
    card, told = blank_card(), Told()
    foreign = issued_card().card
    insurer = insurer_file(0x0301)
    assert insurer is not None
    by_name: dict[str, dict[str, bytes | None]] = {
        "owner": {EF_OWNER.cell: octets_of("owner-minimal")},
        "insurer": {insurer.cell: octets_of("insurer-ended")},
        "EF.SOD": {EF_SOD.cell: foreign.memory.get(EF_SOD.cell)},
        "EF.CardID": {EF_CARD_ID.cell: foreign.memory.get(EF_CARD_ID.cell)},
        "chip key": {image.CHIP_KEY: foreign.memory.get(image.CHIP_KEY)},
        "nothing": {EF_SOD.cell: None, EF_CHIP_SECURITY.cell: None},
    }
    changes = by_name[what]
    link = link_to(card)

    class SwappingLink:
        """Changes the memory at the reset after which the card is checked."""

        atr = link.atr
        exchange = staticmethod(link.exchange)

        def reset(self) -> bytes:
            card.memory.transaction(changes)
            return link.reset()

    with pytest.raises(NotAsOrderedError):
        station(told).make(SwappingLink(), ORDER)
    assert told.cards == []


class SlippedIn:
    """Shows another card from the reset number ``at`` on."""

    def __init__(self, card: SoftwareCard, other: SoftwareCard, *, at: int) -> None:
        self._current, self._other = link_to(card), link_to(other)
        self._left = at
        self.atr = self._current.atr

    def exchange(self, command: bytes) -> bytes:
        return self._current.exchange(command)

    def reset(self) -> bytes:
        self._left -= 1
        if self._left == 0:
            self._current = self._other
        return self._current.reset()


@pytest.mark.parametrize("reset", [1, 2], ids=["for the reading", "for the keys"])
@pytest.mark.parametrize("days", [0, 1])
def test_another_genuine_card_of_the_same_holder_slipped_in_for_the_check_does_not_count(
    reset: int, days: int
) -> None:
    other = make_card(an_order(index=1_000), signed=SIGNED - timedelta(days=days)).card
    told = Told()
    with pytest.raises(NotAsOrderedError, match="another"):
        station(told).make(SlippedIn(blank_card(), other, at=reset), ORDER)
    assert told.cards == []


def test_a_card_that_takes_its_time_is_given_up() -> None:
    clock, told = [0.0], Told()

    def slow(_: int, __: bytes, answer: bytes) -> bytes:
        clock[0] += 1.0
        return answer

    link = TimeBudgetLink(Meddler(blank_card(), slow), 10.0, lambda: clock[0])
    with pytest.raises(TimeBudgetError):
        station(told).make(link, ORDER)
    assert (told.cards, clock[0] <= 11.0) == ([], True)
