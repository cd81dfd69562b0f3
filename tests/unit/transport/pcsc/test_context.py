"""One code of the service has two meanings; which one it has depends on when it comes."""

import pytest
from typing_extensions import override

from cardservice.errors import ReaderUnavailableError
from cardservice.transport.pcsc import context
from cardservice.transport.pcsc.codes import ScardCode
from cardservice.transport.pcsc.context import REFUSALS, Context
from cardservice.transport.pcsc.link import PcscLink
from tests.unit.transport.pcsc.fake_scard import FakeReader, FakeScard


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "ASK_AGAIN_S", 0)


class EndingScard(FakeScard):
    """A service that closes the door on the first who come and is gone after them."""

    @override
    def establish(self) -> tuple[int, int]:
        code, number = super().establish()
        self.running = False
        return code, number


def test_a_refusal_that_stays_one_is_a_lack_of_permission() -> None:
    scard = FakeScard(codes={"establish": ScardCode.SECURITY_VIOLATION})
    with pytest.raises(ReaderUnavailableError, match="no permission"):
        Context(scard)
    assert scard.calls.count("establish") == REFUSALS


def test_a_refusal_by_a_service_that_is_then_gone_is_a_lost_service() -> None:
    scard = EndingScard(codes={"establish": ScardCode.SECURITY_VIOLATION})
    with pytest.raises(ReaderUnavailableError, match="not running"):
        Context(scard)


@pytest.mark.parametrize("call", ["list", "connect"])
def test_the_service_that_let_us_in_does_not_refuse_us_by_going_away(call: str) -> None:
    scard = FakeScard(readers={"A": FakeReader()})
    scard.codes = {call: ScardCode.SECURITY_VIOLATION, "list": ScardCode.SECURITY_VIOLATION}
    with pytest.raises(ReaderUnavailableError, match="went away"):
        PcscLink(scard, "A") if call == "connect" else Context(scard).readers()


def test_a_card_we_may_not_use_is_a_lack_of_permission_while_the_service_answers() -> None:
    scard = FakeScard(readers={"A": FakeReader()}, codes={"connect": ScardCode.SECURITY_VIOLATION})
    with pytest.raises(ReaderUnavailableError, match="no permission"):
        PcscLink(scard, "A")


@pytest.mark.parametrize("call", ["transmit", "reconnect"])
def test_a_service_that_goes_in_the_middle_of_a_conversation_went_away(call: str) -> None:
    scard = FakeScard(readers={"A": FakeReader()})
    link = PcscLink(scard, "A")
    assert link.exchange(b"\x00\xa4\x00\x00") == scard.response
    scard.codes = {call: ScardCode.SECURITY_VIOLATION}
    with pytest.raises(ReaderUnavailableError, match="went away"):
        link.exchange(b"\x00\xa4\x00\x00") if call == "transmit" else link.reset()
