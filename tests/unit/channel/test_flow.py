"""Flows and their driver."""

import pytest

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import Flow, Observation, drive, protect, send
from cardservice.errors import AuthenticationError, LinkError, MalformedDataError
from tests.unit.channel.script import Recorder, Script

SELECT = CommandAPDU(cla=0x00, ins=Ins.SELECT, p1=4, p2=0x0C, data=b"foms_root")
CHALLENGE = CommandAPDU(cla=0x00, ins=Ins.GET_CHALLENGE, ne=8)


def two_commands(closed: list[bool]) -> Flow[bytes]:
    try:
        (yield SELECT).expect_ok("selecting")
        return (yield CHALLENGE).expect_ok("asking")
    finally:
        closed.append(True)


def nothing() -> Flow[str]:
    return "no card needed"
    yield SELECT


class Shouting:
    """A protection one can see: class bit 04 out, data reversed in."""

    def wrap(self, command: CommandAPDU) -> CommandAPDU:
        return CommandAPDU(cla=command.cla | 4, ins=command.ins, ne=command.ne)

    def unwrap(self, response: ResponseAPDU) -> ResponseAPDU:
        if response.sw == 0x6988:
            raise AuthenticationError("dead")
        return ResponseAPDU(response.data[::-1], response.sw)


def test_a_flow_is_driven_to_its_result() -> None:
    closed: list[bool] = []
    card = Script(
        ("00A4040C09 666F6D735F726F6F74", "9000"), ("0084000008", "0102030405060708 9000")
    )
    assert drive(two_commands(closed), card).hex() == "0102030405060708"
    assert closed == [True]


def test_a_flow_without_a_command_needs_no_card() -> None:
    assert drive(nothing(), Script()) == "no card needed"


def test_the_observer_learns_lengths_and_codes_and_no_contents() -> None:
    seen: list[Observation] = []
    drive(two_commands([]), Recorder(["9000", "01029000"]), observe=seen.append)
    assert [(one.ins, one.nc, one.ne, one.nr, one.sw) for one in seen] == [
        (0xA4, 9, 0, 0, 0x9000),
        (0x84, 0, 8, 2, 0x9000),
    ]
    assert all(isinstance(value, int) for one in seen for value in vars_of(one))


def vars_of(one: Observation) -> list[object]:
    return [getattr(one, name) for name in Observation.__slots__]


def test_a_lost_card_ends_the_flow_and_lets_it_clean_up() -> None:
    def gone(_command: bytes) -> bytes:
        raise LinkError("the card left")

    closed: list[bool] = []
    # The error, while someone looks at it, keeps the driver's frame and so the flow alive.
    with pytest.raises(LinkError) as error:
        drive(two_commands(closed), gone)
    assert closed == [True]
    assert error.traceback


def test_a_response_without_a_status_word_ends_the_flow() -> None:
    closed: list[bool] = []
    with pytest.raises(MalformedDataError):
        drive(two_commands(closed), lambda _: b"\x90")
    assert closed == [True]


def test_a_protected_flow_speaks_and_hears_through_its_protection() -> None:
    card = Recorder(["9000", "01029000"])
    assert drive(protect(two_commands([]), Shouting()), card) == b"\x02\x01"
    assert [one[0] for one in card.sent] == [0x04, 0x04]


def test_protection_composes_with_plain_commands() -> None:
    def mixed() -> Flow[int]:
        yield from protect(send(SELECT), Shouting())
        return (yield CHALLENGE).sw

    card = Recorder(["9000", "6D00"])
    assert drive(mixed(), card) == 0x6D00
    assert [one[0] for one in card.sent] == [0x04, 0x00]


def test_a_dead_protection_ends_the_flow_under_it_and_is_not_offered_to_it() -> None:
    def stubborn(closed: list[bool]) -> Flow[str]:
        try:
            yield SELECT
        except AuthenticationError:
            return "went on over a dead session"
        finally:
            closed.append(True)
        return "never"

    closed: list[bool] = []
    with pytest.raises(AuthenticationError):
        drive(protect(stubborn(closed), Shouting()), Recorder(["6988"]))
    assert closed == [True]


def test_a_protected_flow_without_a_command_needs_no_session() -> None:
    assert drive(protect(nothing(), Shouting()), Script()) == "no card needed"
