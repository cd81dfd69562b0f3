import pytest

from cardservice.errors import CardRemovedError, LinkError, ReaderUnavailableError
from cardservice.transport.pcsc.codes import ScardCode
from cardservice.transport.pcsc.link import PcscLink
from cardservice.transport.pcsc.scard import PROTOCOL_T0
from tests.unit.transport.pcsc.fake_scard import FakeScard

CASE_4 = bytes.fromhex("00a4040002aabb00")


def test_over_t1_a_command_goes_as_it_is() -> None:
    scard = FakeScard()
    assert PcscLink(scard, "A").exchange(CASE_4) == b"\x90\x00"
    assert scard.sent == [CASE_4]


def test_over_t0_le_after_data_stays_behind() -> None:
    scard = FakeScard(protocol=PROTOCOL_T0)
    PcscLink(scard, "A").exchange(CASE_4)
    assert scard.sent == [CASE_4[:-1]]


def test_an_empty_answer_is_a_card_that_left() -> None:
    link = PcscLink(FakeScard(response=b""), "A")
    with pytest.raises(CardRemovedError):
        link.exchange(CASE_4)


@pytest.mark.parametrize("call", ["transmit", "reconnect", "status"])
def test_every_call_s_code_is_looked_at(call: str) -> None:
    scard = FakeScard()
    link = PcscLink(scard, "A")
    scard.codes[call] = ScardCode.REMOVED_CARD
    with pytest.raises(CardRemovedError):
        link.exchange(CASE_4) if call == "transmit" else link.reset()


@pytest.mark.parametrize("call", ["connect", "status"])
def test_a_link_that_cannot_be_opened_leaves_nothing_open(call: str) -> None:
    scard = FakeScard(codes={call: ScardCode.UNRESPONSIVE_CARD})
    with pytest.raises(CardRemovedError):
        PcscLink(scard, "A")
    assert scard.calls[-1] == "release"
    assert ("disconnect" in scard.calls) is (call == "status")


def test_a_card_that_stays_in_use_is_unavailable() -> None:
    scard = FakeScard(codes={"connect": ScardCode.SHARING_VIOLATION})
    with pytest.raises(ReaderUnavailableError, match="another program"):
        PcscLink(scard, "A", patience_s=0)


def test_a_closed_link_is_closed_once_and_says_so() -> None:
    scard = FakeScard()
    link = PcscLink(scard, "A")
    link.close()
    link.close()
    assert (scard.calls.count("disconnect"), scard.calls.count("release")) == (1, 1)
    with pytest.raises(LinkError, match="closed"):
        link.exchange(CASE_4)
