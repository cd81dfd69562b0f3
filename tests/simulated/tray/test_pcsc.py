"""A tray's readers as programs meet them: through PC/SC."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from cardservice.errors import LinkError
from cardservice.transport.pcsc.entry import list_readers
from cardservice.transport.pcsc.link import PcscLink
from cardservice.transport.pcsc.scard import load
from simulators.card import Interface
from simulators.faults import FaultPlan
from simulators.reader import namespace
from simulators.reader.daemon import PrivatePcscd
from simulators.tray import EventKind, PlainPlastic, Tray, TrayError
from tests.pcsc_stack import OK, EchoCard, breakage, wait_until_present
from tests.unit.simulators.card.hosts import chip_authenticate
from tests.unit.simulators.card.issuing import CHIP_POINT
from tests.unit.tray.making import (
    COMMAND,
    PATIENCE_S,
    CardAtLink,
    Notes,
    add_echo,
    software_plastic,
    wait_until,
)

pytestmark = pytest.mark.pcsc
VERIFY = "00200001"
WRONG_PIN_BLOCK = b"0000" + b"\xff" * 4
TWO_TRIES_LEFT = 0x63C2


def pcsc_readers(tray: Tray) -> list[str]:
    return [name for name, one in tray.readers.items() if one.over_pcsc]


@contextmanager
def linked(reader: str) -> Iterator[PcscLink]:
    wait_until_present(reader, present=True)
    link = PcscLink(load(), reader)
    try:
        yield link
    finally:
        link.close()


def test_the_same_card_answers_in_this_process_and_over_pcsc(tray: Tray) -> None:
    first, second, *_ = pcsc_readers(tray)
    assert set(pcsc_readers(tray)) == set(list_readers())
    tray.add_card("policy", software_plastic())
    tray.insert("policy", "here")
    here = chip_authenticate(CardAtLink(tray.connect("here")), CHIP_POINT).host
    assert here.send(VERIFY, WRONG_PIN_BLOCK)[1] == TWO_TRIES_LEFT
    with pytest.raises(TrayError, match="is in 'here'"):
        tray.insert("policy", first)
    tray.remove("here")
    tray.insert("policy", first)
    with linked(first) as link:
        there = chip_authenticate(CardAtLink(link), CHIP_POINT).host
        assert there.send(VERIFY)[1] == TWO_TRIES_LEFT
    assert tray.remove(first) == "policy"
    wait_until_present(first, present=False)
    assert tray.readers[second].card is None


def test_four_cards_converse_at_once(tray: Tray) -> None:
    def converse(number: int, reader: str) -> bytes:
        tray.insert(f"card {number}", reader)
        with linked(reader) as link:
            chip = chip_authenticate(CardAtLink(link), CHIP_POINT, scalar=number + 1)
            return chip.host.send("00CADF01", le=b"\x00")[0]

    readers = pcsc_readers(tray)
    for number in range(len(readers)):
        tray.add_card(f"card {number}", software_plastic())
    with ThreadPoolExecutor(len(readers)) as pool:
        assert list(pool.map(converse, range(len(readers)), readers)) == [b"\x0f"] * len(readers)


def test_a_swap_is_seen_as_a_removal_and_an_insertion(tray: Tray) -> None:
    reader, *_ = pcsc_readers(tray)
    old = add_echo(tray, "old")
    new = add_echo(tray, "new")
    tray.insert("old", reader)
    with linked(reader) as link:
        link.exchange(COMMAND)
        tray.swap("new", reader)
        with pytest.raises(LinkError):
            link.exchange(COMMAND)
    wait_until_present(reader, present=False)
    with linked(reader) as link:
        link.exchange(COMMAND)
    assert (old.commands, new.commands) == ([COMMAND], [COMMAND])


@pytest.mark.parametrize("during", [False, True])
def test_the_card_is_pulled_with_exactly_that_command(tray: Tray, *, during: bool) -> None:
    reader, *_ = pcsc_readers(tray)
    notes = Notes(tray)
    card = add_echo(tray, "card")
    tray.pull_after(reader, commands=2, during=during)
    tray.insert("card", reader)
    with linked(reader) as link:
        assert link.exchange(COMMAND) == COMMAND + OK
        if not during:
            assert link.exchange(COMMAND) == COMMAND + OK
        with pytest.raises(LinkError):
            link.exchange(COMMAND)
    wait_until_present(reader, present=False)
    assert len(card.commands) == 2
    wait_until(lambda: tray.cards["card"].reader is None)  # told after the reader knows it
    wait_until(lambda: notes.told[-1][0] is EventKind.REMOVED)
    how = "pulled during a command" if during else "pulled after a command"
    assert notes.told[-1] == (EventKind.REMOVED, reader, "card", how)


def test_a_tapped_card_is_seen_and_leaves_by_itself(tray: Tray) -> None:
    reader, *_ = pcsc_readers(tray)
    add_echo(tray, "card")
    tray.tap("card", reader, hold_s=0.8)
    wait_until_present(reader, present=True)
    wait_until_present(reader, present=False)
    assert tray.readers[reader].card is None


def test_a_broken_card_is_out_and_may_come_again(tray: Tray) -> None:
    reader, *_ = pcsc_readers(tray)
    card = add_echo(tray, "broken", breakage)
    tray.insert("broken", reader)
    with linked(reader) as link, pytest.raises(LinkError):
        link.exchange(COMMAND)
    wait_until(lambda: tray.readers[reader].card is None)
    card.reaction = lambda command: command + OK
    tray.insert("broken", reader)
    wait_until_present(reader, present=False)
    with linked(reader) as link:
        assert link.exchange(COMMAND) == COMMAND + OK


def test_a_card_that_may_pull_itself_out_over_pcsc_too(tray: Tray) -> None:
    reader, *_ = pcsc_readers(tray)

    def leave(command: bytes) -> bytes:
        tray.remove(reader)
        return command + OK

    add_echo(tray, "leaver", leave)
    tray.insert("leaver", reader)
    with linked(reader) as link, pytest.raises(LinkError):
        link.exchange(COMMAND)
    wait_until(lambda: tray.readers[reader].card is None)  # The terminal may see it first.


def test_a_mute_card_looks_gone_to_pcsc_and_is_back_by_itself(tray: Tray) -> None:
    reader, *_ = pcsc_readers(tray)
    mute = {"what": "mute", "when": {"nth": 1}}
    tray.set_faults(reader, FaultPlan.from_mapping({"faults": [mute]}))
    add_echo(tray, "card")
    tray.insert("card", reader)
    with linked(reader) as link, pytest.raises(LinkError):
        link.exchange(COMMAND)
    assert tray.readers[reader].card == "card"
    wait_until_present(reader, present=False)
    with linked(reader) as link:
        assert link.exchange(COMMAND) == COMMAND + OK


def test_a_lost_insertion_shows_no_card_until_it_is_inserted_again(tray: Tray) -> None:
    lossy, sound, *_ = pcsc_readers(tray)
    card = add_echo(tray, "card")
    add_echo(tray, "other")
    tray.lose_insertions(lossy)
    tray.insert("card", lossy)
    tray.insert("other", sound)
    wait_until_present(sound, present=True)
    wait_until_present(lossy, present=False)
    assert (tray.readers[lossy].card, card.history) == ("card", [])
    tray.swap("card", lossy)
    with linked(lossy) as link:
        assert link.exchange(COMMAND) == COMMAND + OK


@pytest.mark.parametrize("crash", [False, True])
def test_cards_are_back_after_pcscd_was_ended_and_started(tray: Tray, *, crash: bool) -> None:
    reader, *_ = pcsc_readers(tray)
    card = add_echo(tray, "card")
    tray.insert("card", reader)
    wait_until_present(reader, present=True)
    before = tray.pcscd_pid
    tray.restart_pcscd(crash=crash)
    assert tray.pcscd_pid not in (None, before)
    with linked(reader) as link:
        assert link.exchange(COMMAND) == COMMAND + OK
    assert tray.readers[reader].card == "card"
    assert "power down" in card.history


def test_a_pcscd_that_somebody_killed_can_be_started_again(tray: Tray) -> None:
    reader, *_ = pcsc_readers(tray)
    add_echo(tray, "card")
    tray.insert("card", reader)
    wait_until_present(reader, present=True)
    assert tray.pcscd_pid is not None
    os.kill(tray.pcscd_pid, signal.SIGKILL)
    wait_until(lambda: tray.pcscd_pid is None)
    assert tray.readers[reader].card == "card"
    tray.restart_pcscd()
    with linked(reader) as link:
        assert link.exchange(COMMAND) == COMMAND + OK


def test_a_reader_disappears_with_its_neighbour_and_comes_back(tray: Tray) -> None:
    first, neighbour, third, fourth = pcsc_readers(tray)
    notes = Notes(tray)
    add_echo(tray, "gone")
    add_echo(tray, "stays")
    tray.insert("gone", first)
    tray.insert("stays", third)
    tray.take_reader_away(first)
    assert list_readers() == (third, fourth)
    assert pcsc_readers(tray) == [third, fourth]
    assert tray.cards["gone"].reader is None
    with pytest.raises(TrayError, match="has disappeared"):
        tray.insert("gone", neighbour)
    with linked(third) as link:
        assert link.exchange(COMMAND) == COMMAND + OK
    tray.restore_reader(neighbour)
    assert set(list_readers()) == {first, neighbour, third, fourth}
    tray.insert("gone", first)
    with linked(first) as link:
        assert link.exchange(COMMAND) == COMMAND + OK
    assert notes.kinds.count(EventKind.READER_GONE) == 2


def test_a_fault_lets_a_pcsc_reader_disappear_for_a_while(tray: Tray) -> None:
    first, neighbour, *_ = pcsc_readers(tray)
    gone = {"what": "reader-gone", "back_after_ms": 200, "when": {"nth": 1}}
    tray.set_faults(first, FaultPlan.from_mapping({"faults": [gone]}))
    add_echo(tray, "card")
    tray.insert("card", first)
    notes = Notes(tray)
    with linked(first) as link, pytest.raises(LinkError):
        link.exchange(COMMAND)
    wait_until(lambda: notes.kinds.count(EventKind.READER_GONE) == 2)
    wait_until(lambda: {first, neighbour} <= set(tray.readers))
    assert {first, neighbour} <= set(list_readers())
    assert tray.cards["card"].reader is None


@pytest.mark.usefixtures("pcsc_namespace")
def test_a_tray_starts_one_pcscd_and_leaves_nothing_behind() -> None:
    with Tray() as tray:
        assert len(tray.add_pcsc_readers(3, interface=Interface.CONTACTLESS)) == 3
        with pytest.raises(TrayError, match="has its PC/SC readers"):
            tray.add_pcsc_readers(1)
        pid = tray.pcscd_pid
        add_echo(tray, "card")
        tray.insert("card", pcsc_readers(tray)[2])
    assert not Path(f"/proc/{pid}").exists()
    assert not list(namespace.RUN_FOLDER.glob("cardsim-*"))
    assert not [one for one in threading.enumerate() if one.name.startswith(("tray", "card in"))]


@pytest.mark.usefixtures("pcsc_namespace")
def test_pcscd_outlives_the_thread_that_asked_for_it() -> None:
    with Tray() as tray:
        asker = threading.Thread(target=tray.add_pcsc_readers, args=(2,))
        asker.start()
        asker.join(PATIENCE_S)
        add_echo(tray, "card")
        reader, *_ = pcsc_readers(tray)
        tray.insert("card", reader)
        with linked(reader) as link:
            assert link.exchange(COMMAND) == COMMAND + OK


@pytest.mark.usefixtures("pcsc_namespace")
def test_a_slot_of_somebody_elses_pcscd_is_a_reader_too() -> None:
    with PrivatePcscd() as pcscd, Tray() as tray:
        slot = pcscd.slots[1]
        tray.attach_pcsc_reader(slot.name, slot.host, slot.port)
        tray.add_card("card", PlainPlastic(EchoCard()))
        tray.insert("card", slot.name)
        with linked(slot.name) as link:
            assert link.exchange(COMMAND) == COMMAND + OK
        address = tray.readers[slot.name].address
        assert address is not None
        assert (address.host, address.port) == (slot.host, slot.port)
