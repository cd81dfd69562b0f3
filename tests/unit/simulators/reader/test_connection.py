import socket

import pytest

from simulators.reader.channel import Channel
from simulators.reader.connection import answer
from tests.pcsc_stack import ATR_T1, OK, EchoCard


@pytest.mark.parametrize(
    ("body", "done"), [(b"\x00", "power down"), (b"\x01", "power up"), (b"\x02", "reset")]
)
def test_control_frames_act_on_the_card_and_are_not_answered(body: bytes, done: str) -> None:
    card = EchoCard()
    assert answer(card, body) is None
    assert card.history == [done]


def test_the_atr_is_told_without_powering_the_card() -> None:
    card = EchoCard()
    assert answer(card, b"\x04") == ATR_T1
    assert card.history == []


@pytest.mark.parametrize("body", [b"", b"\x03", b"\xff"])
def test_a_frame_of_no_meaning_is_neither_a_command_nor_answered(body: bytes) -> None:
    card = EchoCard()
    assert answer(card, body) is None
    assert (card.commands, card.history) == ([], [])


@pytest.mark.parametrize("body", [b"\x00\x00", b"\x00\xa4\x04\x00", bytes(300)])
def test_everything_longer_is_a_command(body: bytes) -> None:
    assert answer(EchoCard(), body) == body + OK


OPTIONS = {socket.TCP_QUICKACK: "at once", socket.TCP_NODELAY: "no delay"}


class NotedConnection:
    """A connection that brings one octet at a time and notes the TCP options set meanwhile."""

    def __init__(self, octets: bytes) -> None:
        self.octets = iter(octets)
        self.noted: list[str] = []

    def settimeout(self, seconds: float | None) -> None:
        assert seconds is None

    def setsockopt(self, level: int, option: int, value: object) -> None:
        if level == socket.IPPROTO_TCP:
            self.noted.append(OPTIONS[option])

    def sendall(self, octets: bytes) -> None:
        self.noted.append("send")

    def recv(self, _: int) -> bytes:
        self.noted.append("receive")
        return next(self.octets).to_bytes(1)


FRAME = b"\x00\x02\x01\x02"


def test_before_each_receipt_the_driver_is_promised_an_acknowledgement_at_once() -> None:
    connection = NotedConnection(FRAME)
    assert Channel(connection, low_latency=True).receive() == FRAME[2:]
    assert connection.noted == ["no delay", *["at once", "receive"] * len(FRAME)]


def test_without_low_latency_tcp_stays_as_it_comes() -> None:
    connection = NotedConnection(FRAME)
    assert Channel(connection, low_latency=False).receive() == FRAME[2:]
    assert connection.noted == ["receive"] * len(FRAME)
