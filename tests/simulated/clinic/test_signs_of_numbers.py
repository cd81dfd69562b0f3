"""Wrong numbers typed in a burst, at a desk and through the service; and what is no sign."""

import json
import re
import secrets
from pathlib import Path
from typing import Any, Final

import pytest
from websockets.sync.client import connect

from cardservice.domain.signs import BURST
from cardservice.domain.verdict import Outcome
from cardservice.verify.examination import Problem
from cardservice.web.desk.typed import TypedNumber
from simulators.card import SoftwareCard
from simulators.card.ports import Interface
from simulators.card.tampering import clone_without_chip_key, copy_of
from tests.chain import issued_card, link_to
from tests.simulated.clinic.desks import READER, DeskAt, Place
from tests.simulated.clinic.door import PATIENCE_S, until
from tests.simulated.clinic.test_signs_by_relay import SESSIONS, answers, post, relayed
from tests.simulated.clinic.town import API, Town
from tests.unit.web_clinics.service_world import OGRNS

PRINTED: Final = issued_card().made.secrets.can


def wrong_number() -> str:
    """Return six digits that are not the card's."""
    return f"{(int(PRINTED) + 1 + secrets.randbelow(999_998)) % 1_000_000:06d}"


def card_that_asks() -> SoftwareCard:
    """Return a card that opens to nobody here without the number printed on it."""
    return copy_of(issued_card().card, interface=Interface.CONTACTLESS)


def seen(desk: DeskAt) -> Problem | None:
    """Wait until the card on the reader was looked at; return what kept it shut."""
    until(desk._judged)
    (shown,) = desk.hub.state.readers
    assert shown.examination is not None
    return shown.examination.problem


def type_at(desk: DeskAt, *numbers: str) -> Problem | None:
    """Lay a card on the reader, type the numbers, take it away; return how the last one went."""
    before = desk.waiting
    desk.reader.insert(card_that_asks())
    try:
        last = seen(desk)
        assert last is Problem.ACCESS_REFUSED
        for can in numbers:
            (shown,) = desk.hub.state.readers
            desk.hub.hand_over(TypedNumber(reader=READER, presentation=shown.presentation, can=can))
            last = seen(desk)
    finally:
        desk.reader.remove()
    until(lambda: desk.waiting == before + 1)
    return last


def wrong_numbers(count: int) -> list[str]:
    return [wrong_number() for _ in range(count)]


def read_with(desk: DeskAt, card: SoftwareCard, can: str) -> dict[str, Any]:
    """Let the service read a card with a number; return the verdict."""
    link, told = link_to(card), post(desk, SESSIONS, {"can": can})
    place = f"{SESSIONS}/{told['session']}/answers"
    while "verdict" not in told:
        told = post(desk, place, answers(told, link))
    return dict(told["verdict"])


def streamed(desk: DeskAt, card: SoftwareCard) -> str:
    """Let the service read a card over a socket; return the verdict's message."""
    address = f"{desk.at_work.enrolment.service}{API}{SESSIONS}/stream".replace("http", "ws", 1)
    bearer = {"Authorization": f"Bearer {desk.token()}"}
    link = link_to(card)
    with connect(address, additional_headers=bearer, open_timeout=PATIENCE_S) as socket:
        socket.send("{}")
        while "verdict" not in (told := json.loads(socket.recv(PATIENCE_S))):
            socket.send(json.dumps(answers(told, link)))
    return str(told["verdict"]["outcome"])


def test_a_burst_of_wrong_numbers_at_a_desk_is_seen_by_the_security_officer(
    town: Town, desk: DeskAt
) -> None:
    assert type_at(desk, *wrong_numbers(BURST)) is Problem.CAN_WRONG
    desk.report()
    (sign,) = town.signs()
    assert (sign["kind"], sign["card_number"]) == ("wrong-numbers", None)


def test_wrong_numbers_add_up_over_cards_that_come_and_go(town: Town, desk: DeskAt) -> None:
    type_at(desk, *wrong_numbers(BURST - 1))
    desk.report()
    assert town.signs() == []
    town.clock.go(minutes=2)
    type_at(desk, wrong_number())
    desk.report()
    assert [one["kind"] for one in town.signs()] == ["wrong-numbers"]


def test_a_number_mistyped_now_and_then_is_no_sign(town: Town, desk: DeskAt) -> None:
    for _ in range(2):
        type_at(desk, *wrong_numbers(BURST - 1))
        desk.report()
        town.clock.go(minutes=11)
    assert town.signs() == []


def test_what_a_desk_tells_of_a_burst_has_none_of_the_numbers(
    town: Town, desk: DeskAt, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = wrong_numbers(BURST)
    type_at(desk, *numbers)
    desk.report()
    (sign,) = town.signs()
    assert "wrong-numbers" in caplog.text
    told = re.findall(r"(?<![\w.])[0-9]{6}(?!\w)", f"{sign} {caplog.text}")
    assert set(told).isdisjoint(numbers)


def test_a_burst_of_wrong_numbers_through_the_service_is_seen(town: Town, desk: DeskAt) -> None:
    for count in range(BURST):
        assert town.signs() == [], count
        read_with(desk, card_that_asks(), wrong_number())
    (sign,) = town.signs()
    assert (sign["kind"], sign["card_number"]) == ("wrong-numbers", None)


def test_wrong_numbers_at_a_desk_and_through_the_service_are_one_burst(
    town: Town, desk: DeskAt
) -> None:
    type_at(desk, *wrong_numbers(BURST - 1))
    desk.report()
    read_with(desk, card_that_asks(), wrong_number())
    assert [one["kind"] for one in town.signs()] == ["wrong-numbers"]


def test_a_cloned_card_that_was_read_over_a_socket_is_seen_once(town: Town, desk: DeskAt) -> None:
    card = town.good_card()
    assert streamed(desk, clone_without_chip_key(card.software)) == Outcome.INVALID
    (sign,) = town.signs()
    assert (sign["kind"], sign["occurrences"]) == ("chip-copied", 1)
    assert sign["card_number"] == f"{card.number:012x}"


def test_a_last_step_that_is_sent_again_is_refused_and_is_no_second_time(
    town: Town, desk: DeskAt
) -> None:
    link = link_to(clone_without_chip_key(town.good_card().software))
    told = post(desk, SESSIONS, {})
    place = f"{SESSIONS}/{told['session']}/answers"
    sent: dict[str, Any] = {}
    while "verdict" not in told:
        sent = answers(told, link)
        told = post(desk, place, sent)
    (first,) = town.signs()
    with pytest.raises(AssertionError, match="session-unknown"):
        post(desk, place, sent)
    assert town.signs() == [first]


def test_a_card_at_a_desk_and_minutes_later_through_the_service_elsewhere_is_seen(
    town: Town, desk: DeskAt, tmp_path: Path
) -> None:
    card = town.good_card()
    other = Place(town, tmp_path / "other", name="Окно 7")
    other.enrol(town.code(town.clinic(OGRNS[1]), "Окно 7"))
    with other.at_work() as far:
        far.refresh()
        assert desk.tap(card.software).outcome is Outcome.VALID
        desk.report()
        town.clock.go(minutes=3)
        assert relayed(far, card.software)["outcome"] == "valid"
    (sign,) = town.signs()
    assert (sign["kind"], sign["card_number"]) == ("far-apart", f"{card.number:012x}")


def test_one_card_read_at_a_desk_and_by_the_service_for_it_is_no_sign(
    town: Town, desk: DeskAt
) -> None:
    card = town.good_card()
    assert desk.tap(card.software).outcome is Outcome.VALID
    desk.report()
    assert relayed(desk, card.software)["outcome"] == "valid"
    assert town.signs() == []
