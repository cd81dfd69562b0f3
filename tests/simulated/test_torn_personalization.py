"""The power goes at any write of a personalization: made or blank or spoiled, never half a card."""

from random import Random

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.errors import CardRemovedError, Refusal
from cardservice.personalization.making import SpoiledCardError
from cardservice.personalization.station import PROVED_BY_ITSELF, Station
from cardservice.verify.examination import Examination
from simulators.card import SoftwareCard, blank_card, image
from simulators.card.files import EF_CHIP_SECURITY
from simulators.card.tampering import copy_of
from tests.chain import TrustingRegister, an_order, desk, link_to, station
from tests.unit.personalization.stations import Told
from tests.unit.verify.readings import check_of

ORDER = an_order()


def writes_of_a_personalization() -> int:
    card = blank_card()
    before = card.memory.writes
    station(Told()).make(link_to(card), ORDER)
    return card.memory.writes - before


def torn(ours: Station, *, at: int) -> SoftwareCard:
    """Return a blank card whose power went at that write while ``ours`` made it."""
    card = blank_card()
    card.memory.cut_power_at(card.memory.writes + at)
    with pytest.raises(CardRemovedError):
        ours.make(link_to(card), ORDER)
    card.power_up()
    return card


def state_of(card: SoftwareCard) -> int:
    octets = card.memory.get(image.LIFE_CYCLE)
    assert octets is not None
    return octets[0]


def outcome_of(examination: Examination) -> Outcome:
    assert examination.verdict is not None
    return examination.verdict.outcome


def at_a_trusting_clinic(card: SoftwareCard) -> Examination:
    """Read the card where the register calls every card good."""
    return desk(TrustingRegister()).examine(link_to(card))


@pytest.fixture(scope="module")
def moments() -> range:
    """Return every write at which the power can go."""
    return range(1, writes_of_a_personalization() + 1)


def test_a_personalization_writes_often_enough_to_be_torn(moments: range) -> None:
    assert len(moments) > 40


def test_a_torn_card_is_never_valid_before_it_is_whole(moments: range) -> None:
    for at in moments:
        told = Told()
        card = torn(station(told), at=at)
        assert told.cards == []
        examination = at_a_trusting_clinic(card)
        if state_of(card) == LifeCycle.BLANK:
            assert outcome_of(examination) is Outcome.INVALID, at
            reason = check_of(examination, CheckName.CARD_NOT_BLOCKED).reason
            assert reason is Reason.CARD_NOT_PERSONALIZED, at
        else:
            for name in PROVED_BY_ITSELF:
                assert check_of(examination, name).outcome is Outcome.VALID, at
            assert examination.holder == ORDER.holder


def test_a_torn_card_put_back_into_its_station_is_made(moments: range) -> None:
    for at in moments:
        told = Told()
        ours = station(told)
        card = torn(ours, at=at)
        made = ours.make(link_to(card), ORDER)
        assert told.cards == [made], at
        assert outcome_of(at_a_trusting_clinic(card)) is Outcome.VALID, at
        assert (card.memory.get(image.PIN) or b"").rstrip(b"\xff") == made.secrets.pin.encode()


def what_comes_of(card: SoftwareCard, told: Told) -> str:
    """Return what another station makes of the card: "made", "spoiled" or the refusal's code."""
    try:
        station(told).make(link_to(card), ORDER)
    except SpoiledCardError:
        return "spoiled"
    except Refusal as refused:
        return refused.code
    return "made"


def test_a_torn_card_put_into_another_station_is_made_or_spoiled_and_never_half(
    moments: range,
) -> None:
    seen = set()
    for at in moments:
        card, told = torn(station(Told()), at=at), Told()
        before = state_of(card), card.memory.get(EF_CHIP_SECURITY.cell) is not None
        expected = {
            (LifeCycle.BLANK, False): ("made", LifeCycle.PERSONALIZED),
            (LifeCycle.BLANK, True): ("spoiled", LifeCycle.TERMINATED),
            (LifeCycle.PERSONALIZED, True): ("card-not-blank", LifeCycle.PERSONALIZED),
        }[LifeCycle(before[0]), before[1]]
        assert (what_comes_of(card, told), state_of(card)) == expected, at
        assert len(told.cards) == (expected[0] == "made"), at
        is_valid = outcome_of(at_a_trusting_clinic(card)) is Outcome.VALID
        assert is_valid is (expected[1] is LifeCycle.PERSONALIZED), at
        seen.add(expected[0])
    assert seen == {"made", "spoiled", "card-not-blank"}


def test_a_card_that_is_torn_again_and_again_is_made_in_the_end(moments: range) -> None:
    for seed in range(12):
        random = Random(seed)  # noqa: S311 - when the power goes, no secret
        told = Told()
        ours = station(told)
        card = torn(ours, at=random.choice(moments))
        for _ in range(3):
            card.memory.cut_power_at(card.memory.writes + random.randint(1, 20))
            try:
                ours.make(link_to(card), ORDER)
            except CardRemovedError:
                card.power_up()
        card.memory.cut_power_at(0)
        if not told.cards:
            ours.make(link_to(card), ORDER)
        assert len(told.cards) == 1, seed
        assert outcome_of(at_a_trusting_clinic(card)) is Outcome.VALID, seed


def half_made(moments: range) -> SoftwareCard:
    """Return a card that has its data and is still blank."""
    cards = (torn(station(Told()), at=at) for at in reversed(moments))
    return next(card for card in cards if state_of(card) == LifeCycle.BLANK)


def test_a_card_that_is_torn_while_it_is_terminated_is_blank_or_terminated(
    moments: range,
) -> None:
    half = half_made(moments)
    assert half.memory.get(EF_CHIP_SECURITY.cell) is not None
    seen = set()
    for at in moments:
        card = copy_of(half)
        card.memory.cut_power_at(card.memory.writes + at)
        with pytest.raises((CardRemovedError, SpoiledCardError)) as error:
            station(Told()).make(link_to(card), ORDER)
        card.power_up()
        assert outcome_of(at_a_trusting_clinic(card)) is Outcome.INVALID, at
        seen.add(state_of(card))
        if error.type is SpoiledCardError:
            break
    assert seen == {LifeCycle.BLANK, LifeCycle.TERMINATED}
