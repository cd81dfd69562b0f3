"""A link over real PC/SC: pcscd, the virtual reader driver, and a card that is a program."""

import threading
from collections.abc import Callable, Iterator

import pytest

from cardservice.errors import CardRemovedError, LinkError, ReaderUnavailableError
from cardservice.transport.pcsc.link import PcscLink
from cardservice.transport.pcsc.scard import load
from simulators.reader.daemon import PrivatePcscd
from tests.pcsc_stack import ATR_T1, OK, EchoCard, breakage, card_in, wait_until_present

pytestmark = pytest.mark.pcsc
READ_BINARY = bytes.fromhex("00b00000e7")
ATR_T0 = bytes.fromhex("3b00")


@pytest.fixture
def card() -> EchoCard:
    return EchoCard()


@pytest.fixture
def link(pcscd: PrivatePcscd, card: EchoCard) -> Iterator[PcscLink]:
    with card_in(pcscd.slots[0], card):
        link = PcscLink(load(), pcscd.slots[0].name)
        yield link
        link.close()


def test_octets_arrive_at_the_card_and_come_back_unchanged(link: PcscLink) -> None:
    every_octet = bytes(range(256))
    command = b"\x00\xd6\x00\x00" + (0).to_bytes(1) + len(every_octet).to_bytes(2) + every_octet
    assert link.exchange(command) == command + OK


def test_a_response_of_32_kibioctets_arrives_whole(link: PcscLink) -> None:
    command = b"\x00\xd6\x00\x00\x00\x80\x00" + bytes(0x8000)
    assert link.exchange(command) == command + OK


def test_the_atr_is_the_card_s(link: PcscLink) -> None:
    assert link.atr == ATR_T1


def test_reset_reaches_the_card(link: PcscLink, card: EchoCard) -> None:
    card.history.clear()
    assert link.reset() == ATR_T1
    assert "reset" in card.history
    assert link.exchange(READ_BINARY) == READ_BINARY + OK


def test_closing_resets_the_card_so_that_no_session_is_left(link: PcscLink, card: EchoCard) -> None:
    card.history.clear()
    link.close()
    assert set(card.history) & {"reset", "power down"}


def test_closing_twice_does_no_harm_and_a_closed_link_says_so(link: PcscLink) -> None:
    link.close()
    link.close()
    actions: list[Callable[[], bytes]] = [lambda: link.exchange(READ_BINARY), link.reset]
    for action in actions:
        with pytest.raises(LinkError, match="closed"):
            action()


def test_a_card_pulled_out_is_a_removed_card(pcscd: PrivatePcscd) -> None:
    with card_in(pcscd.slots[0], EchoCard()) as slot:
        link = PcscLink(load(), pcscd.slots[0].name)
        slot.remove()
        with pytest.raises(CardRemovedError):
            link.exchange(READ_BINARY)
        wait_until_present(pcscd.slots[0].name, present=False)
        with pytest.raises(CardRemovedError):
            link.reset()
        link.close()


def test_a_card_that_breaks_is_a_removed_card(
    pcscd: PrivatePcscd, caplog: pytest.LogCaptureFixture
) -> None:
    with card_in(pcscd.slots[0], EchoCard(reaction=breakage)) as slot:
        link = PcscLink(load(), pcscd.slots[0].name)
        with pytest.raises(CardRemovedError):
            link.exchange(READ_BINARY)
        link.close()
        wait_until_present(pcscd.slots[0].name, present=False)
        assert not slot.occupied
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_an_empty_reader_is_a_removed_card(pcscd: PrivatePcscd) -> None:
    with pytest.raises(CardRemovedError, match="no card"):
        PcscLink(load(), pcscd.slots[0].name)


@pytest.mark.usefixtures("pcscd")
def test_an_unknown_reader_is_unavailable() -> None:
    with pytest.raises(ReaderUnavailableError, match="reader is gone"):
        PcscLink(load(), "no such reader")


def test_a_card_in_use_is_waited_for_and_then_unavailable(
    link: PcscLink, pcscd: PrivatePcscd
) -> None:
    with pytest.raises(ReaderUnavailableError, match="another program"):
        PcscLink(load(), pcscd.slots[0].name, patience_s=0)
    threading.Timer(0.2, link.close).start()
    second = PcscLink(load(), pcscd.slots[0].name)
    assert second.exchange(READ_BINARY) == READ_BINARY + OK
    second.close()


def test_a_killed_service_is_unavailable_and_a_new_link_works(
    pcscd: PrivatePcscd, link: PcscLink
) -> None:
    pcscd.crash()
    with pytest.raises(ReaderUnavailableError, match="service"):
        link.exchange(READ_BINARY)
    pcscd.start()
    with pytest.raises(ReaderUnavailableError):
        link.exchange(READ_BINARY)
    link.close()
    wait_until_present(pcscd.slots[0].name, present=True)
    fresh = PcscLink(load(), pcscd.slots[0].name)
    assert fresh.exchange(READ_BINARY) == READ_BINARY + OK
    fresh.close()


@pytest.mark.usefixtures("pcsc_namespace")
def test_without_a_service_the_remedy_is_to_start_it() -> None:
    with pytest.raises(ReaderUnavailableError, match="systemctl start"):
        PcscLink(load(), "any")


def test_two_readers_answer_for_their_own_cards_at_once(pcscd: PrivatePcscd) -> None:
    cards = EchoCard(), EchoCard(atr=ATR_T0)
    first, second = pcscd.slots[:2]
    with card_in(first, cards[0]), card_in(second, cards[1]):
        links = [PcscLink(load(), slot.name) for slot in (first, second)]
        for number in range(50):
            for octet, link in enumerate(links):
                link.exchange(bytes((0, 0xB0, octet, number, 0)))
        assert [link.atr for link in links] == [ATR_T1, ATR_T0]
        for link in links:
            link.close()
    assert [{command[2] for command in card.commands} for card in cards] == [{0}, {1}]


def test_a_t0_card_gets_no_le_after_data(pcscd: PrivatePcscd) -> None:
    card = EchoCard(atr=ATR_T0)
    with card_in(pcscd.slots[0], card):
        link = PcscLink(load(), pcscd.slots[0].name)
        link.exchange(bytes.fromhex("00a4040002aabb00"))
        link.close()
    assert card.commands == [bytes.fromhex("00a4040002aabb")]
