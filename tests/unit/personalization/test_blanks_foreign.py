"""Blanks that nobody handed to this station: nothing is written to them."""

import secrets

import pytest

from cardservice.personalization.blanks import StationStock
from cardservice.personalization.journal import (
    Intent,
)
from cardservice.personalization.journal_calls import LaneShare, RemoteJournal
from cardservice.personalization.journal_turn import take_turn
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.recovery_rules import Action, Found
from cardservice.personalization.station import Station
from simulators.card import blank_card, image
from tests.chain import SIGNED, StandingClock, an_order, desk, issuer, link_to
from tests.unit.personalization.blanks_bench import Bench, a_card, chip, code_of
from tests.unit.personalization.stations import Told

INTENT = Intent(order="a", lane=1, number=1)


@pytest.mark.parametrize("found", [Found.BLANK_TRANSPORT, Found.BLANK_ISSUER])
def test_a_foreign_blank_is_refused_before_anything_is_noted(found: Found) -> None:
    bench = Bench().receive(1, 5)
    with take_turn(bench.journal, INTENT, only_once=True) as turn:
        before = len(list(bench.memory.entries()))
        assert code_of(lambda: turn.meet(chip(6), found)) == "blank-foreign"
        assert turn.in_hand == {"a"}
        assert len(list(bench.memory.entries())) == before
        assert turn.meet(chip(5), found) is Action.MAKE


def test_a_blank_that_was_given_back_is_foreign() -> None:
    bench = Bench().receive(1, 5).give_back(2, 2)
    with take_turn(bench.journal, INTENT, only_once=True) as turn:
        assert code_of(lambda: turn.meet(chip(2), Found.BLANK_TRANSPORT)) == "blank-foreign"


def test_a_card_that_the_journal_knows_is_not_foreign() -> None:
    bench = Bench().note(*a_card(9)[:1]).receive(1, 5)
    with take_turn(bench.journal, INTENT, only_once=True) as turn:
        assert turn.meet(chip(9), Found.BLANK_TRANSPORT) is Action.MAKE


def test_a_used_card_of_others_is_called_used_rather_than_foreign() -> None:
    bench = Bench().receive(1, 5)
    with take_turn(bench.journal, INTENT, only_once=True) as turn:
        assert turn.meet(chip(9), Found.PERSONALIZED) is Action.REFUSE_USED


def test_where_no_range_was_received_no_blank_is_foreign() -> None:
    bench = Bench()
    with take_turn(bench.journal, INTENT, only_once=True) as turn:
        assert turn.meet(chip(6), Found.BLANK_TRANSPORT) is Action.MAKE
    life = bench.journal.life_of(chip(6))
    assert life is not None
    assert life.standing is Standing.SEEN


def test_a_lane_elsewhere_is_told_the_same() -> None:
    bench = Bench().receive(1, 5)
    remote = RemoteJournal(LaneShare(bench.journal).answer)
    assert (remote.is_foreign(chip(5)), remote.is_foreign(chip(6))) == (False, True)


def test_a_foreign_blank_is_as_it_was_and_the_order_goes_onto_one_of_ours() -> None:
    bench, foreign, ours = Bench().receive(1, 5), blank_card(chip(6)), blank_card(chip(5))
    station = Station(
        issuer().keys,
        examiner=desk(None, now=SIGNED),
        issued=Told(),
        entropy=secrets.token_bytes,
        clock=StandingClock(),
        journal=bench.journal,
    )
    cells = (image.KEY_SET, image.LIFE_CYCLE, image.CHIP_KEY)
    before = [foreign.memory.get(cell) for cell in cells]
    assert code_of(lambda: station.make(link_to(foreign), an_order(), order_id="a")) == (
        "blank-foreign"
    )
    assert [foreign.memory.get(cell) for cell in cells] == before
    made = station.make(link_to(ours), an_order(), order_id="a")
    assert made.chip_serial == chip(5)
    assert bench.stock == StationStock(received=5, in_tray=4, made=1)
