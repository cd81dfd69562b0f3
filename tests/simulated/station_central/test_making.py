"""A station without keys makes cards with those of a central service, over a real socket."""

import logging
import re
from dataclasses import replace

import pytest

from cardservice.domain.verdict import Outcome
from cardservice.errors import AuthenticationError, Refusal, SourceUnavailableError
from cardservice.personalization.order import prepare
from cardservice.policycard.photo import Photo, PhotoFormat
from simulators.card import blank_card, image
from tests.chain import PHOTO, TrustingRegister, an_order, desk, link_to
from tests.simulated.station_central.centrals import Centre, attempt, memory_journal
from tests.simulated.test_station_crash_world import cell


def test_a_card_is_made_that_is_good_at_a_clinic_and_noted_as_made(centre: Centre) -> None:
    journal, card, order = memory_journal(), blank_card(), an_order(photo=PHOTO)
    made = centre.station(journal).make(link_to(card), prepare(order), order_id="order-a", lane=3)
    verdict = desk(TrustingRegister()).examine(link_to(card)).verdict
    assert verdict is not None
    assert verdict.outcome is Outcome.VALID
    assert made.order is order
    assert cell(card, image.PIN).rstrip(b"\xff") == made.secrets.pin.encode()
    assert [life.chip for life in journal.unreported()] == [made.chip_serial]
    assert made.commands > 20
    assert made.examination.holder == order.holder
    assert journal._in_hand == set()


def test_the_largest_photo_of_a_card_fits_into_a_message(centre: Centre) -> None:
    photo = Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0" + bytes(22_524))
    made = centre.station(memory_journal()).make(link_to(blank_card()), an_order(photo=photo))
    assert made.order.photo is photo


def test_an_order_without_a_name_is_noted_as_a_station_notes_it(centre: Centre) -> None:
    journal = memory_journal()
    made = centre.station(journal).make(link_to(blank_card()), an_order(index=9))
    life = journal.life_of(made.chip_serial)
    assert life is not None
    assert life.order == f"card-{an_order(index=9).card_number:012x}"


def test_a_refusal_comes_with_its_code_and_leaves_the_card_alone(centre: Centre) -> None:
    journal, card = memory_journal(), blank_card()
    assert attempt(centre, journal, card) == "made"
    journal.reported(cell(card, image.CHIP_SERIAL))
    assert attempt(centre, journal, blank_card()) == "order-made"
    assert attempt(centre, journal, card, order="order-b", index=2) == "card-not-blank"


def test_a_journal_that_refuses_ends_the_making_before_the_step(centre: Centre) -> None:
    journal, card = memory_journal(), blank_card()
    journal.take_in_hand("order-a")
    assert attempt(centre, journal, card) == "in-hand"
    assert cell(card, image.KEY_SET)[:1] == b"\x30"


def test_a_card_with_other_keys_is_told_as_such(centre: Centre) -> None:
    card = blank_card()
    other = blank_card()
    card.memory.put(image.KEY_SET, b"\x30" + bytes(len(cell(other, image.KEY_SET)) - 1))
    with pytest.raises(AuthenticationError):
        centre.station(memory_journal()).make(link_to(card), an_order(), order_id="order-a")


def test_a_station_that_lost_its_journal_makes_no_second_card(centre: Centre) -> None:
    assert attempt(centre, memory_journal(), blank_card()) == "made"
    second = blank_card()
    assert attempt(centre, memory_journal(), second) == "order-made"
    assert attempt(centre, memory_journal(), second, index=5) == "order-made"
    assert attempt(centre, memory_journal(), second, order="order-b") == "card-number-used"
    assert cell(second, image.KEY_SET)[:1] == b"\x30"
    centre.book.release("order-a")


def test_what_is_refused_for_ever_can_be_released(centre: Centre) -> None:
    assert attempt(centre, memory_journal(), blank_card()) == "made"
    assert centre.central is not None
    centre.central.home.book.release("order-a")
    assert attempt(centre, memory_journal(), blank_card()) == "card-number-used"
    assert attempt(centre, memory_journal(), blank_card(), index=2) == "made"


def test_a_wrong_token_opens_nothing(centre: Centre) -> None:
    card = blank_card()
    before = card.memory.writes
    for token in (f"epc_{'A' * 43}", "no-token", centre.token[:-1]):
        station = centre.station(memory_journal(), token=token)
        with pytest.raises(SourceUnavailableError) as error:
            station.make(link_to(card), an_order(), order_id="order-a")
        assert error.value.code == "central-wrong"
    assert card.memory.writes == before


def test_a_central_that_is_not_there_is_unreachable(centre: Centre) -> None:
    station = centre.station(memory_journal(), url="http://127.0.0.1:1")
    with pytest.raises(SourceUnavailableError) as error:
        station.make(link_to(blank_card()), an_order(), order_id="order-a")
    assert error.value.code == "central-unreachable"


def test_neither_side_s_log_holds_a_secret_a_person_or_what_a_card_said(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.NOTSET)
    order, card, said = an_order(photo=PHOTO), blank_card(), set[str]()
    link = link_to(card)
    exchange = link.exchange

    def heard(command: bytes) -> bytes:
        answer = exchange(command)
        said.update({command.hex(), answer.hex()})
        return answer

    link.exchange = heard  # type: ignore[method-assign]
    made = centre.station(memory_journal()).make(link, order, order_id="order-a")
    log = "\n".join(f"{one.getMessage()} {one.exc_text}" for one in caplog.records)
    assert "order order-a: made" in log
    plain = re.sub(r"[^0-9a-z]", "", log.lower())
    for apdu in said:
        assert len(apdu) < 12 or apdu not in plain
    for secret in (made.secrets.pin, made.secrets.puk, made.secrets.can, centre.token):
        assert re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", log) is None
    for personal in (order.holder.enp, order.holder.surname, order.holder.given_name):
        assert personal not in log


def test_an_order_that_the_rules_refuse_is_refused_before_the_card_is_asked(
    centre: Centre,
) -> None:
    holder = replace(an_order().holder, surname="Hidden\u202e")
    card = blank_card()
    with pytest.raises(Refusal):
        centre.station(memory_journal()).make(
            link_to(card), replace(an_order(), holder=holder), order_id="order-a"
        )
    assert centre.ends == []
