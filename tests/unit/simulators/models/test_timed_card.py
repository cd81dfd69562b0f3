"""A timed card: what it takes, on whose account, and that it is the card it was."""

from dataclasses import replace

import pytest

from simulators.card import CardMuteError, Operation, SoftwareCard, answer_to_reset, image
from simulators.card.tampering import copy_of
from simulators.models import Quantity, Split, Times, VirtualClock, chip, line
from simulators.models.timed_card import Tally, TimedCard
from simulators.reader import Card
from tests.unit.simulators.card.hosts import (
    FOMS_ROOT,
    OK,
    PaceHost,
    chip_authenticate,
    pace_mse,
    select_aid,
    send,
)
from tests.unit.simulators.card.issuing import CHIP_POINT, personalized
from tests.unit.simulators.models.presenting import NS_A_MS, Presented, times_of


def test_a_command_takes_what_chip_line_and_reader_say() -> None:
    shown = Presented(personalized())
    select_aid(shown, FOMS_ROOT)
    (command,) = shown.commands
    times = times_of()
    assert (command.header, command.sent, command.received) == (b"\x00\xa4\x04\x0c", 14, 2)
    assert command.time == Split(
        chip_ns=times.chip.cost_ns(Operation.SELECT),
        line_ns=times.line.exchange_ns(14, 2),
        reader_ns=times.reader.command_ns,
    )
    assert shown.clock.spent == command.time


def test_the_same_commands_take_the_same_time_every_time() -> None:
    def run() -> Split:
        shown = Presented(personalized())
        PaceHost(shown).run()
        return shown.clock.spent

    assert run() == run()


def test_operations_are_paid_for_at_the_chips_own_prices() -> None:
    card = personalized()
    spent = {}
    for name in ("fastest", "median", "slowest"):
        shown = Presented(card, times_of(chip_name=name))
        chip_authenticate(shown, CHIP_POINT)
        spent[name] = shown.clock.spent.chip_ns
    assert spent == {name: ms * NS_A_MS for name, ms in zip(spent, (7, 104, 187), strict=True)}


def test_a_long_protected_answer_can_cost_as_much_as_the_short_ones_it_replaces() -> None:
    times = times_of("contact-250k")
    dear = replace(times, chip=replace(times.chip, symmetric_octets=Quantity(261, "a test")))
    shown = Presented(personalized(), dear)
    host = chip_authenticate(shown, CHIP_POINT).host
    host.send("00A4040C", FOMS_ROOT)
    host.send("00B09D00", le=b"\x00\x00", extended=True)
    reading = shown.commands[-1]
    assert reading.received > 2 * 261
    pieces = -(-reading.received // 261)
    assert reading.time.chip_ns == pieces * times_of().chip.cost_ns(Operation.SYMMETRIC)


def test_how_far_one_symmetric_operation_reaches_is_the_models_to_say() -> None:
    reaching = replace(chip("median"), symmetric_octets=Quantity(100, "a test"))
    assert [reaching.pieces(octets) for octets in (0, 1, 100, 101, 201)] == [1, 1, 1, 2, 3]


def test_waking_takes_the_lines_time_at_power_up_and_at_reset() -> None:
    shown = Presented(personalized())
    assert shown.clock.spent == Split()
    shown.card.power_up()
    once = shown.clock.spent
    shown.card.reset()
    assert once == Split(line_ns=20 * NS_A_MS)
    assert shown.clock.spent == Split(line_ns=40 * NS_A_MS)


def test_the_wait_after_wrong_cans_passes_on_the_virtual_clock_alone() -> None:
    card = copy_of(personalized(), changes={image.PACE_FAILURES: b"\x08"})
    shown = Presented(card)
    send(shown, pace_mse())
    assert PaceHost(shown).step("10", "", b"")[1] == OK
    seconds = shown.commands[-1].time.chip_ns // 1_000_000_000
    assert seconds == 8


def test_a_line_shows_its_own_answer_to_reset_and_interface() -> None:
    card = personalized()
    shown = {
        name: Presented(card, times_of(name)).card.power_up()
        for name in ("contact-field", "contact-129k", "contact-250k", "contactless-848k")
    }
    assert list(shown.values()) == [
        answer_to_reset.FIRST_GENERATION,
        answer_to_reset.FAST_155_KBIT,
        answer_to_reset.FAST_300_KBIT,
        answer_to_reset.CONTACTLESS,
    ]
    in_range = Presented(card, times_of("contactless-848k"))
    select_aid(in_range, FOMS_ROOT)
    assert send(in_range, "00B0910000")[1] == 0x6982


def test_the_card_that_was_copied_stays_as_it_was() -> None:
    card = personalized()
    cells, writes = card.memory.cells(), card.memory.writes
    shown = Presented(card, times_of("contact-250k"))
    PaceHost(shown).run()
    assert (card.memory.cells(), card.memory.writes) == (cells, writes)


def test_a_timed_card_has_the_members_of_every_card() -> None:
    card: Card = Presented(personalized()).card
    assert card.atr == card.power_up() == card.reset()
    card.power_down()
    with pytest.raises(CardMuteError):
        card.execute(bytes.fromhex("00CADF0100"))


def test_a_command_without_an_answer_took_its_time_all_the_same() -> None:
    shown = Presented(personalized())
    shown.card.power_down()
    with pytest.raises(CardMuteError):
        shown.execute(bytes.fromhex("00CADF0100"))
    assert shown.commands[-1].received == 0
    assert shown.clock.spent.line_ns > 0


def test_without_an_observer_time_passes_all_the_same() -> None:
    plain: SoftwareCard = personalized()
    clock = VirtualClock()
    times: Times = replace(times_of(), line=line("contact-129k"))
    card = TimedCard(plain, Tally(plain.memory), times=times, clock=clock)
    card.execute(bytes.fromhex("00CADF0100"))
    assert clock.spent.reader_ns == 2 * NS_A_MS
