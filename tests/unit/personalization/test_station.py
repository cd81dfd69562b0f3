"""The station's rules: which cards it takes, when a card counts as made, what it remembers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.verdict import Check, CheckName, Outcome, Reason
from cardservice.errors import (
    AuthenticationError,
    CardRemovedError,
    CardServiceError,
    LinkError,
    MalformedDataError,
    Refusal,
    StatusError,
    TimeBudgetError,
)
from cardservice.personalization.making import SpoiledCardError, chip_serial_in
from cardservice.personalization.station import NotAsOrderedError, Station
from cardservice.verify.examination import Examination, Problem
from simulators.card import NonVolatileMemory, PowerCut, SoftwareCard, blank_card, image
from simulators.card.field import FieldCard
from simulators.card.foreign import BankCard, MuteCard
from simulators.card.image import KeySet
from simulators.reader import Card
from tests.chain import SIGNED, StandingClock, an_order, desk, link_to, station
from tests.unit.personalization.stations import SayingExaminer, Told, as_ordered
from tests.unit.policycard.golden_records import octets_of


def life_cycle_of(card: SoftwareCard) -> int:
    octets = card.memory.get(image.LIFE_CYCLE)
    assert octets is not None
    return octets[0]


def test_a_blank_card_is_made_proved_and_told_of() -> None:
    told, card = Told(), blank_card(bytes(range(8)))
    made = station(told).make(link_to(card), an_order())
    assert told.cards == [made]
    assert life_cycle_of(card) == LifeCycle.PERSONALIZED
    assert (made.chip_serial, made.signed_at) == (bytes(range(8)), SIGNED)
    assert made.examination.proved
    assert made.examination.holder == an_order().holder


def test_the_secrets_on_the_card_are_those_of_the_letter() -> None:
    card = blank_card()
    secrets = station(Told()).make(link_to(card), an_order()).secrets
    assert (card.memory.get(image.PIN) or b"").rstrip(b"\xff") == secrets.pin.encode()
    assert (card.memory.get(image.PUK) or b"").rstrip(b"\xff") == secrets.puk.encode()
    assert card.memory.get(image.CAN) == secrets.can.encode()


def test_two_cards_have_nothing_in_common_but_the_order() -> None:
    first, second = blank_card(), blank_card()
    ours = station(Told())
    made = [ours.make(link_to(card), an_order()) for card in (first, second)]
    assert made[0].secrets != made[1].secrets
    for cell in (image.CHIP_KEY, image.KEY_SET, image.CHIP_SERIAL):
        assert first.memory.get(cell) != second.memory.get(cell)


def test_the_transport_keys_are_gone_from_a_made_card() -> None:
    card = blank_card()
    before = card.memory.get(image.KEY_SET) or b""
    station(Told()).make(link_to(card), an_order())
    after = card.memory.get(image.KEY_SET) or b""
    assert (before[0], after[0]) == (0x30, 0x31)
    assert KeySet.decode(before).key_enc not in after


def test_the_printed_form_of_a_made_card_shows_neither_secrets_nor_person() -> None:
    made = station(Told()).make(link_to(blank_card()), an_order())
    printed = repr(made)
    for hidden in (made.secrets.pin, made.secrets.puk, made.secrets.can, an_order().holder.enp):
        assert hidden not in printed


# --- cards that are not taken


def refusal_of(card: Card) -> str:
    with pytest.raises(Refusal) as refused:
        station(Told()).make(link_to(card), an_order())
    return refused.value.code


def test_a_used_card_is_not_taken() -> None:
    card = blank_card()
    station(Told()).make(link_to(card), an_order())
    before = card.memory.cells()
    assert refusal_of(card) == "card-not-blank"
    assert card.memory.cells() == before


@pytest.mark.parametrize("state", [LifeCycle.BLOCKED, LifeCycle.TERMINATED])
def test_a_card_out_of_use_is_not_taken(state: LifeCycle) -> None:
    card = blank_card()
    card.memory.put(image.LIFE_CYCLE, bytes((state,)))
    assert refusal_of(card) == "card-not-blank"


def test_cards_of_other_kinds_are_not_taken() -> None:
    assert refusal_of(BankCard()) == "card-foreign"
    in_use = FieldCard(owner=octets_of("owner-plain"), insurers={}, pointer=None)
    assert refusal_of(in_use) == "card-foreign"


def test_a_card_with_keys_of_another_version_is_not_taken() -> None:
    card = blank_card()
    keys = card.memory.get(image.KEY_SET) or b""
    card.memory.put(image.KEY_SET, b"\x42" + keys[1:])
    before = card.memory.cells()
    assert refusal_of(card) == "card-foreign-keys"
    assert card.memory.cells() == before


def test_a_card_with_the_transport_keys_of_another_maker_is_not_taken() -> None:
    card = blank_card(transport_master=bytes(16))
    with pytest.raises(AuthenticationError):
        station(Told()).make(link_to(card), an_order())
    assert life_cycle_of(card) == LifeCycle.BLANK


def test_a_card_with_issuer_keys_of_another_issuer_is_not_taken() -> None:
    card = blank_card()
    keys = card.memory.get(image.KEY_SET) or b""
    card.memory.put(image.KEY_SET, b"\x31" + keys[1:])
    with pytest.raises(AuthenticationError):
        station(Told()).make(link_to(card), an_order())
    assert life_cycle_of(card) == LifeCycle.BLANK


def test_a_mute_card_is_gone() -> None:
    with pytest.raises(CardRemovedError):
        station(Told()).make(link_to(MuteCard()), an_order())


# --- when a card counts as made


FAILING = [
    Check(CheckName.CHIP_GENUINE, Outcome.INVALID, Reason.CHIP_COPIED),
    Check(CheckName.CHIP_GENUINE, Outcome.UNDECIDED, Reason.NO_TRUST_LAYER),
    Check(CheckName.DATA_SIGNED, Outcome.INVALID, Reason.DATA_ALTERED),
    Check(CheckName.SIGNER_TRUSTED, Outcome.UNDECIDED, Reason.REVOCATIONS_STALE),
    Check(CheckName.SIGNER_TRUSTED, Outcome.INVALID, Reason.SIGNER_REVOKED),
]


@pytest.mark.parametrize("check", FAILING, ids=[check.reason.value for check in FAILING])
def test_a_card_that_does_not_prove_itself_does_not_count(check: Check) -> None:
    told = Told()
    with pytest.raises(NotAsOrderedError, match=check.reason):
        station(told, examiner=SayingExaminer(as_ordered(check))).make(
            link_to(blank_card()), an_order()
        )
    assert told.cards == []


@pytest.mark.parametrize(
    "examination",
    [
        replace(as_ordered(), holder=replace(an_order().holder, given_name="ПЁТР")),
        replace(as_ordered(), holder=None),
        replace(as_ordered(), insurance=an_order(insurer="insurer-ended").insurance),
        replace(as_ordered(), insurance=None),
    ],
    ids=["another holder", "no holder", "another insurer", "no insurer"],
)
def test_a_card_that_says_something_else_does_not_count(examination: Examination) -> None:
    told = Told()
    with pytest.raises(NotAsOrderedError, match="something else"):
        station(told, examiner=SayingExaminer(examination)).make(link_to(blank_card()), an_order())
    assert told.cards == []


def test_a_card_that_only_the_register_does_not_know_yet_counts() -> None:
    told = Told()
    station(told, examiner=SayingExaminer(as_ordered())).make(link_to(blank_card()), an_order())
    assert len(told.cards) == 1


@pytest.mark.parametrize("signed_at", [None, SIGNED - timedelta(seconds=1)])
def test_a_card_with_another_security_object_does_not_count(signed_at: datetime | None) -> None:
    verdict = as_ordered().verdict
    assert verdict is not None
    examiner = SayingExaminer(replace(as_ordered(), verdict=replace(verdict, signed_at=signed_at)))
    with pytest.raises(NotAsOrderedError, match="another security object"):
        station(Told(), examiner=examiner).make(link_to(blank_card()), an_order())


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (Problem.CARD_REMOVED, CardRemovedError),
        (Problem.CARD_MUTE, CardRemovedError),
        (Problem.CARD_TOO_SLOW, TimeBudgetError),
        (Problem.READER_FAILED, LinkError),
        (Problem.CARD_UNREADABLE, NotAsOrderedError),
        (Problem.NOT_A_POLICY_CARD, NotAsOrderedError),
        (Problem.ACCESS_REFUSED, NotAsOrderedError),
    ],
)
def test_a_card_that_went_away_while_it_was_checked_is_told_apart_from_a_wrong_one(
    problem: Problem, error: type[CardServiceError]
) -> None:
    told = Told()
    with pytest.raises(error) as raised:
        station(told, examiner=SayingExaminer(Examination(problem=problem))).make(
            link_to(blank_card()), an_order()
        )
    assert type(raised.value) is error
    assert told.cards == []


# --- what a station remembers


def test_a_card_that_could_not_be_recorded_is_recorded_when_it_is_put_back() -> None:
    told, card = Told(broken=True), blank_card()
    ours = station(told)
    with pytest.raises(OSError, match="disk"):
        ours.make(link_to(card), an_order())
    told.broken = False
    made = ours.make(link_to(card), an_order())
    assert told.cards == [made]


class TornAtTheEnd(NonVolatileMemory):
    """Loses power when the card is to be declared personalized, once."""

    torn = False

    @override
    def put(self, name: str, value: bytes) -> None:
        if name == image.LIFE_CYCLE and not self.torn:
            self.torn = True
            raise PowerCut
        super().put(name, value)


def unfinished(ours: Station) -> SoftwareCard:
    """Return a card that ``ours`` gave its data and did not declare personalized."""
    card = blank_card(memory=TornAtTheEnd())
    with pytest.raises(CardRemovedError):
        ours.make(link_to(card), an_order())
    card.power_up()
    return card


def test_a_half_made_card_is_finished_by_the_station_that_began_it() -> None:
    told = Told()
    ours = station(told)
    card = unfinished(ours)
    key = card.memory.get(image.CHIP_KEY)
    made = ours.make(link_to(card), an_order())
    assert told.cards == [made]
    assert life_cycle_of(card) == LifeCycle.PERSONALIZED
    assert card.memory.get(image.CHIP_KEY) == key


def test_a_half_made_card_may_be_finished_for_another_order() -> None:
    told = Told()
    ours = station(told)
    card = unfinished(ours)
    made = ours.make(link_to(card), an_order(index=8))
    assert made.order.list_index == 8
    assert made.examination.proved


def test_a_half_made_card_is_terminated_by_any_other_station() -> None:
    told = Told()
    card = unfinished(station(told))
    with pytest.raises(SpoiledCardError, match="terminated"):
        station(told).make(link_to(card), an_order())
    assert life_cycle_of(card) == LifeCycle.TERMINATED
    assert card.memory.get(image.CHIP_KEY) is None


def test_a_finished_card_of_another_order_is_not_taken_for_this_one() -> None:
    told, card = Told(broken=True), blank_card()
    ours = station(told)
    with pytest.raises(OSError, match="disk"):
        ours.make(link_to(card), an_order())
    with pytest.raises(Refusal) as refused:
        ours.make(link_to(card), an_order(index=8))
    assert refused.value.code == "card-of-another-order"


def test_a_station_that_began_a_card_still_refuses_other_used_cards() -> None:
    told = Told(broken=True)
    ours, used = station(told), blank_card()
    station(Told()).make(link_to(used), an_order())
    with pytest.raises(OSError, match="disk"):
        ours.make(link_to(blank_card()), an_order())
    with pytest.raises(Refusal) as refused:
        ours.make(link_to(used), an_order())
    assert refused.value.code == "card-not-blank"


def test_a_station_that_began_a_card_refuses_used_cards_of_other_issuers() -> None:
    told = Told(broken=True)
    ours, foreign = station(told), blank_card()
    with pytest.raises(OSError, match="disk"):
        ours.make(link_to(blank_card()), an_order())
    station(Told()).make(link_to(foreign), an_order())
    foreign.memory.put(image.KEY_SET, b"\x31" + bytes(48))
    with pytest.raises(Refusal) as refused:
        ours.make(link_to(foreign), an_order())
    assert refused.value.code == "card-not-blank"


class OnceFullDisk:
    """Keeps a card's cells, but fails at the first attempt to keep a chip key."""

    def __init__(self) -> None:
        self.failed = False

    def __call__(self, cells: Mapping[str, bytes]) -> None:
        if image.CHIP_KEY in cells and not self.failed:
            self.failed = True
            raise OSError("no room")


def test_a_card_that_fails_to_make_its_key_is_neither_terminated_nor_lost() -> None:
    disk, told = OnceFullDisk(), Told()
    card = blank_card(memory=NonVolatileMemory(persist=disk))
    ours = station(told)
    with pytest.raises(StatusError) as failed:
        ours.make(link_to(card), an_order())
    assert (failed.value.sw, disk.failed) == (0x6581, True)
    assert life_cycle_of(card) == LifeCycle.BLANK
    ours.make(link_to(card), an_order())
    assert len(told.cards) == 1


@pytest.mark.parametrize("data", [b"FN" + bytes(8), b"FM" + bytes(7), b"FM" + bytes(9), bytes(10)])
def test_diversification_data_of_another_form_name_no_chip_of_ours(data: bytes) -> None:
    assert chip_serial_in(b"FM" + bytes(range(8))) == bytes(range(8))
    with pytest.raises(MalformedDataError, match="no chip of ours"):
        chip_serial_in(data)


def test_a_clock_outside_the_signers_usage_period_makes_no_card() -> None:
    card, told = blank_card(), Told()
    late = StandingClock(SIGNED + timedelta(days=200))
    with pytest.raises(CardServiceError, match="signs from"):
        station(told, examiner=desk(None), clock=late).make(link_to(card), an_order())
    assert (life_cycle_of(card), told.cards) == (LifeCycle.BLANK, [])
