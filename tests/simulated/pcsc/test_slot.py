"""A card in a slot of the virtual reader driver, with the driver's side played by the test."""

import socket
import struct
from collections.abc import Iterator

import pytest

from simulators.reader import Card, ReaderBusyError, VirtualReaderSlot, channel
from simulators.reader.frames import MAX_BODY
from tests.pcsc_stack import ATR_T1, OK, PATIENCE_S, EchoCard, breakage

GET_ATR = b"\x04"
COMMAND = b"\x00\xb0\x00\x00\x00"
LOOPBACK = "127.0.0.1"


class Driver:
    """The listening end, as pcscd's driver has it."""

    def __init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self._listener.settimeout(PATIENCE_S)
        self.port = int(self._listener.getsockname()[1])

    def accept(self) -> socket.socket:
        accepted, _ = self._listener.accept()
        accepted.settimeout(PATIENCE_S)
        return accepted

    def close(self) -> None:
        self._listener.close()


def send(peer: socket.socket, body: bytes, *, piece: int = MAX_BODY) -> None:
    octets = struct.pack(">H", len(body)) + body
    for start in range(0, len(octets), piece):
        peer.sendall(octets[start : start + piece])


def receive(peer: socket.socket) -> bytes:
    (length,) = struct.unpack(">H", exactly(peer, 2))
    return exactly(peer, length)


def exactly(peer: socket.socket, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        octets += (more := peer.recv(count - len(octets)))
        assert more, "the card hung up"
    return octets


def hung_up(peer: socket.socket) -> bool:
    try:
        return peer.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.fixture
def driver() -> Iterator[Driver]:
    driver = Driver()
    yield driver
    driver.close()


@pytest.fixture
def slot(driver: Driver) -> Iterator[VirtualReaderSlot]:
    with VirtualReaderSlot(LOOPBACK, driver.port) as slot:
        yield slot


def inserted(driver: Driver, slot: VirtualReaderSlot, card: Card) -> socket.socket:
    slot.insert(card)
    return driver.accept()


@pytest.mark.parametrize("low_latency", [True, False])
def test_a_card_answers_frames(driver: Driver, *, low_latency: bool) -> None:
    slot = VirtualReaderSlot(LOOPBACK, driver.port, low_latency=low_latency)
    with slot, inserted(driver, slot, EchoCard()) as peer:
        send(peer, GET_ATR)
        assert receive(peer) == ATR_T1
        send(peer, COMMAND)
        assert receive(peer) == COMMAND + OK


@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_frames_in_pieces_and_several_at_once_are_read_whole(
    driver: Driver, slot: VirtualReaderSlot, piece: int
) -> None:
    with inserted(driver, slot, EchoCard()) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        send(peer, COMMAND * 40, piece=piece)
        assert receive(peer) == COMMAND * 40 + OK
        peer.sendall((b"\x00\x01\x04" + b"\x00\x01\x01") * 2)
        assert [receive(peer), receive(peer)] == [ATR_T1, ATR_T1]


def test_a_removed_card_hangs_up_and_loses_its_power(
    driver: Driver, slot: VirtualReaderSlot
) -> None:
    card = EchoCard()
    with inserted(driver, slot, card) as peer:
        assert slot.occupied
        slot.remove()
        slot.remove()
        assert hung_up(peer)
    assert not slot.occupied
    assert card.history[-1] == "power down"


def test_a_slot_holds_one_card(driver: Driver, slot: VirtualReaderSlot) -> None:
    with inserted(driver, slot, EchoCard()), pytest.raises(ReaderBusyError):
        slot.insert(EchoCard())


def test_when_the_driver_goes_the_card_loses_its_power_and_comes_back(
    driver: Driver, slot: VirtualReaderSlot
) -> None:
    card = EchoCard()
    with inserted(driver, slot, card) as peer:
        send(peer, b"\x01")
        send(peer, GET_ATR)
        receive(peer)
    with driver.accept() as again:
        assert card.history == ["power up", "power down"]
        send(again, COMMAND)
        assert receive(again) == COMMAND + OK


def test_a_card_waits_for_a_driver_that_is_not_there_yet() -> None:
    driver = Driver()
    port = driver.port
    driver.close()
    with VirtualReaderSlot(LOOPBACK, port) as slot:
        slot.insert(EchoCard())
        assert not slot.wait_until_noticed(0.1)
        assert slot.occupied
        with socket.create_server((LOOPBACK, port)) as listener:
            listener.settimeout(PATIENCE_S)
            peer, _ = listener.accept()
            with peer:
                send(peer, GET_ATR)
                assert slot.wait_until_noticed(PATIENCE_S)


def test_a_card_that_breaks_is_pulled_out_and_stays_out(
    driver: Driver, slot: VirtualReaderSlot, caplog: pytest.LogCaptureFixture
) -> None:
    with inserted(driver, slot, EchoCard(reaction=breakage)) as peer:
        send(peer, COMMAND)
        assert hung_up(peer)
    slot.remove()
    assert "RuntimeError" in caplog.text
    assert COMMAND.hex() not in caplog.text


@pytest.mark.parametrize("octets", [0, MAX_BODY + 1], ids=["empty", "too long"])
def test_an_answer_that_fits_in_no_frame_is_a_broken_card(
    driver: Driver, slot: VirtualReaderSlot, octets: int
) -> None:
    with inserted(driver, slot, EchoCard(reaction=lambda _: bytes(octets))) as peer:
        send(peer, COMMAND)
        assert hung_up(peer)


def test_frames_of_no_meaning_are_passed_over(
    driver: Driver, slot: VirtualReaderSlot, caplog: pytest.LogCaptureFixture
) -> None:
    with inserted(driver, slot, EchoCard()) as peer:
        for body in (b"", b"\x03", b"\xfe"):
            send(peer, body)
        send(peer, GET_ATR)
        assert receive(peer) == ATR_T1
    assert "unknown meaning" in caplog.text


def test_a_frame_that_never_ends_costs_the_connection(
    driver: Driver, slot: VirtualReaderSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "FRAME_TIMEOUT", struct.pack("ll", 0, 50_000))
    with inserted(driver, slot, EchoCard()) as peer:
        peer.sendall(b"\xff\xff\x00")
        assert hung_up(peer)
    with driver.accept() as again:
        send(again, GET_ATR)
        assert receive(again) == ATR_T1


def test_silence_between_frames_is_no_fault(
    driver: Driver, slot: VirtualReaderSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "FRAME_TIMEOUT", struct.pack("ll", 0, 10_000))
    with inserted(driver, slot, EchoCard()) as peer:
        assert not slot.wait_until_noticed(0.1)
        send(peer, GET_ATR)
        assert receive(peer) == ATR_T1
